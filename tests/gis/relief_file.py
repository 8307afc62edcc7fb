"""Files of a base map for tests: a hill as GeoTIFF, a PMTiles archive."""

from __future__ import annotations

import gzip
import json
import struct
from pathlib import Path

import numpy as np
from django.contrib.gis.gdal import GDALRaster

SUMMIT_M = 1485.0


def hill(
    path: Path, *, srid: int = 4326, box: tuple[float, float, float, float] = (116.2, 30.4, 117.0, 31.1)
) -> Path:
    """Write ridges and one summit in the box's middle, in degrees; the north-west corner holds nothing."""
    west, south, east, north = box
    wide, high = 400, 350
    x, y = np.meshgrid(np.linspace(-1, 1, wide), np.linspace(-1, 1, high))
    far = x**2 + y**2
    heights = SUMMIT_M * np.exp(-4 * far) + 200 * far * np.sin(9 * x) * np.cos(11 * y)
    heights[:20, :20] = -9999
    GDALRaster(
        {
            "driver": "GTiff",
            "name": str(path),
            "srid": srid,
            "width": wide,
            "height": high,
            "origin": (west, north),
            "scale": ((east - west) / wide, -(north - south) / high),
            "datatype": 6,
            "bands": [{"data": heights.astype(np.float32), "nodata_value": -9999}],
        }
    )
    return path


def archive(
    path: Path, tiles: dict[int, bytes], *, kind: int, names: tuple[str, ...] = (), leaves: bool = False
) -> Path:
    """Write tiles by their number; ``leaves`` puts every entry into a directory below the root."""
    data, entries = b"", []
    for number, content in sorted(tiles.items()):
        entries.append((number, 1, len(content), len(data)))
        data += content
    about = gzip.compress(json.dumps({"vector_layers": [{"id": name} for name in names]}).encode())
    leaf = gzip.compress(_directory(entries)) if leaves else b""
    root = gzip.compress(_directory([(entries[0][0], 0, len(leaf), 0)] if leaves else entries))
    at = 127
    sections = []
    for section in (root, about, leaf, data):
        sections += [at, len(section)]
        at += len(section)
    head = struct.pack(
        "<7sB11Q6B4iB2i",
        *(b"PMTiles", 3, *sections, len(tiles), len(tiles), len(tiles)),
        *(1, 2, 1, kind, 0, 14, -1_800_000_000, -850_000_000, 1_800_000_000, 850_000_000, 0, 0, 0),
    )
    path.write_bytes(head + root + about + leaf + data)
    return path


def _directory(entries: list[tuple[int, int, int, int]]) -> bytes:
    out, last = _varint(len(entries)), 0
    for number, *_ in entries:
        out, last = out + _varint(number - last), number
    for column in (1, 2):
        out += b"".join(_varint(entry[column]) for entry in entries)
    return out + b"".join(_varint(entry[3] + 1) for entry in entries)


def _varint(value: int) -> bytes:
    out = b""
    while value >= 0x80:
        out, value = out + bytes([value & 0x7F | 0x80]), value >> 7
    return out + bytes([value])
