"""The rules of reports as they are in force: the doubts' numbers, the hazards, the catalogue.

Everything is kept until the rows of :mod:`disaster.rules` are read anew and differ, or the
day changes: the path of a report asks the database nothing.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from disaster.reports import catalogue as written
from disaster.reports.checks import Arranged, Limits, Numbers, arrange, build
from disaster.reports.checks.model import Check
from disaster.reports.hazards import Hazard, main_of
from disaster.rules import book


def arranged() -> Arranged:
    """Give the soft checks in force today, by kind of report."""
    return _arranged(book.edition(), book.today())


def limits() -> Limits:
    """Give how far a report's times may be off today."""
    return _limits(book.edition(), book.today())


def is_hazard(key: str, *, on: date) -> bool:
    """Say whether a hazard is in the code list on a day."""
    return key in _hazards(book.edition(), on)


def catalogue() -> dict[str, Any]:
    """Give the catalogue in force today. One dict is made and shared: read it, don't write it."""
    return _catalogue(book.edition(), book.today())


@lru_cache(maxsize=8)
def _soft(_edition: int, day: date) -> tuple[Check, ...]:
    return build(Numbers.read(lambda key: book.value(key, on=day)))


@lru_cache(maxsize=8)
def _limits(_edition: int, day: date) -> Limits:
    ahead, oldest = book.value("report.clock_ahead", on=day), book.value("report.oldest", on=day)
    return Limits(timedelta(minutes=ahead), timedelta(days=oldest))


@lru_cache(maxsize=8)
def _arranged(edition: int, day: date) -> Arranged:
    return arrange(_soft(edition, day))


@lru_cache(maxsize=64)
def _hazards(_edition: int, day: date) -> dict[str, Hazard]:
    return {
        entry.key: Hazard(entry.key, entry.zh, entry.en, f"hazard-{main_of(entry.key)}", entry.parent or None)
        for entry in book.codes("hazard", on=day)
    }


@lru_cache(maxsize=8)
def _catalogue(edition: int, day: date) -> dict[str, Any]:
    return written.catalogue(
        _soft(edition, day), tuple(_hazards(edition, day).values()), _limits(edition, day)
    )
