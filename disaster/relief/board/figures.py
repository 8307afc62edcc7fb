"""What a village needed, was granted and has received: the shape of the board's figures. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from gis.scope import pad

MONEY = "money"
"""What stands for money where an item's key stands for goods; its numbers are fen."""
CLOTHING = "clothing"
"""What stands for clothing and bedding together (衣被), in pieces, as the applications count them."""


@dataclass(slots=True)
class Cell:
    """One item (or money, in fen) of one area: needed, granted, arrived at the households."""

    need: int = 0
    granted: int = 0
    settled: int = 0

    @property
    def percent(self) -> int:
        """Whole percent of what was granted that has arrived, never rounded up to 100."""
        return self.settled * 100 // self.granted if self.granted else 0

    @property
    def missing(self) -> int:
        """What was granted and has not arrived."""
        return self.granted - self.settled


@dataclass(slots=True)
class Row:
    """One area: households and persons that applied and were counted, and its cells by item."""

    area: str
    households: int = 0
    persons: int = 0
    cells: dict[str, Cell] = field(default_factory=dict)

    def cell(self, item: str) -> Cell:
        """Give the cell of an item, an empty one where there is none."""
        return self.cells.get(item) or Cell()

    def of(self, item: str) -> Cell:
        """Give the cell of an item to be filled."""
        return self.cells.setdefault(item, Cell())

    def put_together(self, name: str, items: Sequence[str]) -> None:
        """Add items up to one cell under a name; what the applications need of all stays as it is."""
        mine = self.of(name)
        mine.granted = sum(self.cell(item).granted for item in items)
        mine.settled = sum(self.cell(item).settled for item in items)

    def add(self, other: Row) -> None:
        """Add another area's figures to these."""
        self.households += other.households
        self.persons += other.persons
        for item, cell in other.cells.items():
            mine = self.of(item)
            mine.need += cell.need
            mine.granted += cell.granted
            mine.settled += cell.settled


def rolled_up(villages: Mapping[str, Row], end: int) -> dict[str, Row]:
    """Add villages up to the areas whose code has ``end`` digits before its padding: 9 township, 6 county.

    >>> rolled_up({"340882101201": Row("340882101201", 2, 5)}, 9)["340882101000"].persons
    5
    """
    sums: dict[str, Row] = {}
    for row in villages.values():
        code = pad(row.area[:end])
        sums.setdefault(code, Row(code)).add(row)
    return sums


def total(villages: Iterable[Row]) -> Row:
    """Add all of them up."""
    whole = Row("")
    for row in villages:
        whole.add(row)
    return whole
