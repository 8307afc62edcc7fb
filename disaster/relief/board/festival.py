"""How long until Spring Festival: winter relief is judged by what has arrived before its eve (除夕)."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from disaster.rules import book


class Festival(NamedTuple):
    """The eve that a day looks forward to, and how many days are left; 0 on the eve itself."""

    eve: date
    days: int


def ahead(today: date) -> Festival | None:
    """Give the next eve and the days until then; None where the rule's table has ended."""
    eves = sorted(date.fromisoformat(row["eve"]) for row in book.value("board.spring_eves"))
    return next((Festival(eve, (eve - today).days) for eve in eves if eve >= today), None)


def within(starts_on: date, ends_on: date) -> date | None:
    """Give the eve that lies in a need window; None where none does."""
    eves = (date.fromisoformat(row["eve"]) for row in book.value("board.spring_eves"))
    return next((eve for eve in eves if starts_on <= eve <= ends_on), None)
