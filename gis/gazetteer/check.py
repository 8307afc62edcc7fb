"""From a file's rows to places, with every error found and named by its row."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import shapely
from shapely.geometry import MultiPolygon, Point, Polygon
from shapely.geometry.base import BaseGeometry

from gis import datum, formats
from gis.gazetteer.place import Error, Place, Refused
from gis.locate import in_china
from gis.models import Area
from gis.scope import ancestors, pad, prefix_of

LEVELS = {2: "province", 4: "prefecture", 6: "city", 9: "township", 12: "village"}
"""Level by the length of the code's prefix."""

HEADERS: dict[str, tuple[str, ...]] = {
    "code": ("code", "area_code", "adcode", "区划代码", "统计用区划代码", "行政区划代码", "代码"),
    "name": ("name", "名称", "区划名称", "行政区名称", "村名"),
    "population": ("population", "常住人口", "人口", "人口数"),
    "lon": ("lon", "lng", "longitude", "经度"),
    "lat": ("lat", "latitude", "纬度"),
    "is_approximate": ("is_approximate", "is_approxi", "模拟位置"),  # Shapefile cuts names at 10
    "source": ("source", "来源"),
}
"""By what a column may be called, capitals and blanks aside."""
_FIELDS = {header: field for field, headers in HEADERS.items() for header in headers}
_YES, _NO = {"1", "true", "yes", "是", "模拟"}, {"", "0", "false", "no", "否"}


def read(paths: Sequence[Path], crs: str = "") -> list[Place]:
    """Read and check files together; ``crs`` is the datum where a file names none.

    Raises
    ------
    Refused
        With every error of every row.
    """
    errors: list[Error] = []
    found: dict[str, tuple[Place, str, int]] = {}
    for path in paths:
        reader = _Reader(path, crs)
        for number, place in reader.places():
            if place.code in found:
                _, file, row = found[place.code]
                reader.refuse(number, f"区划代码 {place.code} 与 {file} 第 {row} 行重复")
            found.setdefault(place.code, (place, path.name, number))
        errors += reader.errors
    known = _known(found)
    errors += _orphans(found, known)
    if errors:
        raise Refused(sorted(errors, key=lambda error: (error.file, error.row)))
    places = (place for place, _, _ in found.values())
    return [
        replace(place, parent=above if (above := _above(place.code)) in known else None) for place in places
    ]


class _Reader:
    """One file on its way in; collects what is wrong with it."""

    def __init__(self, path: Path, crs: str) -> None:
        self.path, self.crs = path, crs
        self.errors: list[Error] = []

    def refuse(self, row: int, words: str) -> None:
        self.errors.append(Error(self.path.name, row, words))

    def places(self) -> Iterator[tuple[int, Place]]:
        try:
            table = formats.read(self.path)
            self.datum = _datum(table, self.crs)
        except formats.Unreadable as error:
            self.refuse(0, str(error))
            return
        if not table.rows:
            self.refuse(0, "文件里没有数据行")
        for row in table.rows:
            before = len(self.errors)
            place = self._place(row)
            if len(self.errors) == before and place is not None:
                yield row.number, place

    def _place(self, row: formats.FileRow) -> Place | None:
        values = _named(row.values)
        code = self._code(row.number, values)
        name = values.get("name", "")
        if wrong := _wrong_name(name):
            self.refuse(row.number, wrong)
        population = self._population(row.number, values)
        approximate = self._approximate(row.number, values)
        boundary, point = self._shapes(row, values)
        if not code:
            return None
        level = LEVELS[len(prefix_of(code))]
        source = (values.get("source") or self.path.name)[:200]
        return Place(code, name, level, None, population, boundary, point, approximate, source)

    def _code(self, number: int, values: dict[str, str]) -> str:
        text = values.get("code", "").removesuffix(".0")
        if re.fullmatch(r"[0-9.]+[eE]\+?[0-9]+", text):
            self.refuse(number, f"区划代码 {text} 被表格软件改成了科学计数,请按文本另存")
        elif not re.fullmatch(r"[0-9]{6}|[0-9]{9}|[0-9]{12}", text) or not text.strip("0"):
            self.refuse(number, f"区划代码须为12位数字(或6位、9位),现为“{text}”")
        else:
            return pad(text)
        return ""

    def _population(self, number: int, values: dict[str, str]) -> int | None:
        text = values.get("population", "").removesuffix(".0")
        if not text:
            return None
        if not (text.isascii() and text.isdigit() and int(text) < 2**31):
            self.refuse(number, f"常住人口须为非负整数,现为“{text}”")
            return None
        return int(text)

    def _approximate(self, number: int, values: dict[str, str]) -> bool:
        text = values.get("is_approximate", "").lower()
        if text not in _YES | _NO:
            self.refuse(number, f"模拟位置须为是或否,现为“{text}”")
        return text in _YES

    def _shapes(
        self, row: formats.FileRow, values: dict[str, str]
    ) -> tuple[BaseGeometry | None, BaseGeometry | None]:
        """Give outline and seat in EPSG:4326."""
        boundary = point = None
        shape = None if row.shape is None or row.shape.is_empty else shapely.force_2d(row.shape)
        if isinstance(shape, Point):
            point = self._point(row.number, shape.x, shape.y)
        elif shape is not None:
            boundary = self._boundary(row.number, shape)
        if values.get("lon") or values.get("lat"):
            point = self._point(row.number, values.get("lon", ""), values.get("lat", ""))
        return boundary, point

    def _point(self, number: int, lon: Any, lat: Any) -> BaseGeometry | None:
        try:
            given = float(lon), float(lat)
            x, y = datum.to_stored(*given, self.datum) if in_china(*given) else given
        except ValueError:
            self.refuse(number, f"经纬度无法读取:“{lon}, {lat}”")
            return None
        if not in_china(x, y):
            swapped = ",像是经度和纬度写反了" if in_china(y, x) else ""
            self.refuse(number, f"位置 {lon}, {lat} 不在中国境内{swapped}")
            return None
        return Point(x, y)

    def _boundary(self, number: int, shape: BaseGeometry) -> BaseGeometry | None:
        if shape.geom_type not in ("Polygon", "MultiPolygon"):
            self.refuse(number, f"边界须为面(Polygon、MultiPolygon)或点,现为 {shape.geom_type}")
        elif not shape.is_valid:
            self.refuse(number, f"边界图形有错:{shapely.is_valid_reason(shape)}")
        elif not all(in_china(x, y) for x, y in shapely.get_coordinates(shape.envelope)):
            self.refuse(number, "边界不在中国境内")
        else:
            stored = shapely.transform(shape, self._stored)
            if stored.is_valid:
                return MultiPolygon([stored]) if isinstance(stored, Polygon) else stored
            self.refuse(number, f"边界转换坐标后图形有错:{shapely.is_valid_reason(stored)}")
        return None

    def _stored(self, coordinates: Any) -> Any:
        if self.datum in ("wgs84", "cgcs2000"):
            return coordinates
        return [datum.to_stored(float(x), float(y), self.datum) for x, y in coordinates]


def _datum(table: formats.Table, crs: str) -> str:
    """Decide the datum of a file: what it declares and what the person says must not fight.

    A GCJ-02 file can't declare itself and mostly claims to be WGS-84: so the person may
    overrule a file in degrees. One in metres was truly projected; there no shift applies.
    """
    if crs and table.projected and crs not in ("wgs84", "cgcs2000"):
        raise formats.Unreadable(f"文件是投影坐标,与 --crs {crs} 不符")
    if crs or table.declared:
        return crs or str(table.declared)
    if not _has_positions(table):
        return "wgs84"
    raise formats.Unreadable("文件没有写明坐标系,请加 --crs " + "|".join(datum.DATUMS))


def _wrong_name(name: str) -> str:
    if not name:
        return "名称缺失"
    if "?" in name or "\ufffd" in name:
        return f"名称“{name}”有乱码,请另存为 UTF-8"
    return "名称超过60字" if len(name) > 60 else ""


def _has_positions(table: formats.Table) -> bool:
    return any(row.shape is not None or _named(row.values).get("lon") for row in table.rows)


def _named(values: dict[str, Any]) -> dict[str, str]:
    """Give the values under our names, as clean text."""
    named: dict[str, str] = {}
    for header, value in values.items():
        field = _FIELDS.get(str(header).strip().lower())
        if field and value is not None:
            named.setdefault(field, str(value).strip())
    return named


def _orphans(found: dict[str, tuple[Place, str, int]], known: set[str]) -> list[Error]:
    """Find townships and villages whose parent is neither in the files nor in the database."""
    return [
        Error(file, row, f"上级 {above} 不在文件里,也未在库中")
        for code, (place, file, row) in found.items()
        if (above := _above(code)) not in known and place.level in ("township", "village")
    ]


def _above(code: str) -> str:
    return next(iter(ancestors(code)), "")


def _known(found: Iterable[str]) -> set[str]:
    """Give the codes that may be a parent: those of the files, and those stored."""
    codes = set(found)
    needed = {_above(code) for code in codes} - codes
    return codes | set(Area.objects.filter(code__in=needed).values_list("code", flat=True))
