"""What is done on a trip (发车、装车、到达、回场), by its driver's phone or at the desk, once for each id."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db import transaction

from disaster import problems
from disaster.people.models import Person
from disaster.people.scope import KEEPER, Held, Rights
from disaster.problems import FieldError
from disaster.relief.dispatch import checks, told, ways
from disaster.relief.dispatch.models import Act, Stop, Trip
from disaster.relief.stock import services as stock
from disaster.relief.stock.models import Document


@transaction.atomic
def act(
    act_id: UUID,
    *,
    trip_id: UUID,
    kind: str,
    at: datetime,
    by: Rights,
    now: datetime,
    stop_id: int | None = None,
) -> Trip:
    """Do one thing on a trip, as of the moment the phone says; the same id does it once.

    Departing sends the goods (``stock.services.send``) in the driver's name, by the right of
    whoever confirmed the trip; what is fetched on the way is sent when it is loaded. Arriving
    only says where the lorry is: nothing counts as delivered without a receipt.

    Raises
    ------
    Problem
        403.1/404.1; 400.2; 409.1; 409.2 if it is not that far; 409.9 if meanwhile there is not
        so much; 409.52 if the lorry is under way on another trip; 409.53.
    """
    trip = ways.locked(trip_id)
    require_hand(by, trip)
    if kind not in Act.Kind.values:
        checks.refuse({"kind": FieldError(checks.UNKNOWN_ACT)})
    known = Act.objects.filter(pk=act_id).first()
    if known is not None:
        if (known.trip_id, known.kind) != (trip.pk, kind):
            raise problems.ID_REUSED()
        return trip
    stops = ways.stops_of(trip)
    stop = next((one for one in stops if one.pk == stop_id), None)
    if stop_id is not None and stop is None:
        checks.refuse({"stop": FieldError(checks.UNKNOWN_STOP)})
    moment = ways.believed(trip, at, now)
    Act.objects.create(
        pk=act_id, trip=trip, stop=stop, kind=kind, at=moment, received_at=now, by_name=by.name
    )
    {Act.Kind.DEPART: _depart, Act.Kind.LOAD: _load, Act.Kind.ARRIVE: _arrive, Act.Kind.BACK: _back}[
        Act.Kind(kind)
    ](trip, stops, stop, moment, by, now)
    return trip


def require_hand(by: Rights, trip: Trip) -> None:
    """Let pass the driver, whoever may drive a trip that has none, and whoever plans there; 403.1 or 404.1."""
    area = str(trip.area_id)
    is_driver = trip.driver_id == by.person_id or (trip.driver_id is None and by.may("trip.drive", area))
    if is_driver or by.may("trip.plan", area):
        return
    raise problems.NOT_ALLOWED() if by.known.covers(area) else problems.NOT_FOUND()


def _depart(
    trip: Trip, stops: list[Stop], _stop: Stop | None, moment: datetime, by: Rights, now: datetime
) -> None:
    if trip.state != Trip.State.READY:
        raise problems.NOT_OPEN(number=trip.number)
    other = Trip.objects.filter(vehicle=trip.vehicle, state__in=Trip.MOVING).first()
    if other:
        raise problems.LORRY_TAKEN(plate=trip.vehicle.plate, trip=other.number)
    over = (Document.State.CANCELLED, Document.State.CLOSED)
    gone = [one for one in stops if one.document.state in over or not (ways.waits(one) or one.is_sent)]
    if gone:
        stops = [one for one in stops if one not in gone]
        if not stops:
            raise problems.NOT_WAITING(number=gone[0].document.number)
        Stop.objects.filter(pk__in=[one.pk for one in gone]).update(counts=False)
        trip.legs = ways.legs(trip.vehicle.home, [one.place for one in stops], now=now)
        trip.version += 1
    fetched = {(one.document_id, one.load) for one in stops if not one.is_drop}
    for one in sorted(stops, key=lambda one: (str(one.document_id), one.load)):
        if (one.document_id, one.load) not in fetched:
            _send(one, by, now)
    if trip.driver_id is None:
        trip.driver = Person.objects.get(pk=by.person_id)
    trip.state, trip.departed_at, trip.seen_at = Trip.State.AWAY, moment, moment
    trip.point = trip.anchor = trip.vehicle.home.point
    trip.anchored_at = moment
    trip.save()
    ways.estimate(trip, stops, now=now)
    told.tell("trip.departed", trip, by, now)


def _load(
    trip: Trip, _stops: list[Stop], stop: Stop | None, _moment: datetime, by: Rights, now: datetime
) -> None:
    if trip.state not in Trip.MOVING or stop is None or stop.is_drop:
        raise problems.NOT_OPEN(number=trip.number)
    if stop.arrived_at is None:
        raise problems.NOT_REACHED(place=stop.place.name)
    _send(stop, by, now)
    told.tell("trip.loaded", trip, by, now)


def _arrive(
    trip: Trip, stops: list[Stop], stop: Stop | None, moment: datetime, by: Rights, now: datetime
) -> None:
    groups = ways.left(trip, stops)
    if trip.state != Trip.State.AWAY or not groups:
        raise problems.NOT_OPEN(number=trip.number)
    if stop is not None and stop not in groups[0]:
        checks.refuse({"stop": FieldError(checks.NEXT_STOP, {"place": groups[0][0].place.name})})
    reach(trip, stops, moment, by_fence=False)
    trip.save()
    ways.estimate(trip, stops, now=now)
    told.tell("trip.arrived", trip, by, now)


def _back(
    trip: Trip, _stops: list[Stop], _stop: Stop | None, moment: datetime, by: Rights, now: datetime
) -> None:
    if trip.state not in Trip.MOVING:
        raise problems.NOT_OPEN(number=trip.number)
    come_home(trip, moment)
    trip.save()
    told.tell("trip.returned", trip, by, now)


def reach(trip: Trip, stops: list[Stop], moment: datetime, *, by_fence: bool) -> None:
    """Mark the next place as reached; after the last one all is brought. The caller saves the trip."""
    for stop in ways.left(trip, stops)[0]:
        stop.arrived_at, stop.by_fence = moment, by_fence
        stop.save(update_fields=["arrived_at", "by_fence"])
    if not ways.left(trip, stops):
        trip.state = Trip.State.ARRIVED


def come_home(trip: Trip, moment: datetime) -> None:
    """End a trip; its alarms end with it. The caller saves it."""
    trip.state, trip.back_at = Trip.State.BACK, moment
    trip.off_first = trip.off_since = trip.still_since = None


def _send(stop: Stop, by: Rights, now: datetime) -> None:
    """Send a stop's load if it still waits: by the driver, with the right given by the trip's order."""
    document = Document.objects.select_related("source").get(pk=stop.document_id)
    if document.state not in Document.TO_SEND or document.loads.filter(number=stop.load).exists():
        return
    source = str(document.source.area_id)
    hand = by if by.may("stock.send", source) else replace(by, posts=(*by.posts, Held(KEEPER, source)))
    stock.send(document.pk, goods=stop.goods, load=stop.load, by=hand, now=now)
