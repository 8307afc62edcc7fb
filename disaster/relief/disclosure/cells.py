"""Which totals of a small number of households stay untold, so that nobody works them out. Pure.

A published table is a tree: the programme's total, its townships, their villages; each is the sum of
what lies below it. A total of fewer households than the rule's least is hidden (primary). Hiding it
alone is not enough: the total above minus its visible siblings would give it back, so others are hidden
with it (secondary) until every hidden total could be at least the least number, as far as anybody can
tell from what is shown and from knowing that a listed area helps one household at least.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple


class Cell(NamedTuple):
    """One total: its area, the area above it ("" for the whole), households, and other sums over them."""

    key: str
    parent: str
    households: int
    others: tuple[int, ...] = ()


def hidden(cells: Iterable[Cell], *, least: int) -> frozenset[str]:
    """Give the keys of the totals that must not be shown.

    ``others`` (persons, money) are shown and hidden together with the households they belong to.
    The work is quadratic in the children of one area, which are few hundred at most.

    >>> sorted(hidden([Cell("c", "", 20), Cell("a", "c", 2), Cell("b", "c", 8), Cell("d", "c", 10)], least=5))
    ['a', 'b']
    """
    return _Table([cell for cell in cells if cell.households > 0], least).settled()


class _Table:
    """A tree of totals, and what of it is hidden so far."""

    def __init__(self, cells: Sequence[Cell], least: int) -> None:
        self.least = least
        self.cells = {cell.key: cell for cell in cells}
        self.children: dict[str, list[Cell]] = {cell.key: [] for cell in cells}
        for cell in sorted(cells, key=lambda one: (one.households, one.key)):
            if cell.parent in self.children:
                self.children[cell.parent].append(cell)
        self.tops = [cell for cell in cells if cell.parent not in self.cells]
        self.used = [any(column) for column in zip(*(cell.others for cell in cells), strict=True)]
        self.hidden = {cell.key for cell in cells if cell.households < least}

    def settled(self) -> frozenset[str]:
        """Hide one more at a time until nothing hidden can be worked out."""
        while (more := self._next()) is not None:
            self.hidden.add(more)
        return frozenset(self.hidden)

    def _next(self) -> str | None:
        """Name one total that has to be hidden as well, None where all is safe."""
        for key, children in self.children.items():
            if not children:
                continue
            shown = [child for child in children if child.key not in self.hidden]
            if key in self.hidden and len(shown) == len(children):
                return shown[0].key  # the sum of what lies below would give it back
            if key not in self.hidden and len(shown) < len(children) and not self._safe(key):
                return shown[0].key if shown else key
        return None

    def _safe(self, key: str) -> bool:
        """Say whether the hidden ones directly below a shown total leave each other room enough."""
        below = [child for child in self.children[key] if child.key in self.hidden]
        if len(below) < 2:
            return False
        room = self._room(key)
        return room[0] >= self.least - 1 and all(
            left > 0 for left, used in zip(room[1:], self.used, strict=True) if used
        )

    def _room(self, key: str) -> list[int]:
        """Give by how much what is hidden below a total may exceed the least it could be, column by column."""
        below = (self._least(child) for child in self.children[key])
        known = [self._columns(self.cells[key]), *([-value for value in row] for row in below)]
        return [sum(column) for column in zip(*known, strict=True)]

    def _least(self, cell: Cell) -> list[int]:
        """Give the least a total could be, for whoever sees only what is shown."""
        if cell.key not in self.hidden:
            return self._columns(cell)
        below = [self._least(child) for child in self.children[cell.key]]
        if below:
            return [sum(column) for column in zip(*below, strict=True)]
        return [1, *(0 for _ in cell.others)]

    @staticmethod
    def _columns(cell: Cell) -> list[int]:
        return [cell.households, *cell.others]
