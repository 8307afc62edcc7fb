"""How long lorries take between places, and by which way: roads that are neither closed nor in danger.

The network walks from the nearest open road to the place; a lorry does not. Where the road at
a place's door is blocked and the next open one is farther (rule ``dispatch.carry_m``), no dry
road leads there.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import numpy as np
import shapely

from disaster.refuge.evacuation import ways
from disaster.relief.dispatch.routes.model import Matrix
from disaster.rules import book
from gis import routing
from gis.models import Road
from gis.routing import blocked, graph
from gis.routing.snap import feet

LonLat = tuple[float, float]
Leg = dict[str, Any]
"""``line``, ``seconds``, ``metres``, ``verdict``, ``meets``; for JSON."""
NEVER = 10**7
"""Seconds that stand for no way at all, four months."""
NO_DRY = ("no_dry", "no_road")


def seconds(origins: Sequence[LonLat], places: Sequence[LonLat], *, at: datetime) -> tuple[Matrix, bool]:
    """Give the whole seconds from each place to each (EPSG:4326), ``NEVER`` where no dry road leads.

    Without any roads: along straight lines at the rule's speed. The second value says
    whether roads were used.
    """
    by_roads = Road.objects.exists()
    if by_roads:
        found = routing.matrix(origins, places, at=at)
        found[:, [one is not None for one in cut(places, at=at)]] = np.inf
    else:
        found = ways.metres(origins, places) / _mps()
    whole = np.where(np.isfinite(found), np.rint(np.where(np.isfinite(found), found, 0)), NEVER)
    same = np.array([[start == end for end in places] for start in origins], dtype=bool)
    return np.where(same, 0, whole).astype(np.int64), by_roads


def leg(start: LonLat, end: LonLat, *, at: datetime) -> Leg:
    """Give the way between two places; where no dry one leads, its verdict says so and what it meets."""
    if start == end:
        return {"line": [list(start), list(end)], "seconds": 0, "metres": 0, "verdict": "dry", "meets": []}
    if not Road.objects.exists():
        return _straight(start, end, "straight")
    way = routing.path(start, end, at=at)[0]
    if way.verdict == "no_road":
        return _straight(start, end, "no_road")
    (names,) = cut([end], at=at) if way.verdict not in NO_DRY else (None,)
    return {
        "line": [[round(x, 6), round(y, 6)] for x, y in way.line],
        "seconds": round(way.seconds),
        "metres": round(way.metres + way.walk_m),
        "verdict": way.verdict if names is None else "no_dry",
        "meets": way.meets if names is None else names,
    }


def cut(places: Sequence[LonLat], *, at: datetime) -> list[list[str] | None]:
    """Name what blocks the road at each place's door; None where a lorry still comes near enough."""
    network = graph.current()
    danger = blocked.at(at, network)
    if not danger.ids:
        return [None] * len(places)
    carried = float(book.value("dispatch.carry_m"))
    pairs = zip(feet(places, network, None), feet(places, network, danger), strict=True)
    shut = {
        place: network.lines[door.edge]
        for place, (door, way) in enumerate(pairs)
        if door is not None and (way is None or way.metres > max(door.metres, carried))
    }
    names = dict(zip(shut, _met(list(shut.values()), at), strict=True))
    return [names.get(place) for place in range(len(places))]


def meets(line: Sequence[Sequence[float]], *, at: datetime) -> list[str]:
    """Name the zones and closures a line meets at a moment."""
    return _met([shapely.LineString(line)], at)[0] if len(line) > 1 else []


def _met(lines: Sequence[Any], at: datetime) -> list[list[str]]:
    """Name what each line meets, in one statement for all."""
    return blocked.touched([shapely.to_wkb(line) for line in lines], at)


def danger(at: datetime) -> list[str]:
    """Name the state of zones and closures: two equal answers mean that no way has changed."""
    return list(routing.danger(at))


def _straight(start: LonLat, end: LonLat, verdict: str) -> Leg:
    metres = float(ways.metres([start], [end])[0, 0])
    return {
        "line": [list(start), list(end)],
        "seconds": round(metres / _mps()),
        "metres": round(metres),
        "verdict": verdict,
        "meets": [],
    }


def _mps() -> float:
    return float(book.value("dispatch.straight_kmh")) / 3.6
