"""A better order of the stops left: proposed once a road has closed, accepted as it was seen, told to the driver."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from disaster.problems import Problem
from disaster.relief.dispatch import driver, ordering, services, ways, words
from disaster.relief.dispatch.models import Draft, Trip
from disaster.rules.models import Rule
from gis.models import Closure
from tests.disaster.relief.dispatch.made import NEAR, a_fix, a_trip, crossing, done, seen, stops
from tests.world import EAST, World

pytestmark = pytest.mark.django_db
START = datetime.fromisoformat("2026-12-20T08:00:00+08:00")
AS_ORDERED, TURNED = ["甲村储备点", "东乡储备点"], ["东乡储备点", "甲村储备点"]


def after(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def closed(column: float, row: float, radius_m: int = 30, since: datetime = START) -> Closure:
    return Closure.objects.create(
        id=uuid.uuid4(),
        area_id=EAST,
        shape=crossing(column, row),
        reason="塌方",
        valid_from=since,
        radius_m=radius_m,
        by_name="东镇",
    )


@pytest.fixture
def away(world: World) -> Trip:
    """A lorry that left the corner of the town at eight."""
    return done(world, a_trip(world), "depart", at=START, now=START)


@pytest.fixture
def cut(away: Trip) -> Trip:
    """The same once no dry road leads to its first stop."""
    closed(*NEAR, 1100)
    services.watch(now=after(60))
    return Trip.objects.get(pk=away.pk)


def proposal(trip: Trip, at: float = 61) -> ordering.Proposal | None:
    found = ways.locked(trip.pk)
    return ordering.proposed(found, ways.stops_of(found), now=after(at))


def seen_order(trip: Trip) -> dict[str, Any]:
    found = proposal(trip)
    assert found
    return {"version": trip.version, "stops": [stop.pk for stop in found.stops]}


def accepted(world: World, trip: Trip, asked: dict[str, Any], by: str = "keeper", at: float = 62) -> Trip:
    return services.reorder(trip.pk, **asked, by=world.rights(by), now=after(at))


def names(trip: Trip) -> list[str]:
    return [stop.place.name for stop in stops(trip)]


def refusal(world: World, trip: Trip, asked: dict[str, Any], **fields: Any) -> str:
    before = names(trip)
    with pytest.raises(Problem) as refused:
        accepted(world, trip, asked, **fields)
    assert names(trip) == before
    return str(refused.value.kind.number)


@pytest.mark.usefixtures("world")
def test_nothing_is_proposed_while_the_way_is_as_it_was_planned(away: Trip) -> None:
    assert proposal(away) is None


def test_what_is_still_reached_is_driven_to_first_and_the_driver_is_told(world: World, cut: Trip) -> None:
    found = proposal(cut)
    assert found
    assert [one.stop.place.name for one in found.arrivals] == TURNED
    assert [one.before for one in found.arrivals] == [None, None]
    assert found.arrivals[0].after is not None
    assert words.ordered(found.row, "zh").startswith("先到东乡储备点,再到甲村储备点:多 1 处有路可到")
    assert words.ordered(found.row, "zh").endswith(",因为塌方")
    trip = accepted(world, cut, seen_order(cut))
    assert names(trip) == TURNED
    assert trip.version == cut.version + 1
    assert [leg["verdict"] for leg in trip.legs][:2] == ["dry", "no_dry"]
    assert [stop.eta is not None for stop in stops(trip)] == [True, False]
    (work,) = driver.work(world.rights("bing_a"), language="zh", now=after(63))["trips"]
    assert [stop.name for stop in work["trip"].stops] == TURNED
    assert work["trip"].version == trip.version
    assert work["changes"] == [words.ordered(found.row, "zh")]
    assert proposal(trip) is None


def test_the_lorry_is_followed_and_led_in_the_new_order(world: World, cut: Trip) -> None:
    trip = accepted(world, cut, seen_order(cut))
    trip = seen(world, trip, a_fix(crossing(2, 3), after(400)))
    assert [stop.arrived_at for stop in stops(trip)] == [after(400), None]
    Closure.objects.update(lifted_at=after(410))
    services.watch(now=after(411))
    assert {leg["verdict"] for leg in Trip.objects.get(pk=trip.pk).legs[1:]} == {"dry"}
    assert done(world, trip, "arrive", at=after(900), now=after(900)).state == Trip.State.ARRIVED


def test_an_order_is_proposed_by_the_trips_aim_and_only_where_it_gains_enough(
    world: World, away: Trip
) -> None:
    seen(world, away, a_fix(crossing(1.2, 0), after(30)))
    closed(1.6, 0)
    closed(2, 0.5)
    services.watch(now=after(31))
    Draft.objects.update(aim="soonest")
    assert proposal(away) is None
    Rule.objects.filter(key="dispatch.reorder_minutes").delete()
    Rule.objects.create(
        key="dispatch.reorder_minutes", value=1, area_code="", valid_from=date(2020, 3, 8), source="试"
    )
    found = proposal(away)
    assert found
    assert found.row["order"] == TURNED
    assert found.row["saved_s"] >= 60
    assert "最后一处早到 " in words.ordered(found.row, "zh")
    assert "the last arrival " in words.ordered(found.row, "en")
    Draft.objects.update(aim="cheapest")
    assert proposal(away) is None


def test_what_is_due_keeps_its_turn(world: World, away: Trip) -> None:
    seen(world, away, a_fix(crossing(1.2, 0), after(30)))
    closed(1.6, 0)
    closed(2, 0.5)
    services.watch(now=after(31))
    plan = Draft.objects.get(pk=away.draft_id)
    plan.asked["due"] = {str(stops(away)[1].document_id): after(1000).isoformat()}
    plan.save()
    found = proposal(away)
    assert found
    assert (found.row["order"], found.row["in_time"]) == (TURNED, 1)
    assert "多 1 处按时" in words.ordered(found.row, "zh")
    plan.asked["due"] = {str(stops(away)[0].document_id): after(1000).isoformat()}
    plan.save()
    assert proposal(away) is None


def test_more_stops_than_are_tried_keep_their_order(world: World, cut: Trip) -> None:
    Rule.objects.filter(key="dispatch.reorder_stops").delete()
    Rule.objects.create(
        key="dispatch.reorder_stops", value=1, area_code="", valid_from=date(2020, 3, 8), source="试"
    )
    assert proposal(cut) is None
    assert world is not None


def test_accepted_twice_it_is_done_once(world: World, cut: Trip) -> None:
    asked = seen_order(cut)
    first = accepted(world, cut, asked)
    again = accepted(world, cut, asked, at=63)
    assert (again.version, names(again)) == (first.version, TURNED)


def test_it_is_refused_once_the_trip_or_its_roads_have_moved_on(world: World, cut: Trip) -> None:
    asked = seen_order(cut)
    assert refusal(world, cut, {**asked, "stops": asked["stops"][::-1]}) == "409.54"
    assert refusal(world, cut, {**asked, "version": 1}) == "409.54"
    Closure.objects.update(lifted_at=after(70))
    assert refusal(world, cut, asked, at=71) == "409.54"
    services.watch(now=after(72))
    assert refusal(world, cut, asked, at=73) == "409.54"


def test_it_is_refused_once_a_stop_was_reached(world: World, cut: Trip) -> None:
    asked = seen_order(cut)
    done(world, cut, "arrive", at=after(62), now=after(62))
    assert refusal(world, cut, asked, at=63) == "409.54"


@pytest.mark.parametrize(
    ("who", "number"), [("bing_a", "404.1"), ("east", "404.1"), ("leader", "403.1"), ("west", "404.1")]
)
def test_only_the_desk_accepts_it(world: World, cut: Trip, who: str, number: str) -> None:
    assert refusal(world, cut, seen_order(cut), by=who) == number


def test_the_page_shows_it_with_one_button_to_whoever_plans(
    world: World, client_of: Callable[[str], Client]
) -> None:
    trip = done(world, a_trip(world), "depart")
    closed(*NEAR, 1100, since=timezone.now() - timedelta(minutes=1))
    services.watch(now=timezone.now())
    path = f"/trips/{trip.pk}/"
    desk, leader = client_of("keeper"), client_of("leader")
    page = desk.get(path).content.decode()
    assert "先到东乡储备点,再到甲村储备点" in page
    assert "采用新顺序" in page
    read = leader.get(path).content.decode()
    assert "先到东乡储备点,再到甲村储备点" in read
    assert "采用新顺序" not in read
    asked = {"version": 2, "stops": [stop.pk for stop in stops(trip)][::-1]}
    answer = desk.post(f"/api/trips/{trip.pk}/order", asked, content_type="application/json")
    assert [stop["name"] for stop in answer.json()["trip"]["stops"]] == TURNED
    assert "采用新顺序" not in desk.get(path).content.decode()
