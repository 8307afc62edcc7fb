"""Telling the journal and the feed of trips: every township a trip touches hears of it, and what lies above."""

from __future__ import annotations

from datetime import datetime

from disaster.journal import append
from disaster.people.scope import Rights
from disaster.relief.dispatch.models import Stop, Trip
from disaster.relief.dispatch.shown import trip_view
from gis.scope import TOWNSHIP_DIGITS, pad, prefix_of


def tell(verb: str, trip: Trip, by: Rights | None, now: datetime) -> None:
    """Write what was done, one row for each area concerned, in one statement."""
    stops = list(Stop.objects.filter(trip=trip).select_related("place", "document").order_by("order"))
    put = append.images([trip_view(trip, stops)])
    append.many(
        [
            append.Row(
                verb=verb,
                object_kind="trip",
                object_id=str(trip.pk),
                area_code=area,
                at=now,
                put=put,
                actor_id=by.person_id if by else None,
                actor=by.name if by else "",
            )
            for area in areas_of(trip, stops)
        ]
    )
    moved = {"told_at": now} if verb == "trip.moved" else {}
    Trip.objects.filter(pk=trip.pk).update(is_untold=False, **moved)


def areas_of(trip: Trip, stops: list[Stop]) -> list[str]:
    """Give the townships (or areas above) where a trip begins and stops; an area above another is left out."""
    codes = {str(trip.vehicle.home.area_id), *(str(stop.place.area_id) for stop in stops)}
    prefixes = {prefix_of(code)[:TOWNSHIP_DIGITS] for code in codes}
    lowest = [
        one for one in prefixes if not any(other != one and other.startswith(one) for other in prefixes)
    ]
    return [pad(one) for one in sorted(lowest)]
