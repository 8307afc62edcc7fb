"""What is written: layers of features with typed columns; and tables as CSV with HXL tags.

HXL (Humanitarian Exchange Language, hxlstandard.org): the line under the header says by tags what
each column means.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import shapely
from shapely.geometry import Point
from shapely.geometry.base import BaseGeometry

from gis.formats.cells import guarded

Type = Literal["string", "integer", "number", "boolean", "date-time"]


@dataclass(frozen=True, slots=True)
class Column:
    """One property: its name in files, its type, its title in tables, its HXL tag."""

    name: str
    type: Type
    title: str
    hxl: str


@dataclass(frozen=True, slots=True)
class Feature:
    """One thing: EPSG:4326, longitude first; times are ISO 8601 texts in UTC."""

    key: str
    values: dict[str, Any]
    shape: BaseGeometry | None


@dataclass(frozen=True, slots=True)
class Layer:
    """Features of one kind."""

    name: str
    title: str
    columns: Sequence[Column]
    features: Sequence[Feature]


def as_csv(layer: Layer) -> bytes:
    """Write a table: points as longitude and latitude, other shapes also as WKT."""
    text = io.StringIO(newline="")
    sheet = csv.writer(text)
    sheet.writerow(["id", *(column.title for column in layer.columns), "lon", "lat", "wkt"])
    tags = (column.hxl for column in layer.columns)
    sheet.writerow(["#meta+id", *tags, "#geo+lon", "#geo+lat", "#geo+bounds+wkt"])
    for feature in layer.features:
        values = (_cell(feature.values.get(column.name)) for column in layer.columns)
        sheet.writerow([feature.key, *values, *_place(feature.shape)])
    return text.getvalue().encode("utf-8-sig")


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    return guarded(value) if isinstance(value, str) else str(value)


def _place(shape: BaseGeometry | None) -> tuple[str, str, str]:
    if shape is None or shape.is_empty:
        return "", "", ""
    point = shape if isinstance(shape, Point) else shape.representative_point()
    wkt = "" if isinstance(shape, Point) else shapely.to_wkt(shape, rounding_precision=9, trim=True)
    return f"{point.x:.9f}", f"{point.y:.9f}", wkt
