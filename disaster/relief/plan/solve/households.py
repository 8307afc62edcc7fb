"""Sharing what a village gets among its households: by class, then by hardship. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from disaster.relief.plan.solve.model import Class


class Asking(NamedTuple):
    """A household's class, by its place in the list, and what it needs still."""

    own: int
    need: int


def pieces(quantity: int, asking: Sequence[Asking], classes: Sequence[Class]) -> list[int]:
    """Hand pieces out: tier by tier; within a tier in rounds of one each, the graver first."""
    given = [0] * len(asking)
    order = sorted(
        range(len(asking)), key=lambda at: (classes[asking[at].own].tier, -classes[asking[at].own].weight, at)
    )
    for tier in sorted({one.tier for one in classes}):
        waiting = [at for at in order if classes[asking[at].own].tier == tier]
        while quantity and (waiting := [at for at in waiting if given[at] < asking[at].need]):
            for at in waiting[:quantity]:
                given[at] += 1
            quantity -= min(quantity, len(waiting))
    return given


def money(yuan: int, asking: Sequence[Asking], classes: Sequence[Class]) -> list[int]:
    """Share whole yuan by need times weight, nobody beyond the need; what is left by the greatest remainders."""
    yuan = min(yuan, sum(one.need for one in asking))
    weights = [one.need * classes[one.own].weight for one in asking]
    given = [0.0] * len(asking)
    rest, open_to = float(yuan), [at for at, one in enumerate(asking) if one.need]
    while open_to:
        rate = rest / sum(weights[at] for at in open_to)
        filled = [at for at in open_to if weights[at] * rate >= asking[at].need]
        if not filled:
            for at in open_to:
                given[at] = weights[at] * rate
            break
        for at in filled:
            given[at] = float(asking[at].need)
            rest -= asking[at].need
        open_to = [at for at in open_to if at not in set(filled)]
    whole = [int(one + 1e-9) for one in given]
    left = yuan - sum(whole)
    order = sorted(range(len(asking)), key=lambda at: (whole[at] - given[at], at))
    for at in order[:left]:
        whole[at] += 1
    return whole
