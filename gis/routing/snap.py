"""From a place to the road: the nearest edge that can be passed, and where on it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import shapely

from gis.routing.blocked import Danger
from gis.routing.graph import Graph

LonLat = tuple[float, float]
FARTHEST_DEGREES = 0.05
"""Some five kilometres: a place farther from any road than that is not on the network."""
METRES_A_DEGREE = 111_320.0


class Foot(NamedTuple):
    """Where a place meets the road: the edge, how far along it (0 to 1), and the metres to it."""

    edge: int
    share: float
    metres: float
    at: LonLat


def feet(
    places: Sequence[LonLat], graph: Graph, danger: Danger | None, candidates: int = 24
) -> list[Foot | None]:
    """Give each place's foot on the nearest road that is not blocked; None where there is none near."""
    return [_foot(place, graph, danger, candidates) for place in places]


def _foot(place: LonLat, graph: Graph, danger: Danger | None, candidates: int) -> Foot | None:
    if not len(graph.ids):
        return None
    point = shapely.Point(place)
    for reach in (0.004, 0.012, FARTHEST_DEGREES):
        near = graph.tree.query(point, predicate="dwithin", distance=reach)
        free = near if danger is None else near[~danger.edges[near]]
        if len(free):
            distances = shapely.distance(graph.lines[free], point)
            return _on(int(free[int(np.argmin(distances))]), place, graph)
    return None


def _on(edge: int, place: LonLat, graph: Graph) -> Foot:
    line = graph.lines[edge]
    share = float(shapely.line_locate_point(line, shapely.Point(place), normalized=True))
    spot = shapely.line_interpolate_point(line, share, normalized=True)
    east = (spot.x - place[0]) * math.cos(math.radians(place[1]))
    metres = math.hypot(east, spot.y - place[1]) * METRES_A_DEGREE
    return Foot(edge, share, metres, (spot.x, spot.y))
