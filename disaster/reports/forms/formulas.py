"""The two formulas our forms hold, computed: ``=SUM(A1:A5,B2)`` and ``=MIN(1,SUM(…))``. Pure.

A workbook that nobody has opened since its export holds no computed values; and what a
spreadsheet computed has to be compared with something. Any other formula is not ours.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from openpyxl.utils.cell import column_index_from_string, coordinate_from_string

_SUM = re.compile(r"^=(MIN\(1,)?SUM\(([A-Z0-9:,]+)\)(?(1)\))$")
_REF = re.compile(r"^([A-Z]{1,3})([1-9][0-9]{0,6})$")
_MOST = 5_000

Cell = Callable[[str], "Decimal | None"]


def evaluate(formula: str, cell: Cell) -> Decimal | None:
    """Compute one of our formulas, or give None if it is none of ours.

    ``cell`` gives the value at an address, None where it is blank.
    """
    found = _SUM.match(formula.replace(" ", "").replace("$", "").upper())
    if not found:
        return None
    refs = list(_addresses(found.group(2)))
    if not refs or len(refs) > _MOST:
        return None
    total = sum((cell(ref) or Decimal(0) for ref in refs), Decimal(0))
    return min(Decimal(1), total) if found.group(1) else total


def _addresses(listed: str) -> Iterator[str]:
    for part in listed.split(","):
        ends = [_REF.match(end) for end in part.split(":")]
        if not all(ends) or len(ends) > 2:
            return
        columns = {end.group(1) for end in ends if end}
        rows = [int(end.group(2)) for end in ends if end]
        if len(columns) > 1 or rows[-1] - rows[0] > _MOST:
            return
        for row in range(rows[0], rows[-1] + 1):
            yield f"{min(columns)}{row}"


class TooMuch(Exception):  # noqa: N818 - leads to an answer
    """The formulas of a sheet look at more cells than any form of ours needs."""


class Computed:
    """The values of a sheet's cells, formulas computed once each; a circle counts as blank.

    ``typed`` holds what stands in the cells, by row and column.
    """

    LOOKUPS = 400_000

    def __init__(self, typed: Mapping[tuple[int, int], Any]) -> None:
        self._typed = typed
        self._known: dict[str, Decimal | None] = {}
        self._left = self.LOOKUPS

    def at(self, address: str) -> Decimal | None:
        """Give a cell's number, None where it has none.

        Raises
        ------
        TooMuch
            When the sheet's formulas have looked at too many cells.
        """
        self._left -= 1
        if self._left < 0:
            raise TooMuch
        if address not in self._known:
            self._known[address] = None
            name, row = coordinate_from_string(address)
            typed = self._typed.get((row, column_index_from_string(name)))
            is_formula = isinstance(typed, str) and typed.startswith("=")
            self._known[address] = evaluate(str(typed), self.at) if is_formula else number_of(typed)
        return self._known[address]


def number_of(value: Any) -> Decimal | None:
    """Read a number as it was meant: 0.1 is a tenth; True is no number."""
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal | str):
        return None
    try:
        number = Decimal(str(value).strip().replace(",", ""))
    except InvalidOperation:
        return None
    # What no form can hold must not reach arithmetic, where it would overflow.
    return number if number.is_finite() and abs(number.adjusted()) < 20 else None
