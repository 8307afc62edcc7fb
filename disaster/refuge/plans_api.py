"""HTTP doors of evacuation plans: made, looked at, made anew, ended."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Field, Router, Schema

from disaster import problems
from disaster.people.http import answer, reader
from disaster.refuge import queries, reading
from disaster.refuge.evacuation import difference, plans

router = Router(tags=["evacuation"])
MOST = 2**31


class Pin(Schema):
    """So many of a village go to a shelter, whatever else is worked out."""

    village: str
    shelter: str
    persons: int = Field(ge=0, lt=MOST)


class Asked(Schema):
    """Whose evacuation: of a zone's villages, or of villages by code with their persons (null: all)."""

    name: str = ""
    zone: UUID | None = None
    villages: dict[str, int | None] = Field(default_factory=dict)
    pins: list[Pin] = Field(default_factory=list)


class Anew(Schema):
    """Upon which version a plan is made anew; without ``pins`` the former ones stay."""

    version: int
    pins: list[Pin] | None = None


@router.get("/evacuations", summary="Evacuation plans")
def listed(request: HttpRequest) -> HttpResponse:
    """Give the plans of the reader's areas, those in force first."""
    scope = reader(request).where("evacuation.see")
    if not scope.prefixes:
        raise problems.NOT_ALLOWED()
    return answer(
        {
            "plans": [
                {
                    "id": plan.pk,
                    "name": plan.name,
                    "area": plan.area_id,
                    "version": plan.version,
                    "made_at": plan.made_at,
                    "ended_at": plan.ended_at,
                }
                for plan in queries.plans_in(scope)
            ]
        }
    )


@router.post("/evacuations", summary="Plan an evacuation")
def make(request: HttpRequest, body: Asked) -> HttpResponse:
    """Work a plan out from the present state, and keep it."""
    if any(count is not None and not 0 < count < MOST for count in body.villages.values()):
        raise problems.BAD_FIELDS({"villages": problems.FieldError(plans.NOBODY)})
    plan = plans.make(
        name=body.name,
        zone_id=body.zone,
        villages=body.villages,
        pins=[pin.model_dump() for pin in body.pins],
        by=reader(request),
        now=timezone.now(),
    )
    return answer({"id": plan.pk, "version": plan.version}, 201)


@router.get("/evacuations/{plan_id}", summary="An evacuation plan")
def one(request: HttpRequest, plan_id: UUID, version: int | None = None) -> HttpResponse:
    """Give a plan with each reason in words, and why it no longer holds."""
    shown = queries.plan(
        plan_id, by=reader(request), now=timezone.now(), language=reading.language(), number=version
    )
    return answer(_plain(shown))


@router.get("/evacuations/{plan_id}/proposal", summary="What a plan would be now")
def proposal(request: HttpRequest, plan_id: UUID) -> HttpResponse:
    """Work a plan out anew, and give it with its difference; nothing is kept."""
    now = timezone.now()
    shown = queries.plan(plan_id, by=reader(request), now=now, language=reading.language())
    result, differs = plans.propose(shown.plan, shown.version, shown.changed, now=now)
    return answer(
        {
            "rows": queries.said(result["rows"], reading.language()),
            "unplaced": queries.said(result["unplaced"], reading.language()),
            "persons": result["persons"],
            "placed": result["placed"],
            "difference": difference.said(differs, reading.language()),
        }
    )


@router.post("/evacuations/{plan_id}/renew", summary="Put a new plan in force")
def renew(request: HttpRequest, plan_id: UUID, body: Anew) -> HttpResponse:
    """Make a plan anew from the present state."""
    pins = None if body.pins is None else [pin.model_dump() for pin in body.pins]
    plan, differs = plans.renew(
        plan_id, version=body.version, pins=pins, by=reader(request), now=timezone.now()
    )
    return answer({"version": plan.version, "difference": difference.said(differs, reading.language())})


@router.post("/evacuations/{plan_id}/end", summary="End a plan")
def end(request: HttpRequest, plan_id: UUID) -> HttpResponse:
    """End a plan: everybody has arrived, or nobody has to go."""
    plans.end(plan_id, by=reader(request), now=timezone.now())
    return answer({})


def _plain(shown: queries.Shown) -> dict[str, Any]:
    result = shown.version.result
    return {
        "id": shown.plan.pk,
        "name": shown.plan.name,
        "area": shown.plan.area_id,
        "zone": shown.plan.zone_id,
        "version": shown.version.number,
        "newest": shown.plan.version,
        "made_at": shown.version.made_at,
        "ended_at": shown.plan.ended_at,
        "by": shown.version.by_name,
        "why": shown.version.why,
        "persons": result["persons"],
        "placed": result["placed"],
        "how": result["how"],
        "is_optimal": result["bound"] is not None and abs(result["objective"] - result["bound"]) < 1,
        "rows": shown.rows,
        "unplaced": shown.unplaced,
        "dropped": shown.dropped,
        "outdated": shown.outdated,
        "detours": shown.detours,
    }
