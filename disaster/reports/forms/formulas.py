"""The two formulas our forms hold, computed: ``=SUM(A1:A5,B2)`` and ``=MIN(1,SUM(…))``. Pure.

A workbook that nobody has opened since its export holds no computed values; and what a
spreadsheet computed has to be compared with something. Any other formula is not ours.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from decimal import Decimal

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
