"""What lies on the ground of a county or township at a moment: areas, zones, closures, roads, shelters. EPSG:4326."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any, NamedTuple

from django.contrib.gis.geos import GEOSGeometry
from django.db.models import Q, QuerySet

from disaster.events import zone_queries
from gis.models import Area, Closure, Road, Shelter
from gis.scope import AreaScope


class Shape(NamedTuple):
    """A township or village; ``shape`` is its outline, None where only ``point`` is known."""

    code: str
    name: str
    shape: GEOSGeometry | None
    point: tuple[float, float] | None


class Zone(NamedTuple):
    """A hazard zone in force."""

    name: str
    kind: str
    level: str
    shape: GEOSGeometry


class Closed(NamedTuple):
    """A road closed."""

    reason: str
    shape: GEOSGeometry


class Way(NamedTuple):
    """A piece of road."""

    kind: str
    line: GEOSGeometry


class Refuge(NamedTuple):
    """A shelter with its places and who is in it."""

    name: str
    point: tuple[float, float]
    capacity: int
    occupancy: int


class Ground(NamedTuple):
    """All of it; ``outline`` is the place the briefing speaks of."""

    name: str
    outline: GEOSGeometry | None
    townships: list[Shape]
    villages: list[Shape]
    zones: list[Zone]
    closures: list[Closed]
    roads: list[Way]
    shelters: list[Refuge]


MAIN_ROADS = (
    Road.Kind.MOTORWAY,
    Road.Kind.NATIONAL,
    Road.Kind.PROVINCIAL,
    Road.Kind.COUNTY,
    Road.Kind.TOWNSHIP,
)


def at(area: Area, moment: datetime) -> Ground:
    """Read it, one statement a layer."""
    scope = AreaScope.of([area.code])
    shapes: dict[str, list[Shape]] = {"township": [], "village": []}
    for one in Area.objects.within(scope).filter(level__in=shapes).order_by("code"):
        shapes[one.level].append(shape_of(one))
    return Ground(
        name=area.name,
        outline=area.boundary,
        townships=shapes["township"],
        villages=shapes["village"],
        zones=[zone_of(feature) for feature in zone_queries.at(moment, scope=scope)],
        closures=[Closed(one.reason, one.shape) for one in closed_at(moment, scope)],
        roads=[
            Way(one.kind, one.line)
            for one in Road.objects.filter(kind__in=MAIN_ROADS, line__bboverlaps=area.boundary)
        ]
        if area.boundary
        else [],
        shelters=[
            Refuge(one.name, (one.point.x, one.point.y), one.capacity or 0, one.occupancy or 0)
            for one in Shelter.objects.within(scope)
            if one.point
        ],
    )


def shape_of(area: Area) -> Shape:
    """Give an area as it is drawn: at its seat, or else at a point inside of it."""
    point = area.point or (area.boundary.point_on_surface if area.boundary else None)
    return Shape(area.code, area.name, area.boundary, (point.x, point.y) if point else None)


def closed_at(moment: datetime, scope: AreaScope) -> QuerySet[Closure]:
    """Give the closures of a scope in force at a moment."""
    return Closure.objects.within(scope).filter(
        Q(valid_to__isnull=True) | Q(valid_to__gt=moment),
        Q(lifted_at__isnull=True) | Q(lifted_at__gt=moment),
        valid_from__lte=moment,
    )


def zone_of(feature: dict[str, Any]) -> Zone:
    """Give a zone as it is drawn from its GeoJSON feature."""
    about = feature["properties"]
    return Zone(
        about["name"], about["kind"], about["level"], GEOSGeometry(json.dumps(feature["geometry"]), srid=4326)
    )
