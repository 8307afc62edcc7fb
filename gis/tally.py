"""What lies below each province, prefecture and county: villages and people, at its seat.

Below the zoom where villages can be told apart these stand for them. They are counted once for all
readers, by code prefix, and again after the areas have changed.
"""

from __future__ import annotations

from typing import Any

from django.db import connection, transaction

from gis import changes

OUTLINE_M = 300
"""What an outline of a county may be off, in metres of EPSG:3857: one unit of a tile at zoom 5."""
_LOCK = 0x7A71_0005
"""Advisory lock: one process counts, the others show what was counted before."""

_STATE = changes.state_sql("places_area")
_COUNT = f"""
WITH blocks (level, digits) AS (VALUES ('province', 2), ('prefecture', 4), ('city', 6)),
below AS (
    SELECT left(v.code, b.digits) AS prefix, count(*) AS villages,
           coalesce(sum(v.population), 0) AS population, ST_Centroid(ST_Collect(v.point_3857)) AS middle
      FROM places_area v CROSS JOIN blocks b WHERE v.level = 'village' GROUP BY 1, b.digits
),
joined AS (
    SELECT parent_id AS code, ST_UnaryUnion(ST_Collect(boundary_3857)) AS outline FROM places_area
     WHERE level = 'township' AND parent_id IN (SELECT code FROM places_area WHERE level = 'city' AND boundary IS NULL)
     GROUP BY 1
)
INSERT INTO places_tally (code, level, name, villages, population, seat, outline, built_from)
SELECT a.code, a.level, a.name, coalesce(below.villages, 0), coalesce(below.population, a.population, 0),
       coalesce(a.point_3857, below.middle),
       ST_SimplifyPreserveTopology(coalesce(a.boundary_3857, joined.outline), {OUTLINE_M}), %s
  FROM places_area a
  JOIN blocks b USING (level)
  LEFT JOIN below ON below.prefix = left(a.code, b.digits)
  LEFT JOIN joined ON joined.code = a.code
"""  # noqa: S608


def refresh() -> None:
    """Count again if areas have changed since, unless another process is at it."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            f"SELECT ({_STATE}), (SELECT max(built_from) FROM places_tally)"  # noqa: S608
        )
        now, built_from = cursor.fetchone()
        if now == built_from or not _turn(cursor):
            return
        changes.gather()
        cursor.execute("DELETE FROM places_tally")
        cursor.execute(_COUNT, [now])


def _turn(cursor: Any) -> bool:
    cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOCK])
    return bool(cursor.fetchone()[0])
