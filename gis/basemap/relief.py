"""Relief from a digital elevation model (数字高程模型): tiles that the map shades by itself.

The file is a GeoTIFF in any reference system GDAL knows, metres above the sea (``ZAIQING_DEM``). Tiles are
PNG in Terrarium's coding: metres + 32768 = red * 256 + green + blue / 256.
"""

from __future__ import annotations

import io
import math
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from django.conf import settings
from django.contrib.gis.gdal import CoordTransform, GDALRaster, OGRGeometry, SpatialReference
from numpy.typing import NDArray
from PIL import Image

from gis.tiles.cache import Cache

SIZE = 256
_WORLD_M = 2 * math.pi * 6_378_137
_DEEPEST = 14
_LEVELS = 4
"""Zooms below the sharpest: a tile further out would read more of the file than a reader waits for."""
_KEPT_BYTES = 16 * 1024 * 1024
_SEA = 32768

Place = tuple[int, int, int]


def about() -> dict[str, Any] | None:
    """Tell the map of the relief; None without a file."""
    path = _path()
    if path is None:
        return None
    west, south, east, north, deepest = _measure(path, path.stat().st_mtime_ns)
    return {
        "tiles": [f"/basemap/relief/{{z}}/{{x}}/{{y}}.png?v={path.stat().st_mtime_ns:x}"],
        "minzoom": max(0, deepest - _LEVELS),
        "maxzoom": deepest,
        "bounds": [west, south, east, north],
    }


def tile(place: Place) -> bytes | None:
    """Give a tile as PNG; None where the file has nothing to say."""
    path, known = _path(), about()
    z, x, y = place
    if path is None or known is None or not known["minzoom"] <= z <= known["maxzoom"]:
        return None
    if not (0 <= x < 1 << z and 0 <= y < 1 << z):
        return None
    return _cache.get((str(path), path.stat().st_mtime_ns, place), lambda: _build(path, place)) or None


def _path() -> Path | None:
    text = settings.BASEMAP["dem"]
    path = Path(text)
    return path if text and path.is_file() else None


@lru_cache(maxsize=2)
def _measure(path: Path, _changed: int) -> tuple[float, float, float, float, int]:
    """Give west, south, east, north in degrees, and the zoom whose pixels are as fine as the file's."""
    raster = GDALRaster(str(path))
    own = raster.srs or SpatialReference(4326)
    box = OGRGeometry.from_bbox(raster.extent)
    box.srs = own
    wide_m = box.transform(CoordTransform(own, SpatialReference(3857)), clone=True)
    degrees = box.transform(CoordTransform(own, SpatialReference(4326)), clone=True)
    pixel_m = (wide_m.extent[2] - wide_m.extent[0]) / raster.width
    deepest = math.ceil(math.log2(_WORLD_M / SIZE / pixel_m) - 0.25)
    west, south, east, north = degrees.extent
    return west, south, east, north, max(_LEVELS, min(_DEEPEST, deepest))


def _build(path: Path, place: Place) -> bytes:
    heights = _heights(path, place)
    return b"" if heights is None else _png(heights)


def _heights(path: Path, place: Place) -> NDArray[np.float64] | None:
    z, x, y = place
    across = _WORLD_M / (1 << z)
    step = across / SIZE
    turned = GDALRaster(str(path)).warp(
        {
            "driver": "MEM",
            "srid": 3857,
            "origin": (x * across - _WORLD_M / 2, _WORLD_M / 2 - y * across),
            "scale": (step, -step),
            "width": SIZE,
            "height": SIZE,
        },
        resampling="Bilinear",
    )
    band = turned.bands[0]
    heights = np.asarray(band.data(), dtype=np.float64)
    nothing = ~np.isfinite(heights)
    if band.nodata_value is not None:
        nothing |= heights == band.nodata_value
    if nothing.all():
        return None
    return _spread(heights, nothing)


def _spread(heights: NDArray[np.float64], nothing: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Carry what is known over what is not, along columns and then rows: no cliff where the file ends."""
    for _ in range(2):  # down and up, then across
        at = np.arange(SIZE)[:, None]
        above = np.maximum.accumulate(np.where(nothing, -1, at))
        below = np.minimum.accumulate(np.where(nothing, SIZE, at)[::-1])[::-1]
        nearer = (at - above <= below - at) & (above >= 0) | (below >= SIZE)
        chosen = np.clip(np.where(nearer, above, below), 0, SIZE - 1)
        heights = np.take_along_axis(heights, chosen, axis=0).T
        nothing = ((above < 0) & (below >= SIZE)).T
    return heights


def _png(heights: NDArray[np.float64]) -> bytes:
    value = np.clip(heights + _SEA, 0, 65535.99)
    whole = np.floor(value)
    rgb = np.stack([whole // 256, whole % 256, np.floor((value - whole) * 256)], axis=-1).astype(np.uint8)
    out = io.BytesIO()
    Image.fromarray(rgb, "RGB").save(out, "PNG", compress_level=4)
    return out.getvalue()


_cache = Cache(_KEPT_BYTES)
