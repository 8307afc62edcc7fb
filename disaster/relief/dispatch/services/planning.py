"""Planning trips (编排车次): worked out as a draft, confirmed as it is, and taken back before it leaves."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from disaster import problems
from disaster.people.scope import Rights, require
from disaster.problems import FieldError
from disaster.relief.dispatch import checks, planning, queries, told, travel, ways
from disaster.relief.dispatch.models import Draft, Stop, Trip, Vehicle
from disaster.relief.dispatch.planning import AIMS, Wish
from disaster.relief.stock import checks as stock_checks
from disaster.relief.stock.models import Document
from disaster.rules import book
from gis.scope import common


def draft(
    *, documents: Sequence[UUID], vehicles: Sequence[UUID], wish: Wish, by: Rights, now: datetime
) -> Draft:
    """Work out the cheapest and the soonest trips for some transfers; nothing is ordered yet.

    Raises
    ------
    Problem
        403.1 for whoever plans no trips; 400.2; 409.51 naming a transfer that does not wait;
        409.52 naming a lorry that is not free.
    """
    scope = by.where("trip.plan")
    if not scope.prefixes:
        raise problems.NOT_ALLOWED()
    checks.refuse(checks.wish_errors(documents, vehicles, wish.starts_at, wish.ends_at, wish.turns, now))
    chosen = list(queries.waiting(scope).filter(pk__in=documents))
    _all_wait(documents, chosen)
    lorries = list(queries.vehicles_in(scope).filter(pk__in=vehicles))
    _all_free(vehicles, lorries)
    plans = planning.work_out(chosen, lorries, queries.loads(chosen), wish, now=now)
    areas = {str(one.source.area_id) for one in chosen} | {str(one.home.area_id) for one in lorries}
    return Draft.objects.create(
        area_code=common(areas),
        asked={
            "documents": [str(one.pk) for one in chosen],
            "vehicles": [str(one.pk) for one in lorries],
            "ends_at": wish.ends_at.isoformat(),
            "due": {str(pk): moment.isoformat() for pk, moment in wish.due.items()},
            "first": queries.next_loads(chosen),
        },
        plans=plans,
        made_at=now,
        made_by=by.name,
    )


def _all_wait(asked: Sequence[UUID], found: Sequence[Document]) -> None:
    missing = set(asked) - {one.pk for one in found}
    if missing:
        known = Document.objects.filter(pk__in=missing).first()
        raise problems.NOT_WAITING(number=known.number) if known else problems.NOT_FOUND()


def _all_free(asked: Sequence[UUID], found: Sequence[Vehicle]) -> None:
    if set(asked) - {one.pk for one in found}:
        raise problems.NOT_FOUND()
    for one in found:
        if busy := queries.busy(one):
            raise problems.LORRY_TAKEN(plate=one.plate, trip=busy[0].number)
        if not one.is_usable:
            raise problems.LORRY_TAKEN(plate=one.plate, trip="—")


@transaction.atomic
def confirm(draft_id: UUID, *, aim: str, by: Rights, now: datetime) -> list[Trip]:
    """Order the trips of a draft; confirmed again it gives the same trips.

    Whoever confirms must be allowed to send from every place: the driver who departs sends
    in their name. Transfers and lorries are locked, so that of two clerks one is refused.

    Raises
    ------
    Problem
        403.1/404.1; 400.2; 409.50, 409.51, 409.52 if meanwhile a transfer or a lorry was taken.
    """
    found: Draft | None = Draft.objects.select_for_update().filter(pk=draft_id).first()
    if found is None:
        raise problems.NOT_FOUND()
    require(by, "trip.plan", found.area_code)
    if found.confirmed_at is not None:
        return list(queries.with_all(Trip.objects.filter(draft=found)).order_by("number"))
    if aim not in AIMS:
        checks.refuse({"aim": FieldError(checks.UNKNOWN_AIM)})
    rows = found.plans[aim]["trips"]
    if not rows:
        checks.refuse({"aim": FieldError(checks.EMPTY_PLAN)})
    visits = [one for row in rows for one in row["visits"]]
    if not all("goods" in one and "load" in one for one in visits):
        checks.refuse({"aim": FieldError(checks.OLD_PLAN)})
    documents = _locked_documents({one["document"] for one in visits})
    _none_twice(documents, visits)
    first = queries.next_loads(documents.values())
    vehicles = _locked_vehicles({row["vehicle"] for row in rows})
    for document in documents.values():
        require(by, "stock.send", str(document.source.area_id))
    made = [_make(row, found, documents, first, vehicles, by, now) for row in rows]
    found.confirmed_at, found.aim = now, aim
    found.save(update_fields=["confirmed_at", "aim"])
    for trip in made:
        told.tell("trip.planned", trip, by, now)
    return made


def _locked_documents(asked: set[str]) -> dict[str, Document]:
    rows = (
        Document.objects.select_for_update(of=("self",))
        .select_related("source", "target")
        .filter(pk__in=asked)
        .order_by("pk")
    )
    found = {str(one.pk): one for one in rows}
    for one in found.values():
        if one.state not in Document.TO_SEND:
            raise problems.NOT_WAITING(number=one.number)
    return found


def _none_twice(documents: Mapping[str, Document], visits: Sequence[Mapping[str, Any]]) -> None:
    """Refuse (409.50) what meanwhile went onto another trip: of the locked documents not so much is left."""
    left = {str(pk): load.goods() for pk, load in queries.loads(documents.values()).items()}
    wanted: dict[str, Counter[str]] = {}
    for one in visits:
        if one["is_drop"]:
            wanted.setdefault(one["document"], Counter()).update(one["goods"])
    for pk, goods in wanted.items():
        if any(many > left[pk].get(item, 0) for item, many in goods.items()):
            stop = Stop.objects.filter(document=documents[pk], counts=True).select_related("trip").last()
            number = documents[pk].number
            if stop is None:
                raise problems.NOT_WAITING(number=number)
            raise problems.ON_ANOTHER_TRIP(number=number, trip=stop.trip.number)


def _locked_vehicles(asked: set[str]) -> dict[str, Vehicle]:
    rows = (
        Vehicle.objects.select_for_update(of=("self",))
        .select_related("home", "driver")
        .filter(pk__in=asked)
        .order_by("pk")
    )
    found = {str(one.pk): one for one in rows}
    busy = (
        Trip.objects.filter(vehicle__in=list(found.values()), state__in=Trip.OPEN)
        .select_related("vehicle")
        .first()
    )
    if busy:
        raise problems.LORRY_TAKEN(plate=busy.vehicle.plate, trip=busy.number)
    return found


def _make(
    row: Mapping[str, Any],
    draft: Draft,
    documents: Mapping[str, Document],
    first: Mapping[str, int],
    vehicles: Mapping[str, Vehicle],
    by: Rights,
    now: datetime,
) -> Trip:
    vehicle = vehicles[row["vehicle"]]
    ends = [
        (documents[one["document"]].target if one["is_drop"] else documents[one["document"]].source)
        for one in row["visits"]
    ]
    legs = ways.legs(vehicle.home, ends, now=now)
    trip = Trip.objects.create(
        number=_number(now),
        draft=draft,
        vehicle=vehicle,
        driver=vehicle.driver,
        area_id=common(str(one.area_id) for one in (vehicle.home, *ends)),
        legs=legs,
        danger=travel.danger(now),
        by_roads=ways.by_roads(legs),
        starts_at=datetime.fromisoformat(row["starts"]),
        ends_at=datetime.fromisoformat(row["ends"]),
        made_at=now,
        made_by=by.name,
    )
    Stop.objects.bulk_create(
        Stop(
            trip=trip,
            order=order,
            place=place,
            document=documents[one["document"]],
            load=first[one["document"]] + one["load"] - 1,
            goods=one["goods"],
            is_drop=one["is_drop"],
            planned_at=datetime.fromisoformat(one["at"]),
            eta=datetime.fromisoformat(one["at"]),
        )
        for order, (one, place) in enumerate(zip(row["visits"], ends, strict=True), start=1)
    )
    return trip


@transaction.atomic
def cancel(trip_id: UUID, *, reason: str, by: Rights, now: datetime) -> Trip:
    """Take back a trip that has not left (取消车次): its transfers wait again.

    Raises
    ------
    Problem
        403.1/404.1; 400.2 without a reason; 409.2 once it has left.
    """
    trip = ways.locked(trip_id)
    require(by, "trip.plan", str(trip.area_id))
    if trip.state != Trip.State.READY:
        raise problems.NOT_OPEN(number=trip.number)
    stock_checks.needs_reason(reason)
    trip.state, trip.reason = Trip.State.CANCELLED, reason.strip()
    trip.save(update_fields=["state", "reason"])
    trip.stops.update(counts=False)
    told.tell("trip.cancelled", trip, by, now)
    return trip


def _number(now: datetime) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('dispatch_trip_number')")
        serial = cursor.fetchone()[0]
    return f"CC{now.astimezone(book.BEIJING):%Y}-{serial:05d}"
