"""A distance around a point, a line or a zone: its outline, and the shape to count in."""

from __future__ import annotations

import json
from typing import Any

import shapely
from django.contrib.gis.geos import GEOSGeometry
from django.db import connection
from shapely.errors import ShapelyError

from disaster import problems
from disaster.problems import FieldError, Words
from gis import shapes

NO_SHAPE = Words("图形无法读取", "The shape can't be read")
TOO_MANY = Words("图形的点数超过 {limit}", "The shape has more than {limit} points")
NO_DISTANCE = Words("点和线须给出大于 0 的距离", "A point or a line needs a distance above 0")
KINDS = ("Point", "LineString", "MultiLineString", "Polygon", "MultiPolygon")
MOST_POINTS = 5_000


def read(given: dict[str, Any], distance_m: float) -> GEOSGeometry:
    """Read a GeoJSON point, line or polygon (EPSG:4326).

    Raises
    ------
    Problem
        400.2 for what can't be read, and for a point or a line without a distance.
    """
    found = _shape(given)
    if found is None:
        raise problems.BAD_FIELDS({"geometry": FieldError(NO_SHAPE)})
    if shapely.get_num_coordinates(found) > MOST_POINTS:
        raise problems.BAD_FIELDS({"geometry": FieldError(TOO_MANY, {"limit": MOST_POINTS})})
    if distance_m <= 0 and found.area == 0:
        raise problems.BAD_FIELDS({"distance_m": FieldError(NO_DISTANCE)})
    return GEOSGeometry(memoryview(shapely.to_wkb(shapely.force_2d(found))), srid=4326)


def _shape(given: dict[str, Any]) -> Any:
    try:
        found = shapes.read(given)
        if found.is_empty or found.geom_type not in KINDS:
            return None
        found = (
            found if found.is_valid else shapely.make_valid(found, method="structure", keep_collapsed=False)
        )
        west, south, east, north = found.bounds
    except (shapes.BadShape, ShapelyError):
        return None
    return found if -180 <= west <= east <= 180 and -85 <= south <= north <= 85 else None


def outline(shape: GEOSGeometry, distance_m: float) -> dict[str, Any]:
    """Give the line so many metres around a shape, as GeoJSON (EPSG:4326), by one statement."""
    if distance_m <= 0:
        return dict(json.loads(shape.json))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT ST_AsGeoJSON(ST_Buffer(ST_GeomFromWKB(%s, 4326)::geography, %s)::geometry, 6)",
            [bytes(shape.wkb), distance_m],
        )
        return dict(json.loads(cursor.fetchone()[0]))
