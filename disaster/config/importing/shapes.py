"""A file's shape as it will be kept: EPSG:4326, valid, in China; else why not. Pure but for shapely."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from shapely.geometry import MultiPoint, MultiPolygon, Point, Polygon
from shapely.geometry.base import BaseGeometry

from disaster.problems import Words
from gis import datum
from gis.locate import in_china

NO_SHAPE = Words("没有位置或图形", "There is no position or shape")
NOT_FINITE = Words("坐标不是数字", "A coordinate is no number")
SWAPPED = Words("位置不在中国境内,像是经度和纬度写反了", "Outside China; longitude and latitude seem swapped")
ABROAD = Words("位置 {lon}, {lat} 不在中国境内", "{lon}, {lat} is not in China")
METRES = Words(
    "坐标像是投影坐标(米),请转为经纬度或附上 .prj",
    "These look like metres: convert to degrees or add the .prj",
)
ANTIMERIDIAN = Words("图形跨越180度经线", "The shape crosses the antimeridian")
WRONG_TYPE = Words("图形须为{wanted},现为{found}", "The shape has to be {wanted}, but is {found}")
CROSSED = Words(
    "图形有错({why}),可勾选“自动修正”后再试", "The shape is invalid ({why}); allow repairs to go on"
)
BEYOND_REPAIR = Words(
    "图形有错({why}),修正会改变面积 {share},请先在原软件中改正",
    "The shape is invalid ({why}); a repair would change its area by {share}: correct it where it was drawn",
)
REPAIRED = Words(
    "图形有错({why}),已修正,面积变化 {share}",
    "The shape was invalid ({why}) and has been repaired; area changed by {share}",
)
POINT, AREA = Words("点", "a point"), Words("面", "a polygon")
_FOUND = {
    "Point": POINT, "MultiPoint": Words("多点", "several points"),
    "LineString": Words("线", "a line"), "MultiLineString": Words("线", "lines"),
    "Polygon": AREA, "MultiPolygon": AREA,
}  # fmt: skip


class Refused(ValueError):  # noqa: N818 - it is told to the person
    """A shape that can't be taken over."""

    def __init__(self, words: Words, params: dict[str, Any] | None = None) -> None:
        super().__init__(words.zh)
        self.words, self.params = words, params or {}


@dataclass(frozen=True, slots=True)
class Taken:
    """A shape in EPSG:4326, and what had to be done to it."""

    shape: BaseGeometry
    notice: Words | None = None
    params: dict[str, Any] | None = None


def take(shape: BaseGeometry, crs: str, *, repair_share: float | None) -> Taken:
    """Bring a point or polygon from datum ``crs`` to what is stored.

    A polygon that is invalid is repaired if that changes no more than ``repair_share`` of its
    area; None refuses it.

    Raises
    ------
    Refused
        Saying why not.
    """
    if isinstance(shape, MultiPoint) and len(shape.geoms) == 1:
        shape = shape.geoms[0]
    if not isinstance(shape, Point | Polygon | MultiPolygon):
        found = _FOUND.get(shape.geom_type, Words(shape.geom_type, shape.geom_type))
        raise Refused(WRONG_TYPE, {"wanted": Words("点或面", "a point or a polygon"), "found": found})
    _refuse_places(shape)
    if isinstance(shape, Point):
        return Taken(_stored(shape, crs))
    whole, notice, params = _valid(shape, repair_share)
    stored = _stored(whole, crs)
    if not stored.is_valid:
        stored, notice, params = _valid(stored, repair_share)
    return Taken(MultiPolygon([stored]) if isinstance(stored, Polygon) else stored, notice, params)


def _refuse_places(shape: BaseGeometry) -> None:
    numbers = shapely.get_coordinates(shape)
    if not len(numbers):
        raise Refused(NO_SHAPE)
    if not np.isfinite(numbers).all():
        raise Refused(NOT_FINITE)
    west, south, east, north = shapely.bounds(shape).tolist()
    if in_china(west, south) and in_china(east, north):
        return
    if max(abs(west), abs(south), abs(east), abs(north)) > 10_000:
        raise Refused(METRES)
    if in_china(south, west) and in_china(north, east):
        raise Refused(SWAPPED)
    if east > 180 or west < -180 or east - west > 180:
        raise Refused(ANTIMERIDIAN)
    lon, lat = next((x, y) for x, y in numbers.tolist() if not in_china(x, y))
    raise Refused(ABROAD, {"lon": f"{lon:.6g}", "lat": f"{lat:.6g}"})


def _valid(shape: Any, share: float | None) -> tuple[Any, Words | None, dict[str, Any] | None]:
    if shape.is_valid:
        return shape, None, None
    why = shapely.is_valid_reason(shape).split("[")[0].strip()
    if share is None:
        raise Refused(CROSSED, {"why": why})
    mended = shapely.make_valid(shape, method="structure", keep_collapsed=False)
    # A bow tie has two halves that cancel out: its own area is no measure.
    before = max(abs(shape.area), mended.area)
    changed = abs(mended.area - abs(shape.area)) / before if before else 1.0
    params = {"why": why, "share": f"{changed:.1%}"}
    if not isinstance(mended, Polygon | MultiPolygon) or mended.is_empty or changed > share:
        raise Refused(BEYOND_REPAIR, params)
    return mended, REPAIRED, params


def _stored(shape: Any, crs: str) -> Any:
    if crs in ("wgs84", "cgcs2000"):
        return shape
    return shapely.transform(
        shape, lambda numbers: np.array([datum.to_stored(float(x), float(y), crs) for x, y in numbers])
    )
