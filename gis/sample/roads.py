"""The sample county's roads: simulated (模拟), from the simulated places alone. Deterministic.

Villages are joined to the neighbours with nobody between them (Gabriel graph), seats and
villages alike; which of these are 省道, 县道, 乡道 or 村道 follows from how many of the ways
between townships use them, so that the network has a spine, valleys and ends as a real one
has. Lines wind as mountain roads do. Nothing here may decide anything about the real county.
"""

from __future__ import annotations

import math
import random
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import dijkstra
from scipy.spatial import Delaunay
from shapely.geometry import LineString, mapping, shape

SHRINK = math.cos(math.radians(30.77))
FARTHEST = 0.13
"""Degrees beyond which neighbours are not joined: about 14 km."""
HILLS_FROM = 30.68
"""North of this latitude roads wind more (degrees)."""

Spot = tuple[float, float]
Edge = tuple[int, int]


def features(areas: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Give the roads between the places of ``areas.geojson``'s features, as GeoJSON features (EPSG:4326)."""
    county = shape(next(f["geometry"] for f in areas if f["properties"]["level"] == "city"))
    places = [f["properties"] for f in areas if f["properties"]["level"] in ("township", "village")]
    named: dict[Spot, Any] = {}
    for place in places:
        if place["lon"] is not None:
            named.setdefault((place["lon"], place["lat"]), place)
    spots = list(named)
    edges = _neighbours(spots)
    seats = [at for at, spot in enumerate(spots) if named[spot]["level"] == "township"]
    classes = _classes(spots, edges, seats)
    for edge, kind in classes.items():
        one, other = (named[spots[at]]["name"] for at in edge)
        line = _winding(spots[edge[0]], spots[edge[1]])
        inside = line.intersection(county.buffer(0.01))
        if inside.geom_type == "LineString" and inside.length > line.length * 0.98:
            yield {
                "type": "Feature",
                "properties": {"kind": kind, "name": f"{one}至{other}(模拟)", **_bridge(edge, kind)},
                "geometry": mapping(line),
            }


def _flat(spot: Spot) -> Spot:
    return spot[0] * SHRINK, spot[1]


def _distance(one: Spot, other: Spot) -> float:
    return math.dist(_flat(one), _flat(other))


def _neighbours(spots: list[Spot]) -> list[Edge]:
    """Join two places when no third lies in the circle over them."""
    flat = [_flat(spot) for spot in spots]
    pairs = {
        (int(min(a, b)), int(max(a, b)))
        for triangle in Delaunay(flat).simplices
        for a, b in zip(triangle, [*triangle[1:], triangle[0]], strict=True)
    }
    found = []
    for a, b in sorted(pairs):
        middle = ((flat[a][0] + flat[b][0]) / 2, (flat[a][1] + flat[b][1]) / 2)
        radius = math.dist(flat[a], flat[b]) / 2
        alone = all(math.dist(middle, c) >= radius for at, c in enumerate(flat) if at not in (a, b))
        if alone and 2 * radius < FARTHEST:
            found.append((a, b))
    return found


def _classes(spots: list[Spot], edges: list[Edge], seats: list[int]) -> dict[Edge, str]:
    """Say what each road is by how many ways between seats use it."""
    rows, columns = [a for a, _ in edges], [b for _, b in edges]
    lengths = [_distance(spots[a], spots[b]) for a, b in edges]
    web = csr_matrix((lengths, (rows, columns)), shape=(len(spots), len(spots)))
    _, before = dijkstra(web, directed=False, indices=seats, return_predecessors=True)
    used: Counter[Edge] = Counter()
    for row, start in enumerate(seats):
        for end in seats:
            at = end
            while at != start and before[row, at] >= 0:
                back = int(before[row, at])
                used[min(at, back), max(at, back)] += 1
                at = back
    return {edge: _class(used[edge], at) for at, edge in enumerate(edges)}


def _class(uses: int, at: int) -> str:
    if uses >= 26:
        return "provincial"
    if uses >= 6:
        return "county"
    if uses:
        return "township"
    return "village" if at % 3 else "township"


def _bridge(edge: Edge, kind: str) -> dict[str, Any]:
    """Call every ninth road of some rank a bridge, that bridges can be shown."""
    return {"bridge": kind != "village" and (edge[0] * 7 + edge[1]) % 9 == 0}


def _winding(start: Spot, end: Spot) -> LineString:
    """Draw a way between two places that swings to both sides, more in the hills."""
    chance = random.Random(f"{start}{end}")  # noqa: S311 - a drawing
    line = [start, end]
    swing = 0.16 if (start[1] + end[1]) / 2 > HILLS_FROM else 0.08
    for _ in range(3):
        bent = [line[0]]
        for one, other in pairwise(line):
            push = chance.uniform(-swing, swing)
            east, north = other[0] - one[0], other[1] - one[1]
            bent += [
                (
                    (one[0] + other[0]) / 2 - north * push / SHRINK,
                    (one[1] + other[1]) / 2 + east * SHRINK * push,
                ),
                other,
            ]
        line = bent
    return LineString([(round(lon, 6), round(lat, 6)) for lon, lat in line])
