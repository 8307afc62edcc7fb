"""Putting the stops a lorry has left in the better order that was proposed (调整停靠顺序)."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F

from disaster import problems
from disaster.people.scope import Rights, require
from disaster.relief.dispatch import ordering, told, travel, ways
from disaster.relief.dispatch.models import Stop, Trip
from disaster.relief.dispatch.shown import by_place, passed
from disaster.relief.dispatch.spots import spot

ASIDE = 10_000
"""Where orders wait while they are changed: two stops of a trip never have the same."""


@transaction.atomic
def reorder(trip_id: UUID, *, version: int, stops: Sequence[int], by: Rights, now: datetime) -> Trip:
    """Accept the order of the stops left as it was seen, for the way's ``version``; sent again it changes nothing.

    It is worked out anew under the trip's lock: what is no longer what the desk saw is refused.
    The driver's phone hears of it as of every change of the way.

    Raises
    ------
    Problem
        403.1/404.1; 409.54 if meanwhile the lorry has reached a stop, or another way or order is best.
    """
    trip = ways.locked(trip_id)
    require(by, "trip.plan", str(trip.area_id))
    rows = ways.stops_of(trip)
    left = [stop for group in ways.left(trip, rows) for stop in group]
    if trip.version > version and left and [stop.pk for stop in left] == list(stops):
        return trip
    found = ordering.proposed(trip, rows, now=now) if trip.version == version else None
    if found is None or [stop.pk for stop in found.stops] != list(stops):
        raise problems.ORDER_PASSED(number=trip.number)
    number = passed(trip, rows)
    _put_in_order(found.stops)
    trip.legs = [*trip.legs[:number], *_legs(trip, found.stops, now)]
    trip.danger = travel.danger(now)
    trip.version += 1
    trip.difference = [found.row]
    trip.save(update_fields=["legs", "danger", "version", "difference"])
    ways.estimate(trip, ways.stops_of(trip), now=now)
    told.tell("trip.reordered", trip, by, now)
    return trip


def _put_in_order(stops: Sequence[Stop]) -> None:
    numbers = sorted(stop.order for stop in stops)
    Stop.objects.filter(pk__in=[stop.pk for stop in stops]).update(order=F("order") + ASIDE)
    for stop, number in zip(stops, numbers, strict=True):
        stop.order = number
    Stop.objects.bulk_update(stops, ["order"])


def _legs(trip: Trip, stops: Sequence[Stop], now: datetime) -> list[travel.Leg]:
    places = [group[0].place for group in by_place(stops)]
    points = [spot(trip.point), *(spot(place.point) for place in places), spot(trip.vehicle.home.point)]
    return [travel.leg(start, end, at=now) for start, end in itertools.pairwise(points)]
