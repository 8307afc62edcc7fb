"""What is owed until when, under clocks we set: midnight, two missed mornings, droughts."""

from __future__ import annotations

from datetime import datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from disaster.duty.clocks import BEIJING, Clocks, Course, Due, Spoken, next_due

CLOCKS = Clocks(timedelta(minutes=30), time(7, 30), timedelta(days=2), timedelta(days=10))


def t(day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(2013, 7, day, hour, minute, tzinfo=BEIJING)


def course(started: datetime, **fields: object) -> Course:
    values: dict[str, object] = {"stable_at": None, "closed_at": None, "is_drought": False, **fields}
    return Course(started, **values)  # type: ignore[arg-type]


def due(spoken: Spoken, now: datetime, **fields: object) -> Due | None:
    return next_due(course(t(5, 10), **fields), spoken, CLOCKS, now=now)


def said(at: datetime) -> Spoken:
    return Spoken(at, at)


def test_the_first_report_counts_from_the_occurrence() -> None:
    assert due(Spoken(), t(5, 10, 10)) == Due("first", t(5, 10, 30), 0)
    assert due(Spoken(), t(5, 10, 30)) == Due("first", t(5, 10, 30), 1)


def test_a_daily_report_is_owed_the_next_morning_whatever_the_hour_of_the_last() -> None:
    for last in (t(5, 10, 5), t(5, 23, 50)):
        assert due(said(last), t(5, 23, 55)) == Due("daily", t(6, 7, 30), 0)


def test_what_arrives_after_midnight_is_that_days_report() -> None:
    assert due(said(t(6, 0, 5)), t(6, 0, 10)) == Due("daily", t(7, 7, 30), 0)


def test_two_missed_mornings_are_counted_from_the_first() -> None:
    assert due(said(t(5, 11)), t(6, 7, 30)) == Due("daily", t(6, 7, 30), 1)
    assert due(said(t(5, 11)), t(7, 8)) == Due("daily", t(6, 7, 30), 2)


def test_a_drought_is_followed_up_every_ten_days() -> None:
    assert due(said(t(5, 11)), t(14), is_drought=True) == Due("drought", t(15, 11), 0)
    assert due(said(t(5, 11)), t(26), is_drought=True) == Due("drought", t(15, 11), 2)


def test_when_it_is_stable_the_verified_report_is_owed_and_then_nothing() -> None:
    spoken = said(t(7, 9))
    assert due(spoken, t(8, 9), stable_at=t(8, 8)) == Due("verified", t(10, 8), 0)
    assert due(spoken._replace(verified_at=t(9)), t(9, 1), stable_at=t(8, 8)) is None
    assert due(spoken, t(9), closed_at=t(8)) is None


def test_a_village_that_never_spoke_still_owes_its_first_report_when_it_is_stable() -> None:
    found = due(Spoken(), t(9), stable_at=t(8))
    assert found is not None
    assert found.cause == "first"


moments = st.integers(0, 60 * 24 * 20).map(lambda minutes: t(5, 10) + timedelta(minutes=minutes))


@given(moments, moments)
def test_a_daily_deadline_lies_after_the_last_word_and_within_two_days(last: datetime, now: datetime) -> None:
    found = due(said(last), now)
    assert found is not None
    assert timedelta(0) < found.at - last <= timedelta(hours=31, minutes=30)
    assert (found.missed > 0) == (found.at <= now)


@given(moments, moments)
def test_lateness_never_falls_while_nobody_speaks(one: datetime, other: datetime) -> None:
    early, late = sorted((one, other))
    missed = [found.missed for now in (early, late) if (found := due(said(t(5, 10, 5)), now))]
    assert missed == sorted(missed)


@pytest.mark.parametrize("minutes", [0, 1, 30, 1440])
def test_an_event_late_in_the_evening_owes_its_first_report_after_midnight(minutes: int) -> None:
    found = next_due(course(t(5, 23, 50)), Spoken(), CLOCKS, now=t(5, 23, 50) + timedelta(minutes=minutes))
    assert found is not None
    assert found.at == t(6, 0, 20)
