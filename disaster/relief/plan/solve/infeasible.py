"""Which rule can't be kept, and by how much: minimums and pins made elastic, for HiGHS. Pure."""

from __future__ import annotations

import numpy as np

from disaster.relief.plan.solve import highs
from disaster.relief.plan.solve.highs import Program
from disaster.relief.plan.solve.model import Short, Task

PIN_COSTS = 1.5
"""What a missing piece of a pin costs when one of a minimum costs one: a hand's word yields last."""


def relaxed(task: Task) -> Short:
    """Give the fewest pieces by which pins and minimums have to yield; a lot's whole pieces go anywhere they may."""
    floor, pinned = task.floor, task.fixed >= 0
    lot, village = np.nonzero(np.isfinite(task.cost))
    ways, villages = len(lot), len(floor)
    solved = highs.solve(
        Program(
            cost=np.r_[np.zeros(ways), np.where(pinned, PIN_COSTS, 1.0)],
            lower=np.zeros(ways + villages),
            upper=np.r_[floor[village], floor].astype(float),
            row_lower=np.r_[floor.astype(float), np.full(len(task.stock), -np.inf)],
            row_upper=np.r_[floor, task.stock].astype(float),
            row=np.r_[village, np.arange(villages), villages + lot],
            column=np.r_[np.arange(ways), ways + np.arange(villages), np.arange(ways)],
            weight=np.ones(2 * ways + villages),
        )
    )
    if solved is None:  # Every rule may yield wholly, so that this can't be.
        raise RuntimeError("the relaxed problem has no solution")
    missing = np.rint(solved.values[ways:]).astype(int)
    some = np.flatnonzero(missing)
    return Short(
        item=0,
        pinned={int(one): int(missing[one]) for one in some if pinned[one]},
        least={int(one): int(missing[one]) for one in some if not pinned[one]},
    )
