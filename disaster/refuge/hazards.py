"""Which shelters lie in danger: inside an active hazard zone, or too close to one.

A weather warning (气象) covers whole counties and bars no shelter; every other kind does.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import connection

from disaster.rules import book

# The box is a little wider than the distance: a degree of latitude is 111 km, of longitude less.
_NEAR = """
    SELECT shelter.id, array_agg(zone.name ORDER BY zone.name)
      FROM places_shelter shelter
      JOIN places_hazardzone zone
        ON zone.boundary && ST_Expand(shelter.point, %(metres)s / 40000.0)
       AND ST_DWithin(zone.boundary::geography, shelter.point::geography, %(metres)s)
     WHERE shelter.id = ANY(%(ids)s) AND zone.kind <> 'weather' AND zone.lifted_at IS NULL
       AND zone.valid_from <= %(at)s AND (zone.valid_to IS NULL OR zone.valid_to > %(at)s)
     GROUP BY shelter.id
"""


def near(shelters: Iterable[UUID], *, now: datetime) -> dict[UUID, list[str]]:
    """Give the zones that bar each shelter as a destination, by one statement."""
    metres = int(book.value("shelter.clear_m"))
    with connection.cursor() as cursor:
        cursor.execute(_NEAR, {"metres": metres, "ids": list(shelters), "at": now})
        return dict(cursor.fetchall())
