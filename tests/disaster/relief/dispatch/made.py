"""Lorries, roads and trips for tests: a town of straight streets with the warehouse in its corner."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.contrib.gis.geos import Point
from django.utils import timezone

from disaster.relief.dispatch import services
from disaster.relief.dispatch.checks import VehicleEntry
from disaster.relief.dispatch.messages import FixEntry
from disaster.relief.dispatch.models import Draft, Stop, Trip, Vehicle
from disaster.relief.dispatch.planning import Wish
from disaster.relief.stock.models import Document, Place
from tests.disaster.relief.stock.made import a_place, goods, ordered, taken_in
from tests.gis import grid
from tests.world import EAST, JIA, World

CORNER, NEAR, FAR = (0.0, 0.0), (2.0, 0.0), (2.0, 3.0)
"""Crossings of the town: the warehouse's, one along the first street, one farther up."""


def crossing(column: float, row: float) -> Point:
    return Point(*grid.at(column, row), srid=4326)


def store() -> Place:
    return a_place(point=crossing(*CORNER))


def near() -> Place:
    return a_place("甲村储备点", JIA, point=crossing(*NEAR))


def far() -> Place:
    return a_place("东乡储备点", EAST, point=crossing(*FAR))


def a_lorry(
    world: World, home: Place, driver: str = "bing_a", plate: str = "皖H12345", **fields: Any
) -> Vehicle:
    entry = {"capacity_kg": 5000, "capacity_m3": Decimal(20), "kind": "厢式货车", **fields}
    who = world[driver].pk if driver else None
    made = VehicleEntry(plate=plate, home=home.pk, driver=who, **entry)
    return services.save_vehicle(uuid.uuid4(), made, by=world.rights("keeper"), now=timezone.now())


def drafted(
    world: World,
    documents: Sequence[Document],
    vehicles: Sequence[Vehicle],
    by: str = "keeper",
    now: datetime | None = None,
    **wish: Any,
) -> Draft:
    now = now or timezone.now()
    asked = {"starts_at": now, "ends_at": now + timedelta(hours=12), **wish}
    return services.draft(
        documents=[one.pk for one in documents],
        vehicles=[one.pk for one in vehicles],
        wish=Wish(**asked),
        by=world.rights(by),
        now=now,
    )


def confirmed(world: World, draft: Draft, aim: str = "cheapest", by: str = "keeper") -> list[Trip]:
    return services.confirm(draft.pk, aim=aim, by=world.rights(by), now=timezone.now())


def a_trip(world: World, driver: str = "bing_a", *, roads: bool = True) -> Trip:
    """A lorry with 10 quilts for 甲村 and 20 for 东乡, ready to leave the corner of the town."""
    if roads:
        grid.build()
    home, first, second = store(), near(), far()
    taken_in(world, home, goods(quantity=100))
    papers = [ordered(world, home, first, 10), ordered(world, home, second, 20)]
    (trip,) = confirmed(world, drafted(world, papers, [a_lorry(world, home, driver)]))
    return trip


def done(world: World, trip: Trip, kind: str, by: str = "bing_a", **fields: Any) -> Trip:
    given = {"at": timezone.now(), "now": timezone.now(), "act_id": uuid.uuid4(), **fields}
    act_id = given.pop("act_id")
    return services.act(act_id, trip_id=trip.pk, kind=kind, by=world.rights(by), **given)


def a_fix(place: tuple[float, float] | Point, at: datetime, accuracy_m: float | None = 8.0) -> FixEntry:
    lon, lat = place.coords if isinstance(place, Point) else place
    return FixEntry(id=uuid.uuid4(), at=at, lon=lon, lat=lat, accuracy_m=accuracy_m)


def seen(world: World, trip: Trip, *fixes: FixEntry, now: datetime | None = None, by: str = "bing_a") -> Trip:
    """Send positions of a trip; gives it as it stands then."""
    moment = now or max(one.at for one in fixes)
    services.take_fixes(trip.pk, fixes, by=world.rights(by), now=moment)
    return Trip.objects.get(pk=trip.pk)


def stops(trip: Trip) -> list[Stop]:
    return list(trip.stops.select_related("place", "document").order_by("order"))
