"""GeoJSON as rows (RFC 7946, and the ``crs`` member of its forerunner).

RFC 7946 says WGS-84, but Chinese files are as often GCJ-02 without a word. So a file without
``crs`` declares nothing, and the person has to say.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from shapely.errors import ShapelyError
from shapely.geometry import shape

from gis.formats.table import Declared, FileRow, Table, Unreadable

_DECLARED = {"CRS84": Declared.WGS84, "4326": Declared.WGS84, "4490": Declared.CGCS2000}


def read(path: Path) -> Table:
    """Read a FeatureCollection."""
    try:
        body = json.loads(path.read_text("utf-8-sig"), parse_constant=_refuse_number)
    except (ValueError, OSError, RecursionError) as error:
        raise Unreadable("不是可读的 GeoJSON(须为 UTF-8)") from error
    if not isinstance(body, dict) or not isinstance(body.get("features"), list):
        raise Unreadable("不是 GeoJSON 的 FeatureCollection")
    rows = [_row(number, feature) for number, feature in enumerate(body["features"], start=1)]
    return Table(path, rows, _declared(body.get("crs")))


def _refuse_number(text: str) -> float:
    raise ValueError(f"{text} is no JSON")  # Python reads NaN and Infinity, which are no numbers in JSON


def _row(number: int, feature: Any) -> FileRow:
    if not isinstance(feature, dict):
        raise Unreadable(f"第 {number} 个要素不是 GeoJSON 要素")
    properties, geometry = feature.get("properties"), feature.get("geometry")
    if not isinstance(properties, dict | None) or not isinstance(geometry, dict | None):
        raise Unreadable(f"第 {number} 个要素不是 GeoJSON 要素")
    try:
        return FileRow(number, properties or {}, shape(geometry) if geometry else None)
    except (ShapelyError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise Unreadable(f"第 {number} 个要素的几何图形无法读取") from error


def _declared(crs: Any) -> Declared:
    if crs is None:
        return Declared.NONE
    try:
        name = str(crs["properties"]["name"])
    except (KeyError, TypeError) as error:
        raise Unreadable("GeoJSON 的 crs 无法读取") from error
    known = _DECLARED.get(name.rsplit(":", 1)[-1])
    if known is None:
        raise Unreadable(f"GeoJSON 的坐标系 {name} 不支持;请转为 EPSG:4326 或 EPSG:4490")
    return known
