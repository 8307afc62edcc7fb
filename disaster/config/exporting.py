"""What a selection on the map holds, as a file for other programs; each time put on record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import shapely
from django.db import transaction
from shapely.errors import ShapelyError
from shapely.geometry import shape

from disaster import problems
from disaster.journal import append
from disaster.people.scope import Rights
from disaster.problems import FieldError, Words
from disaster.rules import book
from gis.formats.writing import FORMATS, Column, Feature, Layer, Written, write
from gis.ogc import collections, select
from gis.ogc.collections import Collection
from gis.scope import AreaScope

UNKNOWN = Words("不认识 {what}", "{what} is unknown")
CHOOSE = Words("请至少选择一类内容", "Choose what to export")
NO_OUTLINE = Words("范围图形无法读取", "The outline can't be read")
NOTHING = Words("所选范围内没有内容", "There is nothing in the selection")
TOO_MANY = Words(
    "{what}超过 {limit} 个,请缩小范围", "There are more than {limit} {what}: choose a smaller part"
)
_VERTICES = 5_000


@dataclass(frozen=True, slots=True)
class Selection:
    """What is to be exported: ``outline`` is GeoJSON, EPSG:4326; ``area`` a 12-digit code.

    ``filters`` narrow by properties: collection → property → value.
    """

    collections: list[str]
    form: str
    outline: dict[str, Any] | None = None
    area: str = ""
    filters: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


@transaction.atomic
def export(wanted: Selection, *, by: Rights, now: datetime, language: str) -> Written:
    """Write what the reader may see of a selection (导出地图数据).

    Raises
    ------
    Problem
        403.1 without the right; 400.2 naming what can't be read, is too much, or nothing.
    """
    scope = by.where("map.export")
    if not scope.prefixes:
        raise problems.NOT_ALLOWED()
    chosen = _collections(wanted)
    asked = _asked(wanted, scope)
    layers = [_layer(one, scope, asked(one), language) for one in chosen]
    counted = {layer.name: len(layer.features) for layer in layers}
    if not any(counted.values()):
        raise problems.BAD_FIELDS({"outline": FieldError(NOTHING)})
    local = now.astimezone(book.BEIJING)
    title = "、".join(layer.title for layer in layers)[:60]
    written = write(wanted.form, layers, f"{title}-{local:%Y%m%d%H%M}")
    for name, count in counted.items():
        append.one(
            "map.exported",
            object_kind="export",
            object_id=f"{wanted.form}:{name}:{count}",
            area_code=wanted.area or by.home or "",
            put=[],
            by=by,
            at=now,
        )
    return written


def _collections(wanted: Selection) -> list[Collection]:
    if not wanted.collections:
        raise problems.BAD_FIELDS({"collections": FieldError(CHOOSE)})
    chosen = []
    for name in dict.fromkeys(wanted.collections):
        known = collections.get(name)
        if known is None:
            raise problems.BAD_FIELDS({"collections": FieldError(UNKNOWN, {"what": name})})
        chosen.append(known)
    for name, asked in wanted.filters.items():
        known = collections.get(name)
        for key in asked:
            if known is None or key not in known.fields:
                raise problems.BAD_FIELDS({"filters": FieldError(UNKNOWN, {"what": f"{name}.{key}"})})
    if wanted.form not in FORMATS:
        raise problems.BAD_FIELDS({"form": FieldError(UNKNOWN, {"what": wanted.form})})
    return chosen


def _asked(wanted: Selection, scope: AreaScope) -> Any:
    """Give a function from a collection to what is asked of it."""
    outline = _outline(wanted.outline) if wanted.outline is not None else None
    areas = None
    if wanted.area:
        known = wanted.area.isascii() and wanted.area.isdigit() and len(wanted.area) == 12
        if not known or not scope.covers(wanted.area):
            raise problems.BAD_FIELDS({"area": FieldError(UNKNOWN, {"what": wanted.area})})
        areas = AreaScope.of([wanted.area])

    def of(one: Collection) -> select.Asked:
        equals = dict(wanted.filters.get(one.name, {}))
        return select.Asked(outline=outline, areas=areas, equals=equals)

    return of


def _outline(given: dict[str, Any]) -> bytes:
    try:
        drawn = shape(given)
        if not drawn.is_valid:  # a lasso drawn by hand crosses itself easily
            drawn = shapely.make_valid(drawn, method="structure", keep_collapsed=False)
        low_x, low_y, high_x, high_y = drawn.bounds
        fits = -180 <= low_x <= high_x <= 180 and -90 <= low_y <= high_y <= 90  # NaN fits nowhere
        short = int(shapely.get_num_coordinates(drawn)) <= _VERTICES
        if fits and short and drawn.geom_type in ("Polygon", "MultiPolygon") and drawn.is_valid:
            return bytes(shapely.to_wkb(shapely.force_2d(drawn)))
    except (ShapelyError, ValueError, TypeError, KeyError, AttributeError, IndexError):
        pass
    raise problems.BAD_FIELDS({"outline": FieldError(NO_OUTLINE)})


def _layer(one: Collection, scope: AreaScope, asked: select.Asked, language: str) -> Layer:
    limit: int = book.value("map.export.rows")
    found = select.rows(one, scope, asked, most=limit + 1)
    if len(found) > limit:
        params = {"what": one.title(language), "limit": limit}
        raise problems.BAD_FIELDS({"outline": FieldError(TOO_MANY, params)})
    english = language.startswith("en")
    columns = [
        Column(name, each.type, each.en if english else each.zh, each.hxl)
        for name, each in one.fields.items()
    ]
    features = [
        Feature(key, values, shapely.from_wkb(drawn) if drawn else None) for key, values, drawn in found
    ]
    return Layer(one.name, one.title(language), columns, features)


def offered(language: str) -> list[dict[str, Any]]:
    """Give what may be chosen: each collection's name, title and properties."""
    english = language.startswith("en")
    return [
        {
            "name": one.name,
            "title": one.title(language),
            "fields": [
                {
                    "name": name,
                    "title": each.en if english else each.zh,
                    "choices": [[code, str(word)] for code, word in each.choices],
                }
                for name, each in one.fields.items()
            ],
        }
        for one in collections.all()
    ]
