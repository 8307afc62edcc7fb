"""Days that count: which are worked, and when a period of days ends. Pure.

The State Council tells each year which days around a festival are off and which weekend days
are worked for them (放假调休): the rule ``calendar.holidays``. A year it does not name has its
weekends only.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any, NamedTuple

_DAY = timedelta(days=1)
_SATURDAY = 5


class Calendar(NamedTuple):
    """Days off besides weekends, weekend days that are worked, and the years somebody told of."""

    off: frozenset[date]
    worked: frozenset[date]
    years: frozenset[int]

    def works(self, day: date) -> bool:
        """Say whether a day is worked."""
        if day in self.worked:
            return True
        return day.weekday() < _SATURDAY and day not in self.off


def calendar_of(rows: Iterable[Mapping[str, Any]]) -> Calendar:
    """Read the rows of ``calendar.holidays``: ``from`` and ``until`` (included), ``worked``, as ISO dates.

    >>> spring = calendar_of([{"from": "2026-02-15", "until": "2026-02-23", "worked": ["2026-02-14"]}])
    >>> spring.works(date(2026, 2, 14)), spring.works(date(2026, 2, 16))
    (True, False)
    """
    off: set[date] = set()
    worked: set[date] = set()
    for row in rows:
        first, last = date.fromisoformat(row["from"]), date.fromisoformat(row["until"])
        off.update(first + _DAY * n for n in range((last - first).days + 1))
        worked.update(date.fromisoformat(day) for day in row.get("worked", ()))
    return Calendar(frozenset(off), frozenset(worked), frozenset(day.year for day in off))


def after_workdays(day: date, count: int, calendar: Calendar) -> date:
    """Give the ``count``-th working day after a day, which does not count itself (民法典 Art. 201).

    >>> after_workdays(date(2026, 2, 13), 2, calendar_of([
    ...     {"from": "2026-02-15", "until": "2026-02-23", "worked": ["2026-02-14", "2026-02-28"]}]))
    datetime.date(2026, 2, 24)
    """
    while count > 0:
        day += _DAY
        count -= calendar.works(day)
    return day


def last_day(begun: date, days: int, calendar: Calendar, *, is_working: bool) -> date:
    """Give the last day of a period of ``days`` that began on a day.

    The first day does not count (民法典 Art. 201). A period of calendar days that would end on a day
    off ends on the first working day after it (Art. 203).
    """
    if is_working:
        return after_workdays(begun, days, calendar)
    last = begun + _DAY * days
    while not calendar.works(last):
        last += _DAY
    return last
