"""KML 2.2: a folder for each layer, a placemark for each feature, its properties as extended data."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from shapely.geometry import LineString, Point, Polygon
from shapely.geometry.base import BaseGeometry

from gis.formats.writing.tables import Feature, Layer

_FORBIDDEN = re.compile("[^\\t\\n\\r\\u0020-\\ud7ff\\ue000-\\ufffd\\U00010000-\\U0010ffff]")
"""What XML 1.0 can't hold at all."""


def document(layers: Sequence[Layer], name: str) -> bytes:
    """Write layers as one document."""
    folders = "".join(_folder(layer) for layer in layers)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<kml xmlns="http://www.opengis.net/kml/2.2"><Document><name>{_text(name)}</name>{folders}</Document></kml>\n'
    ).encode()


def _folder(layer: Layer) -> str:
    marks = "".join(_placemark(feature, layer) for feature in layer.features)
    return f"<Folder><name>{_text(layer.title)}</name>{marks}</Folder>"


def _placemark(feature: Feature, layer: Layer) -> str:
    name = feature.values.get("name") or feature.values.get("number") or feature.key
    values: list[tuple[str, Any]] = [("id", feature.key)]
    values += [(column.name, feature.values.get(column.name)) for column in layer.columns]
    data = "".join(
        f"<Data name={quoteattr(key)}><value>{_text(_said(value))}</value></Data>"
        for key, value in values
        if value is not None
    )
    shape = _shape(feature.shape) if feature.shape is not None else ""
    return f"<Placemark><name>{_text(str(name))}</name><ExtendedData>{data}</ExtendedData>{shape}</Placemark>"


def _said(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _text(text: str) -> str:
    # A reader may take a bare carriage return for a line's end (XML 1.0, 2.11).
    return escape(_FORBIDDEN.sub("", text), {"\r": "&#13;"})


def _shape(shape: BaseGeometry) -> str:
    if isinstance(shape, Point):
        return f"<Point>{_coordinates([shape.coords[0]])}</Point>"
    if isinstance(shape, LineString):
        return f"<LineString>{_coordinates(shape.coords)}</LineString>"
    if isinstance(shape, Polygon):
        holes = "".join(_ring("innerBoundaryIs", ring.coords) for ring in shape.interiors)
        return f"<Polygon>{_ring('outerBoundaryIs', shape.exterior.coords)}{holes}</Polygon>"
    parts: Iterable[BaseGeometry] = getattr(shape, "geoms", ())
    return f"<MultiGeometry>{''.join(_shape(part) for part in parts)}</MultiGeometry>"


def _ring(where: str, coordinates: Iterable[Any]) -> str:
    return f"<{where}><LinearRing>{_coordinates(coordinates)}</LinearRing></{where}>"


def _coordinates(coordinates: Iterable[Any]) -> str:
    return f"<coordinates>{' '.join(f'{x:.9f},{y:.9f}' for x, y, *_ in coordinates)}</coordinates>"
