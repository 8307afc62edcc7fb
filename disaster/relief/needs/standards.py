"""What the dated rules say: standards and limits of money, days of notice, who is a key household.

Money is in fen here, in yuan in the rules.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Literal, NamedTuple

from disaster.relief.needs.models import Application, Programme
from disaster.rules import book
from disaster.rules.workdays import Calendar, calendar_of, last_day

Level = Literal["village", "township", "county"]
FEN = 100
_NOTICES = {
    "village": "need.notice_days",
    "township": "need.notice_days_township",
    "county": "need.notice_days_county",
}


class Period(NamedTuple):
    """So many days of one kind, and the last of them."""

    days: int
    is_working: bool
    until: date


def standard_fen(programme: Programme, persons: int, *, is_key: bool, on: date) -> int:
    """Give the money of one application by the standard of its kind (救助标准), in fen; 0 where there is none."""
    for row in book.value("need.standards", on=on, area=str(programme.area_id)):
        if row["kind"] == programme.kind:
            yuan = row["key_yuan"] if is_key else row["yuan"]
            return round(yuan * FEN) * (persons if row["per"] == "person" else 1)
    return 0


def limit_fen(programme: Programme, *, on: date) -> int:
    """Give the amount a person above which a village says why (限额), in fen."""
    return int(book.value("need.limit_per_person_yuan", on=on, area=str(programme.area_id))) * FEN


def wanted_fen(application: Application) -> int:
    """Give the money an application asks for, in fen."""
    return FEN * (
        application.heating_yuan + application.medical_yuan + application.water_yuan + application.other_yuan
    )


def notice_until(level: Level, area: str, *, on: date) -> date | None:
    """Give the last day of a notice posted on a day; None where the level posts none.

    The day of posting is not counted: seven days from the 1st end with the 8th, later where that is a day
    off; days are calendar days or working days by the rule ``notice.days_kind``.
    """
    period = notice_of(level, area, begun=on)
    return period.until if period.days else None


def notice_of(level: Level, area: str, *, begun: date) -> Period:
    """Count a notice's days in an area from the day it was posted, which does not count itself."""
    days = int(book.value(_NOTICES[level], on=begun, area=area))
    is_working = book.value("notice.days_kind", on=begun, area=area) == "working"
    return Period(days, is_working, last_of(days, is_working, begun=begun))


def last_of(days: int, is_working: bool, *, begun: date) -> date:
    """Give the last of so many days, calendar or working days, the first of which follows ``begun``."""
    return last_day(begun, days, calendar(on=begun), is_working=is_working)


def calendar(*, on: date) -> Calendar:
    """Give the calendar of working days as it is known on a day."""
    return calendar_of(book.value("calendar.holidays", on=on))


def is_key(types: Sequence[str], hardships: Sequence[str], *, on: date, area: str) -> bool:
    """Say whether a household is a key one (重点救助) by its types and hardships."""
    rows = book.value("need.key_types", on=on, area=area)
    return any(row.get("type") in types or row.get("hardship") in hardships for row in rows)


def meets_same_need(one: str, other: str, *, on: date) -> bool | None:
    """Say whether two kinds of help may not overlap: True refused, False told, None apart."""
    for row in book.value("need.same_need", on=on):
        if {row["one"], row["other"]} == {one, other}:
            return bool(row["refused"])
    return None
