"""The road network in memory, read once for each state of its table."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import shapely
from django.db import connection
from shapely import STRtree

from gis.routing import speeds

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Graph:
    """Edges as arrays: ``ids`` of roads, ``ends`` (places in ``nodes``), forward and backward seconds.

    ``backward`` is infinite for a one-way road. ``nodes`` are the nodes' ids, ``points``
    where they lie (EPSG:4326).
    """

    key: str
    ids: Ints
    ends: Ints
    forward: Floats
    backward: Floats
    lengths: Floats
    nodes: Ints
    points: Floats
    lines: npt.NDArray[np.object_]
    tree: STRtree
    place: dict[int, int] = field(default_factory=dict)
    """Road id → its place among the edges."""


_STATE = "SELECT count(*), coalesce(max(id), 0), coalesce(sum(length_m), 0) FROM places_road"
_EDGES = """
    SELECT id, source_id, target_id, kind, length_m, climb, is_oneway, ST_AsBinary(line) FROM places_road ORDER BY id
"""
_lock = threading.Lock()
_graph: Graph | None = None


def state() -> str:
    """Name the roads and their speeds as they are: two equal names mean the same pieces of road, as quick."""
    return _named(speeds.now())


def _named(known: dict[str, float]) -> str:
    with connection.cursor() as cursor:
        cursor.execute(_STATE)
        roads = ":".join(f"{part:.0f}" for part in cursor.fetchone())
    return ":".join([roads, *(f"{kind}={kmh:g}" for kind, kmh in sorted(known.items()))])


def current() -> Graph:
    """Give the network as it is; one cheap statement says whether it is still the one in memory."""
    global _graph
    known = speeds.now()
    key = _named(known)
    with _lock:
        if _graph is None or _graph.key != key:
            _graph = _read(key, known)
        return _graph


def _read(key: str, known: dict[str, float]) -> Graph:
    with connection.cursor() as cursor:
        cursor.execute(_EDGES)
        rows = cursor.fetchall()
    ids = np.array([row[0] for row in rows], dtype=np.int64)
    raw = np.array([[row[1], row[2]] for row in rows], dtype=np.int64).reshape(-1, 2)
    nodes, ends = np.unique(raw, return_inverse=True)
    lines = shapely.from_wkb([bytes(row[7]) for row in rows])
    forward = np.array([speeds.seconds(row[3], row[4], row[5], known) for row in rows], dtype=np.float64)
    oneway = np.array([row[6] for row in rows], dtype=bool)
    ends = ends.reshape(-1, 2).astype(np.int64)
    points = np.zeros((len(nodes), 2))
    if len(rows):
        points[ends[:, 0]] = shapely.get_coordinates(shapely.get_point(lines, 0))
        points[ends[:, 1]] = shapely.get_coordinates(shapely.get_point(lines, -1))
    return Graph(
        key=key,
        ids=ids,
        ends=ends,
        forward=forward,
        backward=np.where(oneway, np.inf, forward),
        lengths=np.array([row[4] for row in rows], dtype=np.float64),
        nodes=nodes,
        points=points,
        lines=np.asarray(lines, dtype=object),
        tree=STRtree(lines),
        place={int(one): at for at, one in enumerate(ids)},
    )
