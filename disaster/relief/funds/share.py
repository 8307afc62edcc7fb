"""Which money pays whom: the narrowest first, so that what may go anywhere is left for the others. Pure.

A village's reservation serves that village alone, a donor's money the area it was meant for
(条例 Art. 24), the rest anybody. These areas lie inside one another, so taking the narrowest
first finds a way whenever there is one.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple
from uuid import UUID

from gis.scope import prefix_of


class Purse(NamedTuple):
    """What one account has of one quota, in fen, and the area it is for ("" anywhere)."""

    account: int
    quota: UUID
    area: str
    amount: int


class Part(NamedTuple):
    """So many fen out of a purse."""

    account: int
    quota: UUID
    amount: int


class Short(Exception):  # noqa: N818 - leads to an answer
    """There is not enough: ``missing`` fen for what was asked, of which ``area`` went short first."""

    def __init__(self, missing: int, area: str) -> None:
        super().__init__(missing, area)
        self.missing, self.area = missing, area


def draw(purses: Iterable[Purse], wanted: Iterable[tuple[str, int]]) -> list[list[Part]]:
    """Say for each wanted (area, fen) out of which purses it is paid; purses of one breadth in their order.

    Raises
    ------
    Short
        If not all of it can be paid.
    """
    ordered = sorted(purses, key=lambda purse: -len(prefix_of(purse.area)) if purse.area else 0)
    left = [purse.amount for purse in ordered]
    serving: dict[str, list[int]] = {}
    drawn: list[list[Part]] = []
    missing, first = 0, ""
    for area, amount in wanted:
        if area not in serving:
            serving[area] = [at for at, purse in enumerate(ordered) if _serves(purse, area)]
        parts = _take(amount, serving[area], ordered, left)
        short = amount - sum(part.amount for part in parts)
        missing, first = missing + short, first or (area if short else "")
        drawn.append(parts)
    if missing:
        raise Short(missing, first)
    return drawn


def _serves(purse: Purse, area: str) -> bool:
    return not purse.area or area.startswith(prefix_of(purse.area))


def _take(amount: int, serving: list[int], purses: list[Purse], left: list[int]) -> list[Part]:
    parts: list[Part] = []
    for at in serving:
        taken = min(amount, left[at])
        if taken:
            left[at] -= taken
            amount -= taken
            parts.append(Part(purses[at].account, purses[at].quota, taken))
        if not amount:
            break
    return parts
