"""A small decoder of vector tiles, written from the MVT 2.1 specification, for tests only."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import Any, NamedTuple


class Feature(NamedTuple):
    """``kind`` is Point, LineString or Polygon; ``box`` is west, north, east, south in tile units."""

    kind: str
    properties: dict[str, Any]
    box: tuple[int, int, int, int]


def decode(tile: bytes) -> dict[str, list[Feature]]:
    """Give the features of each layer by its name."""
    return dict(_layer(value) for field, value in _fields(tile) if field == 3)


def _layer(data: bytes) -> tuple[str, list[Feature]]:
    name, raw, keys, values = "", [], [], []
    for field, value in _fields(data):
        if field == 1:
            name = value.decode()
        elif field == 2:
            raw.append(value)
        elif field == 3:
            keys.append(value.decode())
        elif field == 4:
            values.append(_value(value))
    return name, [_feature(feature, keys, values) for feature in raw]


def _feature(data: bytes, keys: list[str], values: list[Any]) -> Feature:
    fields = dict(_fields(data))
    tags = list(_varints(fields.get(2, b"")))
    properties = {keys[tags[i]]: values[tags[i + 1]] for i in range(0, len(tags), 2)}
    return Feature({1: "Point", 2: "LineString", 3: "Polygon"}[fields[3]], properties, _box(fields[4]))


def _box(geometry: bytes) -> tuple[int, int, int, int]:
    numbers, x, y, xs, ys = _varints(geometry), 0, 0, [], []
    for command in numbers:
        if command & 7 == 7:  # close the ring
            continue
        for _ in range(command >> 3):
            x += _signed(next(numbers))
            y += _signed(next(numbers))
            xs.append(x)
            ys.append(y)
    return min(xs), min(ys), max(xs), max(ys)


def _value(data: bytes) -> Any:
    ((field, value),) = _fields(data)
    if field == 1:
        return value.decode()
    if field == 6:
        return _signed(value)
    return bool(value) if field == 7 else value


def _fields(data: bytes) -> Iterator[tuple[int, Any]]:
    at = 0
    while at < len(data):
        head, at = _varint(data, at)
        field, wire = head >> 3, head & 7
        if wire == 0:
            value, at = _varint(data, at)
            yield field, value
        elif wire == 2:
            length, at = _varint(data, at)
            yield field, data[at : at + length]
            at += length
        else:
            size = {1: 8, 5: 4}[wire]
            yield field, struct.unpack("<d" if size == 8 else "<f", data[at : at + size])[0]
            at += size


def _varints(data: bytes) -> Iterator[int]:
    at = 0
    while at < len(data):
        value, at = _varint(data, at)
        yield value


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = data[at]
        value |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if byte < 0x80:
            return value, at


def _signed(value: int) -> int:
    return (value >> 1) ^ -(value & 1)
