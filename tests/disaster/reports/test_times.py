"""The times of a report: what can't be, and what only a wrong clock makes look so."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from disaster.reports.catalogue import LIMITS
from disaster.reports.checks import times_errors

NOW = datetime(2013, 7, 5, 6, 30, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def told(**given: datetime | None) -> dict[str, str]:
    times: dict[str, Any] = {
        "occurred_at": NOW - HOUR,
        "discovered_at": NOW - HOUR,
        "submitted_at": NOW,
        "now": NOW,
        "sent_at": NOW,
    }
    return {
        path: error.say("zh-hans")
        for path, error in times_errors(**{**times, **given}, limits=LIMITS).items()
    }


def test_good_times_pass() -> None:
    assert told() == {}
    assert told(discovered_at=None) == {}


def test_a_future_occurrence_is_refused_in_beijing_time() -> None:
    assert told(occurred_at=NOW + 6 * MINUTE, discovered_at=None, submitted_at=NOW + 6 * MINUTE) == {
        "occurred_at": "发生时间(2013-07-05 14:36)晚于现在,请核对",
        "submitted_at": "提交时间(2013-07-05 14:36)晚于现在,请核对手机时间",
    }


def test_five_minutes_ahead_are_a_clocks_business() -> None:
    ahead = NOW + 5 * MINUTE

    assert told(occurred_at=ahead, discovered_at=ahead, submitted_at=ahead) == {}


def test_a_phone_a_day_ahead_may_still_report() -> None:
    ahead = NOW + DAY

    assert told(occurred_at=ahead - HOUR, discovered_at=None, submitted_at=ahead, sent_at=ahead) == {}


def test_a_phone_years_ahead_is_not_believed() -> None:
    ahead = NOW + 800 * DAY

    assert set(told(occurred_at=ahead, discovered_at=None, submitted_at=ahead, sent_at=ahead)) == {
        "occurred_at",
        "submitted_at",
    }


def test_a_phone_off_for_a_month_is_not_refused() -> None:
    then = NOW - 31 * DAY

    assert told(occurred_at=then - HOUR, discovered_at=then, submitted_at=then) == {}


def test_an_occurrence_over_a_year_ago_is_refused() -> None:
    assert told(occurred_at=NOW - 366 * DAY) == {}
    assert told(occurred_at=NOW - 367 * DAY) == {"occurred_at": "发生时间(2012-07-03 14:30)太早,请核对"}


def test_nothing_is_discovered_before_it_occurs() -> None:
    assert told(discovered_at=NOW - HOUR - MINUTE) == {}
    assert told(discovered_at=NOW - 2 * HOUR) == {
        "discovered_at": "发现时间(2013-07-05 12:30)不能早于发生时间(2013-07-05 13:30)"
    }


def test_nothing_is_reported_before_it_occurs() -> None:
    assert told(submitted_at=NOW - 2 * HOUR) == {
        "occurred_at": "发生时间(2013-07-05 13:30)不能晚于提交时间(2013-07-05 12:30)"
    }


ANY_TIME = st.datetimes(
    timezones=st.sampled_from([UTC, timezone(timedelta(hours=14)), timezone(timedelta(hours=-12))])
)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@given(ANY_TIME, st.none() | ANY_TIME, ANY_TIME, ANY_TIME)
def test_no_time_is_too_odd_to_answer(
    language: str, occurred: datetime, discovered: datetime | None, submitted: datetime, sent: datetime
) -> None:
    for error in times_errors(occurred, discovered, submitted, NOW, sent, LIMITS).values():
        assert "{" not in error.say(language)
