"""A trip's way as it stands: its legs and stops, when it is where, and what it has reached."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef

from disaster import problems
from disaster.relief.dispatch import queries, travel
from disaster.relief.dispatch.models import Stop, Trip
from disaster.relief.dispatch.shown import by_place, passed
from disaster.relief.dispatch.spots import spot
from disaster.relief.dispatch.tracking import Limits
from disaster.relief.stock.models import Document, Load, Place
from disaster.rules import book


def locked(trip_id: UUID) -> Trip:
    """Give a trip, locked, with its lorry and driver; 404.1 if there is none."""
    rows = queries.with_all(Trip.objects.filter(pk=trip_id)).select_for_update(of=("self",))
    found: Trip | None = rows.first()
    if found is None:
        raise problems.NOT_FOUND()
    return found


def stops_of(trip: Trip) -> list[Stop]:
    """Give the stops that count, in their order."""
    return stops_of_many([trip])[trip.pk]


def stops_of_many(trips: Iterable[Trip]) -> dict[UUID, list[Stop]]:
    """Give the stops that count of several trips, each with whether its load ``is_sent``, in one statement."""
    found: dict[UUID, list[Stop]] = {trip.pk: [] for trip in trips}
    sent = Load.objects.filter(document=OuterRef("document"), number=OuterRef("load"))
    rows = (
        Stop.objects.filter(trip__in=found, counts=True)
        .select_related("place", "document__source")
        .annotate(has_load=Exists(sent))
    )
    for stop in rows.order_by("trip", "order"):
        stop.is_sent = stop.has_load
        found[stop.trip_id].append(stop)
    return found


def waits(stop: Stop) -> bool:
    """Say whether a stop's load, read with the others of its trip, has still to be sent."""
    return stop.document.state in Document.TO_SEND and not stop.is_sent


def legs(home: Place, ends: Sequence[Place], *, now: datetime) -> list[travel.Leg]:
    """Find the ways from home by places in their order and back; places at one spot in a row are one stop."""
    stops = [place for at, place in enumerate(ends) if at == 0 or place.pk != ends[at - 1].pk]
    points = [spot(place.point) for place in (home, *stops, home)]
    return [travel.leg(start, end, at=now) for start, end in itertools.pairwise(points)]


def by_roads(found: Sequence[travel.Leg]) -> bool:
    """Say whether ways were found on roads, not along straight lines."""
    return all(leg["verdict"] != "straight" for leg in found)


def left(trip: Trip, stops: Sequence[Stop]) -> list[list[Stop]]:
    """Give the places that are still to be reached, each with its stops."""
    return by_place(stops)[passed(trip, stops) :]


def estimate(trip: Trip, stops: Sequence[Stop], *, now: datetime) -> None:
    """Work out when each stop is reached: the first by road from where the lorry is, the others by their legs.

    Beyond a leg that no dry road makes nothing is promised: ``eta`` is None.
    """
    number = passed(trip, stops)
    clock: datetime | None = trip.seen_at or now if trip.state in Trip.MOVING else max(now, trip.starts_at)
    unloading = timedelta(minutes=int(book.value("dispatch.unload_minutes")))
    changed = []
    for at, group in enumerate(by_place(stops)[number:], start=number):
        took = _seconds(trip, at, group[0].place, is_next=at == number, now=now)
        clock = clock + timedelta(seconds=took) if clock and took is not None else None
        for stop in group:
            if stop.eta != clock:
                stop.eta = clock
                changed.append(stop)
        clock = clock + unloading if clock else None
    if changed:
        Stop.objects.bulk_update(changed, ["eta"])


def _seconds(trip: Trip, at: int, place: Place, *, is_next: bool, now: datetime) -> int | None:
    leg = trip.legs[at]
    if leg["verdict"] in travel.NO_DRY:
        return None
    if not is_next or trip.point is None or trip.state not in Trip.MOVING:
        return int(leg["seconds"])
    found, _ = travel.seconds([spot(trip.point)], [spot(place.point)], at=now)
    return int(found[0, 0]) if found[0, 0] < travel.NEVER else None


def believed(trip: Trip, at: datetime, now: datetime) -> datetime:
    """Give a phone's moment as far as it can be: not after now, nor a day before the trip was made."""
    return max(min(at, now), trip.made_at - timedelta(days=1))


def limits() -> Limits:
    """Give the rules a lorry is followed by."""
    return Limits(
        fence_m=float(book.value("dispatch.fence_m")),
        accuracy_m=float(book.value("dispatch.accuracy_m")),
        off_m=float(book.value("dispatch.off_m")),
        off_s=float(book.value("dispatch.off_s")),
        still_m=float(book.value("dispatch.still_m")),
        still_s=60.0 * float(book.value("dispatch.still_minutes")),
    )
