"""From a rule to a last day: when a case is due, what the public may still read."""

from __future__ import annotations

from datetime import date, timedelta

from disaster.relief.needs.standards import calendar
from disaster.rules import book
from disaster.rules.workdays import after_workdays


def due(key: str, area: str, *, begun: date) -> date:
    """Give the last working day for what a rule of working days asks of a case that came on a day."""
    days = int(book.value(key, on=begun, area=area))
    return after_workdays(begun, days, calendar(on=begun))


def still_public(*, on: date) -> date:
    """Give the first last-day whose notice the public may still read on a day."""
    return on - timedelta(days=int(book.value("public.tail_days", on=on)))
