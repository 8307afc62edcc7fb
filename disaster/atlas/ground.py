"""What a printed view shows: the ground of a box at a moment, in its reader's scope. EPSG:4326."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.contrib.gis.geos import Polygon
from django.db import connection
from django.db.models import Q

from disaster.briefings.maps.ground import Closed, Refuge, Shape, Way, Zone, closed_at, shape_of, zone_of
from disaster.events import zone_queries
from disaster.people.scope import Rights
from gis.models import Area, Road, Shelter
from gis.scope import AreaScope

Box = tuple[float, float, float, float]
"""West, south, east, north."""

WIDE_DEG = 0.3
"""Wider than this, only the greater roads are drawn: the small ones would be a grey blot on paper."""
GREAT_ROADS = (Road.Kind.MOTORWAY, Road.Kind.NATIONAL, Road.Kind.PROVINCIAL, Road.Kind.COUNTY)


class Spot(NamedTuple):
    """A report where it is drawn; ``gravity`` 0 to 3: nothing, light, heavy, grave."""

    point: tuple[float, float]
    gravity: int


class Narrowed(NamedTuple):
    """Which reports the reader has let through on the screen; "" lets all through."""

    event: UUID | None = None
    township: str = ""
    hazard: str = ""
    kind: str = ""


class View(NamedTuple):
    """All of it; a layer that was not asked for is empty."""

    townships: list[Shape]
    villages: list[Shape]
    zones: list[Zone]
    closures: list[Closed]
    roads: list[Way]
    shelters: list[Refuge]
    reports: list[Spot]


def at(box: Box, moment: datetime, layers: frozenset[str], narrowed: Narrowed, *, by: Rights) -> View:
    """Read what lies in a box at a moment, one statement a layer."""
    outline = Polygon.from_bbox(box)
    outline.srid = 4326
    shapes: dict[str, list[Shape]] = {"township": [], "village": []}
    wanted = [level for level in shapes if f"{level}s" in layers]
    inside = Q(boundary__bboverlaps=outline) | Q(point__intersects=outline)
    for one in Area.objects.within(by.known).filter(inside, level__in=wanted).order_by("code"):
        shapes[one.level].append(shape_of(one))
    return View(
        townships=shapes["township"],
        villages=shapes["village"],
        zones=_zones(outline, moment, by) if "zones" in layers else [],
        closures=_closures(outline, moment, by) if "closures" in layers else [],
        roads=_roads(outline, box) if "roads" in layers else [],
        shelters=_shelters(outline, by) if "shelters" in layers else [],
        reports=_reports(box, moment, narrowed, by.where("report.see")) if "reports" in layers else [],
    )


def _zones(outline: Polygon, moment: datetime, by: Rights) -> list[Zone]:
    found = map(zone_of, zone_queries.at(moment, scope=by.known))
    return [zone for zone in found if zone.shape.intersects(outline)]


def _closures(outline: Polygon, moment: datetime, by: Rights) -> list[Closed]:
    rows = closed_at(moment, by.known).filter(shape__intersects=outline)
    return [Closed(one.reason, one.shape) for one in rows]


def _roads(outline: Polygon, box: Box) -> list[Way]:
    rows = Road.objects.filter(line__bboverlaps=outline)
    if box[2] - box[0] > WIDE_DEG:
        rows = rows.filter(kind__in=GREAT_ROADS)
    return [Way(one.kind, one.line) for one in rows]


def _shelters(outline: Polygon, by: Rights) -> list[Refuge]:
    rows = Shelter.objects.within(by.where("shelter.see")).filter(point__intersects=outline)
    return [Refuge(one.name, (one.point.x, one.point.y), one.capacity, one.occupancy) for one in rows]


# As the live map has it: the newest version of each series that had arrived and was not returned, in the
# event where it stood then, at its own position or else its village's; only what stands is narrowed
# (static/map/store.js, filter.js). Graded as static/map/severity.js does.
_REPORTS = """
    SELECT ST_X(spot), ST_Y(spot), CASE
           WHEN coalesce((figures->>'dead')::numeric, 0) + coalesce((figures->>'missing')::numeric, 0) > 0 THEN 3
           WHEN coalesce((figures->>'relocated')::numeric, 0) + coalesce((figures->>'houses_collapsed_rooms')::numeric, 0)
                + coalesce((figures->>'houses_severe_rooms')::numeric, 0) > 0 THEN 2
           WHEN EXISTS (SELECT FROM jsonb_each_text(figures) WHERE value::numeric > 0) THEN 1 ELSE 0 END
      FROM (SELECT DISTINCT ON (series_then) coalesce(report.point, area.point) AS spot, figures, kind, hazard, area_code,
                   CASE WHEN moved.report_id IS NULL THEN report.event_id ELSE moved.from_event_id END AS event_then,
                   CASE WHEN moved.report_id IS NULL THEN report.series ELSE moved.from_series END AS series_then
              FROM reports_report report JOIN places_area area ON area.code = report.area_code
              LEFT JOIN (SELECT DISTINCT ON (report_id) report_id, from_event_id, from_series FROM reports_move
                          WHERE at > %s ORDER BY report_id, at, id) moved ON moved.report_id = report.id
             WHERE received_at <= %s AND (returned_at IS NULL OR returned_at > %s) AND {covered}
             ORDER BY series_then, serial DESC) standing
     WHERE spot && ST_MakeEnvelope(%s, %s, %s, %s, 4326) {narrowed}
"""


def _reports(box: Box, moment: datetime, narrowed: Narrowed, scope: AreaScope) -> list[Spot]:
    covered, params = scope.covers_sql("report.area_code")
    more, values = "", list[Any]()
    if narrowed.event:
        more, values = more + " AND event_then = %s", [*values, narrowed.event]
    if narrowed.township:
        within, prefixes = AreaScope.of([narrowed.township]).covers_sql("standing.area_code")
        more, values = f"{more} AND {within}", [*values, *prefixes]
    if narrowed.hazard:
        more += " AND (hazard = %s OR starts_with(hazard, %s))"
        values += [narrowed.hazard, f"{narrowed.hazard}."]
    if narrowed.kind:
        more, values = more + " AND kind = %s", [*values, narrowed.kind]
    with connection.cursor() as cursor:
        cursor.execute(
            _REPORTS.format(covered=covered, narrowed=more), [moment, moment, moment, *params, *box, *values]
        )
        return [Spot((x, y), gravity) for x, y, gravity in cursor.fetchall()]
