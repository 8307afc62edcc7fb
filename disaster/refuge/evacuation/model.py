"""The assignment itself, pure: groups of persons, shelters with free places, minutes between them.

Minimise the persons' minutes, with a price for each person left without a place that no journey
reaches, so that first of all everybody has somewhere to go. A group goes to at most so many
shelters. Solved by HiGHS; the bound says how far from the best the answer can be at most.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import highspy
import msgspec
import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Pair = tuple[int, int]
"""A group's place in the list and a shelter's."""
TINY = 1e-6


class Move(msgspec.Struct, frozen=True):
    """So many persons of a group go to a shelter; both by their place in the lists."""

    group: int
    shelter: int
    persons: int
    minutes: float


class Answer(msgspec.Struct, frozen=True):
    """Who goes where. ``objective`` and ``bound`` are person-minutes, the unplaced at their price."""

    moves: list[Move]
    unplaced: list[int]
    """Persons without a place, by group."""
    objective: float
    bound: float
    dropped: list[Pair]
    """Pins that can't be kept: no way, no room, or a barred shelter."""


def solve(
    persons: Sequence[int],
    free: Sequence[int],
    minutes: Floats,
    *,
    split: int,
    price: float,
    pins: Mapping[Pair, int] | None = None,
    seconds: float = 10.0,
) -> Answer:
    """Assign groups to shelters.

    ``minutes`` is groups × shelters, infinite where there is no safe way or the shelter is
    barred; ``split`` the most shelters a group may be split into; ``pins`` the persons that
    have to go from a group to a shelter at least.
    """
    pairs = [
        (group, shelter)
        for group in range(len(persons))
        for shelter in range(len(free))
        if persons[group] > 0 and free[shelter] > 0 and np.isfinite(minutes[group, shelter])
    ]
    kept, dropped = _pins(pins or {}, pairs, persons, free, split)
    task = _Task(pairs, persons, free, minutes, split, price, kept)
    chosen, objective, bound = task.choose(seconds)
    counts = task.count(chosen)
    moves = [
        Move(group, shelter, count, float(minutes[group, shelter]))
        for (group, shelter), count in zip(pairs, counts, strict=True)
        if count
    ]
    unplaced = list(persons)
    for move in moves:
        unplaced[move.group] -= move.persons
    objective = sum(move.persons * move.minutes for move in moves) + price * sum(unplaced)
    return Answer(moves, unplaced, objective, min(bound, objective), dropped)


def _pins(
    pins: Mapping[Pair, int],
    pairs: Sequence[Pair],
    persons: Sequence[int],
    free: Sequence[int],
    split: int,
) -> tuple[dict[Pair, int], list[Pair]]:
    """Keep the pins that can be kept together, in the order given."""
    possible, kept, dropped = set(pairs), dict[Pair, int](), list[Pair]()
    for (group, shelter), wanted in pins.items():
        own = sum(count for (other, _), count in kept.items() if other == group)
        there = sum(count for (_, other), count in kept.items() if other == shelter)
        places = sum(other == group for other, _ in kept)
        fits = wanted <= min(persons[group] - own, free[shelter] - there) if wanted > 0 else False
        if (group, shelter) in possible and fits and places < split:
            kept[group, shelter] = wanted
        else:
            dropped.append((group, shelter))
    return kept, dropped


class _Task:
    """One task for HiGHS. Columns: persons of each pair, whether it is used, persons unplaced."""

    def __init__(
        self,
        pairs: Sequence[Pair],
        persons: Sequence[int],
        free: Sequence[int],
        minutes: Floats,
        split: int,
        price: float,
        pins: Mapping[Pair, int],
    ) -> None:
        self.pairs, self.persons, self.free, self.split = pairs, persons, free, split
        self.most = [min(persons[group], free[shelter]) for group, shelter in pairs]
        self.least = [pins.get(pair, 0) for pair in pairs]
        self.cost = [float(minutes[pair]) for pair in pairs]
        self.price = price

    def choose(self, seconds: float) -> tuple[list[bool], float, float]:
        """Say which pairs are used, and the best and the bound."""
        size, groups = len(self.pairs), len(self.persons)
        if not size:
            nothing = self.price * sum(self.persons)
            return [], nothing, nothing
        rows = self._sums(size)
        rows += [(-np.inf, 0.0, [at, size + at], [1.0, -float(self.most[at])]) for at in range(size)]
        for group in range(groups):
            used = [size + at for at, (own, _) in enumerate(self.pairs) if own == group]
            rows.append((0.0, float(self.split), used, [1.0] * len(used)))
        cost = [*self.cost, *[0.0] * size, *[self.price] * groups]
        lower = [*map(float, self.least), *[0.0] * size, *[0.0] * groups]
        upper = [*map(float, self.most), *[1.0] * size, *map(float, self.persons)]
        whole = [False] * size + [True] * size + [False] * groups
        values, best, bound = _run(cost, lower, upper, rows, whole, seconds)
        return [value > 0.5 for value in values[size : 2 * size]], best, bound

    def count(self, chosen: Sequence[bool]) -> list[int]:
        """Give whole persons for the pairs chosen: a transport problem, whose corners are whole."""
        size, groups = len(self.pairs), len(self.persons)
        if not size:
            return []
        upper = [
            float(most) if used else float(least)
            for most, used, least in zip(self.most, chosen, self.least, strict=True)
        ]
        rows = self._sums(size, binaries=False)
        cost, lower = [*self.cost, *[self.price] * groups], [*map(float, self.least), *[0.0] * groups]
        values, _, _ = _run(cost, lower, [*upper, *map(float, self.persons)], rows, None, 60.0)
        return [round(value) for value in values[:size]]

    def _sums(self, size: int, *, binaries: bool = True) -> list[_Row]:
        """Everybody of a group goes somewhere or is unplaced; no shelter takes more than it has places."""
        first = 2 * size if binaries else size
        rows: list[_Row] = []
        for group, count in enumerate(self.persons):
            own = [at for at, (other, _) in enumerate(self.pairs) if other == group]
            rows.append((float(count), float(count), [*own, first + group], [1.0] * (len(own) + 1)))
        for shelter, places in enumerate(self.free):
            there = [at for at, (_, other) in enumerate(self.pairs) if other == shelter]
            rows.append((-np.inf, float(max(0, places)), there, [1.0] * len(there)))
        return rows


_Row = tuple[float, float, list[int], list[float]]
"""Least and most of a sum, its columns and their weights."""


def _run(
    cost: list[float],
    lower: list[float],
    upper: list[float],
    rows: list[_Row],
    whole: list[bool] | None,
    seconds: float,
) -> tuple[list[float], float, float]:
    """Solve; the values, the best found and the bound below it: no cost is negative, so nothing is below none."""
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = len(cost), len(rows)
    lp.col_cost_, lp.col_lower_, lp.col_upper_ = np.array(cost), np.array(lower), np.array(upper)
    lp.row_lower_ = np.array([row[0] for row in rows])
    lp.row_upper_ = np.array([row[1] for row in rows])
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    starts = np.cumsum([0, *[len(row[2]) for row in rows]])
    lp.a_matrix_.start_ = starts
    lp.a_matrix_.index_ = np.array([at for row in rows for at in row[2]], dtype=np.int32)
    lp.a_matrix_.value_ = np.array([weight for row in rows for weight in row[3]])
    if whole is not None:
        kinds = highspy.HighsVarType
        lp.integrality_ = [kinds.kInteger if one else kinds.kContinuous for one in whole]
    solver: Any = highspy.Highs()  # type: ignore[no-untyped-call]
    for name, value in (
        ("output_flag", False),
        ("time_limit", float(seconds)),
        ("mip_rel_gap", 0.0),
        ("mip_abs_gap", TINY),
    ):
        solver.setOptionValue(name, value)
    solver.passModel(lp)
    solver.run()
    info = solver.getInfo()
    values = list(solver.getSolution().col_value)
    best = float(info.objective_function_value)
    if whole is None:
        return values, best, best
    if not values or not np.isfinite(best):
        # Out of time before anything was found: nobody is placed, and the bound says how little that means.
        return [0.0] * len(cost), float("inf"), max(0.0, float(info.mip_dual_bound))
    return values, best, max(0.0, float(info.mip_dual_bound))
