"""Trips as the feed, the snapshot, the API and the driver's phone show them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from disaster.relief.dispatch.models import Stop, Trip
from disaster.relief.dispatch.spots import spot
from disaster.relief.stock.models import Item


class StopView(msgspec.Struct, frozen=True):
    """A stop: what is dropped (else fetched) there, when it was planned, is expected, and was reached.

    ``goods`` is item → whole units, ``load`` the number of this load of its paper.
    """

    id: int
    place: UUID
    name: str
    area: str
    lon: float
    lat: float
    document: UUID
    number: str
    load: int
    is_drop: bool
    goods: Mapping[str, int]
    planned_at: datetime
    eta: datetime | None
    arrived_at: datetime | None


class TripView(msgspec.Struct, frozen=True, tag_field="object", tag="trip"):
    """A lorry on its way, at ``lon``, ``lat`` (EPSG:4326) as of ``seen_at``; at home before it left.

    ``verdict`` is the worst of the legs that are left: ``no_dry`` and ``no_road`` mean that no
    dry road leads there. ``off_since`` and ``still_since`` say since when it has left its line
    or stands somewhere. The line itself is asked for when ``version`` has changed.
    """

    id: UUID
    number: str
    state: str
    area: str
    plate: str
    driver: str
    lon: float
    lat: float
    seen_at: datetime | None
    starts_at: datetime
    departed_at: datetime | None
    back_at: datetime | None
    version: int
    verdict: str
    off_since: datetime | None
    still_since: datetime | None
    stops: list[StopView]


WORST = ("no_road", "no_dry", "end_inside", "start_inside", "straight", "dry")
"""Verdicts of legs, the gravest first."""


def trip_views(trips: Iterable[Trip]) -> list[TripView]:
    """Show trips with their stops and loads, in one statement."""
    found = {trip.pk: trip for trip in trips}
    stops: dict[UUID, list[Stop]] = {}
    rows = Stop.objects.filter(trip__in=found).select_related("place", "document").order_by("trip", "order")
    for row in rows:
        stops.setdefault(row.trip_id, []).append(row)
    return [trip_view(trip, stops.get(trip.pk, [])) for trip in found.values()]


def trip_view(trip: Trip, stops: Iterable[Stop]) -> TripView:
    """Show one trip; stops whose document was taken back are left out."""
    lon, lat = spot(trip.point or trip.vehicle.home.point)
    shown = [stop for stop in stops if stop.counts or trip.state == Trip.State.CANCELLED]
    return TripView(
        id=trip.pk,
        number=trip.number,
        state=trip.state,
        area=str(trip.area_id),
        plate=trip.vehicle.plate,
        driver=trip.driver.name if trip.driver else "",
        lon=round(lon, 6),
        lat=round(lat, 6),
        seen_at=trip.seen_at,
        starts_at=trip.starts_at,
        departed_at=trip.departed_at,
        back_at=trip.back_at,
        version=trip.version,
        verdict=worst(trip, shown),
        off_since=trip.off_since,
        still_since=trip.still_since,
        stops=[_stop(one) for one in shown],
    )


def worst(trip: Trip, stops: Iterable[Stop]) -> str:
    """Give the gravest verdict of the legs that are still to be driven."""
    left = trip.legs[passed(trip, stops) :]
    found = {leg["verdict"] for leg in left}
    return next((verdict for verdict in WORST if verdict in found), "dry")


def passed(trip: Trip, stops: Iterable[Stop]) -> int:
    """Count the legs that were driven: one for each place whose stops were all reached."""
    count = 0
    for group in by_place(stops):
        if any(stop.arrived_at is None for stop in group):
            break
        count += 1
    return count


def by_place(stops: Iterable[Stop]) -> list[list[Stop]]:
    """Put stops that follow each other at one place together: each group is the end of one leg."""
    groups: list[list[Stop]] = []
    for stop in stops:
        if groups and groups[-1][0].place_id == stop.place_id:
            groups[-1].append(stop)
        else:
            groups.append([stop])
    return groups


def shown_goods(stops: Sequence[Stop]) -> list[tuple[Stop, list[tuple[Item, int]]]]:
    """Give stops with their goods read, for the pages; in one statement."""
    items = Item.objects.in_bulk({item for stop in stops for item in stop.goods})
    return [(stop, [(items[item], many) for item, many in stop.goods.items()]) for stop in stops]


def _stop(stop: Stop) -> StopView:
    lon, lat = spot(stop.place.point)
    return StopView(
        id=stop.pk,
        place=stop.place_id,
        name=stop.place.name,
        area=str(stop.place.area_id),
        lon=round(lon, 6),
        lat=round(lat, 6),
        document=stop.document_id,
        number=stop.document.number,
        load=stop.load,
        is_drop=stop.is_drop,
        goods=stop.goods,
        planned_at=stop.planned_at,
        eta=stop.eta,
        arrived_at=stop.arrived_at,
    )
