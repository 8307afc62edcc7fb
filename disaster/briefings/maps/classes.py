"""The classes a mapped figure is shown in: the same on paper, on the screen and in both legends."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from itertools import pairwise

BREAKS = (1, 100, 500, 1000, 3000)
"""Of villages; totals of townships lie higher (:func:`breaks`)."""
COLORS = ("#e3ecf2", "#b9cfdd", "#8fb4cb", "#6f9dbb", "#2f6d95", "#123f5e")
"""One more than breaks: the first is for nothing. Their grey values differ, for black and white."""


def breaks(values: Iterable[Decimal]) -> tuple[int, ...]:
    """Give the breaks some values are shown by: tens of times higher where most would be of the highest class.

    >>> breaks([Decimal(90), Decimal(700), Decimal(4000)])
    (1, 100, 500, 1000, 3000)
    >>> breaks([Decimal(2500), Decimal(4000), Decimal(16_000)])
    (1, 1000, 5000, 10000, 30000)
    """
    known = sorted(value for value in values if value)
    limits: tuple[int, ...] = BREAKS
    while known and known[len(known) // 2] >= limits[-1]:
        limits = (1, *(limit * 10 for limit in limits[1:]))
    return limits


def grade(value: Decimal | None, limits: tuple[int, ...] = BREAKS) -> int:
    """Say how many breaks a value has reached; 0 for nothing.

    >>> grade(None), grade(Decimal(1)), grade(Decimal(499)), grade(Decimal(90_000))
    (0, 1, 2, 5)
    """
    return sum((value or 0) >= limit for limit in limits)


def names(limits: tuple[int, ...] = BREAKS) -> list[str]:
    """Name the classes from the lowest that is something.

    >>> names()
    ['1–99', '100–499', '500–999', '1000–2999', '3000 以上']
    """
    return [*(f"{low}–{high - 1}" for low, high in pairwise(limits)), f"{limits[-1]} 以上"]
