"""From a rule to a last day: how long a notice runs, when a case is due, what the public may still read."""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple

from disaster.rules import book
from disaster.rules.workdays import Calendar, after_workdays, calendar_of, last_day


class Period(NamedTuple):
    """So many days of one kind, and the last of them."""

    days: int
    is_working: bool
    until: date


def calendar(*, on: date) -> Calendar:
    """Give the calendar of working days as it is known on a day."""
    return calendar_of(book.value("calendar.holidays", on=on))


def notice(area: str, *, begun: date) -> Period:
    """Count a notice's days in an area from the day it was posted, which does not count itself."""
    days = int(book.value("need.notice_days", on=begun, area=area))
    is_working = book.value("notice.days_kind", on=begun, area=area) == "working"
    return Period(days, is_working, recounted(days, is_working, begun=begun))


def recounted(days: int, is_working: bool, *, begun: date) -> date:
    """Give the last day of a notice that began on another day than was meant."""
    return last_day(begun, days, calendar(on=begun), is_working=is_working)


def due(key: str, area: str, *, begun: date) -> date:
    """Give the last working day for what a rule of working days asks of a case that came on a day."""
    days = int(book.value(key, on=begun, area=area))
    return after_workdays(begun, days, calendar(on=begun))


def still_public(*, on: date) -> date:
    """Give the first last-day whose notice the public may still read on a day."""
    return on - timedelta(days=int(book.value("public.tail_days", on=on)))
