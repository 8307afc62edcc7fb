"""Trips from waiting transfers to the lorry back home: planned, confirmed once, driven, cancelled."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from disaster.problems import Problem
from disaster.relief.dispatch import queries, services
from disaster.relief.dispatch.models import Act, Stop, Trip
from disaster.relief.dispatch.routes.model import FOREVER
from disaster.relief.stock.models import Document
from gis.models import Closure
from gis.scope import AreaScope
from tests.disaster.relief.dispatch.made import (
    a_lorry,
    a_trip,
    confirmed,
    crossing,
    done,
    drafted,
    far,
    near,
    stops,
    store,
)
from tests.disaster.relief.stock.made import a_place, goods, ordered, taken_in
from tests.gis import grid
from tests.world import BING, COUNTY, JIA, World

pytestmark = pytest.mark.django_db


def waiting_numbers(world: World) -> list[str]:
    return [one.number for one in queries.waiting(world.rights("keeper").where("trip.plan"))]


def test_transfers_wait_until_they_are_on_a_trip_and_wait_again_when_it_is_cancelled(world: World) -> None:
    trip = a_trip(world)
    assert waiting_numbers(world) == []
    assert [(one.place.name, one.is_drop) for one in stops(trip)] == [
        ("甲村储备点", True),
        ("东乡储备点", True),
    ]
    assert [leg["verdict"] for leg in trip.legs] == ["dry"] * 3
    services.cancel(trip.pk, reason="改用社会车辆", by=world.rights("keeper"), now=timezone.now())
    assert len(waiting_numbers(world)) == 2
    with pytest.raises(Problem) as refused:
        done(world, trip, "depart")
    assert refused.value.kind.number == "409.2"


def test_both_plans_are_told_with_when_all_is_there(world: World) -> None:
    grid.build()
    home = store()
    taken_in(world, home, goods(quantity=100))
    papers = [ordered(world, home, near(), 10), ordered(world, home, far(), 20)]
    lorries = [a_lorry(world, home), a_lorry(world, home, "yi_a", "皖H54321")]
    plans = drafted(world, papers, lorries).plans
    assert plans["cheapest"]["driving_s"] <= plans["soonest"]["driving_s"]
    assert plans["soonest"]["last"] <= plans["cheapest"]["last"]
    assert sum(one["kg"] for one in plans["cheapest"]["trips"]) == pytest.approx(30 * 2.5, abs=90)


def test_the_goods_are_sent_in_the_drivers_name_when_the_lorry_departs(world: World) -> None:
    trip = a_trip(world)
    moment = timezone.now() - timedelta(minutes=7)
    assert not world.rights("bing_a").where("stock.send").covers(COUNTY)
    after = done(world, trip, "depart", at=moment)
    assert (after.state, after.departed_at) == (Trip.State.AWAY, moment)
    papers = Document.objects.filter(stops__trip=trip)
    assert {one.state for one in papers} == {Document.State.SENT}
    assert {one.sent_by for one in papers} == {"丙一"}


def test_an_act_sent_twice_is_done_once_and_its_id_means_nothing_else(world: World) -> None:
    trip = a_trip(world)
    first = uuid.uuid4()
    done(world, trip, "depart", act_id=first)
    assert done(world, trip, "depart", act_id=first).state == Trip.State.AWAY
    assert Act.objects.count() == 1
    with pytest.raises(Problem) as refused:
        done(world, trip, "arrive", act_id=first)
    assert refused.value.kind.number == "409.1"


def test_places_are_reached_in_their_order_and_delivered_is_only_what_was_signed_for(world: World) -> None:
    trip = a_trip(world)
    done(world, trip, "depart")
    first, second = stops(trip)
    with pytest.raises(Problem) as refused:
        done(world, trip, "arrive", stop_id=second.pk)
    assert refused.value.kind.number == "400.2"
    done(world, trip, "arrive", stop_id=first.pk)
    assert done(world, trip, "arrive").state == Trip.State.ARRIVED
    assert done(world, trip, "back").state == Trip.State.BACK
    assert set(Document.objects.filter(stops__trip=trip).values_list("state", flat=True)) == {"sent"}


def test_a_lorry_that_turns_back_with_its_goods_leaves_them_on_the_way(world: World) -> None:
    trip = a_trip(world)
    done(world, trip, "depart")
    assert done(world, trip, "back").state == Trip.State.BACK
    assert not Stop.objects.filter(trip=trip, arrived_at__isnull=False).exists()


def test_a_transfer_that_was_taken_back_is_left_off_when_the_lorry_departs(world: World) -> None:
    from disaster.relief.stock import services as stock

    trip = a_trip(world)
    first = stops(trip)[0]
    stock.cancel(first.document_id, reason="已有", by=world.rights("bureau"), now=timezone.now())
    after = done(world, trip, "depart")
    assert [one.place.name for one in stops(after) if one.counts] == ["东乡储备点"]
    assert len(after.legs) == 2


def test_goods_from_elsewhere_are_fetched_on_the_way_and_sent_when_they_are_loaded(world: World) -> None:
    grid.build()
    home, other = store(), a_place("二库", point=crossing(3, 0))
    target = far()
    for one in (home, other):
        taken_in(world, one, goods(quantity=50))
    papers = [ordered(world, home, target, 10), ordered(world, other, target, 20)]
    (trip,) = confirmed(world, drafted(world, papers, [a_lorry(world, home)]))
    fetch = next(one for one in stops(trip) if not one.is_drop)
    assert fetch.place == other
    done(world, trip, "depart")
    assert {one.number: one.state for one in Document.objects.filter(pk__in=[p.pk for p in papers])} == {
        papers[0].number: "sent",
        papers[1].number: "ordered",
    }
    with pytest.raises(Problem) as refused:
        done(world, trip, "load", stop_id=fetch.pk)
    assert refused.value.kind.number == "409.53"
    done(world, trip, "arrive", stop_id=fetch.pk)
    done(world, trip, "load", stop_id=fetch.pk)
    assert Document.objects.get(pk=papers[1].pk).state == Document.State.SENT


def test_what_no_dry_road_reaches_is_said(world: World) -> None:
    grid.build()
    home, first = store(), near()
    cut = a_place("丙村储备点", BING, point=crossing(4, 4))
    taken_in(world, home, goods(quantity=9000))
    off = ordered(world, home, cut, 5)
    fine = ordered(world, home, first, 5)
    Closure.objects.create(
        area_id=BING,
        shape=crossing(4, 4),
        radius_m=1200,
        reason="塌方",
        valid_from=timezone.now(),
        by_name="东镇",
    )
    Closure.objects.create(
        area_id=BING,
        shape=crossing(4, 3.5),
        radius_m=700,
        reason="漫水",
        valid_from=timezone.now(),
        by_name="东镇",
    )
    draft = drafted(world, [off, fine], [a_lorry(world, home)])
    told = {row["number"]: row["why"] for row in draft.plans["cheapest"]["left"]}
    assert told == {off.number: "no_dry"}
    assert [one["number"] for one in draft.plans["cheapest"]["trips"][0]["visits"]] == [fine.number]
    row = next(row for row in draft.plans["cheapest"]["left"] if row["why"] == "no_dry")
    assert "塌方" in row["meets"]


def test_what_is_due_too_early_is_left_and_what_fills_a_lorry_takes_several_trips(world: World) -> None:
    grid.build()
    home, first, second = store(), near(), far()
    taken_in(world, home, goods(quantity=400))
    item = ordered(world, home, first, 100)
    others = [ordered(world, home, second, 100), ordered(world, home, first, 100)]
    weight = queries.loads([item])[item.pk]
    lorry = a_lorry(world, home, capacity_kg=int(weight.kg) + 1, capacity_m3=20)
    now = timezone.now()
    plan = drafted(
        world, [item, *others], [lorry], turns=2, due={item.pk: now + timedelta(minutes=1)}, now=now
    ).plans["cheapest"]
    assert [row["number"] for row in plan["left"]] == [item.number]
    assert plan["left"][0]["why"] == "no_room"
    assert [one["turn"] for one in plan["trips"]] == [0, 1]
    assert plan["trips"][0]["ends"] <= plan["trips"][1]["starts"]
    assert FOREVER > 0


def test_a_draft_confirmed_twice_makes_the_same_trips(world: World) -> None:
    grid.build()
    home = store()
    taken_in(world, home, goods(quantity=100))
    draft = drafted(world, [ordered(world, home, near(), 10)], [a_lorry(world, home)])
    assert [one.pk for one in confirmed(world, draft)] == [one.pk for one in confirmed(world, draft)]
    assert Trip.objects.count() == 1


def test_trips_are_seen_by_the_townships_they_touch_and_what_lies_above(world: World) -> None:
    trip = a_trip(world)
    sees = {who: len(queries.trips_in(world.rights(who).sees)) for who in ("bureau", "east", "west", "jia_a")}
    assert sees == {"bureau": 1, "east": 1, "west": 0, "jia_a": 0}
    assert queries.tokens_of([one.document_id for one in stops(trip)]) == dict.fromkeys(
        [(one.document_id, 1) for one in stops(trip)], trip.token
    )
    assert queries.trips_in(AreaScope.of([JIA])) == []
