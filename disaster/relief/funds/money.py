"""Yuan as people write them, fen as they are counted. Pure; never a float."""

from __future__ import annotations

import re
from decimal import Decimal

_YUAN = re.compile(r"[¥￥]?\s*(\d{1,3}(?:,\d{3})+|\d+)(\.\d{1,2}0*)?\s*元?")
MOST_FEN = 10**13
"""A hundred thousand million yuan: no county is given more."""


def yuan(fen: int) -> str:
    """Write fen as yuan with two places.

    >>> yuan(13000), yuan(5), yuan(-250)
    ('130.00', '0.05', '-2.50')
    """
    sign, rest = ("-", -fen) if fen < 0 else ("", fen)
    return f"{sign}{rest // 100}.{rest % 100:02d}"


def fen(written: object) -> int | None:
    """Read an amount of yuan, as typed or from a cell, to the fen; None if it is none.

    >>> fen("1,300.5"), fen("130元"), fen(130.1), fen("12.345"), fen("-1"), fen(True)
    (130050, 13000, 13010, None, None, None)
    """
    if isinstance(written, bool) or not isinstance(written, str | int | float | Decimal):
        return None
    # A spreadsheet's number is a binary fraction: 130.1 + 0.2 may stand there as 130.29999999999998.
    text = f"{written:.6f}" if isinstance(written, float) else str(written).strip()
    found = _YUAN.fullmatch(text)
    if not found:
        return None
    whole, part = found[1].replace(",", ""), (found[2] or ".")[1:3].ljust(2, "0")
    amount = int(whole[-20:]) * 100 + int(part)
    return amount if len(whole) <= 20 and amount <= MOST_FEN else None
