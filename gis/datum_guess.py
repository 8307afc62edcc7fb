"""Which datum positions are in, judged by places whose true position is known. Pure.

GCJ-02, the shift of Chinese public maps, moves everything of a county by the same 300 to 700 m; a
person's imprecision goes in all directions. So the middle of all deviations tells one from the other.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from gis import datum
from gis.datum import LonLat

_METRES = 111_320.0
"""Of a degree of latitude."""
_FEWEST = 3
_SHIFTED_M = 200.0
"""Nowhere in China does GCJ-02 move less, but for a few places by the sea."""
_CANDIDATES = ("wgs84", "gcj02", "bd09")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the comparison shows.

    ``likely`` is the datum under which the positions fit best, "" if they don't tell; ``east_m`` and
    ``north_m`` are the common deviation if they are taken as WGS-84; ``compared`` of how many.
    """

    likely: str
    east_m: float
    north_m: float
    compared: int

    @property
    def shift_m(self) -> float:
        """The common deviation's length."""
        return math.hypot(self.east_m, self.north_m)

    @property
    def is_shifted(self) -> bool:
        """Say whether the positions look shifted as a public map's are."""
        return self.likely in ("gcj02", "bd09")


def compare(pairs: Sequence[tuple[LonLat, LonLat]]) -> Verdict:
    """Judge pairs of (given position, known position in EPSG:4326)."""
    if not pairs:
        return Verdict("", 0.0, 0.0, 0)
    off = {
        name: [_metres(datum.to_stored(*given, name), known) for given, known in pairs]
        for name in _CANDIDATES
    }
    middle = {name: (median(x for x, _ in all_), median(y for _, y in all_)) for name, all_ in off.items()}
    east, north = middle["wgs84"]
    return Verdict(_likely(middle, _error_m(off["wgs84"], east, north), len(pairs)), east, north, len(pairs))


def _likely(middle: dict[str, LonLat], error_m: float, count: int) -> str:
    best = min(_CANDIDATES, key=lambda name: math.hypot(*middle[name]))
    plain, fitting = math.hypot(*middle["wgs84"]), math.hypot(*middle[best])
    if count < _FEWEST:
        return ""
    if best == "wgs84":
        return "wgs84" if error_m < _SHIFTED_M else ""
    clear = plain > _SHIFTED_M and fitting < plain / 2 and error_m < plain / 3
    return best if clear else ""


def _error_m(off: Sequence[LonLat], east: float, north: float) -> float:
    """Give the standard error of the middle, from the median distance to it."""
    spread = median(math.hypot(x - east, y - north) for x, y in off)
    return 1.06 * spread / math.sqrt(len(off))  # 1.2533 (of a median) / 1.1774 (Rayleigh)


def _metres(position: LonLat, known: LonLat) -> LonLat:
    wide = math.cos(math.radians(known[1]))
    return (position[0] - known[0]) * _METRES * wide, (position[1] - known[1]) * _METRES
