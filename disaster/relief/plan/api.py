"""HTTP doors of plans: made, looked at, planned anew, reviewed, approved, ordered, dropped."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import get_language
from ninja import Field, Router, Schema

from disaster import problems
from disaster.people.http import answer, reader
from disaster.relief.plan import queries, services
from disaster.relief.plan.inputs import MONEY
from disaster.relief.plan.models import Scenario
from disaster.relief.plan.params import Params, PinAsked
from disaster.relief.plan.solve.difference import Line
from gis.scope import is_code

router = Router(tags=["plan"])
MOST = 2**31


class Choices(Schema):
    """What whoever plans chooses; what is left out takes the rule in force. ``items``: keys, "money" too.

    ``person_yuan``, ``household_yuan``, ``spend_yuan``: limits over goods and money together; ``room_kg``:
    what a township or village (by code) can take, in kilograms.
    """

    items: list[str] | None = None
    least_pieces: int | None = Field(None, ge=-MOST, lt=MOST)
    least_money_pct: int | None = Field(None, ge=-MOST, lt=MOST)
    keep_pct: int | None = Field(None, ge=-MOST, lt=MOST)
    budget_yuan: int | None = Field(None, ge=-MOST, lt=MOST)
    person_yuan: int | None = Field(None, ge=-MOST, lt=MOST)
    household_yuan: int | None = Field(None, ge=-MOST, lt=MOST)
    spend_yuan: int | None = Field(None, ge=-(2**53), lt=2**53)
    room_kg: dict[str, int] = Field(default_factory=dict)


class PinIn(Schema):
    """A village gets just so many of an item ("money": fen), and why."""

    village: str = Field(max_length=12)
    item: str = Field(max_length=30)
    quantity: int = Field(ge=-(2**53), lt=2**53)
    why: str = ""


class Asked(Schema):
    """Which programme is planned by which policy."""

    programme: UUID
    policy: str
    name: str = ""
    params: Choices = Field(default_factory=lambda: Choices.model_validate({}))
    pins: list[PinIn] = Field(default_factory=list)


class Anew(Schema):
    """What is planned anew: pins that are added, the villages' pins taken away, another policy."""

    pins: list[PinIn] = Field(default_factory=list)
    unpin: list[str] = Field(default_factory=list)
    policy: str | None = None


class Nothing(Schema):
    """No more needs to be said."""


@router.get("/plans", summary="Plans of a programme, side by side")
def listed(request: HttpRequest, programme: UUID | None = None) -> HttpResponse:
    """Give the scenarios of a programme (the newest running one by default) with their figures."""
    known = queries.programmes(queries.seen(reader(request)))
    found = next((one for one in known if programme in (None, one.pk)), None)
    rows = queries.scenarios(found) if found else []
    return answer({"programme": found.pk if found else None, "plans": [_told(one) for one in rows]})


@router.post("/plans", summary="Plan a programme")
def make(request: HttpRequest, body: Asked) -> HttpResponse:
    """Plan from the present needs, stock, money and roads, and keep it as a draft."""
    made = services.make(
        body.programme,
        policy=body.policy,
        params=_params(body.params),
        pins=_pins(body.pins),
        name=body.name,
        by=reader(request),
        now=timezone.now(),
    )
    return answer(_told(made), 201)


@router.get("/plans/{plan_id}", summary="A plan with every village's share")
def one(request: HttpRequest, plan_id: UUID) -> HttpResponse:
    """Give a plan: for every village what it gets of each item, from where, and why."""
    found = queries.one(plan_id, by=reader(request))
    keys = [row["item"] for row in found.figures["items"]]
    rows = queries.rows(found, keys, queries.villages(found), _language())
    return answer({**_told(found), "villages": [_row(row) for row in rows]})


@router.get("/plans/{plan_id}/map", summary="How far each village's need is met")
def on_the_map(request: HttpRequest, plan_id: UUID, item: str = "") -> HttpResponse:
    """Give need and share of an item by village with its place (EPSG:4326); the first item by default."""
    found = queries.one(plan_id, by=reader(request))
    keys = [row["item"] for row in found.figures["items"]]
    asked = _key(item) if item else keys[0]
    return answer({"item": asked or "money", "villages": queries.filling(found, asked)})


@router.get("/plans/{plan_id}/villages/{area}", summary="A village's share of a plan, and why")
def of_village(request: HttpRequest, plan_id: UUID, area: str) -> HttpResponse:
    """Give for one village what it gets of each item, from where, and why."""
    found = queries.one(plan_id, by=reader(request))
    keys = [row["item"] for row in found.figures["items"]]
    known = is_code(area) and found.shares.filter(area=area).exists()
    if not known:
        raise problems.NOT_FOUND()
    return answer(_row(queries.rows(found, keys, [area], _language())[0]))


@router.get("/plans/{plan_id}/proposal", summary="What a plan would be now")
def proposal(request: HttpRequest, plan_id: UUID) -> HttpResponse:
    """Plan anew from the present state and give the difference, line by line with its reason; nothing is kept."""
    found = queries.one(plan_id, by=reader(request))
    made = services.propose(found, now=timezone.now())
    return answer({"figures": made.outcome.figures, "difference": said(made.lines, _language())})


@router.post("/plans/{plan_id}/renew", summary="Plan anew")
def renew(request: HttpRequest, plan_id: UUID, body: Anew) -> HttpResponse:
    """Plan anew with pins added and taken away; the others are kept."""
    rights = reader(request)
    former = queries.one(plan_id, by=rights)
    pins = _merged(former, body) if body.pins or body.unpin else None
    made, lines = services.replan(plan_id, pins=pins, policy=body.policy, by=rights, now=timezone.now())
    return answer({**_told(made), "difference": said(lines, _language())}, 201)


@router.post("/plans/{plan_id}/review", summary="Review a plan")
def review(request: HttpRequest, plan_id: UUID, body: Nothing) -> HttpResponse:
    """Review a plan that somebody else made."""
    return answer(_told(services.review(plan_id, by=reader(request), now=timezone.now())))


@router.post("/plans/{plan_id}/approve", summary="Approve a plan")
def approve(request: HttpRequest, plan_id: UUID, body: Nothing) -> HttpResponse:
    """Put a plan in force that two others made and reviewed."""
    return answer(_told(services.approve(plan_id, by=reader(request), now=timezone.now())))


@router.post("/plans/{plan_id}/orders", summary="Turn a plan into papers")
def order(request: HttpRequest, plan_id: UUID, body: Nothing) -> HttpResponse:
    """Make the transfers, set the money aside and grant the households their share."""
    return answer(_told(services.make_orders(plan_id, by=reader(request), now=timezone.now())))


@router.post("/plans/{plan_id}/drop", summary="Drop a plan")
def drop(request: HttpRequest, plan_id: UUID, body: Nothing) -> HttpResponse:
    """Drop a plan that is not in force."""
    return answer(_told(services.drop(plan_id, by=reader(request), now=timezone.now())))


def said(lines: Sequence[Line], language: str) -> list[dict[str, Any]]:
    """Give a difference with its reasons in words."""
    return [
        {
            "village": line.village,
            "name": line.name,
            "item": line.item or "money",
            "unit": line.unit,
            "before": line.before,
            "after": line.after,
            "change": line.after - line.before,
            "why": line.say(language),
        }
        for line in lines
    ]


def _told(scenario: Scenario) -> dict[str, Any]:
    return {
        "id": scenario.pk,
        "programme": scenario.programme_id,
        "number": scenario.number,
        "name": scenario.name,
        "policy": scenario.policy,
        "state": scenario.state,
        "former": scenario.former_id,
        "position": scenario.position,
        "made_at": scenario.made_at,
        "made_by": scenario.made_by,
        "reviewed_by": scenario.reviewed_by,
        "approved_by": scenario.approved_by,
        "figures": scenario.figures,
    }


def _row(row: queries.Row) -> dict[str, Any]:
    shares: Mapping[str, Any] = {
        cell.item or "money": {
            "need": cell.need,
            "given": cell.given,
            "from": [list(one) for one in cell.sources],
            "why": cell.why,
            "pinned": cell.pinned,
        }
        for cell in row.cells
        if cell
    }
    return {"village": row.area, "name": row.name, "persons": row.persons, "shares": shares}


def _key(item: str) -> str:
    return MONEY if item == "money" else item


def _params(body: Choices) -> Params:
    items = None if body.items is None else [_key(one) for one in body.items]
    return Params(**body.model_dump(exclude={"items"}), items=items)


def _pins(pins: Sequence[PinIn]) -> list[PinAsked]:
    return [PinAsked(one.village, _key(one.item), one.quantity, one.why) for one in pins]


def _merged(former: Scenario, body: Anew) -> list[PinAsked]:
    """Keep the pins that are there, but for those replaced or taken away ("village item")."""
    asked = _pins(body.pins)
    gone = {(one.village, one.item) for one in asked}
    gone |= {(village, _key(item)) for village, _, item in (one.partition(" ") for one in body.unpin)}
    return [one for one in services.pins_of(former) if (one.village, one.item) not in gone] + asked


def _language() -> str:
    return get_language() or "zh-hans"
