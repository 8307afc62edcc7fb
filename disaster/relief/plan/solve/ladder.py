"""The order in which a policy serves the pieces that villages need. Pure.

Each village's pieces stand on a ladder, rung by rung, above what its households have already; a policy puts all rungs of all villages
into one order of *claims*: by stage, then by a key. What the
stock and the roads can serve of the claims is a polymatroid (an integral transport problem), and
there serving them greedily in that order is optimal for each of the four policies:

- least weighted shortage: a stage for each weight, no key: all claims of a weight are equal;
- priority first: a stage for each tier, within it the middle of the rung over the need of the tier;
- proportional: one stage, the middle of the rung over need times hardship (Sainte-Laguë);
- max-min fair: one stage, the foot of the rung over the need: the filling before the piece. Where
  two villages are equally badly off, the piece goes where it lifts more: this is what makes the
  sorted filling lexicographically greatest (Federgruen & Groenevelt 1986; Frank & Murota 2022).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from disaster.relief.plan.solve.model import Floats, Policy, Task, Whole


class Stage(NamedTuple):
    """One stage's claims: ``rungs`` of each village, at keys (``done`` + rung + ``offset``) / ``scale``.

    ``done`` are the rungs below that households have already, or have on its way to them. Without ``ordered`` all claims of the stage are equal; with ``lifts`` the village of the smaller
    scale goes first among equal keys.
    """

    rungs: Whole
    scale: Floats
    done: Whole
    offset: float
    ordered: bool
    lifts: bool = False

    def upto(self, key: float) -> Whole:
        """Count each village's rungs with a key of at most this."""
        if not self.ordered:
            return self.rungs if key >= 0 else np.zeros_like(self.rungs)
        rung = np.floor(key * self.scale - self.offset)
        # Rounding may be one off; the key of a rung is always computed as in `key_of`.
        rung = np.where((rung + 1 + self.offset) / self.scale <= key, rung + 1, rung)
        rung = np.where((rung + self.offset) / self.scale > key, rung - 1, rung)
        return np.clip(rung + 1 - self.done, 0, self.rungs).astype(np.int64)

    def key_of(self, village: Whole, rung: Whole) -> Floats:
        """Give the keys of rungs."""
        if not self.ordered:
            return np.zeros(len(village))
        keys: Floats = (rung + self.done[village] + self.offset) / self.scale[village]
        return keys

    def size_of(self, village: Whole) -> Floats:
        """Give what decides among equal keys."""
        sizes: Floats = self.scale[village] if self.lifts else np.zeros(len(village))
        return sizes

    @property
    def top(self) -> float:
        """The greatest key of the stage."""
        if not self.ordered:
            return 0.0
        some = self.rungs > 0
        return float(np.max((self.rungs + self.done - 1 + self.offset)[some] / self.scale[some], initial=0.0))


def stages(task: Task) -> list[Stage]:
    """Put a task's claims into stages."""
    total, had = task.total, task.had
    whole = np.maximum(total + had, 1)
    if task.policy is Policy.FAIREST:
        return [Stage(total, whole.astype(float), had, 0.0, ordered=True, lifts=True)]
    if task.policy is Policy.PROPORTIONAL:
        return [Stage(total, whole * task.coefficient, had, 0.5, ordered=True)]
    if task.policy is Policy.PRIORITY:
        groups = [one.tier for one in task.classes]
        order = sorted(set(groups))
        return [
            Stage(count, np.maximum(count + done, 1).astype(float), done, 0.5, ordered=True)
            for count, done in zip(
                _gathered(task.need, groups, order), _gathered(task.met, groups, order), strict=True
            )
        ]
    weights = [one.weight for one in task.classes]
    none = np.zeros_like(total)
    return [
        Stage(count, np.ones(len(count)), none, 0.0, ordered=False)
        for count in _gathered(task.need, weights, sorted(set(weights), reverse=True))
    ]


def _gathered(need: Whole, groups: list[int] | list[float], order: list[int] | list[float]) -> list[Whole]:
    return [need[:, [at for at, own in enumerate(groups) if own == one]].sum(axis=1) for one in order]
