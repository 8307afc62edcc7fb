"""From the places of an alert to one shape and the area that owns it. EPSG:4326.

A code (GB/T 2260) becomes the boundary of the area it names, a retired one that of its heir; an
area without a boundary is the union of its villages; of an area that is larger than ours only our
part is taken. A circle is a geodesic one: its edge is everywhere the radius away from the middle.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from django.contrib.gis.geos import GEOSGeometry, MultiPolygon, Polygon
from django.db import connection

from disaster.warnings.alerts.model import Circle, Info
from gis.models import Area, AreaAlias
from gis.scope import AreaScope, ancestors, pad, prefix_of

EDGE_POINTS = 180
"""Corners of a circle: at 50 km its edge is nowhere further than 8 m from the true one."""


class Resolved(NamedTuple):
    """Where an alert holds: its shape, and the smallest area that holds all villages inside."""

    boundary: MultiPolygon
    area_code: str


def resolve(info: Info, *, scope: AreaScope) -> Resolved | None:
    """Give the shape of an info and its owner inside ``scope``; None where it is none of ours."""
    shapes: list[GEOSGeometry] = []
    named: list[str] = []
    for place in info.places:
        shapes += [Polygon(ring, srid=4326) for ring in place.polygons]
        shapes += [circle_of(circle) for circle in place.circles]
        for code in place.geocodes:
            for ours in _ours(current(code), scope):
                shape = boundary_of(ours)
                if shape is not None:
                    shapes.append(shape)
                    named.append(ours)
    boundary = _union(shapes)
    if boundary is None:
        return None
    touched = _touched(boundary, scope) or named
    owner = owner_of(touched, scope)
    return Resolved(boundary, owner) if owner else None


def circle_of(circle: Circle) -> Polygon:
    """Draw a geodesic circle, counter-clockwise, with :data:`EDGE_POINTS` corners."""
    lon, lat = circle.middle
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT ST_X(corner), ST_Y(corner) FROM (
                SELECT step, ST_Project(ST_SetSRID(ST_MakePoint(%s, %s), 4326)::geography, %s,
                                        radians(-360.0 * step / %s))::geometry AS corner
                  FROM generate_series(0, %s) step) corners ORDER BY step
            """,
            [lon, lat, circle.radius_km * 1000, EDGE_POINTS, EDGE_POINTS - 1],
        )
        corners = cursor.fetchall()
    return Polygon([*corners, corners[0]], srid=4326)


def current(code: str) -> str:
    """Give the code in use for a retired one, of an area or of the county it lies in."""
    for known in (code, *ancestors(code)):
        heir = AreaAlias.objects.filter(retired_code=known).values_list("area_id", flat=True).first()
        if heir:
            return pad(prefix_of(heir) + code[len(prefix_of(known)) :]) if known != code else str(heir)
    return code


def boundary_of(code: str) -> GEOSGeometry | None:
    """Give an area's boundary, else the union of what lies below it; None where nothing is known."""
    own = Area.objects.filter(code=code).values_list("boundary", flat=True).first()
    if own is not None:
        return own
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT ST_Union(boundary) FROM places_area WHERE code LIKE %s AND level = 'village'",
            [f"{prefix_of(code)}%"],
        )
        found = cursor.fetchone()[0]
    return GEOSGeometry(found) if found else None


def _ours(code: str, scope: AreaScope) -> list[str]:
    """Give the part of an area that is ours: itself, or those of our areas that lie below it."""
    if scope.covers(code):
        return [code]
    return [pad(prefix) for prefix in scope.prefixes if prefix.startswith(prefix_of(code))]


def _union(shapes: Sequence[GEOSGeometry]) -> MultiPolygon | None:
    if not shapes:
        return None
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT ST_Multi(ST_CollectionExtract(ST_MakeValid(ST_UnaryUnion(ST_Collect(shape::geometry))), 3))"
            " FROM unnest(%s::text[]) shape",
            [[shape.hexewkb.decode() for shape in shapes]],
        )
        found = GEOSGeometry(cursor.fetchone()[0])
    return None if found.empty else found  # type: ignore[return-value]


def _touched(boundary: MultiPolygon, scope: AreaScope) -> list[str]:
    """Give our villages inside a shape; where none has a place, any area of ours."""
    for level in ("= 'village'", "<> 'village'"):
        covered, params = scope.covers_sql("code")
        with connection.cursor() as cursor:
            cursor.execute(
                f"""
                WITH shape AS (SELECT %s::geometry AS geom)
                SELECT code FROM places_area, shape
                 WHERE level {level} AND {covered}
                   AND (boundary && geom AND ST_Intersects(boundary, geom) AND NOT ST_Touches(boundary, geom)
                        OR boundary IS NULL AND point && geom AND ST_Intersects(point, geom))
                """,  # noqa: S608 - conditions of ours, values as parameters
                [boundary.hexewkb.decode(), *params],
            )
            found = [row[0] for row in cursor.fetchall()]
        if found:
            return found
    return []


def owner_of(codes: Iterable[str], scope: AreaScope) -> str | None:
    """Give the smallest known area that holds all codes; where it is not ours, that of most of them."""
    codes = list(codes)
    if not codes:
        return None
    chains = [(code, *ancestors(code)) for code in codes]
    common = [code for code in chains[0] if all(code in chain for chain in chains) and scope.covers(code)]
    counties = [chain[min(2, len(chain) - 1)] for chain in chains]
    most = max(set(counties), key=lambda code: (counties.count(code), code))
    known = set(Area.objects.filter(code__in=[*common, most]).values_list("code", flat=True))
    return next((code for code in [*common, most] if code in known), None)
