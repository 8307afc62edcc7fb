"""What positions mean: the fence, the way left, standing; kept once; told seldom; ways found anew."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.contrib.gis.geos import Point
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from disaster.journal.models import Entry
from disaster.problems import Problem
from disaster.relief.dispatch import services, tracking, words
from disaster.relief.dispatch.models import Fix, Trip
from disaster.relief.dispatch.tracking import Limits, Seen, Track
from gis.models import Closure
from tests.disaster.relief.dispatch.made import FAR, NEAR, a_fix, a_trip, crossing, done, seen, stops
from tests.gis import grid
from tests.world import EAST, World

LIMITS = Limits(fence_m=200, accuracy_m=150, off_m=300, off_s=60, still_m=80, still_s=900)
START = datetime.fromisoformat("2026-12-20T08:00:00+08:00")
STREET = [grid.at(0, 0), grid.at(2, 0)]


def after(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def followed(*places: tuple[tuple[float, float], float], accuracy_m: float = 8) -> Track:
    track = Track()
    for place, seconds in places:
        seen_there = Seen(place, after(seconds), accuracy_m)
        track = tracking.follow(track, seen_there, lines=[STREET], rests=[grid.at(2, 0)], limits=LIMITS)
    return track


def test_a_lorry_is_off_its_way_only_when_it_stays_off() -> None:
    assert followed((grid.at(1, 0.2), 0), (grid.at(1, 0.5), 100)).off_since is None
    off = followed((grid.at(1, 0.5), 0), (grid.at(1, 0.6), 59))
    assert (off.off_first, off.off_since) == (START, None)
    assert followed((grid.at(1, 0.5), 0), (grid.at(1, 0.6), 61)).off_since == START
    assert followed((grid.at(1, 0.5), 0), (grid.at(1, 0.6), 61), (grid.at(1, 0.1), 70)).off_since is None


def test_standing_is_an_alarm_elsewhere_than_at_a_stop_and_ends_with_the_next_metres() -> None:
    assert followed((grid.at(1, 0), 0), (grid.at(1, 0), 899)).still_since is None
    assert followed((grid.at(1, 0), 0), (grid.at(1, 0), 901)).still_since == START
    assert followed((grid.at(1, 0), 0), (grid.at(1, 0), 901), (grid.at(1.2, 0), 930)).still_since is None
    assert followed((grid.at(2, 0), 0), (grid.at(2, 0), 5000)).still_since is None


def test_a_vague_position_decides_nothing() -> None:
    assert followed((grid.at(1, 1), 0), (grid.at(1, 1), 2000), accuracy_m=400) == Track()
    assert not tracking.is_at(Seen(grid.at(2, 0), START, 400), grid.at(2, 0), LIMITS)


@given(st.floats(0, 1), st.floats(-0.004, 0.004))
def test_what_is_left_of_a_line_begins_beside_the_lorry_and_is_never_longer(
    along: float, aside: float
) -> None:
    place = (grid.WEST + 0.02 * along, grid.SOUTH + aside)
    rest, share = tracking.rest_of([list(one) for one in STREET], place)
    assert 0 <= share <= 1
    assert share == pytest.approx(1 - along, abs=0.001)
    assert tracking.metres_from(place, rest) == pytest.approx(abs(aside) * tracking.DEGREE_M, abs=2)


pytest_db = pytest.mark.django_db


def verbs(trip: Trip) -> list[str]:
    rows = Entry.objects.filter(object_kind="trip", object_id=str(trip.pk)).order_by("id")
    return [row.verb for row in rows]


@pytest.fixture
def away(world: World) -> Trip:
    """A lorry that left the corner of the town at eight."""
    trip = a_trip(world)
    return done(world, trip, "depart", at=START, now=START)


@pytest_db
def test_the_fence_marks_arrival_once_and_the_last_one_leads_home(world: World, away: Trip) -> None:
    seen(world, away, a_fix(crossing(1.7, 0), after(60)))
    first, second = stops(away)
    assert first.arrived_at is None
    seen(world, away, a_fix(crossing(1.99, 0), after(70)))
    first, second = stops(away)
    assert (first.arrived_at, first.by_fence, second.arrived_at) == (after(70), True, None)
    trip = seen(world, away, a_fix(crossing(*FAR), after(400)))
    assert trip.state == Trip.State.ARRIVED
    trip = seen(world, away, a_fix(crossing(0, 0), after(900)))
    assert (trip.state, trip.back_at) == (Trip.State.BACK, after(900))
    assert verbs(away)[-3:] == ["trip.arrived", "trip.arrived", "trip.returned"]


@pytest_db
def test_the_time_of_arrival_follows_the_lorry_along_the_roads(world: World, away: Trip) -> None:
    seen(world, away, a_fix(crossing(1, 0), after(300)))
    first, second = stops(away)
    assert first.eta is not None
    assert second.eta is not None
    # A crossing to go at 30 km/h: some 115 seconds; then 15 minutes of unloading and three crossings.
    assert (first.eta - after(300)).total_seconds() == pytest.approx(115, abs=10)
    assert (second.eta - first.eta).total_seconds() == pytest.approx(900 + 3 * 134, abs=40)


@pytest_db
def test_a_position_sent_twice_is_kept_once_and_an_old_one_does_not_move_the_lorry_back(
    world: World, away: Trip
) -> None:
    newer, older = a_fix(crossing(1, 0), after(100)), a_fix(crossing(0.5, 0), after(50))
    seen(world, away, newer)
    answer = services.take_fixes(away.pk, [newer, older, newer], by=world.rights("bing_a"), now=after(101))
    assert answer.ids == [newer.id, older.id, newer.id]
    trip = Trip.objects.get(pk=away.pk)
    assert (Fix.objects.count(), trip.point.coords) == (2, crossing(1, 0).coords)


@pytest_db
def test_movement_is_told_at_once_then_seldom_and_never_forgotten(world: World, away: Trip) -> None:
    for second in range(1, 4):
        seen(world, away, a_fix(crossing(0.1 * second, 0), after(second)))
    assert verbs(away).count("trip.moved") == 1
    assert Trip.objects.get(pk=away.pk).is_untold
    services.watch(now=after(6))
    assert verbs(away).count("trip.moved") == 2
    services.watch(now=after(60))
    assert verbs(away).count("trip.moved") == 2


@pytest_db
def test_alarms_are_told_when_they_begin_and_when_they_end(world: World, away: Trip) -> None:
    off = [a_fix(crossing(0.5, 0.5), after(one)) for one in (10, 80)]
    assert seen(world, away, *off).off_since == after(10)
    assert seen(world, away, a_fix(crossing(0.6, 0), after(120))).off_since is None
    still = seen(world, away, a_fix(crossing(0.6, 0), after(120 + 901)))
    assert still.still_since == after(120)
    assert verbs(away).count("trip.alarmed") == 3


@pytest_db
@pytest.mark.parametrize(("who", "number"), [("jia_a", "404.1"), ("leader", "403.1"), ("foreign", "404.1")])
def test_nobody_else_moves_a_lorry(world: World, away: Trip, who: str, number: str) -> None:
    with pytest.raises(Problem) as refused:
        seen(world, away, a_fix(crossing(1, 0), after(10)), by=who)
    assert refused.value.kind.number == number


@pytest_db
@pytest.mark.parametrize("bad", [{"lon": 200.0}, {"lat": -91.0}])
def test_a_position_that_is_none_is_refused(world: World, away: Trip, bad: dict[str, Any]) -> None:
    from msgspec.structs import replace

    with pytest.raises(Problem) as refused:
        seen(world, away, replace(a_fix(crossing(1, 0), after(10)), **bad))
    assert refused.value.kind.number == "400.2"


def closed_at(place: Point, radius_m: int = 30) -> Closure:
    return Closure.objects.create(
        id=uuid.uuid4(),
        area_id=EAST,
        shape=place,
        reason="塌方",
        valid_from=after(0),
        radius_m=radius_m,
        by_name="东镇",
    )


@pytest_db
def test_a_road_that_closes_ahead_changes_the_way_left_and_one_behind_changes_nothing(
    world: World, away: Trip
) -> None:
    seen(world, away, a_fix(crossing(1.2, 0), after(100)))
    closed_at(crossing(0.5, 0))
    assert services.watch(now=after(101)) == 0
    closure = closed_at(crossing(1.6, 0))
    assert services.watch(now=after(102)) == 1
    trip = Trip.objects.get(pk=away.pk)
    (row,) = [row for row in trip.difference if row["to"] == "甲村储备点"]
    assert row["after_s"] > row["before_s"]
    assert words.changed(row, "zh").startswith("现在位置 → 甲村储备点:原 ")
    assert words.changed(row, "zh").endswith("避开 塌方")
    assert trip.version == 2
    assert services.watch(now=after(103)) == 0
    closure.lifted_at = after(110)
    closure.save()
    services.watch(now=after(111))
    assert Trip.objects.get(pk=away.pk).version == 3


@pytest_db
def test_where_no_dry_road_is_left_it_is_said_and_no_time_is_promised(world: World, away: Trip) -> None:
    closed_at(crossing(*NEAR), 1100)
    services.watch(now=after(60))
    trip = Trip.objects.get(pk=away.pk)
    assert trip.legs[0]["verdict"] == "no_dry"
    assert [stop.eta for stop in stops(trip)] == [None, None]
    assert "无安全路线" in words.changed(trip.difference[0], "zh")
    assert timezone.is_aware(START)
