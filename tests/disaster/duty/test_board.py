"""The duty board and the call list, from a county whose villages speak or keep silent."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib.gis.geos import Point

from disaster.duty import board, services, silence
from disaster.duty.models import Call
from disaster.journal.models import Entry
from disaster.people.models import Person
from disaster.problems import Problem
from gis.models import Area, HazardZone
from gis.scope import AreaScope
from tests.rows import report_row, store_rows
from tests.world import BING, COUNTY, EAST, JIA, WEST, YI, World, square

pytestmark = pytest.mark.django_db

RAIN = datetime(2026, 7, 5, 2, 0, tzinfo=UTC)  # 10:00 in Beijing
EVERYWHERE = AreaScope.of([COUNTY])


def at(minutes: float) -> datetime:
    return RAIN + timedelta(minutes=minutes)


def states(now: datetime, scope: AreaScope = EVERYWHERE) -> dict[str, tuple[str, str]]:
    return {one.area: (one.cause, one.state) for one in board.owed(scope=scope, now=now)}


def spoke(world: World, event: Any, area: str, minutes: float, **fields: Any) -> None:
    store_rows([report_row(world, event=event, area=area, at=at(minutes), **fields)])


def test_the_board_says_who_is_on_time_due_and_late(world: World) -> None:
    event = world.event(started_at=RAIN)
    spoke(world, event, JIA, 5)
    assert states(at(10))[YI] == ("first", "due")
    assert states(at(31))[YI] == ("first", "late")
    assert states(at(31))[JIA] == ("daily", "ontime")
    assert states(at(40))[EAST] == ("first", "due")  # nobody there has passed anything
    assert states(at(126))[COUNTY] == ("first", "late")


def test_a_township_has_spoken_when_it_passed_a_report_or_filed_its_own(world: World) -> None:
    event = world.event(started_at=RAIN)
    spoke(world, event, JIA, 5, passed_at=at(20), state="passed")
    spoke(world, event, WEST, 7)
    assert states(at(61))[EAST] == ("daily", "ontime")
    assert states(at(61))[WEST] == ("daily", "ontime")


def test_a_returned_report_is_no_word(world: World) -> None:
    event = world.event(started_at=RAIN)
    spoke(world, event, JIA, 5, state="returned", remark="?", returned_at=at(9))
    assert states(at(31))[JIA] == ("first", "late")


def test_a_township_is_verified_when_all_its_villages_are(world: World) -> None:
    event = world.event(started_at=RAIN, stable_at=at(60))
    done = {"kind": "verified", "state": "passed", "passed_at": at(90)}
    spoke(world, event, JIA, 80, **done)
    spoke(world, event, YI, 81)
    assert states(at(100))[EAST] == ("verified", "ontime")
    spoke(world, event, YI, 85, **done)
    assert EAST not in states(at(100))


def test_who_was_called_in_vain_is_unreachable_until_they_speak(world: World) -> None:
    event = world.event(started_at=RAIN)
    services.record_call(
        area_code=YI, callee="乙一", outcome="no_answer", event=event.id, by=world.rights("east"), now=at(40)
    )
    assert states(at(41))[YI] == ("first", "unreachable")
    spoke(world, event, YI, 50)
    assert states(at(51))[YI] == ("daily", "ontime")


def test_whoever_was_reached_after_all_is_only_late(world: World) -> None:
    event = world.event(started_at=RAIN)
    for minute, outcome, state in (
        (10, "no_answer", "late"),
        (40, "no_answer", "unreachable"),
        (45, "reached", "late"),
    ):
        services.record_call(
            area_code=YI,
            callee="乙一",
            outcome=outcome,
            event=event.id,
            by=world.rights("east"),
            now=at(minute),
        )
        assert states(at(46))[YI] == ("first", state)


def test_each_desk_sees_its_own_area(world: World) -> None:
    world.event(started_at=RAIN)
    assert set(states(at(1), AreaScope.of([EAST]))) == {EAST, JIA, YI}
    assert set(states(at(1))) == {COUNTY, EAST, WEST, JIA, YI, BING}


def test_the_board_costs_the_same_for_many_reports(world: World, django_assert_num_queries: Any) -> None:
    event = world.event(started_at=RAIN)
    store_rows([report_row(world, event=event, area=a, at=at(n)) for a in (JIA, YI, BING) for n in range(30)])
    board.owed(scope=EVERYWHERE, now=at(31))
    with django_assert_num_queries(5):
        board.owed(scope=EVERYWHERE, now=at(31))


# Silence.


def zone(area: str, level: str, west: float) -> None:
    HazardZone.objects.create(
        name=f"{level}区",
        kind="flood",
        level=level,
        area_id=area,
        boundary=square(west, 30.60, 0.01),
        valid_from=at(-60),
    )


def ranked(now: datetime) -> list[str]:
    return [one.owed.area for one in silence.ranked(scope=EVERYWHERE, now=now)]


def test_a_silent_village_in_a_red_zone_stands_above_every_other(world: World) -> None:
    world.event(started_at=RAIN)
    Area.objects.filter(code=BING).update(population=90_000)
    zone(JIA, "red", 116.505)
    zone(YI, "blue", 116.525)
    assert ranked(at(300)) == [JIA, YI, BING]


def test_who_has_spoken_is_not_on_the_list(world: World) -> None:
    event = world.event(started_at=RAIN)
    zone(JIA, "red", 116.505)
    spoke(world, event, JIA, 5)
    assert ranked(at(40)) == [BING, YI] or ranked(at(40)) == [YI, BING]


def test_where_the_neighbours_report_silence_says_more(world: World) -> None:
    event = world.event(started_at=RAIN)
    before = {one.owed.area: one for one in silence.ranked(scope=EVERYWHERE, now=at(40))}
    spoke(world, event, JIA, 30, figures={"affected": 5})
    after = {one.owed.area: one for one in silence.ranked(scope=EVERYWHERE, now=at(40))}
    assert (after[YI].neighbours, after[YI].neighbours_spoken) == (2, 1)
    assert after[YI].score > before[YI].score
    assert "周边2个村有1个已报" in after[YI].why()
    assert "1 of 2 villages nearby" in after[YI].why("en")


def test_a_zone_that_only_touches_the_border_is_the_neighbours(world: World) -> None:
    world.event(started_at=RAIN)
    HazardZone.objects.create(
        name="甲村全境",
        kind="flood",
        level="red",
        area_id=JIA,
        boundary=square(116.50, 30.60),
        valid_from=at(-60),
    )
    found = {one.owed.area: one.zone for one in silence.ranked(scope=EVERYWHERE, now=at(40))}
    assert found == {JIA: "red", YI: "", BING: ""}


def test_a_zone_that_has_ended_counts_for_nothing(world: World) -> None:
    world.event(started_at=RAIN)
    zone(JIA, "red", 116.505)
    HazardZone.objects.update(lifted_at=at(10))
    assert {one.zone for one in silence.ranked(scope=EVERYWHERE, now=at(40))} == {""}


def test_in_a_red_zone_the_list_does_not_wait_for_the_deadline(world: World) -> None:
    world.event(started_at=RAIN)
    assert ranked(at(20)) == []
    zone(JIA, "red", 116.505)
    assert ranked(at(20)) == [JIA]


# Calls.


def test_a_call_is_on_record_and_names_what_is_wrong(world: World) -> None:
    call = services.record_call(
        area_code=JIA,
        callee="市应急局值班室",
        outcome="reached",
        direction="up",
        content="死亡1人,已报",
        by=world.rights("bureau"),
        now=at(1),
    )
    assert (call.caller, call.callee) == ("市局", "市应急局值班室")
    with pytest.raises(Problem) as caught:
        services.record_call(
            area_code=JIA,
            callee=" ",
            outcome="maybe",
            direction="up",
            by=world.rights("bureau"),
            now=at(1),
            at=at(60),
        )
    assert set(caught.value.errors) == {"callee", "outcome", "at"}
    with pytest.raises(Problem):
        services.record_call(
            area_code=JIA, callee="x", outcome="reached", by=world.rights("leader"), now=at(1)
        )


def test_looking_up_a_number_is_journaled(world: World) -> None:
    person = Person.objects.get(pk=world["jia_a"].pk)
    person.phone = "13800000001"
    person.save()
    found = services.numbers_of(JIA, by=world.rights("east"), now=at(1))
    assert [(one.post, one.phone) for one in found] == [("A", "13800000001"), ("B", "")]
    assert Call.objects.get().outcome == "dialled"
    row = Entry.objects.get(verb="call.recorded")
    assert (row.actor, row.area_code) == ("东审", JIA)
    with pytest.raises(Problem):
        services.numbers_of(JIA, by=world.rights("west"), now=at(1))


def test_points_are_given_in_degrees(world: World) -> None:
    world.event(started_at=RAIN)
    one = next(one for one in silence.ranked(scope=EVERYWHERE, now=at(40)) if one.owed.area == JIA)
    assert Point(one.lon, one.lat).distance(Area.objects.get(code=JIA).point) < 1e-9


def test_a_township_has_not_spoken_while_what_came_before_the_clock_waits(world: World) -> None:
    event = world.event(started_at=RAIN)
    morning = 60 * 20  # 06:00 in Beijing the next day
    spoke(world, event, JIA, morning, passed_at=at(morning + 10), state="passed")
    spoke(world, event, YI, morning + 20)
    assert states(at(morning + 180))[EAST] == ("daily", "late")
    spoke(world, event, BING, morning + 500)  # after the clock: tomorrow's
    assert states(at(morning + 30))[EAST][1] in {"due", "ontime"}


def test_what_waits_after_the_clock_is_tomorrows(world: World) -> None:
    event = world.event(started_at=RAIN)
    morning = 60 * 20
    spoke(world, event, JIA, morning, passed_at=at(morning + 10), state="passed")
    spoke(world, event, YI, morning + 60 * 6)  # noon
    assert states(at(morning + 60 * 7))[EAST] == ("daily", "ontime")


def test_a_township_s_first_report_counts_from_the_occurrence(world: World) -> None:
    event = world.event(started_at=RAIN)
    spoke(world, event, JIA, 605, occurred_at=at(600))
    owed = {one.area: one for one in board.owed(scope=EVERYWHERE, now=at(610))}
    assert owed[EAST].due_at - at(600) < timedelta(hours=2)
    assert owed[EAST].due_at > at(600)


def test_deadlines_missed_are_counted(world: World) -> None:
    event = world.event(started_at=RAIN)
    spoke(world, event, JIA, 5)
    owed = {one.area: one for one in board.owed(scope=EVERYWHERE, now=at(60 * 24 * 3))}
    assert owed[JIA].missed == 3


def test_a_village_without_a_place_owes_too_a_unit_without_people_does_not(world: World) -> None:
    world.event(started_at=RAIN)
    Area.objects.filter(code=YI).update(point=None, population=120)
    Area.objects.filter(code=BING).update(point=None, population=0)
    said = states(at(31))
    assert YI in said
    assert BING not in said


def test_the_level_above_was_told_by_telephone(world: World) -> None:
    from disaster.duty.upward import owed_upward

    event = world.event(started_at=RAIN)
    spoke(world, event, JIA, 5, figures={"affected": 40, "dead": 7, "missing": 4})
    now = at(30)
    assert [(one.people, one.told_at) for one in owed_upward(scope=EVERYWHERE, now=now)] == [(11, None)]
    services.record_call(
        area_code=COUNTY,
        callee="市局值班室",
        outcome="reached",
        direction="up",
        content="死亡7人、失踪4人",
        event=event.id,
        by=world.rights("bureau"),
        now=now,
    )
    assert [one.told_at for one in owed_upward(scope=EVERYWHERE, now=now)] == [now]


def test_the_call_list_shows_whom_with_masked_numbers(world: World) -> None:
    found = services.masked_numbers([JIA], now=at(0))
    assert [one.name for one in found[JIA]]
    assert all("*" in one.phone or one.phone == "" for one in found[JIA])
