"""Reading rules: the value in force on a day, in an area.

Every process keeps the rows for a few seconds, so that the path of a report asks the
database nothing; a change in the administration pages counts everywhere soon after.
"""

from __future__ import annotations

import time
from datetime import date, datetime, timedelta, timezone
from typing import Any, NamedTuple

from disaster.rules.catalogue import CATALOGUE

BEIJING = timezone(timedelta(hours=8), "Asia/Shanghai")
"""The one civil time of the country; all clocks of the reporting system are in it."""
BELIEVED_S = 15.0


class Entry(NamedTuple):
    """One entry of a code list; ``certain`` is False where ``national`` is unverified."""

    key: str
    zh: str
    en: str
    parent: str
    national: str
    certain: bool
    source: str

    def name(self, language: str) -> str:
        """Give its name in a language."""
        return self.en if language.startswith("en") else self.zh


class _Rows(NamedTuple):
    rules: dict[str, list[Any]]
    codes: dict[str, list[Any]]


_rows: _Rows | None = None
_read_at = 0.0
_edition = 0


def forget(**_signal: Any) -> None:
    """Read the rows anew at the next question."""
    global _rows
    _rows = None


def edition() -> int:
    """Give a number that grows whenever the rows were read anew and differ."""
    _known()
    return _edition


def value(key: str, *, on: date | None = None, area: str = "") -> Any:
    """Give a rule's value on a day (default today in Beijing) in an area, as its kind's type.

    Where no row is in force, the shipped value holds.

    Raises
    ------
    KeyError
        If the catalogue has no such rule.
    """
    known, day = CATALOGUE[key], on or today()
    best = None
    for row in _known().rules.get(key, ()):
        fits = not row.area_code or area.startswith(row.area_code.rstrip("0") or row.area_code)
        if row.holds_on(day) and fits and (best is None or len(row.area_code) > len(best.area_code)):
            best = row
    return known.read(best.value if best is not None else known.value)


def basis(key: str, *, on: date | None = None) -> str:
    """Give the source of a rule in force, as it is shown beside a number."""
    day = on or today()
    row = next((row for row in _known().rules.get(key, ()) if row.holds_on(day)), None)
    return row.source if row is not None else CATALOGUE[key].source


def codes(name: str, *, on: date | None = None) -> tuple[Entry, ...]:
    """Give the entries of a code list that are in force on a day, in their order.

    For a day before the list began, its first edition is given: an old event can be read.
    """
    day = on or today()
    rows = _known().codes.get(name, [])
    held = [row for row in rows if row.holds_on(day)]
    if not held and rows:
        first = min(row.valid_from for row in rows)
        held = [row for row in rows if row.valid_from == first and day < first]
    return tuple(
        Entry(row.key, row.zh, row.en, row.parent, row.national, row.certain, row.source) for row in held
    )


def code(name: str, key: str, *, on: date | None = None) -> Entry | None:
    """Give one entry of a code list, None where it has no such key on that day."""
    return next((entry for entry in codes(name, on=on) if entry.key == key), None)


def today() -> date:
    """Give the present day in Beijing."""
    return datetime.now(BEIJING).date()


def _known() -> _Rows:
    global _rows, _read_at, _edition
    if _rows is None or time.monotonic() - _read_at > BELIEVED_S:
        fresh = _read()
        if _rows is None or _same(fresh) != _same(_rows):
            _edition += 1
        _rows, _read_at = fresh, time.monotonic()
    return _rows


def _same(rows: _Rows) -> list[tuple[Any, ...]]:
    return [(row.pk, str(row.__dict__)) for group in rows for listed in group.values() for row in listed]


def _read() -> _Rows:
    from disaster.rules.models import Code, Rule

    rules: dict[str, list[Any]] = {}
    codes: dict[str, list[Any]] = {}
    for rule in Rule.objects.all():
        rules.setdefault(rule.key, []).append(rule)
    for entry in Code.objects.all():
        codes.setdefault(entry.list, []).append(entry)
    return _Rows(rules, codes)
