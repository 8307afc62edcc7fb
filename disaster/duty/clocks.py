"""What is owed next, and until when: the clocks of the reporting system. Pure: no Django here.

《自然灾害情况统计调查制度》(应急〔2020〕19号): the first report counts from the occurrence;
until the disaster is stable each level reports every day, changed or not (24小时零报告),
with figures up to midnight, so only what arrives after midnight is that day's report; a
drought is followed up every ten days; after it is stable the verified report is due within
some days. Every number is a dated rule ``clock.*``. All clocks are Beijing's.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, timezone
from typing import Literal, NamedTuple

from disaster.duty.model import Cause

BEIJING = timezone(timedelta(hours=8), "Asia/Shanghai")
Level = Literal["village", "township", "county"]


class Clocks(NamedTuple):
    """The clocks of one level, as the rules have them on the day."""

    first: timedelta
    daily: time
    verified: timedelta
    drought: timedelta


class Course(NamedTuple):
    """An event as the clocks see it."""

    started_at: datetime
    stable_at: datetime | None
    closed_at: datetime | None
    is_drought: bool


class Spoken(NamedTuple):
    """What a level has said so far: its first word, its newest, its verified report."""

    first_at: datetime | None = None
    last_at: datetime | None = None
    verified_at: datetime | None = None


class Due(NamedTuple):
    """The oldest report that is owed. ``missed``: deadlines of its kind that have passed."""

    cause: Cause
    at: datetime
    missed: int


def next_due(course: Course, spoken: Spoken, clocks: Clocks, *, now: datetime) -> Due | None:
    """Give what is owed next, None when nothing is.

    The oldest missed deadline is shown, not the newest: lateness counts from there.
    """
    if spoken.verified_at is not None or (course.closed_at is not None and course.closed_at <= now):
        return None
    if spoken.last_at is None:
        due = course.started_at + clocks.first
        return Due("first", due, int(due <= now))
    if course.stable_at is not None and course.stable_at <= now:
        due = course.stable_at + clocks.verified
        return Due("verified", due, int(due <= now))
    if course.is_drought:
        due = spoken.last_at + clocks.drought
        return Due("drought", due, max(0, (now - due) // clocks.drought + 1) if clocks.drought else 0)
    return _daily(spoken.last_at, clocks.daily, now)


def held_back(spoken: Spoken, waiting: datetime | None, daily: time) -> Spoken:
    """Give what a level has said while something below it waits to be dealt with.

    A township or county has said its word of a day only when all that came in for that day
    is passed on: what arrived before the clock belongs to this day's report, the rest to the
    next day's. ``waiting`` is when the oldest of it arrived, None when nothing waits.
    """
    if waiting is None or spoken.last_at is None:
        return spoken
    local = waiting.astimezone(BEIJING)
    day = local.date() if local < moment(local.date(), daily) else local.date() + timedelta(days=1)
    before = moment(day, time(0)) - timedelta(microseconds=1)
    return spoken._replace(last_at=min(spoken.last_at, before))


def _daily(last_at: datetime, clock: time, now: datetime) -> Due:
    day = last_at.astimezone(BEIJING).date() + timedelta(days=1)
    due = moment(day, clock)
    today = now.astimezone(BEIJING).date()
    passed = (today - day).days + int(moment(today, clock) <= now)
    return Due("daily", due, max(0, passed))


def moment(day: date, clock: time) -> datetime:
    """Give a time of day in Beijing as a moment.

    >>> moment(date(2013, 7, 5), time(8)).isoformat()
    '2013-07-05T08:00:00+08:00'
    """
    return datetime.combine(day, clock, tzinfo=BEIJING)
