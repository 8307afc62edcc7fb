"""Finding trips' ways anew when a road closes or opens, or a zone is drawn or lifted (改线).

Looked at every two seconds by one errand (``realtime.errands``): the rooms that close roads
know nothing of lorries. Only legs that are still to be driven are looked at; the order of the
stops stays as it was ordered, until the desk accepts a better one (``ordering``).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from disaster.relief.dispatch import queries, told, tracking, travel, ways
from disaster.relief.dispatch.models import Stop, Trip
from disaster.relief.dispatch.shown import by_place, passed
from disaster.relief.dispatch.spots import spot
from disaster.rules import book

Row = dict[str, Any]


def watch(*, now: datetime) -> int:
    """Look at every open trip whose dangers have changed; gives how many go another way now.

    A lorry that stopped before the feed might hear of it again (``dispatch.tell_s``) is told now.
    """
    _tell_late(now)
    if not Trip.objects.filter(state__in=Trip.OPEN).exists():
        return 0
    danger = travel.danger(now)
    outdated = Trip.objects.filter(state__in=Trip.OPEN, by_roads=True).exclude(danger=danger)
    return sum(_look(pk, danger, now) for pk in list(outdated.values_list("pk", flat=True)))


def _tell_late(now: datetime) -> None:
    pause = timedelta(seconds=float(book.value("dispatch.tell_s")))
    late = Q(told_at__isnull=True) | Q(told_at__lte=now - pause)
    for pk in list(Trip.objects.filter(late, is_untold=True).values_list("pk", flat=True)):
        with transaction.atomic():
            rows = queries.with_all(Trip.objects.filter(pk=pk, is_untold=True))
            trip = rows.select_for_update(of=("self",), skip_locked=True).first()
            if trip is not None:
                told.tell("trip.moved", trip, None, now)


@transaction.atomic
def _look(trip_id: UUID, danger: list[str], now: datetime) -> bool:
    """Find one trip's legs anew; False where nothing changes, or another process is at it."""
    rows = queries.with_all(Trip.objects.filter(pk=trip_id, state__in=Trip.OPEN))
    trip: Trip | None = rows.select_for_update(of=("self",), skip_locked=True).first()
    if trip is None or trip.danger == danger:
        return False
    eased = bool(set(trip.danger) - set(danger))
    stops = ways.stops_of(trip)
    found = _differences(trip, stops, eased=eased, now=now)
    trip.danger = danger
    if found:
        trip.version += 1
        trip.difference = [row for _, row in found]
    trip.save(update_fields=["danger", "version", "difference", "legs"])
    if found:
        ways.estimate(trip, stops, now=now)
        told.tell("trip.rerouted", trip, None, now)
    return bool(found)


def _differences(trip: Trip, stops: Sequence[Stop], *, eased: bool, now: datetime) -> list[tuple[int, Row]]:
    home = trip.vehicle.home
    places = [home, *(group[0].place for group in by_place(stops)), home]
    number = passed(trip, stops)
    found = []
    for at in range(number, len(trip.legs)):
        leg, start, name = trip.legs[at], spot(places[at].point), places[at].name
        if at == number and trip.point is not None and trip.state in Trip.MOVING:
            start, name = spot(trip.point), ""
            line, share = tracking.rest_of(leg["line"], start)
            leg = {**leg, "line": line, "seconds": round(leg["seconds"] * share)}
        new = _other(leg, start, spot(places[at + 1].point), eased=eased, now=now)
        if new is not None:
            trip.legs[at] = new
            found.append((at, _row(name, places[at + 1].name, leg, new, now)))
    return found


def _other(leg: travel.Leg, start: Any, end: Any, *, eased: bool, now: datetime) -> travel.Leg | None:
    """Give the way that takes a leg's place, None where it stays: it is met by nothing, and none is clearly quicker."""
    met = travel.meets(leg["line"], at=now)
    if not met and not eased and leg["verdict"] not in travel.NO_DRY:
        return None
    new = travel.leg(start, end, at=now)
    if new["verdict"] != leg["verdict"] or (met and new["meets"] != leg["meets"]):
        return {**new, "avoids": met}
    if met and new["line"][1:-1] != leg["line"][1:-1]:
        return {**new, "avoids": met}
    quicker = 1 - int(book.value("dispatch.quicker_pct")) / 100
    return {**new, "avoids": []} if eased and new["seconds"] < leg["seconds"] * quicker else None


def _row(start: str, end: str, before: travel.Leg, after: travel.Leg, now: datetime) -> Row:
    return {
        "from": start,
        "to": end,
        "before_s": before["seconds"],
        "after_s": after["seconds"],
        "before": before["verdict"],
        "verdict": after["verdict"],
        "why": after["meets"] if after["verdict"] in travel.NO_DRY else after["avoids"],
        "at": now.isoformat(),
    }
