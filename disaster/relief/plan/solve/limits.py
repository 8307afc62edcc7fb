"""What limits that items share leave room for: worth a person or household, a place's weight, spending. Pure."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from disaster.relief.plan.solve.model import Bundle, Limit, Problem, Whole


class Limits:
    """A problem's limits as arrays: those of one village by village, those of several one by one.

    *Held* is what the villages have of every item so far, minimums and pins of all items among it, so
    that what an item takes never leaves too little for the minimum of another.
    """

    def __init__(self, problem: Problem) -> None:
        self.villages, self.items = len(problem.villages), len(problem.items)
        self.every = problem.limits
        self.own = [one for one in problem.limits if len(one.villages) == 1]
        self.many = [one for one in problem.limits if len(one.villages) > 1]
        self.at = np.array([one.villages[0] for one in self.own], dtype=np.int64)
        self.each = np.array([one.each for one in self.own], dtype=np.int64).reshape(-1, self.items)
        self.amount = np.array([one.amount for one in self.own], dtype=np.int64)

    def over(self, held: Sequence[Whole]) -> list[tuple[Limit, int]]:
        """Give the limits that what is held exceeds, each with by how much."""
        return [(one, -left) for one in self.every if (left := self._left(one, held)) < 0]

    def room(self, item: int, held: Sequence[Whole]) -> tuple[Whole, tuple[Bundle, ...]]:
        """Give how many pieces of an item fit in all, by village and by villages together, beside the other items."""
        none = np.iinfo(np.int64).max
        room = np.full(self.villages, none, dtype=np.int64)
        others = self.each.copy()
        others[:, item] = 0
        counts = self.each[:, item] > 0
        left = self.amount - sum(others[:, at] * held[at][self.at] for at in range(self.items))
        np.minimum.at(room, self.at[counts], left[counts] // self.each[counts, item])
        bundles = []
        for one in self.many:
            if one.each[item]:
                villages = np.zeros(self.villages, dtype=bool)
                villages[one.villages] = True
                spare = self._left(one, held) + one.each[item] * int(held[item][one.villages].sum())
                bundles.append(Bundle(villages, spare // one.each[item]))
        return room, tuple(bundles)

    def binding(self, item: int, held: Sequence[Whole]) -> dict[int, tuple[Limit, int]]:
        """Give by village the narrowest limit that one unit more would exceed, with what it has taken."""
        found: dict[int, tuple[Limit, int]] = {}
        for one in sorted(self.every, key=lambda one: len(one.villages)):
            left = self._left(one, held)
            if one.each[item] > max(left, 0):
                for village in one.villages:
                    found.setdefault(village, (one, one.amount - left))
        return found

    @staticmethod
    def taken(one: Limit, held: Sequence[Whole]) -> int:
        """Give what is held under a limit, in its own unit (fen, grams)."""
        return sum(each * int(held[at][one.villages].sum()) for at, each in enumerate(one.each) if each)

    def _left(self, one: Limit, held: Sequence[Whole]) -> int:
        return one.amount - self.taken(one, held)
