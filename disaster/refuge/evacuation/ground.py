"""What lies under a drawn plan: the roads around its ways, where roads are closed, and the zone it empties."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

import shapely
from django.contrib.gis.geos import Polygon
from django.db.models import Case, IntegerField, Q, Value, When
from shapely import STRtree

from gis.models import Closure, HazardZone, Road

MOST = 1500
"""Roads drawn at most, the great ones first: more would be a grey mat."""
AROUND = 0.06
"""Degrees around the ways, some six kilometres: a sheet is broader or higher than what it shows."""


class Ground(NamedTuple):
    """Roads as lines, closures as points and the plan's zone as an area, EPSG:4326."""

    roads: STRtree
    closures: list[tuple[float, float]]
    zone: Any = None
    """None where the villages were picked by hand."""

    def roads_in(self, box: tuple[float, float, float, float]) -> list[Any]:
        """Give the parts of roads inside a box (west, south, east, north)."""
        found = self.roads.geometries.take(self.roads.query(shapely.box(*box)))
        parts = shapely.clip_by_rect(found, *box)
        return [part for part in shapely.get_parts(parts) if not part.is_empty]

    def closures_in(self, box: tuple[float, float, float, float]) -> list[tuple[float, float]]:
        """Give the closures inside a box (west, south, east, north)."""
        west, south, east, north = box
        return [(lon, lat) for lon, lat in self.closures if west <= lon <= east and south <= lat <= north]


NOTHING = Ground(STRtree([]), [])


def around(rows: list[dict[str, Any]], zone: HazardZone | None, *, now: datetime) -> Ground:
    """Read what lies around the ways of a plan, by two statements."""
    points = [point for row in rows for point in points_of(row)]
    if not points:
        return NOTHING
    west, south, east, north = shapely.total_bounds(shapely.points(points))
    box = Polygon.from_bbox((west - AROUND, south - AROUND, east + AROUND, north + AROUND))
    rank = Case(
        *(When(kind=kind, then=Value(at)) for at, kind in enumerate(Road.Kind.values)),
        output_field=IntegerField(),
    )
    lines = (
        Road.objects.filter(line__bboverlaps=box).order_by(rank, "id").values_list("line", flat=True)[:MOST]
    )
    active = Q(valid_to__isnull=True) | Q(valid_to__gt=now)
    shut = Closure.objects.filter(
        active, shape__bboverlaps=box, valid_from__lte=now, lifted_at__isnull=True
    ).values_list("shape", flat=True)
    return Ground(
        STRtree(shapely.from_wkb([bytes(line.wkb) for line in lines])),
        [one.centroid.tuple for one in shut],
        shapely.from_wkb(bytes(zone.boundary.wkb)) if zone else None,
    )


def points_of(row: dict[str, Any]) -> list[tuple[float, float]]:
    """Give the corners of a row's way as it is now; without one, its two ends."""
    now, way = row.get("now") or {}, row.get("way") or {}
    line = now.get("line") or way.get("line") or [row["from"], row["to"]]
    return [(float(lon), float(lat)) for lon, lat in line]
