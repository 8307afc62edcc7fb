"""From a point to the village it lies in, in memory and in microseconds.

The answer is the one PostGIS gives with ``ST_Covers``; where a border is shared, the lowest
code wins, so that every point lies in one village only. Outlines stay whole: cutting them
would move their borders by a rounding, and a village's outline is short.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import shapely
from django.db import connection
from shapely import STRtree

from gis.layers import rows_version

BELIEVED_S = 60.0
CHINA = (73.4, 3.4, 135.1, 53.6)
"""West, south, east, north of China with its seas, EPSG:4326."""


class _Index(NamedTuple):
    tree: STRtree
    outlines: np.ndarray  # prepared polygons
    codes: list[str]


_lock = threading.Lock()
_index: _Index | None = None
_version: object = None
_look_at = 0.0


def in_china(lon: float, lat: float) -> bool:
    """Say whether a position (EPSG:4326) may be in China at all."""
    west, south, east, north = CHINA
    return west <= lon <= east and south <= lat <= north


def village_at(lon: float, lat: float) -> str | None:
    """Give the code of the village that covers a position (EPSG:4326), None outside all."""
    index = _current()
    point = shapely.Point(lon, lat)
    near = sorted(index.tree.query(point).tolist())  # as the codes are sorted, the first is the lowest
    return next((index.codes[place] for place in near if shapely.covers(index.outlines[place], point)), None)


def villages_at(places: Sequence[tuple[float, float]]) -> list[str | None]:
    """Answer :func:`village_at` for many positions at once, at a fraction of the cost of each."""
    if not places:
        return []
    index = _current()
    points: Any = shapely.points(np.asarray(places, dtype=float))
    asked, near = index.tree.query(points)
    inside = shapely.covers(index.outlines[near], points[asked])
    lowest = np.full(len(points), len(index.codes))
    np.minimum.at(lowest, asked[inside], near[inside])  # the codes are sorted: the first is the lowest
    codes = [*index.codes, None]
    return [codes[place] for place in lowest.tolist()]


def reload() -> None:
    """Read the outlines anew at the next question."""
    global _look_at, _version
    _look_at, _version = 0.0, None


def _current() -> _Index:
    global _index, _version, _look_at
    if _index is None or time.monotonic() >= _look_at:
        with _lock:
            if _index is None or time.monotonic() >= _look_at:
                version = _stamp()
                if _index is None or version != _version:
                    _index, _version = _load(), version
                _look_at = time.monotonic() + BELIEVED_S
    return _index


def _stamp() -> object:
    """Tell one state of the outlines from another, without reading them."""
    with connection.cursor() as cursor:
        cursor.execute(rows_version("places_area", "code", "level = 'village'"))
        return cursor.fetchone()


def _load() -> _Index:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT code, ST_AsBinary(boundary) FROM places_area"
            " WHERE level = 'village' AND boundary IS NOT NULL ORDER BY code"
        )
        rows = cursor.fetchall()
    outlines = shapely.from_wkb([bytes(row[1]) for row in rows])
    shapely.prepare(outlines)
    return _Index(STRtree(outlines), outlines, [row[0] for row in rows])
