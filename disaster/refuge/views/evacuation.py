"""The evacuation pages: plans, one plan with what has happened to it, and its paper."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from disaster.people.pages import desk_page
from disaster.people.scope import Rights
from disaster.refuge import queries, reading
from disaster.refuge.evacuation import difference, ground, plans, sketch
from disaster.refuge.models import PlanVersion
from gis.models import Area, HazardZone


@desk_page("evacuation.see")
def listed(request: HttpRequest, rights: Rights) -> HttpResponse:
    """Show the plans, and begin one from a zone or from villages picked by hand."""
    scope, may_plan = rights.where("evacuation.see"), bool(rights.where("evacuation.plan").prefixes)
    zones = HazardZone.objects.touching(scope).filter(lifted_at__isnull=True).exclude(kind="weather")
    villages = Area.objects.within(rights.where("evacuation.plan")).filter(level=Area.Level.VILLAGE)
    return render(
        request,
        "refuge/evacuations.html",
        {
            "plans": queries.plans_in(scope),
            "zones": zones.defer("boundary").order_by("-valid_from") if may_plan else [],
            "villages": villages.select_related("parent")
            .defer("boundary", "parent__boundary")
            .order_by("code")
            if may_plan
            else [],
            "chosen": request.GET.get("zone", ""),
            "may_plan": may_plan,
        },
    )


@desk_page("evacuation.see")
def one(request: HttpRequest, rights: Rights, plan_id: UUID) -> HttpResponse:
    """Show a plan; what it would be now, when it is outdated or asked for (``?anew=1``); former versions by number."""
    now = timezone.now()
    number = request.GET.get("version", "")
    shown = queries.plan(
        plan_id,
        by=rights,
        now=now,
        language=reading.language(),
        number=int(number) if number.isdecimal() else None,
    )
    may_plan = rights.may("evacuation.plan", shown.plan.area_id) and shown.plan.ended_at is None
    is_newest = shown.version.number == shown.plan.version
    return render(
        request,
        "refuge/evacuation.html",
        {
            **_of(shown, now),
            "may_plan": may_plan and is_newest,
            "is_newest": is_newest,
            "versions": PlanVersion.objects.filter(plan=shown.plan).defer("asked", "basis", "result"),
            "proposal": _proposal(shown, now)
            if may_plan and is_newest and (shown.outdated or "anew" in request.GET)
            else None,
        },
    )


@desk_page("evacuation.see")
def printed(request: HttpRequest, rights: Rights, plan_id: UUID) -> HttpResponse:
    """Show a plan as it goes on paper (A4): each shelter with a map of the ways there."""
    now = timezone.now()
    shown = queries.plan(plan_id, by=rights, now=now, language=reading.language())
    told = _of(shown, now)
    for number, shelter in enumerate(told["shelters"], 1):
        shelter["sketch"] = sketch.draw(
            shelter["villages"], [], told["ground"], number=number, height=sketch.LOW
        )
    return render(request, "refuge/evacuation_print.html", {**told, "printed_at": now})


def _of(shown: queries.Shown, now: datetime) -> dict[str, Any]:
    result = shown.version.result
    by_roads = result["how"] == "roads"
    beneath = ground.around(shown.rows, shown.plan.zone, now=now)
    by_shelter: dict[str, dict[str, Any]] = {}
    for row in shown.rows:
        one = by_shelter.setdefault(
            row["shelter"],
            {
                "name": row["shelter_name"],
                "address": row["address"],
                "route": row["route"],
                "persons": 0,
                "villages": [],
            },
        )
        one["persons"] += row["persons"]
        one["villages"].append(row)
    return {
        "plan": shown.plan,
        "version": shown.version,
        "rows": shown.rows,
        "unplaced": shown.unplaced,
        "outdated": shown.outdated,
        "detours": shown.detours,
        "events": [
            sentence
            for sentence, one in zip(shown.outdated, shown.changed, strict=True)
            if "village" not in one
        ],
        "dropped": shown.dropped,
        "persons": result["persons"],
        "placed": result["placed"],
        "left": result["persons"] - result["placed"],
        "by_roads": by_roads,
        "unsafe": sum(not row["is_safe"] for row in shown.rows) if by_roads else 0,
        "is_optimal": abs(result["objective"] - result["bound"]) < 1,
        "mean": round(
            sum(row["persons"] * row["minutes"] for row in shown.rows) / (result["placed"] or 1), 1
        ),
        "longest": max((row["minutes"] for row in shown.rows), default=0),
        "shelters": sorted(by_shelter.values(), key=lambda one: str(one["name"])),
        "is_simulated": any(row["is_simulated"] for row in shown.rows),
        "ground": beneath,
        "sketch": sketch.draw(shown.rows, shown.unplaced, beneath),
    }


def _proposal(shown: queries.Shown, now: datetime) -> dict[str, Any]:
    result, differs = plans.propose(shown.plan, shown.version, shown.changed, now=now)
    return {
        "difference": difference.said(differs, reading.language()),
        "persons": result["persons"],
        "placed": result["placed"],
        "left": result["persons"] - result["placed"],
    }
