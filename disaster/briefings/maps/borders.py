"""Borders of areas as lines, each once: neighbours have theirs in common, and dashes drawn twice are a solid line."""

from __future__ import annotations

from collections.abc import Iterable

import shapely
from django.contrib.gis.geos import GEOSGeometry

GRID = 1e-5
"""Of a degree, about a metre: what lies nearer together is one line on every map."""


def once(shapes: Iterable[GEOSGeometry | None], *, without: GEOSGeometry | None = None) -> GEOSGeometry:
    """Give the borders of some areas (EPSG:4326) as lines; those along ``without``, lines drawn otherwise, are left out."""
    rims = [shapely.boundary(_read(shape)) for shape in shapes if shape is not None]
    lines = shapely.union_all(rims, grid_size=GRID)
    if without is not None:
        lines = shapely.difference(lines, _read(without), grid_size=GRID)
    return GEOSGeometry(memoryview(shapely.to_wkb(shapely.line_merge(lines))), srid=4326)


def _read(shape: GEOSGeometry) -> shapely.Geometry:
    return shapely.force_2d(shapely.from_wkb(bytes(shape.wkb)))
