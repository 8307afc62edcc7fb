"""One file for any selection: several layers share a GeoPackage or KML, else they go into a zip."""

from __future__ import annotations

import io
import json
import tempfile
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from shapely.geometry import mapping

from gis.formats.writing import drivers, kml
from gis.formats.writing.tables import Layer, as_csv


class Written(NamedTuple):
    """A file to hand over."""

    name: str
    type: str
    content: bytes


_ZIP = "application/zip"
FORMATS = ("geojson", "gpkg", "shp", "kml", "csv")


def write(form: str, layers: Sequence[Layer], name: str) -> Written:
    """Write layers as ``form``, one of :data:`FORMATS`; ``name`` is the file's without an ending.

    Coordinates are EPSG:4326, longitude first.

    Raises
    ------
    KeyError
        If the form is unknown.
    """
    return _WRITE[form](layers, name)


def _geojson(layers: Sequence[Layer], name: str) -> Written:
    files = [(f"{layer.title}.geojson", _collection(layer)) for layer in layers]
    return _one_or_zip(files, f"{name}.geojson", "application/geo+json", name)


def _collection(layer: Layer) -> bytes:
    features = [
        {
            "type": "Feature",
            "id": feature.key,
            "geometry": mapping(feature.shape) if feature.shape is not None else None,
            "properties": feature.values,
        }
        for feature in layer.features
    ]
    body = {"type": "FeatureCollection", "features": features}
    return json.dumps(body, ensure_ascii=False, allow_nan=False).encode()


def _csv(layers: Sequence[Layer], name: str) -> Written:
    files = [(f"{layer.title}.csv", as_csv(layer)) for layer in layers]
    return _one_or_zip(files, f"{name}.csv", "text/csv; charset=utf-8", name)


def _kml(layers: Sequence[Layer], name: str) -> Written:
    return Written(f"{name}.kml", "application/vnd.google-earth.kml+xml", kml.document(layers, name))


def _gpkg(layers: Sequence[Layer], name: str) -> Written:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "out.gpkg"
        drivers.gpkg(layers, path)
        return Written(f"{name}.gpkg", "application/geopackage+sqlite3", path.read_bytes())


def _shp(layers: Sequence[Layer], name: str) -> Written:
    with tempfile.TemporaryDirectory() as folder:
        for layer in layers:
            drivers.shapefiles(layer, Path(folder))
        files = [(path.name, path.read_bytes()) for path in sorted(Path(folder).iterdir())]
    return Written(f"{name}.zip", _ZIP, _zip(files))


def _one_or_zip(files: list[tuple[str, bytes]], alone: str, kind: str, name: str) -> Written:
    if len(files) == 1:
        return Written(alone, kind, files[0][1])
    return Written(f"{name}.zip", _ZIP, _zip(files))


def _zip(files: Sequence[tuple[str, bytes]]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files:
            archive.writestr(name, content)
    return packed.getvalue()


_WRITE: dict[str, Callable[[Sequence[Layer], str], Written]] = {
    "geojson": _geojson,
    "gpkg": _gpkg,
    "shp": _shp,
    "kml": _kml,
    "csv": _csv,
}
