"""Taking positions from drivers' phones: kept once, and what they mean (到达、偏离、停车、预计到达)."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from django.contrib.gis.geos import Point
from django.db import transaction

from disaster import problems
from disaster.people.scope import Rights
from disaster.problems import Problem
from disaster.relief.dispatch import checks, told, tracking, ways
from disaster.relief.dispatch.messages import FixEntry, TripFix, TripFixed
from disaster.relief.dispatch.models import Fix, Stop, Trip
from disaster.relief.dispatch.services.driving import come_home, reach, require_hand
from disaster.relief.dispatch.shown import passed
from disaster.relief.dispatch.spots import spot
from disaster.relief.dispatch.tracking import Limits, Seen, Track
from disaster.rules import book

log = logging.getLogger(__name__)


class Batch(NamedTuple):
    """Positions with whoever sent them, and when they came."""

    message: TripFix
    by: Rights
    received_at: datetime


def take_many(batches: Sequence[Batch]) -> list[TripFixed | Problem]:
    """Answer each batch by itself: what is refused of one phone holds up no other."""
    answers: list[TripFixed | Problem] = []
    for message, by, received_at in batches:
        try:
            answers.append(take_fixes(message.trip, message.fixes, by=by, now=received_at))
        except Problem as problem:
            answers.append(problem)
        except Exception:
            log.exception("positions of trip %s could not be taken", message.trip)
            answers.append(problems.TRY_AGAIN(retry_after_s=5))
    return answers


@transaction.atomic
def take_fixes(trip_id: UUID, fixes: Sequence[FixEntry], *, by: Rights, now: datetime) -> TripFixed:
    """Keep where a lorry was; the same position sent again is kept once.

    The newest positions of a trip under way move it: its next place is reached within the
    fence (rule ``dispatch.fence_m``), the alarms begin and end, the times of arrival are worked
    out anew. The journal hears of arrivals and alarms at once, of mere movement at most every
    ``dispatch.tell_s`` seconds; what it has not heard yet the errand (``watch``) tells it.

    Raises
    ------
    Problem
        403.1 for whoever does not drive it, 404.1 if there is none in sight; 400.2.
    """
    trip = ways.locked(trip_id)
    require_hand(by, trip)
    checks.refuse(checks.fix_errors(fixes))
    known = set(Fix.objects.filter(pk__in=[one.id for one in fixes]).values_list("pk", flat=True))
    fresh = {one.id: one for one in fixes if one.id not in known}
    rows = [
        Fix(
            pk=one.id,
            trip=trip,
            point=Point(one.lon, one.lat, srid=4326),
            accuracy_m=one.accuracy_m,
            at=ways.believed(trip, one.at, now),
            received_at=now,
        )
        for one in fresh.values()
    ]
    Fix.objects.bulk_create(rows, ignore_conflicts=True)
    if trip.state in Trip.MOVING:
        newer = [row for row in rows if trip.seen_at is None or row.at > trip.seen_at]
        if newer:
            _move(trip, sorted(newer, key=lambda row: row.at), by, now)
    return TripFixed(trip.pk, [one.id for one in fixes], trip.state, trip.version)


def _move(trip: Trip, rows: Sequence[Fix], by: Rights, now: datetime) -> None:
    stops = ways.stops_of(trip)
    limits = ways.limits()
    verbs: list[str] = []
    for row in rows:
        seen = Seen(spot(row.point), row.at, row.accuracy_m)
        verbs += _one(trip, stops, seen, limits)
        trip.point, trip.seen_at = row.point, row.at
        if trip.state == Trip.State.BACK:
            break
    ways.estimate(trip, stops, now=now)
    pause = timedelta(seconds=float(book.value("dispatch.tell_s")))
    if not verbs and (trip.told_at is None or now - trip.told_at >= pause):
        verbs = ["trip.moved"]
    trip.is_untold = not verbs
    trip.save()
    for verb in dict.fromkeys(verbs):
        told.tell(verb, trip, by, now)


def _one(trip: Trip, stops: list[Stop], seen: Seen, limits: Limits) -> list[str]:
    """Take one position into account; gives what is worth telling at once."""
    verbs = []
    home = spot(trip.vehicle.home.point)
    groups = ways.left(trip, stops)
    if groups and tracking.is_at(seen, spot(groups[0][0].place.point), limits):
        reach(trip, stops, seen.at, by_fence=True)
        verbs.append("trip.arrived")
    elif not groups and tracking.is_at(seen, home, limits):
        come_home(trip, seen.at)
        return ["trip.returned"]
    before = _track(trip)
    rests = [spot(stop.place.point) for stop in stops if stop.arrived_at or (groups and stop in groups[0])]
    lines = [leg["line"] for leg in trip.legs[max(0, passed(trip, stops) - 1) :]]
    after = tracking.follow(before, seen, lines=lines, rests=[home, *rests], limits=limits)
    _remember(trip, after)
    alarms = [(track.off_since is None, track.still_since is None) for track in (before, after)]
    if alarms[0] != alarms[1]:
        verbs.append("trip.alarmed")
    return verbs


def _track(trip: Trip) -> Track:
    anchor = spot(trip.anchor) if trip.anchor else None
    return Track(anchor, trip.anchored_at, trip.off_first, trip.off_since, trip.still_since)


def _remember(trip: Trip, track: Track) -> None:
    trip.anchor = Point(*track.anchor, srid=4326) if track.anchor else None
    trip.anchored_at = track.anchored_at
    trip.off_first, trip.off_since, trip.still_since = track.off_first, track.off_since, track.still_since
