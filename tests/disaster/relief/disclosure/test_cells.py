"""Small totals stay untold: what is hidden is tried to be worked out by linear programming, independently."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from disaster.relief.disclosure.cells import Cell, hidden

LEAST = 5
Leaf = tuple[int, int, int]
"""Households, persons, money of a village."""


def tree(counts: list[list[Leaf]]) -> list[Cell]:
    """A county of townships of villages, each total the sum of what lies below it."""
    cells = []
    for at, villages in enumerate(counts):
        cells += [Cell(f"{at}.{n}", f"{at}", one[0], one[1:]) for n, one in enumerate(villages)]
        sums = [sum(column) for column in zip(*villages, strict=True)] if villages else [0, 0, 0]
        cells.append(Cell(f"{at}", "all", sums[0], tuple(sums[1:])))
    tops = [cell for cell in cells if cell.parent == "all"]
    columns = list(zip(*((one.households, *one.others) for one in tops), strict=True))
    total = [sum(column) for column in columns] if tops else [0, 0, 0]
    return [*cells, Cell("all", "", total[0], tuple(total[1:]))]


def bounds(cells: list[Cell], untold: frozenset[str], column: int) -> dict[str, tuple[float, float]]:
    """What somebody who sees only the rest can say of each hidden total, by solving for least and most."""
    cells = [cell for cell in cells if cell.households > 0]
    index = {cell.key: at for at, cell in enumerate(cells)}
    value = [(cell.households, *cell.others)[column] for cell in cells]
    rows, right = [], []
    for cell in cells:
        below = [one for one in cells if one.parent == cell.key]
        if below:
            row = np.zeros(len(cells))
            row[index[cell.key]] = 1
            for one in below:
                row[index[one.key]] -= 1
            rows.append(row)
            right.append(0)
    floor = 1 if column == 0 else 0
    box = [(floor, None) if cell.key in untold else (v, v) for cell, v in zip(cells, value, strict=True)]
    found = {}
    for key in untold & index.keys():
        ends = []
        for sign in (1, -1):
            aim = np.zeros(len(cells))
            aim[index[key]] = sign
            done = linprog(aim, A_eq=np.array(rows) if rows else None, b_eq=right or None, bounds=box)
            ends.append(sign * done.fun if done.status == 0 else np.inf * -sign)
        found[key] = (ends[0], ends[1])
    return found


LEAVES = st.integers(0, 9).flatmap(
    lambda households: st.tuples(
        st.just(households),
        st.integers(households, households * 4),
        st.integers(0, 300) if households else st.just(0),
    )
)
COUNTIES = st.lists(st.lists(LEAVES, max_size=5), min_size=1, max_size=4)


@settings(max_examples=80, deadline=None)
@given(counts=COUNTIES)
def test_nothing_hidden_can_be_worked_out_from_what_is_shown(counts: list[list[Leaf]]) -> None:
    cells = tree(counts)
    untold = hidden(cells, least=LEAST)
    assert {cell.key for cell in cells if 0 < cell.households < LEAST} <= untold
    for low, high in bounds(cells, untold, 0).values():
        assert high >= LEAST - 1e-6, "nobody can tell that it is below the least"
        assert high - low > 0.5
    for column in (1, 2):
        if any(cell.others[column - 1] for cell in cells):
            for low, high in bounds(cells, untold, column).values():
                assert high - low > 0.5


@settings(max_examples=40, deadline=None)
@given(counts=COUNTIES)
def test_only_small_totals_alone_would_be_worked_out(counts: list[list[Leaf]]) -> None:
    """The test above can fail: without secondary hiding, subtraction gives some total back."""
    cells = tree(counts)
    primary = frozenset(cell.key for cell in cells if 0 < cell.households < LEAST)
    if primary == hidden(cells, least=LEAST):
        return
    found = bounds(cells, primary, 0)
    others = [bounds(cells, primary, column) for column in (1, 2)]
    told = any(high < LEAST - 1e-6 or high - low <= 0.5 for low, high in found.values())
    assert told or any(high - low <= 0.5 for one in others for low, high in one.values())


def test_one_small_village_hides_the_next_smallest_and_no_more() -> None:
    cells = tree([[(2, 5, 0), (8, 20, 0), (30, 80, 0)], [(40, 90, 0)]])
    assert hidden(cells, least=LEAST) == {"0.0", "0.1"}


def test_large_totals_are_all_told() -> None:
    assert hidden(tree([[(6, 9, 100), (7, 9, 100)], [(9, 9, 100)]]), least=LEAST) == frozenset()


def test_a_programme_of_few_households_tells_nothing() -> None:
    assert hidden(tree([[(1, 2, 0), (2, 2, 0)]]), least=LEAST) == {"0.0", "0.1", "0", "all"}


@pytest.mark.parametrize("money", [0, 500])
def test_hidden_villages_that_all_got_nothing_would_tell_it(money: int) -> None:
    """Money hidden with the households: their sum is the total's less the others', and must not be 0."""
    cells = tree([[(2, 5, 0), (6, 9, money), (30, 80, 9000)]])
    untold = hidden(cells, least=LEAST)
    assert ("0.2" in untold or "0" in untold) is (money == 0)
