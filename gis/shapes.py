"""Shapes that people draw or send, as multipolygons we can keep: checked, or repaired with a notice.

EPSG:4326, longitude first. Nothing is guessed: what is wrong is said with the place where it is.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import shapely
from django.contrib.gis.geos import GEOSGeometry, MultiPolygon
from shapely.errors import ShapelyError
from shapely.geometry import shape as read_shape
from shapely.geometry.base import BaseGeometry
from shapely.validation import explain_validity

from gis import locate

DECIMALS = 7
"""Digits kept: a centimetre."""


class BadShape(ValueError):  # noqa: N818 - it is told to the person
    """A shape that can't be kept; ``why`` is its key in :data:`WHY`, ``params`` what fills the sentence."""

    def __init__(self, why: str, **params: Any) -> None:
        super().__init__(why)
        self.why, self.params = why, params


WHY: dict[str, tuple[str, str]] = {
    "unreadable": ("图形无法读取", "The shape can't be read"),
    "not_areal": ("须为面(多边形),不能是{kind}", "It must be a polygon, not {kind}"),
    "empty": ("图形是空的", "The shape is empty"),
    "number": ("坐标里有不是数字的值", "A coordinate is no number"),
    "outside": (
        "有顶点({lon}, {lat})不在中国境内;经度在前、纬度在后",
        "A vertex ({lon}, {lat}) lies outside China; longitude comes first",
    ),
    "vertices": ("顶点 {count} 个,最多 {limit} 个", "{count} vertices; {limit} at most"),
    "crossing": (
        "边线在({lon}, {lat})附近自相交,请调整顶点",
        "The outline crosses itself near ({lon}, {lat}); move its vertices",
    ),
    "hole": (
        "在({lon}, {lat})附近,洞不在外圈之内或与别的洞相交",
        "Near ({lon}, {lat}) a hole lies outside its outline or meets another hole",
    ),
    "nested": (
        "在({lon}, {lat})附近,一块套在另一块里面",
        "Near ({lon}, {lat}) one part lies inside another",
    ),
    "split": (
        "在({lon}, {lat})附近,洞把图形切断了",
        "Near ({lon}, {lat}) holes cut the shape apart",
    ),
    "invalid": ("图形有错:{reason}", "The shape is invalid: {reason}"),
}
"""Reason → sentence in Chinese and English."""
_GEOS = {
    "intersection": "crossing",
    "hole": "hole",
    "nested shells": "nested",
    "disconnected": "split",
}
"""A word in what GEOS says → the reason; the first that fits."""


class Clean(NamedTuple):
    """A shape that can be kept; ``repaired`` says that it is not quite what was given, ``fault`` why."""

    shape: MultiPolygon
    repaired: bool
    fault: BadShape | None = None


def clean(given: Mapping[str, Any] | BaseGeometry, *, most: int, repair: bool = False) -> Clean:
    """Make a kept shape of GeoJSON or a shapely geometry.

    ``most`` is how many vertices it may have; with ``repair`` a self-crossing outline is made
    whole by GEOS instead of refused.

    Raises
    ------
    BadShape
        For what can't be kept.
    """
    found = _areal(given)
    _check_numbers(found, most)
    repaired, fault = False, None
    if not found.is_valid:
        fault = _fault(found)
        if not repair:
            raise fault
        found, repaired = shapely.make_valid(found, method="structure", keep_collapsed=False), True
    parts = [part for part in _polygons(found) if part.area > 0]
    if not parts:
        raise BadShape("empty")
    whole = shapely.MultiPolygon(shapely.set_precision(parts, 10.0**-DECIMALS).tolist())
    if not whole.is_valid:  # parts that overlap, or rounding that folds a sliver
        whole = shapely.MultiPolygon(list(_polygons(shapely.union_all(whole.buffer(0)))))
        repaired = True
    made = GEOSGeometry(shapely.to_wkb(shapely.force_2d(whole), hex=True), srid=4326)
    assert isinstance(made, MultiPolygon)  # noqa: S101 - it was made one
    return Clean(made, repaired, fault)


def read(given: Mapping[str, Any]) -> BaseGeometry:
    """Read GeoJSON that anybody may have sent; it may still be empty, invalid or of any kind.

    Raises
    ------
    BadShape
        For what can't be read.
    """
    try:
        # JSON says NaN and Infinity by names of its own; GEOS must not meet them.
        return read_shape(json.loads(json.dumps(given, allow_nan=False)))
    except (ShapelyError, ValueError, TypeError, KeyError, AttributeError, IndexError) as error:
        raise BadShape("unreadable") from error


def _areal(given: Mapping[str, Any] | BaseGeometry) -> BaseGeometry:
    found = given if isinstance(given, BaseGeometry) else read(given)
    if found.is_empty:
        raise BadShape("empty")
    if found.geom_type not in ("Polygon", "MultiPolygon"):
        raise BadShape("not_areal", kind=found.geom_type)
    return found


def _check_numbers(found: BaseGeometry, most: int) -> None:
    points = shapely.get_coordinates(found)
    if len(points) > most:
        raise BadShape("vertices", count=len(points), limit=most)
    for lon, lat in points.tolist():
        if not (math.isfinite(lon) and math.isfinite(lat)):
            raise BadShape("number")
        if not locate.in_china(lon, lat):
            raise BadShape("outside", lon=round(lon, 5), lat=round(lat, 5))


def _fault(found: BaseGeometry) -> BadShape:
    """Say what is wrong, with the place GEOS names: ``Self-intersection[116.5 30.6]``."""
    reason, _bracket, place = explain_validity(found).partition("[")
    numbers = place.rstrip("]").split()
    known = next((why for word, why in _GEOS.items() if word in reason.lower()), None)
    if known and len(numbers) >= 2:
        return BadShape(known, lon=round(float(numbers[0]), 5), lat=round(float(numbers[1]), 5))
    return BadShape("invalid", reason=reason)


def _polygons(found: BaseGeometry) -> Iterator[shapely.Polygon]:
    if isinstance(found, shapely.Polygon):
        yield found
    else:
        for part in getattr(found, "geoms", ()):
            yield from _polygons(part)
