"""What a lorry's position means: whether a place is reached, the way was left, or it stands. Pure.

Places are (longitude, latitude) in EPSG:4326. Distances are taken in a plane around the lorry,
right to some 0.3 % over the few kilometres that matter here.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

import msgspec

LonLat = tuple[float, float]
DEGREE_M = 111_195.0
"""Metres in a degree of latitude on the mean sphere (6,371 km)."""


class Limits(msgspec.Struct, frozen=True):
    """The rules ``dispatch.*``: metres and seconds."""

    fence_m: float
    accuracy_m: float
    off_m: float
    off_s: float
    still_m: float
    still_s: float


class Seen(msgspec.Struct, frozen=True):
    """Where a lorry was; ``accuracy_m`` is the phone's own guess of its error, None where it gives none."""

    place: LonLat
    at: datetime
    accuracy_m: float | None = None

    def decides(self, limits: Limits) -> bool:
        """Say whether it is exact enough to raise an alarm or to count as an arrival."""
        return self.accuracy_m is None or self.accuracy_m <= limits.accuracy_m


class Track(msgspec.Struct, frozen=True):
    """What is remembered of a lorry between two positions.

    ``anchor`` is where it has been since ``anchored_at``; ``off_first`` when it was first seen
    off its way, ``off_since`` the same once the alarm is raised, ``still_since`` since when it
    stands where it should not, once that alarm is raised.
    """

    anchor: LonLat | None = None
    anchored_at: datetime | None = None
    off_first: datetime | None = None
    off_since: datetime | None = None
    still_since: datetime | None = None


def follow(
    track: Track,
    seen: Seen,
    *,
    lines: Sequence[Sequence[Sequence[float]]],
    rests: Iterable[LonLat],
    limits: Limits,
) -> Track:
    """Take a position into account: ``lines`` are the ways left, ``rests`` where it may stand as long as it likes."""
    if not seen.decides(limits):
        return track
    return _stand(_stray(track, seen, lines, limits), seen, rests, limits)


def is_at(seen: Seen, place: LonLat, limits: Limits) -> bool:
    """Say whether a position counts as having reached a place."""
    return seen.decides(limits) and metres(seen.place, place) <= limits.fence_m


def metres(one: LonLat, other: LonLat) -> float:
    """Give the distance of two places."""
    x, y = _plane(one, other)
    return math.hypot(x, y)


def metres_from(place: LonLat, line: Sequence[Sequence[float]]) -> float:
    """Give the distance of a place from a line; infinite from none."""
    points = [_plane(place, (point[0], point[1])) for point in line]
    if len(points) == 1:
        return math.hypot(*points[0])
    return min((_to_piece(*ends) for ends in itertools.pairwise(points)), default=math.inf)


def rest_of(line: Sequence[Sequence[float]], place: LonLat) -> tuple[list[list[float]], float]:
    """Cut off what of a line was driven: from the point nearest to the lorry on, and its share of the whole (0…1)."""
    points = [_plane(place, (point[0], point[1])) for point in line]
    pieces = list(itertools.pairwise(points))
    if not pieces:
        return [list(point) for point in line], 1.0
    at = min(range(len(pieces)), key=lambda one: _to_piece(*pieces[one]))
    share = _share(*pieces[at])
    start, end = line[at], line[at + 1]
    cut = [start[0] + share * (end[0] - start[0]), start[1] + share * (end[1] - start[1])]
    rest = [cut, *(list(point) for point in line[at + 1 :])]
    whole = _length(points)
    left = (1 - share) * math.dist(*pieces[at]) + _length(points[at + 1 :])
    return rest, left / whole if whole else 0.0


def _stray(track: Track, seen: Seen, lines: Sequence[Sequence[Sequence[float]]], limits: Limits) -> Track:
    if not lines or min(metres_from(seen.place, line) for line in lines) <= limits.off_m:
        return msgspec.structs.replace(track, off_first=None, off_since=None)
    first = track.off_first or seen.at
    lasts = seen.at - first >= timedelta(seconds=limits.off_s)
    return msgspec.structs.replace(
        track, off_first=first, off_since=track.off_since or (first if lasts else None)
    )


def _stand(track: Track, seen: Seen, rests: Iterable[LonLat], limits: Limits) -> Track:
    moved = track.anchor is None or metres(track.anchor, seen.place) > limits.still_m
    if moved or track.anchored_at is None or any(metres(seen.place, one) <= limits.fence_m for one in rests):
        return msgspec.structs.replace(track, anchor=seen.place, anchored_at=seen.at, still_since=None)
    lasts = seen.at - track.anchored_at >= timedelta(seconds=limits.still_s)
    return msgspec.structs.replace(track, still_since=track.anchored_at if lasts else None)


def _plane(origin: LonLat, place: LonLat) -> LonLat:
    """Give a place in metres east and north of another."""
    east = (place[0] - origin[0]) * DEGREE_M * math.cos(math.radians((place[1] + origin[1]) / 2))
    return east, (place[1] - origin[1]) * DEGREE_M


def _share(start: LonLat, end: LonLat) -> float:
    """Say how far along a piece its point nearest to the origin lies."""
    along = (end[0] - start[0], end[1] - start[1])
    size = along[0] ** 2 + along[1] ** 2
    if not size:
        return 0.0
    return min(1.0, max(0.0, -(start[0] * along[0] + start[1] * along[1]) / size))


def _to_piece(start: LonLat, end: LonLat) -> float:
    share = _share(start, end)
    return math.hypot(start[0] + share * (end[0] - start[0]), start[1] + share * (end[1] - start[1]))


def _length(points: Sequence[LonLat]) -> float:
    return sum(math.dist(*ends) for ends in itertools.pairwise(points))
