"""KML 2.2 as rows: placemarks with their shape, name and extended data. WGS-84 by its standard.

Read without entities, document types or links to elsewhere (defusedxml).
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import shapely
from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import ParseError, iterparse
from shapely.errors import ShapelyError
from shapely.geometry import GeometryCollection, LineString, MultiPoint, MultiPolygon, Point, Polygon
from shapely.geometry.base import BaseGeometry

from gis.formats.table import Declared, FileRow, Table, Unreadable

_SHAPES = frozenset({"Point", "LineString", "LinearRing", "Polygon", "MultiGeometry"})


def read(path: Path) -> Table:
    """Read every Placemark of the file, folders aside."""
    try:
        rows = [_row(number, mark) for number, mark in enumerate(_placemarks(path), start=1)]
    except DefusedXmlException as error:
        raise Unreadable("KML 含有实体或文档类型定义,不予读取") from error
    except (ParseError, LookupError, UnicodeError) as error:
        raise Unreadable("不是可读的 KML") from error
    return Table(path, rows, Declared.WGS84)


def _placemarks(path: Path) -> Iterator[Any]:
    root = None
    for event, element in iterparse(str(path), events=("start", "end"), forbid_dtd=True):
        if root is None:
            root = element
            if _name(element) != "kml":
                raise Unreadable("不是可读的 KML")
        if event == "end" and _name(element) == "Placemark":
            yield element
            element.clear()


def _row(number: int, mark: Any) -> FileRow:
    values: dict[str, Any] = {}
    shape = None
    for child in mark:
        name = _name(child)
        if name in ("name", "description"):
            values[name] = (child.text or "").strip()
        elif name == "ExtendedData":
            values |= dict(_data(child))
        elif name in _SHAPES:
            try:
                shape = _shape(child, depth=0)
            except (ShapelyError, ValueError) as error:
                raise Unreadable(f"第 {number} 个要素的几何图形无法读取") from error
    return FileRow(number, values, shape)


def _data(extended: Any) -> Iterator[tuple[str, str]]:
    for element in extended.iter():
        if _name(element) == "Data":
            value = next((child.text for child in element if _name(child) == "value"), "")
            yield element.get("name", ""), value or ""
        elif _name(element) == "SimpleData":
            yield element.get("name", ""), element.text or ""


def _shape(element: Any, depth: int) -> BaseGeometry:
    kind = _name(element)
    if kind == "MultiGeometry":
        if depth > 8:
            raise ValueError("nested too deeply")
        return _joined([_shape(child, depth + 1) for child in element if _name(child) in _SHAPES])
    if kind == "Polygon":
        rings: dict[str, list[Any]] = {"outerBoundaryIs": [], "innerBoundaryIs": []}
        for child in element:
            if _name(child) in rings:
                rings[_name(child)] += [_numbers(ring) for ring in child if _name(ring) == "LinearRing"]
        if len(rings["outerBoundaryIs"]) != 1:
            raise ValueError("a polygon has one outer ring")
        return Polygon(rings["outerBoundaryIs"][0], rings["innerBoundaryIs"])
    numbers = _numbers(element)
    return Point(numbers[0]) if kind == "Point" and len(numbers) == 1 else LineString(numbers)


def _joined(parts: list[BaseGeometry]) -> BaseGeometry:
    flat = [piece for part in parts for piece in shapely.get_parts(part)]
    if flat and all(isinstance(part, Polygon) for part in flat):
        return MultiPolygon(flat)
    if flat and all(isinstance(part, Point) for part in flat):
        return MultiPoint(flat)
    return GeometryCollection(flat)


def _numbers(element: Any) -> list[tuple[float, float]]:
    text = next((child.text or "" for child in element if _name(child) == "coordinates"), "")
    numbers = []
    for part in text.split():
        lon, lat, *_ = (float(number) for number in part.split(","))
        if not (math.isfinite(lon) and math.isfinite(lat)):
            raise ValueError("not a number")
        numbers.append((lon, lat))
    return numbers


def _name(element: Any) -> str:
    return str(element.tag).rpartition("}")[2]
