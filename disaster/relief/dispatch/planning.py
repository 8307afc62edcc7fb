"""From waiting transfers and free lorries to trips: what is asked of ``routes``, and its answer in words of places.

A plan is plain JSON, so that a draft keeps it: ``trips`` in the order they leave (each with its
``vehicle``, ``starts``, ``ends``, load and ``visits``, a load of a document each), what was ``left`` and why, ``driving_s`` of all lorries, the
``last`` arrival and the ``mean_s`` of waiting until the goods are there.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Container, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
import numpy as np

from disaster.relief.dispatch import travel
from disaster.relief.dispatch.loads import EASE, Hold, Load, parted
from disaster.relief.dispatch.models import Vehicle
from disaster.relief.dispatch.routes import Depot, Lorry, Plan, Problem, Stop, Trip, Visit, relief
from disaster.relief.dispatch.routes.model import FOREVER, Matrix
from disaster.relief.dispatch.spots import spot
from disaster.relief.stock.models import Document, Place
from disaster.rules import book

Told = dict[str, Any]
AIMS: Mapping[str, relief.Aim] = {"cheapest": "cost", "soonest": "worst"}
"""What a plan may be for: the least driving, or the earliest last arrival."""
SMALL_S = 0.1
"""Seconds that suffice for a handful of transfers."""


class Wish(msgspec.Struct, frozen=True):
    """What is to be planned: when lorries may leave and must be back, how many trips each, and by when what is due."""

    starts_at: datetime
    ends_at: datetime
    turns: int = 1
    due: Mapping[UUID, datetime] = {}


class Part(msgspec.Struct, frozen=True):
    """A load of a document that was parted by whole units; most have one."""

    document: Document
    load: Load


class Table(msgspec.Struct, frozen=True):
    """The places concerned, with the seconds between them."""

    places: list[Place]
    seconds: Matrix
    by_roads: bool

    def number(self, place: Place) -> int:
        """Give a place's number in the matrix."""
        return next(at for at, one in enumerate(self.places) if one.pk == place.pk)


def work_out(
    documents: Sequence[Document],
    vehicles: Sequence[Vehicle],
    loads: Mapping[UUID, Load],
    wish: Wish,
    *,
    now: datetime,
) -> dict[str, Told]:
    """Plan by every aim, with what no lorry holds parted into several loads.

    What no lorry can carry or no dry road reaches is left out, and said why.
    """
    table = _table(documents, vehicles, now)
    able, left = _parts(documents, vehicles, loads, table, wish, now)
    problem = _problem(able, vehicles, table, wish)
    seconds = min(float(book.value("dispatch.solve_s")), SMALL_S + 0.05 * len(able))
    plans = {}
    for name, aim in AIMS.items():
        found = relief.solve(problem, aim=aim, seconds=seconds) if able else Plan([], [], 0)
        found = found or Plan([], list(range(len(able))), 0)
        plans[name] = _told(found, able, vehicles, table, wish, left)
    return plans


def _parts(
    documents: Sequence[Document],
    vehicles: Sequence[Vehicle],
    loads: Mapping[UUID, Load],
    table: Table,
    wish: Wish,
    now: datetime,
) -> tuple[list[Part], list[Told]]:
    """Part what no lorry holds into several loads; give the parts, and what can't be carried with the reason."""
    able: list[Part] = []
    left: list[Told] = []
    holds = [Hold(float(one.capacity_kg), float(one.capacity_m3)) for one in vehicles]
    for one in documents:
        load = loads[one.pk]
        parts = parted(load, holds, turns=wish.turns)
        if parts is None:
            left.append({**_named(one), "why": "too_heavy", "kg": round(load.kg), "m3": round(load.m3, 1)})
        elif why := _hindrance(one, vehicles, table, now):
            left.append({**_named(one), **why})
        else:
            found, rest = parts
            able += [Part(one, part) for part in found]
            left += [{**_named(one), "why": "no_room", "goods": rest.goods()}] if rest.pieces else []
    return able, left


def _table(documents: Sequence[Document], vehicles: Sequence[Vehicle], now: datetime) -> Table:
    ends = [vehicle.home for vehicle in vehicles]
    ends += [place for document in documents for place in (document.source, document.target)]
    places = list({place.pk: place for place in ends}.values())
    at = [spot(place.point) for place in places]
    seconds, by_roads = travel.seconds(at, at, at=now)
    return Table(places, seconds, by_roads)


def _hindrance(document: Document, vehicles: Sequence[Vehicle], table: Table, now: datetime) -> Told | None:
    """Say why no lorry gets to a document's ends."""
    source, target = table.number(document.source), table.number(document.target)
    for vehicle in vehicles:
        home = table.number(vehicle.home)
        ways = [(home, source), (source, target), (target, home)]
        if max(int(table.seconds[way]) for way in ways) < travel.NEVER:
            return None
    found = travel.leg(spot(document.source.point), spot(document.target.point), at=now)
    if found["verdict"] not in travel.NO_DRY:
        found = travel.leg(spot(vehicles[0].home.point), spot(document.source.point), at=now)
    return {"why": "no_dry", "meets": found["meets"]}


def _problem(
    parts: Sequence[Part],
    vehicles: Sequence[Vehicle],
    table: Table,
    wish: Wish,
) -> Problem:
    depots = list({one.home_id: one.home for one in vehicles}.values())
    homes = {place.pk: at for at, place in enumerate(depots)}
    for source in (one.document.source for one in parts):
        if source.pk not in homes:
            homes[source.pk] = len(depots)
            depots.append(source)
    unloading = 60 * int(book.value("dispatch.unload_minutes"))
    stops = [
        Stop(
            at=table.number(one.document.target),
            kg=max(1, math.ceil(one.load.kg - EASE)),
            litres=math.ceil(one.load.m3 * 1000 - EASE),
            unloading=unloading,
            closes=_after(wish, wish.due[one.document.pk]) if one.document.pk in wish.due else FOREVER,
            source=homes[one.document.source_id],
        )
        for one in parts
    ]
    lorries = [
        Lorry(
            home=homes[one.home_id],
            kg=one.capacity_kg,
            litres=int(one.capacity_m3 * 1000),
            ends=_after(wish, wish.ends_at),
            trips=wish.turns,
        )
        for one in vehicles
    ]
    loading = 60 * int(book.value("dispatch.load_minutes"))
    at_depots = [Depot(at=table.number(place), loading=loading) for place in depots]
    # What no dry road joins is out of every shift: no lorry is sent there.
    return Problem(stops, at_depots, lorries, table.seconds, table.seconds, may_leave=True)


def _after(wish: Wish, moment: datetime) -> int:
    return max(0, int((moment - wish.starts_at).total_seconds()))


def _told(
    plan: Plan,
    parts: Sequence[Part],
    vehicles: Sequence[Vehicle],
    table: Table,
    wish: Wish,
    left: Sequence[Told],
) -> Told:
    going = sorted(plan.trips, key=lambda one: (one.starts, one.visits[0].begins, one.ends))
    left = _left(left, [parts[at] for at in plan.left])
    numbers = _numbers(going, parts)
    waiting = {row["document"] for row in left}
    trips = []
    for trip in going:
        vehicle = vehicles[trip.lorry]
        visits = [_visit(one, parts, numbers, waiting, wish) for one in _real(trip.visits, vehicle, parts)]
        carried = [parts[one.stop].load for one in trip.visits if one.is_drop]
        trips.append(
            {
                "vehicle": str(vehicle.pk),
                "plate": vehicle.plate,
                "home": vehicle.home.name,
                "turn": trip.turn,
                "starts": _moment(wish, trip.starts),
                "ends": _moment(wish, trip.ends),
                "driving_s": trip.metres,
                "kg": round(sum(one.kg for one in carried)),
                "m3": round(sum(one.m3 for one in carried), 2),
                "visits": visits,
            }
        )
    arrivals = list(plan.arrivals().values())
    return {
        "trips": trips,
        "left": left,
        "driving_s": plan.metres,
        "last": _moment(wish, max(arrivals)) if arrivals else None,
        "mean_s": round(float(np.mean(arrivals))) if arrivals else None,
        "by_roads": table.by_roads,
    }


def _left(left: Sequence[Told], parts: Sequence[Part]) -> list[Told]:
    """Give what is on no trip, a paper once: what no lorry has room for and what the plan left out are one rest."""
    rows = {row["document"]: dict(row) for row in left}
    for part in parts:
        named = _named(part.document)
        row = rows.setdefault(named["document"], {**named, "why": "no_room", "goods": {}})
        row["goods"] = dict(Counter(row["goods"]) + Counter(part.load.goods()))
    return list(rows.values())


def _numbers(trips: Sequence[Trip], parts: Sequence[Part]) -> dict[int, int]:
    """Number the loads of each paper from 1 in the order they leave: part → number."""
    numbers: dict[int, int] = {}
    used = Counter[UUID]()
    for at in dict.fromkeys(visit.stop for trip in trips for visit in trip.visits):
        used[parts[at].document.pk] += 1
        numbers[at] = used[parts[at].document.pk]
    return numbers


def _real(visits: Sequence[Visit], vehicle: Vehicle, parts: Sequence[Part]) -> list[Visit]:
    """Leave out what is fetched at home before leaving: it is loaded there like all else."""
    first = next(
        (
            at
            for at, one in enumerate(visits)
            if one.is_drop or parts[one.stop].document.source_id != vehicle.home_id
        ),
        len(visits),
    )
    return list(visits[first:])


def _visit(
    visit: Visit, parts: Sequence[Part], numbers: Mapping[int, int], waiting: Container[str], wish: Wish
) -> Told:
    """Tell a visit with its load: the ``load``-th ``of`` so many of its paper that go; ``waits`` if some does not."""
    part = parts[visit.stop]
    document = part.document
    place = document.target if visit.is_drop else document.source
    return {
        **_named(document),
        "goods": part.load.goods(),
        "load": numbers[visit.stop],
        "of": sum(parts[at].document.pk == document.pk for at in numbers),
        "waits": str(document.pk) in waiting,
        "place": str(place.pk),
        "place_name": place.name,
        "is_drop": visit.is_drop,
        "at": _moment(wish, visit.begins),
    }


def _named(document: Document) -> Told:
    return {
        "document": str(document.pk),
        "number": document.number,
        "source_name": document.source.name,
        "target_name": document.target.name,
    }


def _moment(wish: Wish, seconds: int) -> str:
    return (wish.starts_at + timedelta(seconds=seconds)).isoformat()
