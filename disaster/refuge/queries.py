"""Questions about shelters and plans: each costs the same number of statements, whatever the county's size."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from disaster import problems
from disaster.people import private
from disaster.people.scope import Rights, require
from disaster.refuge import hazards, shelters
from disaster.refuge.evacuation import explain, outlook, ways
from disaster.refuge.models import Household, Passage, Plan, PlanVersion
from disaster.rules import book
from gis.models import Shelter
from gis.scope import AreaScope
from gis.shown import shelter_view

LATEST = 50
"""Passages shown with a shelter."""


class Standing(NamedTuple):
    """A shelter with what its page says besides; ``zones`` bar it as a destination."""

    shelter: Shelter
    zones: list[str]
    keeper_phone: str
    """Masked."""
    facilities: list[str]
    share: int
    """Occupancy in per cent of the capacity."""


def standing(scope: AreaScope, *, now: datetime, language: str, only: UUID | None = None) -> list[Standing]:
    """Give the shelters of a scope, or one of them; the fullest of the open ones first."""
    asked = Shelter.objects.within(scope).filter(**({"pk": only} if only else {}))
    found = list(asked.select_related("area__parent").defer("area__boundary", "area__parent__boundary"))
    barred = hazards.near([one.pk for one in found], now=now)
    names = {one.key: one.name(language) for one in book.codes("shelter_facility")}
    order: dict[str, int] = {Shelter.State.OPEN: 0, Shelter.State.STANDBY: 1, Shelter.State.CLOSED: 2}
    rows = [
        Standing(
            one,
            barred.get(one.pk, []),
            private.mask_phone(number) if (number := shelters.phone_of(one)) else "",
            [names.get(key, key) for key in one.facilities],
            round(100 * one.occupancy / one.capacity) if one.capacity else 0,
        )
        for one in found
    ]
    return sorted(
        rows, key=lambda row: (order[row.shelter.state], -row.share, row.shelter.area_id, row.shelter.name)
    )


def told(row: Standing) -> dict[str, Any]:
    """Give a shelter for the API: the map's view, and what only its page needs."""
    one = row.shelter
    return {
        "shelter": shelter_view(one),
        "version": one.version,
        "code": one.code,
        "route": one.route,
        "usable_area_m2": one.usable_area_m2,
        "keeper": one.keeper,
        "keeper_phone": row.keeper_phone,
        "facilities": list(one.facilities),
        "zones": row.zones,
    }


def one_shelter(shelter_id: UUID, *, by: Rights) -> Shelter:
    """Give a shelter.

    Raises
    ------
    Problem
        404.1 if there is none in the reader's sight.
    """
    found: Shelter | None = (
        Shelter.objects.select_related("area__parent")
        .defer("area__boundary", "area__parent__boundary")
        .filter(pk=shelter_id)
        .first()
    )
    if found is None:
        raise problems.NOT_FOUND()
    require(by, "shelter.see", found.area_id)
    return found


def households(shelter: Shelter) -> list[dict[str, Any]]:
    """Give the households inside, the newest first; heads masked."""
    rows = (
        Household.objects.filter(shelter=shelter, persons__gt=0)
        .select_related("village")
        .defer("village__boundary")
    )
    return [
        {
            "id": row.pk,
            "head": row.head_shown,
            "persons": row.persons,
            "village": row.village.name if row.village else "",
            "entered_at": row.entered_at,
        }
        for row in rows
    ]


def passages(shelter: Shelter) -> list[dict[str, Any]]:
    """Give the latest passages, the newest first."""
    rows = (
        Passage.objects.filter(shelter=shelter)
        .select_related("village", "household")
        .defer("village__boundary")[:LATEST]
    )
    return [
        {
            "id": row.pk,
            "way": row.way,
            "persons": row.persons,
            "village": row.village.name if row.village else "",
            "head": row.household.head_shown if row.household else "",
            "occupancy": row.occupancy,
            "reason": row.reason,
            "at": row.at,
            "by": row.by_name,
        }
        for row in rows
    ]


class Shown(NamedTuple):
    """A plan with one of its versions; ``outdated`` says why it no longer holds, in sentences.

    ``changed`` is the same as data (:func:`disaster.refuge.evacuation.outlook.of`), ``detours``
    those of them that befell a way, in words.
    """

    plan: Plan
    version: PlanVersion
    rows: list[dict[str, Any]]
    unplaced: list[dict[str, Any]]
    outdated: list[str]
    changed: list[dict[str, Any]]
    detours: list[dict[str, Any]]
    dropped: list[list[str]]


def plans_in(scope: AreaScope) -> list[Plan]:
    """Give the plans of a scope that are in force, then those that ended, the newest first."""
    found = list(
        Plan.objects.within(scope).select_related("zone", "area").defer("area__boundary", "zone__boundary")
    )
    return sorted(found, key=lambda plan: (plan.ended_at is not None, -plan.made_at.timestamp()))


def plan(plan_id: UUID, *, by: Rights, now: datetime, language: str, number: int | None = None) -> Shown:
    """Give a plan whole, as of its newest version or of a former one.

    Raises
    ------
    Problem
        404.1 if there is none in the reader's sight, or no such version.
    """
    found: Plan | None = (
        Plan.objects.select_related("zone", "area").defer("area__boundary").filter(pk=plan_id).first()
    )
    if found is None:
        raise problems.NOT_FOUND()
    require(by, "evacuation.see", found.area_id)
    version = PlanVersion.objects.filter(plan=found, number=number or found.version).first()
    if version is None:
        raise problems.NOT_FOUND()
    is_newest = version.number == found.version and found.ended_at is None
    changed = outlook.of(found, version, now=now) if is_newest else []
    detours = [_detour(one, language) for one in changed if "village" in one]
    now_so = {(one["village"], one["to"]): one for one in detours}
    return Shown(
        found,
        version,
        [
            {**row, "now": now_so.get((row["village"], row["shelter"]))}
            for row in said(version.result["rows"], language)
        ],
        said(version.result["unplaced"], language),
        [explain.say(one, language) for one in changed],
        changed,
        detours,
        version.result["dropped"],
    )


def _detour(one: dict[str, Any], language: str) -> dict[str, Any]:
    """Put into words what befell a way; ``directions`` are empty where no safe way is left."""
    way = one.get("way")
    return {
        "village": one["village"],
        "name": one["params"]["village"],
        "to": one["to"],
        "shelter_name": one["params"]["shelter"],
        "by": "、".join(one["by"]),
        "before": one["before"],
        "after": one["after"],
        "more": one["params"].get("more"),
        "is_cut": way is None,
        "directions": ways.words(way, language) if way else "",
        "km": ways.kilometres(way) if way else None,
        "line": way["line"] if way else [],
        "told": explain.say(one, language),
    }


def said(rows: list[dict[str, Any]], language: str) -> list[dict[str, Any]]:
    """Put each row's reason and way into words; ``directions`` are empty where no roads are known."""
    return [_said(row, language) for row in rows]


def _said(row: dict[str, Any], language: str) -> dict[str, Any]:
    way: dict[str, Any] | None = row.get("way")
    return {
        **row,
        "why": explain.say(row["why"], language),
        "directions": ways.words(way, language) if way else "",
        "km": ways.kilometres(way) if way else None,
        "is_safe": way is not None and way["verdict"] not in ways.NO_WAY,
        "starts_in": "、".join(way["meets"]) if way and way["verdict"] == "start_inside" else "",
        "is_simulated": way is not None and any(one["simulated"] for one in way["sections"]),
    }
