"""Working days as the State Council tells them: festivals off, weekend days worked for them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from disaster.rules.catalogue import CATALOGUE
from disaster.rules.workdays import after_workdays, calendar_of, last_day

KNOWN = calendar_of(CATALOGUE["calendar.holidays"].value)
DAYS = st.dates(date(2025, 1, 1), date(2027, 12, 1))


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2026, 2, 14), True),  # a Saturday worked for the Spring Festival
        (date(2026, 2, 15), False),
        (date(2026, 2, 16), False),  # 除夕, a Monday
        (date(2026, 2, 23), False),  # the ninth day
        (date(2026, 2, 24), True),
        (date(2026, 2, 28), True),  # the second Saturday worked for it
        (date(2026, 3, 1), False),  # an ordinary Sunday
        (date(2026, 1, 4), True),  # a Sunday worked for New Year
        (date(2026, 9, 20), True),
        (date(2026, 10, 1), False),
        (date(2027, 2, 5), False),  # 除夕 of the next year
    ],
)
def test_festivals_are_off_and_the_weekend_days_for_them_are_worked(day: date, works: bool) -> None:
    assert KNOWN.works(day) is works


def test_seven_working_days_over_the_spring_festival() -> None:
    # Posted on Thursday: Friday 13th, Saturday 14th (worked), then nine days off, 24th to 27th, Saturday 28th.
    assert last_day(date(2026, 2, 12), 7, KNOWN, is_working=True) == date(2026, 2, 28)


def test_seven_calendar_days_that_end_in_the_festival_end_on_the_first_day_after_it() -> None:
    assert last_day(date(2026, 2, 10), 7, KNOWN, is_working=False) == date(2026, 2, 24)
    assert last_day(date(2026, 3, 2), 7, KNOWN, is_working=False) == date(2026, 3, 9)


def test_calendar_days_that_end_on_a_saturday_that_is_worked_end_there() -> None:
    assert last_day(date(2026, 2, 21), 7, KNOWN, is_working=False) == date(2026, 2, 28)


def test_a_year_nobody_told_of_has_its_weekends() -> None:
    assert 2031 not in KNOWN.years
    assert after_workdays(date(2031, 1, 3), 1, KNOWN) == date(2031, 1, 6)


@given(day=DAYS, count=st.integers(1, 40))
def test_a_count_of_working_days_is_that_many_and_ends_on_one(day: date, count: int) -> None:
    last = after_workdays(day, count, KNOWN)
    between = [day + timedelta(days=n) for n in range(1, (last - day).days + 1)]
    assert sum(KNOWN.works(one) for one in between) == count
    assert KNOWN.works(last)


@given(day=DAYS, days=st.integers(1, 30))
def test_calendar_days_are_never_fewer_and_never_end_on_a_day_off(day: date, days: int) -> None:
    last = last_day(day, days, KNOWN, is_working=False)
    assert last >= day + timedelta(days=days)
    assert KNOWN.works(last)
    skipped = [day + timedelta(days=n) for n in range(days, (last - day).days)]
    assert not any(KNOWN.works(one) for one in skipped)
