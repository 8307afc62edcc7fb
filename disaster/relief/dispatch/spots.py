"""From a stored point to the pair of numbers that routes and tracks are reckoned in."""

from __future__ import annotations

from django.contrib.gis.geos import Point


def spot(point: Point | None) -> tuple[float, float]:
    """Give (longitude, latitude), EPSG:4326. Warehouses and points of ours always have one.

    Raises
    ------
    ValueError
        If there is no point.
    """
    if point is None:
        raise ValueError("a place without a point")
    return point.x, point.y
