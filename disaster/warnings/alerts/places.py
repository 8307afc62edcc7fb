"""Reading the places of an alert: ``lat,lon`` pairs, circles, codes. Pure: no Django here.

Both standards write latitude first. What lies outside the globe in that order but inside it
in the other was written the wrong way round, and is said so: guessing would move a warning.
"""

from __future__ import annotations

import re

import shapely
from shapely.validation import explain_validity

from disaster.problems import FieldError, Words
from disaster.warnings.alerts.model import Circle, LonLat
from gis.scope import pad

MAX_POINTS = 20_000
MAX_RADIUS_KM = 2_000.0
"""Beyond this a circle is a mistake of units: metres written for kilometres."""

NOT_A_PAIR = Words("“{text}”不是“纬度,经度”", "“{text}” is no “latitude,longitude”")
OFF_GLOBE = Words("“{text}”超出经纬度范围", "“{text}” is off the globe")
SWAPPED = Words(
    "“{text}”经纬度写反了:应为“纬度,经度”", "“{text}” is the wrong way round: write latitude,longitude"
)
TOO_FEW = Words("多边形至少四个点,首尾相同", "A polygon has at least four points, the last like the first")
NOT_CLOSED = Words("多边形首尾点须相同", "A polygon's last point must be its first")
CROSSES = Words("多边形有错:{why}", "The polygon is wrong: {why}")
ANTIMERIDIAN = Words(
    "多边形跨越180度经线,请分成两个", "The polygon crosses the antimeridian; split it in two"
)
TOO_MANY = Words("点太多,最多{limit}个", "Too many points, at most {limit}")
NOT_A_CIRCLE = Words(
    "“{text}”不是“纬度,经度 半径(千米)”", "“{text}” is no “latitude,longitude radius in kilometres”"
)
BAD_RADIUS = Words("半径须大于0、不超过{limit}千米", "The radius must be over 0 and at most {limit} km")
NOT_A_CODE = Words("“{text}”不是6位、9位或12位区划代码", "“{text}” is no area code of 6, 9 or 12 digits")

_NUMBER = r"[+-]?\d{1,3}(?:\.\d{1,15})?"
_PAIR = re.compile(rf"({_NUMBER}),({_NUMBER})")
_RADIUS = re.compile(r"\d{1,7}(?:\.\d{1,10})?")
_CODE = re.compile(r"\d{6}|\d{9}|\d{12}", re.ASCII)


class WrongPlace(Exception):  # noqa: N818 - a judgement, told to the sender
    """A place that can't be read; ``error`` says why."""

    def __init__(self, words: Words, **params: object) -> None:
        super().__init__(words.en)
        self.error = FieldError(words, params)


def polygon(text: str) -> tuple[LonLat, ...]:
    """Read a closed ring.

    Raises
    ------
    WrongPlace
        If it is not closed, crosses itself, spans the antimeridian, or is off the globe.
    """
    pairs = text.split()
    if len(pairs) > MAX_POINTS:
        raise WrongPlace(TOO_MANY, limit=MAX_POINTS)
    ring = tuple(_point(pair) for pair in pairs)
    if len(ring) < 4:
        raise WrongPlace(TOO_FEW)
    if ring[0] != ring[-1]:
        raise WrongPlace(NOT_CLOSED)
    longitudes = [lon for lon, _ in ring]
    if max(longitudes) - min(longitudes) > 180:
        raise WrongPlace(ANTIMERIDIAN)
    shape = shapely.Polygon(ring)
    if not shape.is_valid or shape.area == 0:
        raise WrongPlace(CROSSES, why=explain_validity(shape))
    return ring


def circle(text: str) -> Circle:
    """Read a circle: ``lat,lon radius``, the radius in kilometres.

    Raises
    ------
    WrongPlace
        If it can't be read, or has no extent.
    """
    parts = text.split()
    if len(parts) != 2 or not _RADIUS.fullmatch(parts[1]):
        raise WrongPlace(NOT_A_CIRCLE, text=text[:60])
    radius = float(parts[1])
    if not 0 < radius <= MAX_RADIUS_KM:
        raise WrongPlace(BAD_RADIUS, limit=int(MAX_RADIUS_KM))
    return Circle(_point(parts[0]), radius)


def geocodes(text: str) -> tuple[str, ...]:
    """Read area codes, as 12 digits each: 6 of GB/T 2260, 9 with the township of GB/T 10114, or the 12 of statistics.

    Raises
    ------
    WrongPlace
        If one is no code.
    """
    found = [part for part in re.split(r"[\s,;,;]+", text) if part]
    for part in found:
        if not _CODE.fullmatch(part):
            raise WrongPlace(NOT_A_CODE, text=part[:30])
    return tuple(pad(part) for part in found)


def _point(text: str) -> LonLat:
    match = _PAIR.fullmatch(text)
    if not match:
        raise WrongPlace(NOT_A_PAIR, text=text[:60])
    lat, lon = float(match[1]), float(match[2])
    if abs(lat) <= 90 and abs(lon) <= 180:
        return lon, lat
    raise WrongPlace(SWAPPED if abs(lon) <= 90 and abs(lat) <= 180 else OFF_GLOBE, text=text[:60])
