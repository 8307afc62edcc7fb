"""Reminding under a frozen clock: who hears what, when, and who is left in peace."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from disaster.duty.model import Owed
from disaster.duty.reminders.plan import Limits, Plan, Staff, Told, plan, words
from tests.world import BING, JIA, YI

DUE = datetime(2013, 7, 5, 0, 0, tzinfo=UTC)  # 08:00 in Beijing
RAIN = uuid.UUID(int=1)
LIMITS = Limits(timedelta(minutes=10), timedelta(minutes=15), 4, 60, time(22), time(6), stopped=False)
STAFF = {JIA: Staff((1,), (2,), (3,)), YI: Staff((11,), (12,), (3,)), BING: Staff((21,), (22,), (4,))}


def minutes(count: float) -> datetime:
    return DUE + timedelta(minutes=count)


def owes(area: str = JIA, *, due_at: datetime = DUE, cause: str = "daily") -> Owed:
    return Owed(RAIN, "暴雨", area, "甲村", "village", cause, due_at, "due", None)  # type: ignore[arg-type]


def told(made: Plan, now: datetime) -> list[Told]:
    return [Told(m.person, line.cause, line.step, now) for m in made.messages for line in m.lines]


def play(
    owed: list[Owed], until: float, *, limits: Limits = LIMITS, every: float = 1
) -> list[tuple[float, int, str]]:
    """Run a round every minute from 30 minutes before the deadline; give who was told what at which minute."""
    said: list[Told] = []
    minute = -30.0
    heard = []
    while minute <= until:
        made = plan(owed, staff=STAFF, told=said, limits=limits, now=minutes(minute))
        for one in told(made, minutes(minute)):
            said.append(one)
            heard.append((minute, one.person, one.step))
        minute += every
    return heard


def test_a_hears_first_then_b_then_the_township() -> None:
    assert play([owes()], 300) == [(-10, 1, "A"), (5, 2, "B"), (20, 3, "township")]


def test_nobody_hears_twice_of_one_cause_however_often_it_is_looked() -> None:
    heard = play([owes(), owes(YI), owes(BING)], 600)
    assert len(heard) == len({(person, step) for _, person, step in heard}) + 1  # 3 has two villages
    assert max(minute for minute, _, _ in heard) == 20


def test_a_village_without_an_a_goes_straight_to_b() -> None:
    made = plan([owes()], staff={JIA: Staff((), (2,), (3,))}, told=[], limits=LIMITS, now=minutes(-5))
    assert [(m.person, m.lines[0].step) for m in made.messages] == [(2, "B")]


def test_what_one_person_has_to_hear_is_one_message() -> None:
    staff = {area: Staff((), (), (3,)) for area in (JIA, YI, BING)}
    made = plan([owes(JIA), owes(YI), owes(BING)], staff=staff, told=[], limits=LIMITS, now=DUE)
    assert [(m.person, len(m.lines)) for m in made.messages] == [(3, 3)]
    title, body = words(made.messages[0], now=DUE)
    assert "3条" in title
    assert body.count("\n") == 2


def test_at_night_the_daily_report_waits_and_the_first_does_not() -> None:
    night = datetime(2013, 7, 5, 15, 0, tzinfo=UTC)  # 23:00 in Beijing
    for cause, messages, held in (("daily", 0, 1), ("first", 1, 0)):
        made = plan([owes(due_at=night, cause=cause)], staff=STAFF, told=[], limits=LIMITS, now=night)
        assert (len(made.messages), [one.why for one in made.held]) == (messages, ["quiet"] * held)
    morning = night + timedelta(hours=7)
    assert plan([owes(due_at=night)], staff=STAFF, told=[], limits=LIMITS, now=morning).messages


def test_the_stop_switch_stops_everything() -> None:
    made = plan([owes(cause="first")], staff=STAFF, told=[], limits=LIMITS._replace(stopped=True), now=DUE)
    assert (made.messages, [one.why for one in made.held]) == ((), ["stopped"])


def test_a_person_is_not_flooded() -> None:
    said = [Told(1, f"other-{n}", "A", minutes(-n - 1)) for n in range(4)]
    made = plan([owes()], staff=STAFF, told=said, limits=LIMITS, now=DUE)
    assert (made.messages, [one.why for one in made.held]) == ((), ["cap"])
    assert plan([owes()], staff=STAFF, told=said, limits=LIMITS, now=minutes(70)).messages


def test_a_digest_counts_once_against_the_cap() -> None:
    said = [Told(1, f"other-{n}", "A", minutes(-5)) for n in range(9)]
    assert plan([owes()], staff=STAFF, told=said, limits=LIMITS, now=DUE).messages


@given(st.integers(1, 40), st.integers(1, 10))
def test_a_round_never_says_more_than_its_cap_and_forgets_nobody(villages: int, cap: int) -> None:
    areas = [f"3408821012{n:02d}" for n in range(villages)]
    staff = {area: Staff((100 + n,), (), ()) for n, area in enumerate(areas)}
    limits = LIMITS._replace(desk_round=cap)
    said: list[Told] = []
    rounds = 0
    while len(said) < villages:
        made = plan(
            [owes(area) for area in areas], staff=staff, told=said, limits=limits, now=minutes(rounds / 2)
        )
        assert 0 < len(made.messages) <= cap
        assert len(made.messages) + len(made.held) == villages - len(said)
        said += told(made, minutes(rounds / 2))
        rounds += 1
    assert len({one.person for one in said}) == villages


@pytest.mark.parametrize(("language", "word"), [("zh-hans", "还剩10分钟"), ("en", "10 min left")])
def test_the_words_name_the_place_and_the_deadline_and_no_person(language: str, word: str) -> None:
    made = plan([owes()], staff=STAFF, told=[], limits=LIMITS, now=minutes(-10))
    _, body = words(made.messages[0], now=minutes(-10), language=language)
    assert "甲村" in body
    assert "07-05 08:00" in body
    assert word in body
