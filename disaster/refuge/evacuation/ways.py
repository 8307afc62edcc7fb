"""How long each way takes: by dry road where roads are known, else on foot along a straight line.

A straight line is an estimate (直线估算) that knows neither roads nor water, and is always told so.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal

import msgspec
import numpy as np
from django.db import connection

from disaster.refuge.evacuation.model import Floats
from disaster.rules import book
from gis import routing
from gis.models import Road
from gis.routing import directions
from gis.routing.directions import Section

NO_WAY = (*routing.NO_DRY, "end_inside")
"""Verdicts of a way that nobody may be sent along: the last steps to a shelter count too."""
LonLat = tuple[float, float]
How = Literal["roads", "straight"]

_METRES = """
    SELECT ST_Distance(ST_SetSRID(ST_MakePoint(o.x, o.y), 4326)::geography,
                       ST_SetSRID(ST_MakePoint(d.x, d.y), 4326)::geography)
      FROM unnest(%s::float8[], %s::float8[]) WITH ORDINALITY AS o (x, y, at)
     CROSS JOIN unnest(%s::float8[], %s::float8[]) WITH ORDINALITY AS d (x, y, at)
     ORDER BY o.at, d.at
"""


def metres(origins: Sequence[LonLat], destinations: Sequence[LonLat]) -> Floats:
    """Give the straight distances on the ellipsoid, origins × destinations."""
    if not origins or not destinations:
        return np.zeros((len(origins), len(destinations)))
    with connection.cursor() as cursor:
        cursor.execute(_METRES, [*_columns(origins), *_columns(destinations)])
        flat = [row[0] for row in cursor.fetchall()]
    return np.array(flat, dtype=float).reshape(len(origins), len(destinations))


def minutes(
    origins: Sequence[LonLat], destinations: Sequence[LonLat], straight: Floats, *, at: datetime
) -> tuple[Floats, How]:
    """Give the minutes from each origin to each destination, and how they were found."""
    if origins and destinations and Road.objects.exists():
        return routing.matrix(origins, destinations, at=at) / 60.0, "roads"
    per_minute = float(book.value("evacuation.walk_kmh")) * 1000 / 60
    return straight / per_minute, "straight"


def along(pairs: Sequence[tuple[LonLat, LonLat]], *, at: datetime) -> list[routing.Route]:
    """Give the roads behind the minutes of each pair, held against zones and closures once more."""
    return routing.along(pairs, at=at)


def kept(way: routing.Route) -> dict[str, Any]:
    """Give a way as a plan keeps it: plain data, places in EPSG:4326 to a tenth of a metre."""
    return {
        "verdict": way.verdict,
        "meets": way.meets,
        "minutes": round(way.seconds / 60, 1),
        "metres": round(way.metres),
        "walks": [round(one) for one in way.walks],
        "line": [[round(x, 6), round(y, 6)] for x, y in way.line],
        "roads": way.roads,
        "sections": msgspec.to_builtins(way.sections),
    }


def words(way: dict[str, Any], language: str) -> str:
    """Say which roads a kept way takes, in turn."""
    told = msgspec.convert(way["sections"], list[Section])
    return directions.say(told, way["walks"], language)


def kilometres(way: dict[str, Any]) -> float:
    """Give a kept way's length, what is walked included."""
    return round((way["metres"] + sum(way["walks"])) / 1000, 1)


def danger(at: datetime) -> list[str]:
    """Name the state of roads, their speeds, zones and closures at a moment: two equal lists mean that no way has changed."""
    return [f"n{routing.network()}", *routing.danger(at)]


def _columns(places: Sequence[LonLat]) -> tuple[list[float], list[float]]:
    return [lon for lon, _ in places], [lat for _, lat in places]
