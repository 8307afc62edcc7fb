"""How long it takes from where goods are to every village: by dry road, else along a straight line."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import numpy as np
from django.db import connection

from disaster.relief.plan.solve.model import Floats
from disaster.relief.stock.models import Place
from disaster.rules import book
from gis import routing
from gis.models import Area, Road

_METRES = """
    SELECT ST_Distance(place.point::geography, village.point::geography)
      FROM unnest(%s::uuid[]) WITH ORDINALITY AS asked (id, at)
      JOIN stock_place place ON place.id = asked.id
     CROSS JOIN unnest(%s::text[]) WITH ORDINALITY AS other (code, at)
      JOIN places_area village ON village.code = other.code
     ORDER BY asked.at, other.at
"""


def minutes(places: Sequence[Place], villages: Sequence[str], *, now: datetime) -> tuple[Floats, bool]:
    """Give minutes from places to villages (infinite: no dry road), and whether they are by road.

    What is at a village's own point is there already, and serves no other village.
    """
    found = np.full((len(places), len(villages)), np.inf)
    known = set(Area.objects.filter(pk__in=villages, point__isnull=False).values_list("code", flat=True))
    reachable = [at for at, code in enumerate(villages) if code in known]
    afar = [at for at, one in enumerate(places) if str(one.area_id) not in villages]
    by_roads = Road.objects.exists()
    if afar and reachable:
        chosen, codes = [places[at] for at in afar], [villages[at] for at in reachable]
        found[np.ix_(afar, reachable)] = (
            _by_road(chosen, codes, now) if by_roads else _straight(chosen, codes)
        )
    for at, one in enumerate(places):
        if str(one.area_id) in villages:
            found[at, list(villages).index(str(one.area_id))] = 0.0
    return found, by_roads


def _by_road(places: Sequence[Place], villages: Sequence[str], now: datetime) -> Floats:
    points = dict(Area.objects.filter(pk__in=villages).values_list("code", "point"))
    whence = [(one.point.x, one.point.y) for one in places if one.point]
    where = [(points[code].x, points[code].y) for code in villages]
    return routing.matrix(whence, where, at=now) / 60.0


def _straight(places: Sequence[Place], villages: Sequence[str]) -> Floats:
    metres_a_minute = int(book.value("plan.straight_kmh")) * 1000 / 60
    with connection.cursor() as cursor:
        cursor.execute(_METRES, [[one.pk for one in places], list(villages)])
        flat = [row[0] for row in cursor.fetchall()]
    return np.array(flat, dtype=float).reshape(len(places), len(villages)) / metres_a_minute
