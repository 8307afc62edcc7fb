"""What can be reached by dry road within some minutes (等时圈)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import numpy as np
import shapely
from scipy.sparse.csgraph import dijkstra

from gis.routing import blocked, graph
from gis.routing.snap import LonLat, feet
from gis.routing.tables import with_origins

WIDE = 0.004
"""Degrees to each side of a road that count as reached with it, some 400 m."""


def reach(place: LonLat, minutes: Sequence[int], *, at: datetime) -> list[dict[str, Any]]:
    """Give a ring for each number of minutes as GeoJSON features (EPSG:4326), the farthest first.

    A ring is what lies along the roads reached in time; where none is, it has no geometry.
    """
    network = graph.current()
    danger = blocked.at(at, network)
    (foot,) = feet([place], network, danger)
    if foot is None:
        return [_feature(one, None) for one in sorted(minutes, reverse=True)]
    web, first = with_origins(network, danger, [foot])
    reached = dijkstra(web, directed=True, indices=first, limit=max(minutes) * 60.0)
    found = []
    for one in sorted(minutes, reverse=True):
        times = np.minimum(reached[network.ends[:, 0]], reached[network.ends[:, 1]])
        far = np.maximum(reached[network.ends[:, 0]], reached[network.ends[:, 1]])
        within = (far <= one * 60) & ~danger.edges & np.isfinite(times)
        lines = network.lines[within]
        found.append(_feature(one, _ring(lines) if len(lines) else None))
    return found


def _ring(lines: Any) -> Any:
    wide = shapely.union_all(shapely.buffer(lines, WIDE, quad_segs=2))
    return shapely.simplify(wide, WIDE / 8)


def _feature(minutes: int, shape: Any) -> dict[str, Any]:
    return {
        "type": "Feature",
        "geometry": None if shape is None else shapely.geometry.mapping(shape),
        "properties": {"minutes": minutes},
    }
