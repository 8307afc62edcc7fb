"""The coordinate systems of the OGC API, with their axis order (OGC 18-058, Part 2).

Stored is longitude, latitude in degrees of EPSG:4326. EPSG:4326 and EPSG:4490 say latitude
first; EPSG:4548 (CGCS2000 / 3-degree Gauss-Kruger CM 117E) says northing first, in metres.
CGCS2000 and WGS-84 are centimetres apart and treated as equal.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Crs:
    """One coordinate system: ``srid`` as PostGIS computes it, and how it is written out."""

    uri: str
    srid: int
    flipped: bool
    digits: int
    limits: tuple[float, float, float, float]
    """West, south, east, north (or easting and northing) a box may have."""

    def out_sql(self, shape: str) -> str:
        """Give the SQL of a stored shape in this system and its axis order."""
        turned = f"ST_Transform({shape}, {self.srid})" if self.srid != 4326 else shape
        return f"ST_FlipCoordinates({turned})" if self.flipped else turned


_DEGREES = (-180.0, -90.0, 180.0, 90.0)
CRS84 = Crs("http://www.opengis.net/def/crs/OGC/1.3/CRS84", 4326, False, 9, _DEGREES)
KNOWN = {
    crs.uri: crs
    for crs in (
        CRS84,
        Crs("http://www.opengis.net/def/crs/EPSG/0/4326", 4326, True, 9, _DEGREES),
        Crs("http://www.opengis.net/def/crs/EPSG/0/4490", 4326, True, 9, _DEGREES),
        Crs("http://www.opengis.net/def/crs/EPSG/0/4548", 4548, True, 4, (0.0, 0.0, 1_000_000.0, 10_000_000.0)),
    )
}  # fmt: skip
"""By the URI a client names them with."""

Box = tuple[float, float, float, float]


def boxes(numbers: list[float], crs: Crs) -> list[Box]:
    """Give a box of four numbers (six: heights are dropped) longitude first, cut at the antimeridian.

    Raises
    ------
    ValueError
        If it is no box of that system.
    """
    if len(numbers) == 6:
        numbers = [*numbers[:2], *numbers[3:5]]
    if len(numbers) != 4:
        raise ValueError("a box has four or six numbers")
    a, b, c, d = numbers
    west, south, east, north = (b, a, d, c) if crs.flipped else (a, b, c, d)
    least_x, least_y, most_x, most_y = crs.limits
    if not (least_x <= west <= most_x and least_x <= east <= most_x and least_y <= south <= north <= most_y):
        raise ValueError("a box outside its system")  # NaN fails every comparison, too
    if west <= east:
        return [(west, south, east, north)]
    if crs.srid != 4326:
        raise ValueError("west lies east of east")
    return [(west, south, 180.0, north), (-180.0, south, east, north)]
