"""What a printed view shows: the ground of a box and what the screen shows upon it, in its reader's scope. EPSG:4326."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple

from django.contrib.gis.geos import GEOSGeometry, LineString, Polygon
from django.db.models import Q

from disaster.atlas import seen
from disaster.atlas.seen import Seen
from disaster.briefings.maps.ground import Closed, Shape, Way, Zone, shape_of, zone_of
from disaster.duty import silence
from disaster.events import zone_queries
from disaster.people.scope import Rights
from disaster.relief.dispatch import driver, queries
from disaster.relief.dispatch.ways import stops_of_many
from gis.models import Area, Road

Box = tuple[float, float, float, float]
"""West, south, east, north."""
Place = tuple[float, float]

WIDE_DEG = 0.3
"""Wider than this, only the greater roads are drawn: the small ones would be a grey blot on paper."""
GREAT_ROADS = (Road.Kind.MOTORWAY, Road.Kind.NATIONAL, Road.Kind.PROVINCIAL, Road.Kind.COUNTY)


class Spot(NamedTuple):
    """A report where it is drawn; ``gravity`` 0 to 3: nothing, light, heavy, grave."""

    point: Place
    gravity: int
    is_returned: bool


class Sign(NamedTuple):
    """A shelter, a lorry or a silent village where it is drawn, and how it stands."""

    point: Place
    name: str
    state: str


class View(NamedTuple):
    """All of it; a layer that was not asked for is empty."""

    townships: list[Shape]
    villages: list[Shape]
    zones: list[Zone]
    closures: list[Closed]
    roads: list[Way]
    ways: list[LineString]
    shelters: list[Sign]
    reports: list[Spot]
    trips: list[Sign]
    silent: list[Sign]


def of(box: Box, shown: Seen, layers: frozenset[str], *, by: Rights) -> View:
    """Place what is shown into a box; the statements do not grow with what lies there."""
    outline = Polygon.from_bbox(box)
    outline.srid = 4326
    shapes = _areas(outline, [level for level in ("township", "village") if f"{level}s" in layers], by)
    asked = {name: getattr(shown, name) if name in layers else [] for name in Seen._fields}
    return View(
        townships=shapes["township"],
        villages=shapes["village"],
        zones=_zones(outline, asked["zones"]),
        closures=_closures(outline, asked["closures"]),
        roads=_roads(outline, box) if "roads" in layers else [],
        ways=[],
        shelters=_signs(box, asked["shelters"], "name", _filling),
        reports=_spots(box, asked["reports"]),
        trips=_signs(box, asked["trips"], "plate", lambda one: one.state),
        silent=[],
    )


def live(view: View, box: Box, layers: frozenset[str], *, by: Rights, now: datetime) -> View:
    """Add what only the present knows: the ways lorries have left, and who should have spoken."""
    outline = Polygon.from_bbox(box)
    ways = _ways(by) if "trips" in layers else []
    late = silence.ranked(scope=by.where("duty.see"), now=now) if "silence" in layers else []
    return view._replace(
        ways=[one for one in ways if one.intersects(outline)],
        silent=[
            Sign((one.lon, one.lat), one.owed.area_name, one.zone)
            for one in late
            if one.lon is not None and one.lat is not None and seen.within(box, (one.lon, one.lat))
        ],
    )


def zones_at(moment: datetime, box: Box, *, by: Rights) -> list[Zone]:
    """Give the zones of another moment than all else, as the map's tool for it shows them."""
    outline = Polygon.from_bbox(box)
    found = map(zone_of, zone_queries.at(moment, scope=by.known))
    return [zone for zone in found if zone.shape.intersects(outline)]


def _areas(outline: Polygon, levels: list[str], by: Rights) -> dict[str, list[Shape]]:
    shapes: dict[str, list[Shape]] = {"township": [], "village": []}
    inside = Q(boundary__bboverlaps=outline) | Q(point__intersects=outline)
    for one in Area.objects.within(by.known).filter(inside, level__in=levels).order_by("code"):
        shapes[one.level].append(shape_of(one))
    return shapes


def _geometry(of: dict[str, Any]) -> GEOSGeometry:
    return GEOSGeometry(json.dumps(of), srid=4326)


def _zones(outline: Polygon, zones: Iterable[seen.Zone]) -> list[Zone]:
    found = [Zone(one.name, one.kind, one.level, _geometry(one.geometry)) for one in zones]
    return [zone for zone in found if zone.shape.intersects(outline)]


def _closures(outline: Polygon, closures: Iterable[seen.Closure]) -> list[Closed]:
    found = [Closed(one.reason, _geometry(one.geometry)) for one in closures]
    return [closed for closed in found if closed.shape.intersects(outline)]


def _roads(outline: Polygon, box: Box) -> list[Way]:
    rows = Road.objects.filter(line__bboverlaps=outline)
    if box[2] - box[0] > WIDE_DEG:
        rows = rows.filter(kind__in=GREAT_ROADS)
    return [Way(one.kind, one.line) for one in rows]


def _ways(by: Rights) -> list[LineString]:
    trips = list(queries.open_trips(by.where("trip.see")))
    stops = stops_of_many(trips)
    legs = (leg["line"] for trip in trips for leg in driver.legs_left(trip, stops[trip.pk], "zh"))
    return [LineString(line, srid=4326) for line in legs if len(line) > 1]


def _filling(one: seen.Shelter) -> str:
    return "filling" if one.state == "open" and one.filling else one.state


def _signs(box: Box, things: Iterable[Any], name: str, state: Any) -> list[Sign]:
    found = (Sign((one.lon, one.lat), getattr(one, name), state(one)) for one in things)
    return [one for one in found if seen.within(box, one.point)]


def _spots(box: Box, reports: list[seen.Report]) -> list[Spot]:
    """Place reports at their own positions, or else at their villages' points."""
    placed = {one.area for one in reports if one.lon is None or one.lat is None}
    points = dict(Area.objects.filter(code__in=placed, point__isnull=False).values_list("code", "point"))
    found = []
    for one in reports:
        at = points.get(one.area)
        point = (one.lon, one.lat) if one.lon is not None and one.lat is not None else at and (at.x, at.y)
        if point and seen.within(box, point):
            found.append(Spot(point, seen.gravity(one), one.state == "returned"))
    return found
