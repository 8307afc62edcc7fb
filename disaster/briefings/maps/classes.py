"""The classes a mapped figure is shown in: the same on paper, on the screen and in both legends."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise

BREAKS = (1, 100, 500, 1000, 3000)
COLORS = ("#e3ecf2", "#b9cfdd", "#8fb4cb", "#6f9dbb", "#2f6d95", "#123f5e")
"""One more than breaks: the first is for nothing. Their grey values differ, for black and white."""


def grade(value: Decimal | None) -> int:
    """Say how many breaks a value has reached; 0 for nothing.

    >>> grade(None), grade(Decimal(1)), grade(Decimal(499)), grade(Decimal(90_000))
    (0, 1, 2, 5)
    """
    return sum((value or 0) >= limit for limit in BREAKS)


def names() -> list[str]:
    """Name the classes from the lowest that is something.

    >>> names()
    ['1–99', '100–499', '500–999', '1000–2999', '3000 以上']
    """
    return [*(f"{low}–{high - 1}" for low, high in pairwise(BREAKS)), f"{BREAKS[-1]} 以上"]
