"""Every plan of a small task, one by one: what the best is by the policies' plain definitions."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import product
from typing import Any

import msgspec
import numpy as np
from hypothesis import strategies as st

from disaster.relief.plan.solve.model import Bundle, Class, Policy, Task

CLASSES = [Class("gravest", 1, 3.0), Class("grave", 2, 2.0), Class("ordinary", 3, 1.0)]
Flows = tuple[tuple[int, ...], ...]
"""By village: how many from each lot."""


@st.composite
def tasks(
    draw: Any, villages: int = 3, lots: int = 2, most: int = 2, pieces: int = 4, limited: bool = False
) -> Task:
    """Draw a small task with roads cut, minimums and pins, which may ask too much; limits leave these room."""
    count, whence = draw(st.integers(1, villages)), draw(st.integers(1, lots))
    need = [[draw(st.integers(0, most)) for _ in CLASSES] for _ in range(count)]
    total = [sum(row) for row in need]
    floor = [draw(st.integers(0, min(1, own))) for own in total]
    fixed = [draw(st.one_of(st.just(-1), st.just(-1), st.integers(0, own))) for own in total]
    cost = [[draw(st.sampled_from([1.0, 2.0, 3.5, 7.0, np.inf])) for _ in total] for _ in range(whence)]
    met = np.array([[draw(st.integers(0, 1)) for _ in CLASSES] for _ in total], dtype=np.int64)
    task = Task(
        policy=draw(st.sampled_from(list(Policy))),
        need=np.array(need, dtype=np.int64),
        classes=CLASSES,
        coefficient=np.array([draw(st.sampled_from([1.0, 1.5, 2.0])) for _ in total]),
        least=np.array(floor, dtype=np.int64),
        fixed=np.array(fixed, dtype=np.int64),
        stock=np.array([draw(st.integers(0, pieces)) for _ in range(whence)], dtype=np.int64),
        cost=np.array(cost),
        had=met.sum(axis=1) + np.array([draw(st.integers(0, 1)) for _ in total]),
        met=met,
    )
    return _limited(draw, task) if limited else task


def _limited(draw: Any, task: Task) -> Task:
    """Leave room for some pieces beyond the minimums and pins, by village and for nested sets of villages."""
    floor, bundles = task.floor, []
    for size in draw(st.sampled_from([(), (2,), (len(floor),), (2, len(floor)), (2, 2)])):
        villages = np.arange(len(floor)) < size
        bundles.append(Bundle(villages, int(floor[villages].sum()) + draw(st.integers(0, 4))))
    room = np.array([low + draw(st.integers(0, 5)) for low in floor], dtype=np.int64)
    return msgspec.structs.replace(task, room=room, bundles=tuple(bundles))


def plans(task: Task) -> Iterator[Flows]:
    """Give every plan that keeps to the roads, the stock, the needs, the minimums and the pins."""
    floor = task.floor
    most = np.where(task.fixed >= 0, task.fixed, task.total)
    if task.room is not None:
        most = np.minimum(most, task.room)
    ways = []
    for village in range(len(task.need)):
        rooms = [
            range(int(min(stock, most[village])) + 1) if np.isfinite(cost) else range(1)
            for stock, cost in zip(task.stock, task.cost[:, village], strict=True)
        ]
        ways.append([one for one in product(*rooms) if floor[village] <= sum(one) <= most[village]])
    for flows in product(*ways):
        if all(
            sum(column) <= stock for column, stock in zip(zip(*flows, strict=True), task.stock, strict=True)
        ) and all(
            sum(sum(row) for row, inside in zip(flows, one.villages, strict=True) if inside) <= one.room
            for one in task.bundles
        ):
            yield flows


def merit(task: Task, given: list[int]) -> tuple[Any, ...]:
    """Say by a policy's plain definition how good it is that each village gets so many: more is better."""
    # What is out already counts where villages are compared.
    had = [int(own) for own in task.had]
    total = [int(own) + out for own, out in zip(task.total, had, strict=True)]
    have = [own + out for own, out in zip(given, had, strict=True)]
    if task.policy is Policy.FAIREST:
        return tuple(sorted(Fraction(has, own) for has, own in zip(have, total, strict=True) if own))
    if task.policy is Policy.PROPORTIONAL:
        spread = sum(
            has * has / (own * weight)
            for has, own, weight in zip(have, total, task.coefficient, strict=True)
            if own
        )
        return (sum(given), -round(spread, 9))
    served = [_served(row, has) for row, has in zip(task.need.tolist(), given, strict=True)]
    if task.policy is Policy.LEAST:
        return (sum(one.weight * row[at] for row in served for at, one in enumerate(task.classes)),)
    tiers = []
    for at in range(len(task.classes)):
        spread = sum(
            Fraction((row[at] + met[at]) ** 2, need[at] + met[at])
            for row, need, met in zip(served, task.need.tolist(), task.met.tolist(), strict=True)
            if need[at] + met[at]
        )
        tiers += [sum(row[at] for row in served), -spread]
    return tuple(tiers)


def minutes(task: Task, flows: Flows) -> float:
    """Add the piece-minutes of a plan up."""
    return float(
        sum(
            count * task.cost[lot, village]
            for village, row in enumerate(flows)
            for lot, count in enumerate(row)
            if count
        )
    )


def best(task: Task) -> tuple[tuple[Any, ...], float] | None:
    """Give the merit and the minutes of the best plan of all; None where there is none."""
    judged = [(merit(task, [sum(row) for row in flows]), -minutes(task, flows)) for flows in plans(task)]
    if not judged:
        return None
    great, short = max(judged)
    return great, -short


def _served(need: list[int], has: int) -> list[int]:
    row = []
    for own in need:
        row.append(min(own, has))
        has -= row[-1]
    return row
