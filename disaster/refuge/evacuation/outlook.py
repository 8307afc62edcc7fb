"""Whether a plan still holds: what has happened to its zone, its shelters and the roads of its ways."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from disaster.refuge import hazards
from disaster.refuge.evacuation import draft, ways
from disaster.refuge.models import Plan, PlanVersion
from disaster.rules import book
from gis import routing
from gis.models import Shelter

Told = dict[str, Any]


def of(plan: Plan, version: PlanVersion, *, now: datetime) -> list[Told]:
    """Say what has made a plan outdated (已过时); nothing where it still holds.

    ``key`` and ``params`` are the sentence. What concerns one shelter bears its id under ``to``;
    what concerns a way also the ``village``, the minutes ``before`` and ``after`` (None: no way
    any more), what it is shut ``by``, and the ``way`` round.
    """
    came = draft.arrived([row["village"] for row in version.result["rows"]], version.made_at)
    waiting = [
        {**row, "persons": left}
        for row in version.result["rows"]
        if (left := max(0, row["persons"] - came.get((row["village"], UUID(row["shelter"])), 0)))
    ]
    return [
        *_zone_changes(plan, version, now),
        *_shelter_changes(waiting, now),
        *_ways(waiting, version, now),
    ]


def _zone_changes(plan: Plan, version: PlanVersion, now: datetime) -> list[Told]:
    zone = plan.zone
    if zone is None:
        return []
    params = {"zone": zone.name}
    if zone.lifted_at is not None or (zone.valid_to is not None and zone.valid_to <= now):
        return [{"key": "zone_over", "params": params}]
    return [{"key": "zone_changed", "params": params}] if zone.version != version.basis["zone"] else []


def _shelter_changes(rows: list[Told], now: datetime) -> list[Told]:
    names = {UUID(row["shelter"]): row["shelter_name"] for row in rows}
    known = {one.pk: one for one in Shelter.objects.filter(pk__in=names)}
    barred = hazards.near(names, now=now)
    need = dict.fromkeys(names, 0)
    for row in rows:
        need[UUID(row["shelter"])] += row["persons"]
    return [
        {**told, "to": str(pk)}
        for pk in sorted(names)
        if (told := _shelter_change(known.get(pk), names[pk], barred.get(pk, []), need[pk])) is not None
    ]


def _shelter_change(shelter: Shelter | None, name: str, zones: list[str], need: int) -> Told | None:
    if shelter is None:
        return {"key": "was_removed", "params": {"shelter": name}}
    free = max(0, shelter.capacity - shelter.occupancy)
    if shelter.state == Shelter.State.CLOSED:
        return {"key": "was_closed", "params": {"shelter": name}}
    if zones:
        return {"key": "was_barred", "params": {"shelter": name, "zone": zones[0]}}
    if free < need:
        return {"key": "was_filled", "params": {"shelter": name, "free": free, "need": need}}
    return None


def _ways(rows: list[Told], version: PlanVersion, now: datetime) -> list[Told]:
    """Look at the ways again, if roads, zones or closures have moved since."""
    by_roads = version.result["how"] == "roads"
    if not rows or not by_roads or ways.danger(now) == version.basis["danger"]:
        return []
    shut = routing.blocking({road for row in rows for road in _roads(row)}, now)
    found = ways.along([(tuple(row["from"]), tuple(row["to"])) for row in rows], at=now)
    told = [_way(row, way, shut) for row, way in zip(rows, found, strict=True)]
    return [one for one in told if one is not None]


def _way(row: Told, way: routing.Route, shut: dict[int, list[str]]) -> Told | None:
    """Say what has become of one way: cut, longer by so many minutes, or led another way round.

    ``shut`` names what blocks each road. A way none of whose roads is blocked still holds,
    unless it takes longer for another reason: roads or speeds were loaded anew.
    """
    by = sorted({name for road in _roads(row) for name in shut.get(road, [])})
    before, after = row["minutes"], round(way.seconds / 60, 1)
    one = {"village": row["village"], "to": row["shelter"], "before": before, "after": after, "by": by}
    names = {"village": row["name"], "shelter": row["shelter_name"]}
    if way.verdict in ways.NO_WAY:
        by = by or way.meets
        params = {**names, "by": "、".join(by)}
        return {**one, "key": "was_cut" if by else "was_lost", "params": params, "by": by, "after": None}
    more = round(after - before, 1)
    is_longer = more >= float(book.value("evacuation.longer_min"))
    if not by and not is_longer:
        return None
    params = {**names, "before": before, "after": after, "more": more, "by": "、".join(by)}
    key = ("was_lengthened" if is_longer else "was_rerouted") if by else "was_slowed"
    return {**one, "key": key, "params": params, "way": ways.kept(way)}


def _roads(row: Told) -> list[int]:
    """Give the pieces of road of a row's way; a plan of former times kept none."""
    return list((row.get("way") or {}).get("roads", []))
