"""Larger tasks drawn by chance, and what HiGHS says of them by its own model."""

from __future__ import annotations

import numpy as np

from disaster.relief.plan.solve import highs
from disaster.relief.plan.solve.highs import Program
from disaster.relief.plan.solve.model import Answer, Policy, Task, Whole
from tests.disaster.relief.plan.brute import CLASSES


def drawn(
    policy: Policy,
    *,
    villages: int,
    lots: int,
    seed: int,
    share: float = 0.4,
    pieces: int = 40,
    cut: float = 0.03,
) -> Task:
    """Draw a task whose stock is a ``share`` of the need, with a share of the roads ``cut``."""
    chance = np.random.default_rng(seed)
    need = chance.integers(0, pieces, (villages, len(CLASSES))).astype(np.int64)
    at, whence = chance.random((villages, 2)) * 100, chance.random((lots, 2)) * 100
    cost = np.round(np.hypot(*(whence[:, None] - at[None]).transpose(2, 0, 1)) * 1.5 + 5, 1)
    cost[chance.random(cost.shape) < cut] = np.inf
    parts = chance.random(lots) + 0.2
    return Task(
        policy=policy,
        need=need,
        classes=CLASSES,
        coefficient=1 + chance.random(villages),
        least=np.minimum(1, need.sum(axis=1)),
        fixed=np.where(chance.random(villages) < 0.05, np.minimum(3, need.sum(axis=1)), -1),
        stock=(need.sum() * share * parts / parts.sum()).astype(np.int64),
        cost=cost,
        had=np.zeros(villages, dtype=np.int64),
        met=np.zeros_like(need),
    )


def highs_minutes(task: Task, given: Whole) -> float:
    """Ask HiGHS for the fewest piece-minutes that bring each village what it was given."""
    lot, village = np.nonzero(np.isfinite(task.cost))
    size, villages = len(lot), len(given)
    solved = highs.solve(
        Program(
            cost=task.cost[lot, village],
            lower=np.zeros(size),
            upper=np.full(size, np.inf),
            row_lower=np.r_[given.astype(float), np.full(len(task.stock), -np.inf)],
            row_upper=np.r_[given, task.stock].astype(float),
            row=np.r_[village, villages + lot],
            column=np.r_[np.arange(size), np.arange(size)],
            weight=np.ones(2 * size),
        )
    )
    assert solved is not None
    return solved.cost


def is_best(task: Task, answer: Answer) -> bool:
    """Say whether HiGHS finds no plan in whole pieces whose worst village is better off.

    Better off is every village with more than the worst's share, hence with so many whole pieces at the least:
    a flow with whole bounds, so that where HiGHS finds none in parts there is none in whole pieces either.
    """
    asks = np.flatnonzero((task.total > 0) & np.isfinite(task.cost).any(axis=0))
    shares = [(int(answer.given[one]), int(task.total[one])) for one in asks]
    has, whole = min(shares, key=lambda one: one[0] / one[1])
    least = np.array([has * own // whole + 1 for _, own in shares], dtype=float)
    lot, village = np.nonzero(np.isfinite(task.cost[:, asks]))
    ways = len(lot)
    return has == whole or (
        highs.solve(
            Program(
                cost=np.zeros(ways),
                lower=np.zeros(ways),
                upper=np.full(ways, np.inf),
                row_lower=np.r_[least, np.full(len(task.stock), -np.inf)],
                row_upper=np.r_[np.full(len(asks), np.inf), task.stock],
                row=np.r_[village, len(asks) + lot],
                column=np.r_[np.arange(ways), np.arange(ways)],
                weight=np.ones(2 * ways),
            )
        )
        is None
    )
