"""Reading a PMTiles file, version 3: one tile by its zoom, column and row.

The specification (PMTiles v3): a header of 127 bytes, a root directory, a JSON description, leaf
directories, the tiles. Tiles are numbered along a Hilbert curve, zoom after zoom.
"""

from __future__ import annotations

import gzip
import json
import os
import struct
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

_HEAD = struct.Struct("<7sB11Q6B4iB2i")
_NONE, _GZIP = 1, 2
_TYPES = {
    1: "application/vnd.mapbox-vector-tile",
    2: "image/png",
    3: "image/jpeg",
    4: "image/webp",
    5: "image/avif",
}
_DEPTH = 4
"""Directories passed on the way to a tile, at most."""
_MOST = 64 * 1024 * 1024
"""Bytes of an unpacked directory, at most: a file may be torn or hostile."""


class Unreadable(Exception):  # noqa: N818 - the file's state
    """Not a PMTiles file that we can serve."""


class Tile(NamedTuple):
    """A tile's bytes; ``packed`` with gzip."""

    content: bytes
    kind: str
    packed: bool


@dataclass(frozen=True)
class Head:
    """What the header says that we need; ``bounds`` are west, south, east, north."""

    root: tuple[int, int]
    about: tuple[int, int]
    leaves: int
    data: int
    packing: int
    tile_packing: int
    kind: str
    minzoom: int
    maxzoom: int
    bounds: tuple[float, float, float, float]

    @property
    def is_vector(self) -> bool:
        """Say whether the tiles are vector tiles."""
        return self.kind == _TYPES[1]


class _Entry(NamedTuple):
    number: int
    run: int
    size: int
    offset: int


class Archive:
    """An open file; may be read by several threads at once."""

    def __init__(self, path: Path) -> None:
        self._file = os.open(path, os.O_RDONLY)
        self.head = _head(self._read(0, _HEAD.size))
        self._directory = lru_cache(maxsize=256)(self._load)

    def __del__(self) -> None:
        if hasattr(self, "_file"):
            os.close(self._file)

    def tile(self, z: int, x: int, y: int) -> Tile | None:
        """Give a tile, None where the file has none."""
        if not self.head.minzoom <= z <= self.head.maxzoom or not (0 <= x < 1 << z and 0 <= y < 1 << z):
            return None
        number, (offset, size) = tile_number(z, x, y), self.head.root
        for _ in range(_DEPTH):
            entries, numbers = self._directory(offset, size)
            at = bisect_right(numbers, number) - 1
            if at < 0:
                return None
            entry = entries[at]
            if entry.run == 0:
                offset, size = self.head.leaves + entry.offset, entry.size
            elif number < entry.number + entry.run:
                content = self._read(self.head.data + entry.offset, entry.size)
                return Tile(content, self.head.kind, self.head.tile_packing == _GZIP)
            else:
                return None
        return None

    def layers(self) -> tuple[str, ...]:
        """Name the layers of vector tiles."""
        if not self.head.is_vector:
            return ()
        about = json.loads(self._unpack(self._read(*self.head.about)) or b"{}")
        return tuple(layer["id"] for layer in about.get("vector_layers", []))

    def _load(self, offset: int, size: int) -> tuple[list[_Entry], list[int]]:
        entries = _entries(self._unpack(self._read(offset, size)))
        return entries, [entry.number for entry in entries]

    def _unpack(self, data: bytes) -> bytes:
        return _gunzip(data) if self.head.packing == _GZIP else data

    def _read(self, offset: int, size: int) -> bytes:
        data = os.pread(self._file, size, offset)
        if len(data) != size:
            raise Unreadable("文件不完整")
        return data


def open_file(path: Path) -> Archive:
    """Open a file, or give the one that is open; a file that was replaced is opened anew."""
    about = path.stat()
    return _opened(path, about.st_mtime_ns, about.st_size)


@lru_cache(maxsize=4)
def _opened(path: Path, _changed: int, _size: int) -> Archive:
    return Archive(path)


def tile_number(z: int, x: int, y: int) -> int:
    """Number a tile: those of lower zooms first, then along the Hilbert curve.

    >>> tile_number(0, 0, 0), tile_number(1, 1, 0), tile_number(2, 0, 1)
    (0, 4, 8)
    """
    number = ((1 << 2 * z) - 1) // 3
    side = 1 << z
    half = side >> 1
    while half:
        right, low = int(bool(x & half)), int(bool(y & half))
        number += half * half * ((3 * right) ^ low)
        if not low:
            if right:
                x, y = half - 1 - (x & (half - 1)), half - 1 - (y & (half - 1))
            x, y = y, x
        half >>= 1
    return number


def _head(data: bytes) -> Head:
    magic, version, *rest = _HEAD.unpack(data)
    if magic != b"PMTiles" or version != 3:
        raise Unreadable("不是 PMTiles 第3版文件")
    root, root_size, about, about_size, leaves, _, tiles = rest[:7]
    _, packing, tile_packing, kind, minzoom, maxzoom = rest[11:17]
    west, south, east, north = rest[17:21]
    if packing not in (_NONE, _GZIP) or tile_packing not in (0, _NONE, _GZIP) or kind not in _TYPES:
        raise Unreadable("压缩方式或瓦片类型不支持,请用 gzip 或不压缩")
    return Head(
        root=(root, root_size),
        about=(about, about_size),
        leaves=leaves,
        data=tiles,
        packing=packing,
        tile_packing=tile_packing,
        kind=_TYPES[kind],
        minzoom=minzoom,
        maxzoom=maxzoom,
        bounds=(west / 1e7, south / 1e7, east / 1e7, north / 1e7),
    )


def _entries(data: bytes) -> list[_Entry]:
    numbers = _varints(data)
    try:
        count = next(numbers)
        steps = [next(numbers) for _ in range(count)]
        runs = [next(numbers) for _ in range(count)]
        sizes = [next(numbers) for _ in range(count)]
        offsets = [next(numbers) for _ in range(count)]
    except StopIteration:
        raise Unreadable("目录不完整") from None
    entries: list[_Entry] = []
    number = 0
    for step, run, size, offset in zip(steps, runs, sizes, offsets, strict=True):
        number += step
        # 0 says: right behind the one before.
        at = offset - 1 if offset else entries[-1].offset + entries[-1].size if entries else 0
        entries.append(_Entry(number, run, size, at))
    return entries


def _varints(data: bytes) -> Iterator[int]:
    value = shift = 0
    for byte in data:
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            yield value
            value = shift = 0


def _gunzip(data: bytes) -> bytes:
    import io

    with gzip.GzipFile(fileobj=io.BytesIO(data)) as packed:
        try:
            content = packed.read(_MOST + 1)
        except (OSError, EOFError) as error:
            raise Unreadable("目录无法解压") from error
    if len(content) > _MOST:
        raise Unreadable("目录过大")
    return content
