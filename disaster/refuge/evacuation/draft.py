"""A plan worked out from the present state: villages in danger, shelters with room, ways between them.

Nothing is stored here. Whoever is checked in already needs no way any more.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from time import monotonic
from typing import Any
from uuid import UUID

import msgspec
import numpy as np
from django.db.models import Case, F, IntegerField, Sum, When

from disaster.refuge import hazards
from disaster.refuge.evacuation import model, ways
from disaster.refuge.evacuation.explain import Seen, why, why_not
from disaster.refuge.models import Passage
from disaster.rules import book
from gis import routing, threat
from gis.models import Area, HazardZone, Shelter
from gis.scope import AreaScope

SOUGHT = 8
"""Times a plan is solved anew because a chosen way was not dry to the door."""


class Group(msgspec.Struct, frozen=True):
    """Persons of one village who have to leave."""

    code: str
    name: str
    township: str
    persons: int
    lon: float
    lat: float


def threatened(zone: HazardZone, scope: AreaScope) -> list[Group]:
    """Give the villages of a scope with people inside a zone, by the share of their area."""
    return [
        Group(one.code, one.name, one.township, one.people, one.lon, one.lat)
        for one in threat.of(zone.boundary, scope=scope).villages
        if one.people and one.lon is not None and one.lat is not None
    ]


def picked(villages: Mapping[str, int | None], scope: AreaScope) -> list[Group]:
    """Give villages picked by hand; without a number the whole village."""
    rows = Area.objects.within(scope).filter(
        code__in=list(villages), level=Area.Level.VILLAGE, point__isnull=False
    )
    return [
        Group(
            row.code,
            row.name,
            row.parent.name if row.parent else "",
            villages[row.code] or row.population or 0,
            row.point.x,
            row.point.y,
        )
        for row in rows.select_related("parent").defer("boundary", "parent__boundary").order_by("code")
    ]


def arrived(villages: list[str], since: datetime) -> dict[tuple[str, UUID], int]:
    """Give how many of each village came into each shelter since a moment, those who left taken off."""
    signed = Case(
        When(way=Passage.Way.IN, then=F("persons")), default=-F("persons"), output_field=IntegerField()
    )
    rows = (
        Passage.objects.filter(village_id__in=villages, at__gte=since)
        .values_list("village_id", "shelter_id")
        .annotate(net=Sum(signed))
        .order_by()
    )
    return {(village, shelter): net for village, shelter, net in rows if net > 0}


def work_out(
    groups: list[Group], scope: AreaScope, *, now: datetime, pins: list[dict[str, Any]] | None = None
) -> dict[str, Any]:
    """Work out who goes where at present, as plain data for storing and showing."""
    shelters = list(Shelter.objects.within(scope).order_by("pk"))
    barred = hazards.near([one.pk for one in shelters], now=now)
    free = [_free(one, barred) for one in shelters]
    origins = [(one.lon, one.lat) for one in groups]
    places = [(one.point.x, one.point.y) for one in shelters]
    straight = ways.metres(origins, places)
    minutes, how = ways.minutes(origins, places, straight, at=now)
    open_to = np.array([one.pk not in barred and one.state != Shelter.State.CLOSED for one in shelters], bool)
    usable = np.where(open_to[None, :], minutes, np.inf) if shelters else minutes
    pinned = _pins(pins or [], groups, shelters)
    answer, found = _settled(groups, places, free, usable, pinned, by_roads=how == "roads", now=now)
    seen = Seen(shelters, barred, free, straight, usable, answer)
    return {
        "rows": [
            _row(groups[move.group], shelters[move.shelter], move, why(move, seen))
            | {"way": found.get((move.group, move.shelter))}
            for move in _ordered(answer)
        ],
        "unplaced": [
            {
                "village": one.code,
                "name": one.name,
                "township": one.township,
                "persons": left,
                "why": why_not(at, seen),
            }
            for at, (one, left) in enumerate(zip(groups, answer.unplaced, strict=True))
            if left
        ],
        "persons": sum(one.persons for one in groups),
        "placed": sum(move.persons for move in answer.moves),
        "objective": round(answer.objective, 3),
        "bound": round(answer.bound, 3),
        "how": how,
        "dropped": [[groups[group].name, shelters[to].name] for group, to in answer.dropped],
    }


def _settled(
    groups: list[Group],
    places: list[ways.LonLat],
    free: list[int],
    usable: model.Floats,
    pins: dict[model.Pair, int],
    *,
    by_roads: bool,
    now: datetime,
) -> tuple[model.Answer, dict[model.Pair, dict[str, Any]]]:
    """Solve, and look at every chosen way whole; one that is not dry to the door is barred in ``usable``.

    The minutes know the roads alone: the last steps from the road to a shelter may lead
    through a zone. All rounds share the time of one (``evacuation.solve_s``). Where it or the
    rounds run out, the round that leads the most persons to a door counts; what is wet in it
    stays, and is told as no safe way.
    """
    until = monotonic() + float(book.value("evacuation.solve_s"))
    known: dict[model.Pair, routing.Route] = {}
    best: model.Answer | None = None
    most = -1
    for _ in range(SOUGHT):
        answer = model.solve(
            [one.persons for one in groups],
            free,
            usable,
            split=int(book.value("evacuation.shelters_a_village")),
            price=float(book.value("evacuation.unplaced_minutes")),
            pins=pins,
            seconds=max(0.0, until - monotonic()),
        )
        if not by_roads:
            return answer, {}
        pairs = [(move.group, move.shelter) for move in answer.moves]
        new = [pair for pair in pairs if pair not in known]
        asked = [((groups[group].lon, groups[group].lat), places[to]) for group, to in new]
        known |= zip(new, ways.along(asked, at=now), strict=True)
        wet = [pair for pair in pairs if known[pair].verdict in ways.NO_WAY]
        led = sum(move.persons for move in answer.moves if (move.group, move.shelter) not in wet)
        if led >= most:
            best, most = answer, led
        if not wet or monotonic() >= until:
            break
        for pair in wet:
            usable[pair] = np.inf
    assert best is not None  # noqa: S101 - the first round leads nobody or somebody
    return best, {pair: ways.kept(known[pair]) for pair in ((one.group, one.shelter) for one in best.moves)}


def _free(shelter: Shelter, barred: Mapping[UUID, list[str]]) -> int:
    if shelter.pk in barred or shelter.state == Shelter.State.CLOSED:
        return 0
    return max(0, shelter.capacity - shelter.occupancy)


def _pins(pins: list[dict[str, Any]], groups: list[Group], shelters: list[Shelter]) -> dict[model.Pair, int]:
    group = {one.code: at for at, one in enumerate(groups)}
    place = {str(one.pk): at for at, one in enumerate(shelters)}
    return {
        (group[pin["village"]], place[pin["shelter"]]): min(
            pin["persons"], groups[group[pin["village"]]].persons
        )
        for pin in pins
        if pin["village"] in group and pin["shelter"] in place
    }


def _ordered(answer: model.Answer) -> list[model.Move]:
    return sorted(answer.moves, key=lambda move: (move.group, -move.persons))


def _row(group: Group, shelter: Shelter, move: model.Move, reason: dict[str, Any]) -> dict[str, Any]:
    return {
        "village": group.code,
        "name": group.name,
        "township": group.township,
        "from": [round(group.lon, 6), round(group.lat, 6)],
        "shelter": str(shelter.pk),
        "shelter_name": shelter.name,
        "to": [round(shelter.point.x, 6), round(shelter.point.y, 6)],
        "address": shelter.address,
        "route": shelter.route,
        "standby": shelter.state == Shelter.State.STANDBY,
        "persons": move.persons,
        "minutes": round(move.minutes, 1),
        "why": reason,
    }
