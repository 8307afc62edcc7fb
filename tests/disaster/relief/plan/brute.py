"""Every plan of a small task, one by one: what the best is by the policies' plain definitions."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import product
from typing import Any

import numpy as np
from hypothesis import strategies as st

from disaster.relief.plan.solve.model import Class, Policy, Task

CLASSES = [Class("gravest", 1, 3.0), Class("grave", 2, 2.0), Class("ordinary", 3, 1.0)]
Flows = tuple[tuple[int, ...], ...]
"""By village: how many from each lot."""


@st.composite
def tasks(draw: Any, villages: int = 3, lots: int = 2, most: int = 2, pieces: int = 4) -> Task:
    """Draw a small task with roads cut, minimums and pins, which may ask too much."""
    count, whence = draw(st.integers(1, villages)), draw(st.integers(1, lots))
    need = [[draw(st.integers(0, most)) for _ in CLASSES] for _ in range(count)]
    total = [sum(row) for row in need]
    floor = [draw(st.integers(0, min(1, own))) for own in total]
    fixed = [draw(st.one_of(st.just(-1), st.just(-1), st.integers(0, own))) for own in total]
    cost = [[draw(st.sampled_from([1.0, 2.0, 3.5, 7.0, np.inf])) for _ in total] for _ in range(whence)]
    return Task(
        policy=draw(st.sampled_from(list(Policy))),
        need=np.array(need, dtype=np.int64),
        classes=CLASSES,
        coefficient=np.array([draw(st.sampled_from([1.0, 1.5, 2.0])) for _ in total]),
        least=np.array(floor, dtype=np.int64),
        fixed=np.array(fixed, dtype=np.int64),
        stock=np.array([draw(st.integers(0, pieces)) for _ in range(whence)], dtype=np.int64),
        cost=np.array(cost),
    )


def plans(task: Task) -> Iterator[Flows]:
    """Give every plan that keeps to the roads, the stock, the needs, the minimums and the pins."""
    floor, most = task.floor, np.where(task.fixed >= 0, task.fixed, task.total)
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
        ):
            yield flows


def merit(task: Task, given: list[int]) -> tuple[Any, ...]:
    """Say by a policy's plain definition how good it is that each village gets so many: more is better."""
    total = [int(own) for own in task.total]
    if task.policy is Policy.FAIREST:
        return tuple(sorted(Fraction(has, own) for has, own in zip(given, total, strict=True) if own))
    if task.policy is Policy.PROPORTIONAL:
        spread = sum(
            has * has / (own * weight)
            for has, own, weight in zip(given, total, task.coefficient, strict=True)
            if own
        )
        return (sum(given), -round(spread, 9))
    served = [_served(row, has) for row, has in zip(task.need.tolist(), given, strict=True)]
    if task.policy is Policy.LEAST:
        return (sum(one.weight * row[at] for row in served for at, one in enumerate(task.classes)),)
    tiers = []
    for at in range(len(task.classes)):
        spread = sum(
            Fraction(row[at] ** 2, need[at])
            for row, need in zip(served, task.need.tolist(), strict=True)
            if need[at]
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
