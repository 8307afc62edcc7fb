"""HTTP doors of dispatch: lorries, drafts and trips; what drivers do, and where they are."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import get_language
from ninja import Field, Router, Schema
from pydantic import AwareDatetime

from disaster.people.http import answer, reader
from disaster.relief.dispatch import driver, queries, services, words
from disaster.relief.dispatch.checks import VehicleEntry
from disaster.relief.dispatch.messages import FixEntry
from disaster.relief.dispatch.models import Draft, Trip, Vehicle
from disaster.relief.dispatch.planning import Wish
from disaster.relief.dispatch.shown import trip_views
from disaster.relief.dispatch.ways import stops_of
from disaster.relief.stock.shown import document_views

router = Router(tags=["dispatch"])
BIGINT = 2**31


class Lorry(Schema):
    """A lorry as it is entered; ``driver`` is a person's id."""

    plate: str = ""
    kind: str = ""
    capacity_kg: int = Field(ge=-BIGINT, lt=BIGINT)
    capacity_m3: Decimal = Field(max_digits=12, decimal_places=2)
    home: UUID
    driver: int | None = Field(None, ge=0, lt=BIGINT)
    usable: bool = True


class NewLorry(Lorry):
    """The same with an id of the writer's own."""

    id: UUID


class Asked(Schema):
    """What is to be planned; ``due`` says by when a transfer has to be there."""

    documents: list[UUID]
    vehicles: list[UUID]
    starts_at: AwareDatetime
    ends_at: AwareDatetime
    turns: int = Field(1, ge=-BIGINT, lt=BIGINT)
    due: dict[UUID, AwareDatetime] = Field(default_factory=dict)


class Chosen(Schema):
    """Which of a draft's plans is ordered: ``cheapest`` or ``soonest``."""

    aim: str = ""


class Why(Schema):
    """Why a trip is taken back."""

    reason: str = ""


class Order(Schema):
    """The order of the stops left as it was proposed for a version of the trip's way."""

    version: int = Field(ge=0, lt=BIGINT)
    stops: list[Annotated[int, Field(ge=0, lt=2**63)]] = Field(max_length=100)


class Done(Schema):
    """What is done on a trip (depart, load, arrive, back), once for each id; ``at`` by the phone's clock, else now."""

    id: UUID
    kind: str = ""
    at: AwareDatetime | None = None
    stop: int | None = Field(None, ge=0, lt=2**63)


class Place(Schema):
    """Where a lorry was, EPSG:4326."""

    id: UUID
    at: AwareDatetime
    lon: float
    lat: float
    accuracy_m: float | None = None


class Places(Schema):
    """Positions, oldest first."""

    fixes: list[Place]


@router.get("/trips", summary="Trips under way, and what waits for one")
def standing(request: HttpRequest) -> HttpResponse:
    """Give the open trips in sight, and to whoever plans the waiting transfers and the lorries."""
    by = reader(request)
    scope, plans = queries.seen(by), by.where("trip.plan")
    return answer(
        {
            "trips": queries.trips_in(scope),
            "waiting": document_views(queries.waiting(plans)),
            "vehicles": [_lorry(one) for one in queries.vehicles_in(plans)],
        }
    )


@router.post("/vehicles", summary="Enter a lorry")
def new_vehicle(request: HttpRequest, body: NewLorry) -> HttpResponse:
    """Enter a lorry; the id is the writer's own."""
    return answer({"vehicle": _saved(request, body.id, body)}, 201)


@router.put("/vehicles/{vehicle}", summary="Change a lorry")
def change_vehicle(request: HttpRequest, vehicle: UUID, body: Lorry) -> HttpResponse:
    """Change a lorry; one that can't be used is given no trips."""
    queries.one_vehicle(vehicle, by=reader(request))
    return answer({"vehicle": _saved(request, vehicle, body)})


@router.post("/trips/plans", summary="Work out trips")
def plan(request: HttpRequest, body: Asked) -> HttpResponse:
    """Work out the cheapest and the soonest trips; nothing is ordered."""
    wish = Wish(body.starts_at, body.ends_at, body.turns, body.due)
    made = services.draft(
        documents=body.documents, vehicles=body.vehicles, wish=wish, by=reader(request), now=timezone.now()
    )
    return answer({"draft": _draft(made)}, 201)


@router.post("/trips/plans/{draft}/confirm", summary="Order the trips of a draft")
def confirm(request: HttpRequest, draft: UUID, body: Chosen) -> HttpResponse:
    """Order the trips of a draft; a repeat gives the same ones."""
    made = services.confirm(draft, aim=body.aim, by=reader(request), now=timezone.now())
    return answer({"trips": trip_views(made)}, 201)


@router.get("/trips/{trip}", summary="A trip with its way")
def one(request: HttpRequest, trip: UUID) -> HttpResponse:
    """Give a trip with the ways still to be driven, and how they last changed."""
    return answer(_whole(queries.one_trip(trip, by=reader(request))))


@router.post("/trips/{trip}/cancel", summary="Take back a trip")
def cancel(request: HttpRequest, trip: UUID, body: Why) -> HttpResponse:
    """Take back a trip that has not left; its transfers wait again."""
    done = services.cancel(trip, reason=body.reason, by=reader(request), now=timezone.now())
    return answer({"trip": trip_views([done])[0]})


@router.post("/trips/{trip}/order", summary="Put the stops left in the better order proposed")
def reorder(request: HttpRequest, trip: UUID, body: Order) -> HttpResponse:
    """Accept the proposed order; refused if the lorry or its way has moved on meanwhile."""
    by, now = reader(request), timezone.now()
    done = services.reorder(trip, version=body.version, stops=body.stops, by=by, now=now)
    return answer({"trip": trip_views([done])[0]})


@router.post("/trips/{trip}/acts", summary="Depart, load, arrive, come back")
def act(request: HttpRequest, trip: UUID, body: Done) -> HttpResponse:
    """Do one thing on a trip; the same id sent again does nothing more."""
    done = services.act(
        body.id,
        trip_id=trip,
        kind=body.kind,
        at=body.at or timezone.now(),
        stop_id=body.stop,
        by=reader(request),
        now=timezone.now(),
    )
    return answer({"act": body.id, "trip": trip_views([done])[0]})


@router.post("/trips/{trip}/fixes", summary="Say where a lorry was")
def fixes(request: HttpRequest, trip: UUID, body: Places) -> HttpResponse:
    """Take positions, as ``trip.fix`` does over the socket."""
    rows = [FixEntry(**row.model_dump()) for row in body.fixes]
    return answer(services.take_fixes(trip, rows, by=reader(request), now=timezone.now()))


@router.get("/driver", summary="The trips of a driver, as the phone keeps them")
def mine(request: HttpRequest) -> HttpResponse:
    """Give whoever drives the open trips with their ways."""
    return answer(driver.work(reader(request), language=get_language() or "zh", now=timezone.now()))


def _saved(request: HttpRequest, vehicle_id: UUID, body: Lorry) -> dict[str, Any]:
    entry = VehicleEntry(
        plate=body.plate,
        kind=body.kind,
        capacity_kg=body.capacity_kg,
        capacity_m3=body.capacity_m3,
        home=body.home,
        driver=body.driver,
        is_usable=body.usable,
    )
    return _lorry(services.save_vehicle(vehicle_id, entry, by=reader(request), now=timezone.now()))


def _lorry(vehicle: Vehicle) -> dict[str, Any]:
    return {
        "id": vehicle.pk,
        "plate": vehicle.plate,
        "kind": vehicle.kind,
        "capacity_kg": vehicle.capacity_kg,
        "capacity_m3": vehicle.capacity_m3,
        "home": vehicle.home_id,
        "home_name": vehicle.home.name,
        "driver": vehicle.driver.name if vehicle.driver else "",
        "usable": vehicle.is_usable,
        "trips": [trip.number for trip in queries.busy(vehicle)],
    }


def _draft(draft: Draft) -> dict[str, Any]:
    return {"id": draft.pk, "plans": draft.plans, "made_at": draft.made_at}


def _whole(trip: Trip) -> dict[str, Any]:
    language = get_language() or "zh"
    return {
        "trip": trip_views([trip])[0],
        "legs": driver.legs_left(trip, stops_of(trip), language),
        "changes": [words.changed(row, language) for row in trip.difference],
        "items": driver.item_words(language),
    }
