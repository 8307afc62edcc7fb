"""Who and what lies in a shape: villages, residents, households, shelters, roads; each number with its assumption.

A village whose boundary is known counts by the share of its area inside; one of which only
the seat is known counts whole if the seat lies inside. People are taken as spread evenly over
their village (按面积比例估算): true registers of homes make it exact where there are any. All
areas are on the ellipsoid; a distance widens the shape by so many metres on it. EPSG:4326.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Literal

import msgspec
from django.contrib.gis.geos import GEOSGeometry
from django.db import connection

from gis.models import Road
from gis.scope import AreaScope

How = Literal["share", "point"]
ASSUMPTIONS: dict[str, tuple[str, str]] = {
    "share": (
        "人口按村界内面积比例估算",
        "People are counted by the share of the village's area inside",
    ),
    "point": ("只有驻地点位的村,驻地在内即按全村计", "A village known by its seat alone counts whole"),
    "household": ("户数按户均 {size} 人折算", "Households at {size} persons each"),
    "bridge": ("桥梁按有一部分在内即计", "A bridge counts if any of it lies inside"),
    "road": ("道路为模拟,数字仅供参考", "Roads are simulated: an indication only"),
    "approximate": ("村界为模拟,数字仅供参考", "Boundaries are simulated: an indication only"),
}
"""What the numbers rest on, in Chinese and English."""


class Village(msgspec.Struct, frozen=True):
    """A village with some of it inside. ``share`` is of its area, 0 to 1; ``people`` live inside, about."""

    code: str
    name: str
    township: str
    population: int
    share: float
    people: int
    how: How
    lon: float | None
    lat: float | None


class Refuge(msgspec.Struct, frozen=True):
    """A shelter inside: it can be no destination."""

    id: str
    name: str
    area: str
    capacity: int
    occupancy: int


class Stretch(msgspec.Struct, frozen=True):
    """The roads of one class inside: so many kilometres of them, so many bridges."""

    kind: str
    name: str
    km: float
    bridges: int


class Threat(msgspec.Struct, frozen=True):
    """What lies in a shape. Lengths in kilometres, area in km²; lists are by code or name."""

    area_km2: float
    villages: list[Village]
    people: int
    households: int
    shelters: list[Refuge]
    roads: list[Stretch]
    road_km: float
    bridges: int
    assumptions: list[str]
    """Keys of :data:`ASSUMPTIONS`."""


_SHAPE = "WITH zone AS (SELECT CASE WHEN %s > 0 THEN ST_Buffer(g::geography, %s)::geometry ELSE g END AS g FROM (SELECT ST_GeomFromWKB(%s, 4326) AS g) given)"
# A shape that only touches a border threatens nobody behind it: a share of zero is left out.
_VILLAGES = """
    {shape}
    SELECT code, name, township, coalesce(population, 0), share, how, lon, lat, approximate FROM (
        SELECT area.code, area.name, coalesce(up.name, '') AS township, area.population, area.is_approximate AS approximate,
               ST_X(area.point) AS lon, ST_Y(area.point) AS lat,
               CASE WHEN area.boundary IS NULL THEN 'point' ELSE 'share' END AS how,
               CASE WHEN area.boundary IS NULL THEN 1
                    WHEN ST_Covers(zone.g, area.boundary) THEN 1
                    ELSE ST_Area(ST_Intersection(area.boundary::geometry, zone.g)::geography)
                         / nullif(ST_Area(area.boundary::geography), 0) END AS share
          FROM zone
          JOIN places_area area ON area.level = 'village' AND {covered}
               AND CASE WHEN area.boundary IS NULL THEN ST_Intersects(area.point, zone.g)
                        ELSE ST_Intersects(area.boundary, zone.g) END
               AND (area.boundary && zone.g OR area.boundary IS NULL AND area.point && zone.g)
          LEFT JOIN places_area up ON up.code = area.parent_id) inside
     WHERE share > 1e-9
     ORDER BY code
"""
_SHELTERS = """
    {shape}
    SELECT shelter.id::text, shelter.name, shelter.area_code, shelter.capacity, shelter.occupancy
      FROM zone JOIN places_shelter shelter ON ST_Covers(zone.g, shelter.point) AND {covered}
     ORDER BY shelter.name
"""
_ROADS = """
    {shape}
    SELECT road.kind, sum(ST_Length(ST_Intersection(road.line, zone.g)::geography)) / 1000,
           count(*) FILTER (WHERE road.is_bridge), bool_or(road.is_approximate)
      FROM zone JOIN places_road road ON ST_Intersects(road.line, zone.g)
     GROUP BY road.kind ORDER BY 2 DESC
"""
_AREA = "{shape} SELECT ST_Area(g::geography) / 1e6 FROM zone"


def of(
    shape: GEOSGeometry, *, scope: AreaScope, distance_m: float = 0, household_size: Decimal | None = None
) -> Threat:
    """Say who and what of a scope lies in a shape (EPSG:4326), or within ``distance_m`` of it.

    ``household_size`` turns people into households; without it none are told. Four
    statements, whatever the shape holds.
    """
    given = [distance_m, distance_m, bytes(shape.wkb)]
    villages, approximate = _villages(given, scope)
    people = sum(one.people for one in villages)
    size = household_size or Decimal(0)
    told: list[str] = sorted({str(one.how) for one in villages}, reverse=True)
    told += ["household"] if size and villages else []
    told += ["approximate"] if approximate else []
    roads = _rows(_ROADS, given, None)
    told += ["bridge"] if any(row[2] for row in roads) else []
    told += ["road"] if any(row[3] for row in roads) else []
    stretches = [Stretch(kind, str(Road.Kind(kind).label), round(km, 2), n) for kind, km, n, _rough in roads]
    return Threat(
        area_km2=round(float(_rows(_AREA, given, None)[0][0] or 0), 4),
        villages=villages,
        people=people,
        households=int(people / size) if size else 0,
        shelters=[Refuge(*row) for row in _rows(_SHELTERS, given, ("shelter.area_code", scope))],
        roads=stretches,
        road_km=round(sum(row[1] for row in roads), 2),
        bridges=sum(one.bridges for one in stretches),
        assumptions=told,
    )


def _villages(given: list[Any], scope: AreaScope) -> tuple[list[Village], bool]:
    found, approximate = [], False
    for *row, rough in _rows(_VILLAGES, given, ("area.code", scope)):
        code, name, township, population, share, how, lon, lat = row
        part = min(1.0, float(share))
        found.append(
            Village(code, name, township, population, round(part, 4), round(population * part), how, lon, lat)
        )
        approximate = approximate or rough
    return found, approximate


def _rows(sql: str, given: list[Any], within: tuple[str, AreaScope] | None) -> list[tuple[Any, ...]]:
    covered, params = within[1].covers_sql(within[0]) if within else ("TRUE", [])
    with connection.cursor() as cursor:
        cursor.execute(sql.format(shape=_SHAPE, covered=covered), [*given, *params])
        return list(cursor.fetchall())
