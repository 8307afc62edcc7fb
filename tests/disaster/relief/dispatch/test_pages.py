"""Dispatch as its users meet it: pages as cheap for many trips as for one, forms that name what is wrong, the waybill, the socket."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from disaster.people.models import Person
from disaster.problems import Problem
from disaster.relief.dispatch.messages import TripFix, TripFixed
from disaster.relief.dispatch.models import Fix, Trip, Vehicle
from disaster.relief.dispatch.services.following import Batch, take_many
from disaster.relief.receipts import codes
from tests.disaster.relief.dispatch.made import (
    a_fix,
    a_lorry,
    a_trip,
    confirmed,
    crossing,
    done,
    drafted,
    stops,
)
from tests.disaster.relief.stock.made import ordered
from tests.world import World

pytestmark = pytest.mark.django_db
Browser = Callable[[str], Client]


def cost(client: Client, path: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(path).status_code == 200
    return len(captured)


@pytest.mark.parametrize(
    ("who", "path"), [("bureau", "/trips/"), ("leader", "/api/trips"), ("bing_a", "/api/driver")]
)
def test_lists_cost_the_same_for_one_trip_and_for_many(
    world: World, client_of: Browser, who: str, path: str
) -> None:
    trip, client = a_trip(world, roads=False), client_of(who)
    home, target = trip.vehicle.home, stops(trip)[0].place
    ordered(world, home, target, 1)
    client.get(path)
    few = cost(client, path)
    for at in range(6):
        paper = ordered(world, home, target, 2)
        lorry = a_lorry(world, home, plate=f"皖H0000{at}")
        confirmed(world, drafted(world, [paper], [lorry]))
        ordered(world, home, target, 1)
    assert cost(client, path) == few


def test_the_waybill_has_what_the_paper_asks_for_and_codes_that_are_read_offline(
    world: World, client_of: Browser
) -> None:
    trip = a_trip(world, roads=False)
    before = client_of("keeper").get(f"/trips/{trip.pk}/waybill/").content.decode()
    done(world, trip, "depart")
    page = client_of("keeper").get(f"/trips/{trip.pk}/waybill/").content.decode()
    paper = stops(trip)[0].document
    batch = paper.movements.get().batch
    for text in (
        trip.number,
        "皖H12345",
        "丙一",
        paper.number,
        "甲村储备点",
        batch.number,
        "120.50",
        "1205.00",
    ):
        assert text in page, text
        assert text in before or text == batch.number, text
    assert page.count("<svg") == 3
    assert codes.read(codes.trip(trip.token)) == ("T", trip.token)


def test_drivers_of_one_name_are_told_apart_by_their_village(world: World, client_of: Browser) -> None:
    Person.objects.filter(username__in=["jia_a", "yi_a"]).update(name="赵桂芳")
    page = client_of("keeper").get("/trips/vehicles/").content.decode()
    assert (
        page.count("赵桂芳 · 甲村")
        == page.count("赵桂芳 · 乙村")
        == page.count('<option value="">—</option>')
        > 0
    )


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"plate": " "}, "plate"),
        ({"plate": "皖H12345"}, "plate"),
        ({"capacity_kg": 0}, "capacity_kg"),
        ({"capacity_m3": "0"}, "capacity_m3"),
        ({"home": str(uuid.UUID(int=5))}, "home"),
        ({"driver": 0}, ""),
    ],
)
def test_what_is_wrong_with_a_lorry_is_named(
    world: World, client_of: Browser, change: dict[str, Any], field: str
) -> None:
    trip = a_trip(world, roads=False)
    body = {
        "id": str(uuid.uuid4()),
        "plate": "皖H00009",
        "capacity_kg": 3000,
        "capacity_m3": "12",
        "home": str(trip.vehicle.home_id),
    }
    answer = client_of("keeper").post("/api/vehicles", body | change, content_type="application/json")
    assert list(answer.json().get("errors", {})) == ([field] if field else [])
    assert Vehicle.objects.count() == (1 if field else 2)


@pytest.mark.parametrize(
    ("change", "field"),
    [({"documents": []}, "documents"), ({"turns": 9}, "turns"), ({"hours": 0}, "ends_at")],
)
def test_what_is_wrong_with_a_plan_is_named(
    world: World, client_of: Browser, change: dict[str, Any], field: str
) -> None:
    trip, now = a_trip(world, roads=False), timezone.now()
    hours = change.pop("hours", 8)
    body = {
        "documents": [str(uuid.uuid4())],
        "vehicles": [str(trip.vehicle_id)],
        "starts_at": now.isoformat(),
        "ends_at": (now + timedelta(hours=hours)).isoformat(),
    }
    answer = client_of("keeper").post("/api/trips/plans", body | change, content_type="application/json")
    assert (answer.status_code, list(answer.json()["errors"])) == (400, [field])


def test_phones_are_answered_one_by_one_and_a_refusal_holds_up_no_other(world: World) -> None:
    trip, now = a_trip(world, roads=False), timezone.now()
    done(world, trip, "depart")
    good = TripFix(trip.pk, [a_fix(crossing(1, 0), now)])
    bad = TripFix(uuid.uuid4(), [a_fix(crossing(1, 0), now)])
    rights = world.rights("bing_a")
    refused, taken = take_many([Batch(bad, rights, now), Batch(good, rights, now)])
    assert isinstance(refused, Problem)
    assert refused.kind.number == "404.1"
    assert taken == TripFixed(trip.pk, [good.fixes[0].id], Trip.State.AWAY, 1)
    assert Fix.objects.count() == 1


def test_the_phone_is_given_its_trips_with_ways_and_words(world: World, client_of: Browser) -> None:
    trip = a_trip(world)
    told = client_of("bing_a").get("/api/driver").json()
    (entry,) = told["trips"]
    assert (entry["trip"]["id"], len(entry["legs"]), entry["unsent"]) == (str(trip.pk), 3, [])
    assert entry["legs"][0]["said"] == "全程避开危险区和断路"
    assert told["items"]["quilt"]["name"] == "棉被"
    assert client_of("jia_a").get("/api/driver").json()["trips"] == []
