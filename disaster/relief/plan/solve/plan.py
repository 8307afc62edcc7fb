"""Solving one item's task: who gets how many by the policy, then from where by the roads. Pure."""

from __future__ import annotations

import numpy as np

from disaster.relief.plan.solve import ladder, levels, nested, transport
from disaster.relief.plan.solve.levels import Levels
from disaster.relief.plan.solve.model import (
    Answer,
    Bundle,
    Floats,
    Flow,
    Task,
    Whole,
)
from disaster.relief.plan.solve.transport import Claims


def solve(task: Task) -> Answer:
    """Plan an item: first the policy is served as well as it can be, then by the fewest piece-minutes.

    Raises
    ------
    Infeasible
        If minimums and pins alone exceed the stock that reaches them.
    """
    found = levels.find(task)
    claims = _claims(task, found)
    tight = _tight(task, claims)
    carried = (
        nested.carry(claims, task.stock, task.cost, tight)
        if tight
        else transport.carry(claims, task.stock, task.cost)
    )
    served = carried.lot < len(task.stock)
    lot, village = carried.lot[served], claims.village[carried.claim[served]]
    pieces = carried.pieces[served]
    given = np.bincount(village, weights=pieces, minlength=len(task.need)).astype(np.int64)
    pairs, at = np.unique(np.stack([village, lot]), axis=1, return_inverse=True)
    sums = np.bincount(at.reshape(-1), weights=pieces, minlength=pairs.shape[1]).astype(np.int64)
    unserved = carried.pieces[~served] * claims.reward[carried.claim[~served]]
    lost = float(unserved.sum())
    return Answer(
        given=given,
        flows=[Flow(int(b), int(a), int(n)) for (a, b), n in zip(pairs.T, sums, strict=True)],
        minutes=carried.cost - lost,
        bound=carried.bound - lost,
        prices=carried.prices,
        queue=_queue(task, given),
    )


def _tight(task: Task, claims: Claims) -> list[Bundle]:
    """Give the shared limits that not all claims fit under: among those left open the roads decide."""
    return [one for one in task.shared if int(claims.pieces[one.villages[claims.village]].sum()) > one.room]


def _claims(task: Task, found: Levels) -> Claims:
    """Put what is sure and what is open into one list; earlier levels are rewarded above all roads."""
    sure = np.flatnonzero(found.sure)
    finite = task.cost[np.isfinite(task.cost)]
    # Serving one claim instead of another moves at most one piece on each lot's roads.
    step = (
        2.0 * (len(task.stock) + len(task.shared) + 1) * (float(finite.max()) if len(finite) else 0.0) + 1.0
    )
    parts = [(sure, found.sure[sure], np.full(len(sure), np.inf))]
    for at, level in enumerate(found.open):
        worth = step * (len(found.open) - at)
        parts.append((level.village, level.pieces, np.full(len(level.village), worth)))
    village, pieces, reward = (np.concatenate(one) for one in zip(*parts, strict=True))
    return Claims(village.astype(np.int64), pieces.astype(np.int64), reward)


def _queue(task: Task, given: Whole) -> Whole:
    """Count the villages whose next piece would be served before each one's own."""
    reached = np.isfinite(task.cost).any(axis=0) if len(task.stock) else np.zeros(len(given), bool)
    waiting = (given < task.most) & (task.fixed < 0) & reached
    order = np.full(len(given), -1, dtype=np.int64)
    place = next_places(task, given)
    rows = np.flatnonzero(waiting)
    if len(rows):
        _, rank = np.unique(place[rows], axis=0, return_inverse=True)
        rank = rank.reshape(-1)
        before = np.r_[0, np.cumsum(np.bincount(rank))]
        order[rows] = before[rank]
    return order


def next_places(task: Task, given: Whole) -> Floats:
    """Give where in the order of claims each village's next piece stands: stage, key, size."""
    place = np.full((len(given), 3), np.inf)
    below = np.zeros(len(given), dtype=np.int64)
    for at, stage in enumerate(ladder.stages(task)):
        here = np.flatnonzero((given >= below) & (given < below + stage.rungs))
        keys = stage.key_of(here, (given - below)[here])
        size = stage.size_of(here)
        place[here] = np.stack([np.full(len(here), float(at)), keys, size], axis=1)
        below = below + stage.rungs
    return place
