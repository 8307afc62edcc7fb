"""From the datum a position was captured in to the one it is stored in. Pure.

Stored is EPSG:4326. CGCS2000 (EPSG:4490) is treated as equal to it: they differ by
centimetres. GCJ-02 (高德, 腾讯) and BD-09 (百度) are shifted by about 550 m in 潜山, which
mostly stays inside a village; so nobody guesses: the capture path names the datum.

Constants: Krasovsky 1940 ellipsoid, as every public description of GCJ-02 has them.
"""

from __future__ import annotations

import math
from collections.abc import Callable

LonLat = tuple[float, float]

_A = 6_378_245.0
_EE = 0.006_693_421_622_965_943_23
_X_PI = math.pi * 3000.0 / 180.0
_CLOSE = 1e-10
"""Degrees at which the inverse stops: a hundredth of a millimetre."""
_CHINA = (72.004, 0.8293, 137.8347, 55.8271)
"""Outside this box (west, south, east, north) GCJ-02 equals WGS-84."""


def to_stored(lon: float, lat: float, datum: str) -> LonLat:
    """Bring a position in ``datum`` to EPSG:4326, degrees in and out.

    Raises
    ------
    ValueError
        If the datum is unknown, or the position is no finite point of the earth.
    """
    if not (-180.0 <= lon <= 180.0 and -90.0 <= lat <= 90.0):  # false for NaN too
        raise ValueError(f"no point of the earth: {lon}, {lat}")
    return _TO_STORED[datum](lon, lat) if datum in _TO_STORED else _unknown(datum)


def wgs84_to_gcj02(lon: float, lat: float) -> LonLat:
    """Shift a WGS-84 position as Chinese public maps do."""
    if _outside(lon, lat):
        return lon, lat
    x, y = lon - 105.0, lat - 35.0
    d_lat = _d_lat(x, y)
    d_lon = _d_lon(x, y)
    phi = math.radians(lat)
    magic = 1.0 - _EE * math.sin(phi) ** 2
    root = math.sqrt(magic)
    d_lat = d_lat * 180.0 / (_A * (1.0 - _EE) / (magic * root) * math.pi)
    d_lon = d_lon * 180.0 / (_A / root * math.cos(phi) * math.pi)
    return lon + d_lon, lat + d_lat


def gcj02_to_wgs84(lon: float, lat: float) -> LonLat:
    """Undo the shift by iteration; it has no closed inverse."""
    if _outside(lon, lat):
        return lon, lat
    return _invert(wgs84_to_gcj02, lon, lat)


def gcj02_to_bd09(lon: float, lat: float) -> LonLat:
    """Shift a GCJ-02 position as Baidu does."""
    z = math.hypot(lon, lat) + 0.00002 * math.sin(lat * _X_PI)
    theta = math.atan2(lat, lon) + 0.000003 * math.cos(lon * _X_PI)
    return z * math.cos(theta) + 0.0065, z * math.sin(theta) + 0.006


def bd09_to_gcj02(lon: float, lat: float) -> LonLat:
    """Undo Baidu's shift by iteration."""
    return _invert(gcj02_to_bd09, lon, lat)


def wgs84_to_bd09(lon: float, lat: float) -> LonLat:
    """Shift a WGS-84 position as Baidu's maps do."""
    return gcj02_to_bd09(*wgs84_to_gcj02(lon, lat))


def bd09_to_wgs84(lon: float, lat: float) -> LonLat:
    """Undo both shifts."""
    return gcj02_to_wgs84(*bd09_to_gcj02(lon, lat))


def _same(lon: float, lat: float) -> LonLat:
    return lon, lat


_TO_STORED: dict[str, Callable[[float, float], LonLat]] = {
    "wgs84": _same,
    "cgcs2000": _same,
    "gcj02": gcj02_to_wgs84,
    "bd09": bd09_to_wgs84,
}
DATUMS = tuple(_TO_STORED)


def _unknown(datum: str) -> LonLat:
    raise ValueError(f"unknown datum {datum!r}; it must be one of {', '.join(DATUMS)}")


def _outside(lon: float, lat: float) -> bool:
    west, south, east, north = _CHINA
    return not (west <= lon <= east and south <= lat <= north)


def _invert(shift: Callable[[float, float], LonLat], lon: float, lat: float) -> LonLat:
    x, y = lon, lat
    for _ in range(30):
        shifted_x, shifted_y = shift(x, y)
        x, y = x + lon - shifted_x, y + lat - shifted_y
        if abs(lon - shifted_x) < _CLOSE and abs(lat - shifted_y) < _CLOSE:
            break
    return x, y


def _d_lat(x: float, y: float) -> float:
    value = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * math.sqrt(abs(x))
    value += (20.0 * math.sin(6.0 * x * math.pi) + 20.0 * math.sin(2.0 * x * math.pi)) * 2.0 / 3.0
    value += (20.0 * math.sin(y * math.pi) + 40.0 * math.sin(y / 3.0 * math.pi)) * 2.0 / 3.0
    value += (160.0 * math.sin(y / 12.0 * math.pi) + 320.0 * math.sin(y * math.pi / 30.0)) * 2.0 / 3.0
    return value


def _d_lon(x: float, y: float) -> float:
    value = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * math.sqrt(abs(x))
    value += (20.0 * math.sin(6.0 * x * math.pi) + 20.0 * math.sin(2.0 * x * math.pi)) * 2.0 / 3.0
    value += (20.0 * math.sin(x * math.pi) + 40.0 * math.sin(x / 3.0 * math.pi)) * 2.0 / 3.0
    value += (150.0 * math.sin(x / 12.0 * math.pi) + 300.0 * math.sin(x / 30.0 * math.pi)) * 2.0 / 3.0
    return value
