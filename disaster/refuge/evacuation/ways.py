"""How long each way takes: by dry road where roads are known, else on foot along a straight line.

A straight line is an estimate (直线估算) that knows neither roads nor water, and is always told so.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

import numpy as np
from django.db import connection

from disaster.refuge.evacuation.model import Floats
from disaster.rules import book
from gis import routing
from gis.models import Road

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


def danger(at: datetime) -> list[str]:
    """Name the state of zones and closures at a moment: two equal lists mean that no way has changed."""
    return list(routing.danger(at))


def _columns(places: Sequence[LonLat]) -> tuple[list[float], list[float]]:
    return [lon for lon, _ in places], [lat for _, lat in places]
