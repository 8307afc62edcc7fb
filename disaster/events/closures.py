"""The verbs on closed roads (断路): closed, changed, opened again.

A closure is a place or a line and a radius; every road within it is shut, whatever network
is loaded. It may be learnt from a report, and keeps that report's id as its proof.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import shapely
from django.contrib.gis.geos import GEOSGeometry
from django.db import transaction

from disaster import problems
from disaster.journal import append
from disaster.people.scope import Rights, require
from disaster.problems import FieldError, Words
from disaster.rules import book
from gis import locate, shapes
from gis.models import Closure
from gis.shown import closure_view

NO_PLACE = Words("请在地图上标出断路位置(点或线)", "Mark the place on the map, a point or a line")
TOO_MANY = Words("顶点 {count} 个,最多 {limit} 个", "{count} vertices; {limit} at most")
NEEDS_REASON = Words("须写明断路原因,最多{limit}字", "Say why, in {limit} characters at most")
BAD_RADIUS = Words("影响半径须在 1 至 {limit} 米之间", "The radius must be between 1 and {limit} metres")
ENDS_FIRST = Words("恢复时间须晚于断路时间", "It must open after it closes")
MAX_REASON = 120
MAX_VERTICES = 500


def place_of(geometry: Mapping[str, Any]) -> GEOSGeometry:
    """Read where a road is closed: a GeoJSON point or line, EPSG:4326.

    Raises
    ------
    Problem
        400.2 under ``geometry``.
    """
    try:
        found = shapes.read(geometry)
    except shapes.BadShape:
        raise problems.BAD_FIELDS({"geometry": FieldError(NO_PLACE)}) from None
    points = shapely.get_coordinates(found).tolist()
    known = all(
        math.isfinite(lon) and math.isfinite(lat) and locate.in_china(lon, lat) for lon, lat in points
    )
    if found.geom_type not in ("Point", "LineString") or not points or not known or not found.is_valid:
        raise problems.BAD_FIELDS({"geometry": FieldError(NO_PLACE)})
    if len(points) > MAX_VERTICES:
        params = {"count": len(points), "limit": MAX_VERTICES}
        raise problems.BAD_FIELDS({"geometry": FieldError(TOO_MANY, params)})
    return GEOSGeometry(shapely.to_wkb(shapely.force_2d(found), hex=True), srid=4326)


@transaction.atomic
def close_road(
    *,
    closure_id: UUID,
    shape: GEOSGeometry,
    area_code: str,
    reason: str,
    radius_m: int | None,
    valid_to: datetime | None,
    by: Rights,
    now: datetime,
    report: UUID | None = None,
) -> tuple[Closure, bool]:
    """Close a road (登记断路) from now on; the same id sent again gives the one that is there, and False.

    ``report`` is the report it was learnt from; whoever calls has seen it.

    Raises
    ------
    Problem
        403.1/404.1 without the right in the area; 400.2 naming what is wrong.
    """
    require(by, "road.close", area_code)
    radius = book.value("closure.radius_m") if radius_m is None else radius_m
    _check(reason, radius, now, valid_to)
    known: Closure | None = Closure.objects.filter(pk=closure_id).first()
    if known is not None:
        require(by, "road.close", known.area_id)
        return known, False
    closure = Closure.objects.create(
        id=closure_id,
        area_id=area_code,
        shape=shape,
        radius_m=radius,
        reason=reason.strip(),
        report=report,
        valid_from=now,
        valid_to=valid_to,
        by_name=by.name,
    )
    _tell("road.closed", closure, by=by, now=now)
    return closure, True


@transaction.atomic
def change_closure(
    closure_id: UUID, *, reason: str, valid_to: datetime | None, by: Rights, now: datetime
) -> Closure:
    """Say anew why a road is closed and until when.

    Raises
    ------
    Problem
        403.1/404.1; 400.2; 409.2 if it is open again.
    """
    closure = _locked(closure_id, "road.close", by)
    _check(reason, closure.radius_m, closure.valid_from, valid_to)
    closure.reason, closure.valid_to = reason.strip(), valid_to
    closure.save(update_fields=["reason", "valid_to"])
    _tell("road.changed", closure, by=by, now=now)
    return closure


@transaction.atomic
def open_road(closure_id: UUID, *, by: Rights, now: datetime) -> Closure:
    """Open a road again (恢复通行).

    Raises
    ------
    Problem
        403.1/404.1 without the right; 409.2 if it is open.
    """
    closure = _locked(closure_id, "road.open", by)
    closure.lifted_at = now
    closure.save(update_fields=["lifted_at"])
    _tell("road.opened", closure, by=by, now=now)
    return closure


def _locked(closure_id: UUID, verb: str, by: Rights) -> Closure:
    closure: Closure | None = Closure.objects.select_for_update().filter(pk=closure_id).first()
    if closure is None:
        raise problems.NOT_FOUND()
    require(by, verb, closure.area_id)
    if closure.lifted_at is not None:
        raise problems.NOT_OPEN(number=closure.reason)
    return closure


def _check(reason: str, radius_m: int, valid_from: datetime, valid_to: datetime | None) -> None:
    errors: dict[str, FieldError] = {}
    if not reason.strip() or len(reason.strip()) > MAX_REASON or not reason.isprintable():
        errors["reason"] = FieldError(NEEDS_REASON, {"limit": MAX_REASON})
    limit = book.value("closure.most_radius_m")
    if not 1 <= radius_m <= limit:
        errors["radius_m"] = FieldError(BAD_RADIUS, {"limit": limit})
    if valid_to is not None and valid_to <= valid_from:
        errors["valid_to"] = FieldError(ENDS_FIRST)
    if errors:
        raise problems.BAD_FIELDS(errors)


def _tell(verb: str, closure: Closure, *, by: Rights, now: datetime) -> None:
    append.one(
        verb,
        object_kind="closure",
        object_id=str(closure.pk),
        area_code=closure.area_id,
        put=[closure_view(closure)],
        by=by,
        at=now,
        downward=True,
    )
