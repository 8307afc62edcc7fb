"""GeoPackage and Shapefile through GDAL (pyogrio): what is written is ours, so it runs in-process."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from pyogrio.raw import write
from shapely.geometry.base import BaseGeometry

from gis.formats.writing.tables import Column, Feature, Layer

_CRS = "EPSG:4326"
_KEY = "key"
"""The column of a feature's id: GDAL keeps "fid" and "id" for itself."""
_TEXT_BYTES, _NAME_BYTES = 254, 10
"""What a Shapefile's table can hold in one cell, and in a column's name."""
_KINDS = {"Point": "Point", "Polygon": "Polygon", "MultiPolygon": "Polygon"}
_DTYPES: dict[str, Any] = {"integer": np.int64, "number": np.float64, "boolean": np.bool_}


def gpkg(layers: Sequence[Layer], path: Path) -> None:
    """Write every layer into one GeoPackage."""
    for number, layer in enumerate(layers):
        names = [column.name for column in layer.columns]
        _write(path, layer, layer.features, names, driver="GPKG", append=number > 0)


def shapefiles(layer: Layer, folder: Path) -> None:
    """Write a layer as one Shapefile for each kind of shape, in UTF-8, with .cpg and .prj."""
    kinds: dict[str, list[Feature]] = {}
    for feature in layer.features:
        kind = "Point" if feature.shape is None else _KINDS.get(feature.shape.geom_type, "Polygon")
        kinds.setdefault(kind, []).append(feature)
    for kind, features in (kinds or {"Point": []}).items():
        name = layer.title if len(kinds) < 2 else f"{layer.title}_{kind.lower()}"
        names = short_names([column.name for column in layer.columns])
        _write(folder / f"{name}.shp", layer, features, names, driver="ESRI Shapefile")


def short_names(names: Sequence[str]) -> list[str]:
    """Cut names to the ten bytes a Shapefile has, each one once."""
    short: list[str] = []
    for name in names:
        cut, number = _cut(name, _NAME_BYTES), 1
        while cut in short or cut == _KEY:
            cut, number = f"{_cut(name, _NAME_BYTES - 2)}_{number}", number + 1
        short.append(cut)
    return short


def _write(
    path: Path,
    layer: Layer,
    features: Sequence[Feature],
    names: list[str],
    *,
    driver: str,
    append: bool = False,
) -> None:
    flat = driver != "GPKG"
    columns = [_filled(column, features, flat=flat) for column in layer.columns]
    keys = np.array([feature.key for feature in features], dtype=object)
    write(
        path,
        geometry=np.array([_wkb(feature.shape) for feature in features], dtype=object),
        field_data=[keys, *(values for values, _ in columns)],
        fields=np.array([_KEY, *names], dtype=object),
        field_mask=[np.zeros(len(features), dtype=bool), *(missing for _, missing in columns)],
        geometry_type=_kind_of(features, flat=flat),
        crs=_CRS,
        driver=driver,
        encoding="UTF-8",
        append=append,
        **({} if flat else {"layer": layer.name}),
    )


def _filled(column: Column, features: Sequence[Feature], *, flat: bool) -> tuple[Any, Any]:
    """Give a column's values as an array of its type, and which of them are missing."""
    values = [feature.values.get(column.name) for feature in features]
    missing = np.array([value is None for value in values], dtype=bool)
    if column.type in _DTYPES:
        return np.array([value or 0 for value in values], dtype=_DTYPES[column.type]), missing
    if column.type == "date-time" and not flat:
        times = [value.removesuffix("Z") if value else "NaT" for value in values]
        return np.array(times, dtype="datetime64[ms]"), missing
    texts = [None if value is None else _cut(str(value)) if flat else str(value) for value in values]
    return np.array(texts, dtype=object), missing


def _cut(text: str, most: int = _TEXT_BYTES) -> str:
    return text.encode()[:most].decode(errors="ignore")


def _kind_of(features: Sequence[Feature], *, flat: bool) -> str:
    kinds = {feature.shape.geom_type for feature in features if feature.shape is not None}
    if len(kinds) == 1:
        return kinds.pop()
    return "Unknown" if not flat else "Point" if not kinds else "MultiPolygon"


def _wkb(shape: BaseGeometry | None) -> bytes | None:
    return shapely.to_wkb(shape) if shape is not None else None
