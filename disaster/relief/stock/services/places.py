"""Warehouses and points (储备库、储备点) on the list."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec
from django.contrib.gis.geos import Point
from django.db import transaction

from disaster import problems
from disaster.journal import append
from disaster.people.scope import Rights, require
from disaster.problems import FieldError, Words
from disaster.relief.stock import papers
from disaster.relief.stock.models import Place
from disaster.relief.stock.shown import place_views
from gis.models import Area

NO_NAME = Words("请填写名称,最多 {limit} 字", "Give it a name, of {limit} characters at most")
TAKEN = Words("这个地区已有同名的储备库或储备点", "There is one of this name in the area")
NO_AREA = Words("没有这个行政区划", "There is no such area")
NOT_HERE = Words("经纬度不在地球上", "That is nowhere on earth")
BAD_KIND = Words("类型须为储备库或储备点", "It is a warehouse or a point")
MAX_NAME, MAX_KEEPER = 60, 40


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """A warehouse or point as it is entered; ``lon`` and ``lat`` are EPSG:4326."""

    name: str
    area: str
    lon: float
    lat: float
    kind: str = "point"
    keeper: str = ""


@transaction.atomic
def open_place(place_id: UUID, entry: Entry, *, by: Rights, now: datetime) -> Place:
    """Put a warehouse or point on the list; the id is the writer's own, a repeat is the same.

    Raises
    ------
    Problem
        403.1/404.1 without the right there; 400.2 naming what is wrong.
    """
    require(by, "stock.place", entry.area)
    known: Place | None = Place.objects.filter(pk=place_id).first()
    if known is not None:
        return known
    if errors := _errors(entry):
        raise problems.BAD_FIELDS(errors)
    place: Place = Place.objects.create(
        pk=place_id,
        kind=entry.kind,
        name=entry.name.strip(),
        area_id=entry.area,
        point=Point(entry.lon, entry.lat, srid=4326),
        keeper=entry.keeper.strip()[:MAX_KEEPER],
    )
    append.one(
        "stock.place_opened",
        object_kind="place",
        object_id=str(place.pk),
        area_code=entry.area,
        put=(),
        by=by,
        at=now,
    )
    papers.tell_place(place, place_views([place]), by, now)
    return place


def _errors(entry: Entry) -> dict[str, FieldError]:
    errors: dict[str, FieldError] = {}
    name = entry.name.strip()
    if not name or len(name) > MAX_NAME:
        errors["name"] = FieldError(NO_NAME, {"limit": MAX_NAME})
    elif Place.objects.filter(area=entry.area, name=name, kind__in=Place.KEPT).exists():
        errors["name"] = FieldError(TAKEN)
    if entry.kind not in Place.KEPT:
        errors["kind"] = FieldError(BAD_KIND)
    if not Area.objects.filter(pk=entry.area).exists():
        errors["area"] = FieldError(NO_AREA)
    if not (-180 <= entry.lon <= 180 and -90 <= entry.lat <= 90):
        errors["lon"] = FieldError(NOT_HERE)
    return errors
