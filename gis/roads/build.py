"""Ways become a graph: cut wherever another way meets them. Pure.

Two vertices are the same node when they are alike to a millionth of a degree (0.1 m); ends
that miss each other by less than a metre are drawn together. Crossing without a common
vertex is no junction: it is a bridge or a tunnel.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

import numpy as np
from shapely import STRtree, points

GRID = 6
"""Decimals of a degree by which vertices are told apart."""
SNAP_M = 1.0
METRES_A_DEGREE = 111_320.0

LonLat = tuple[float, float]


class Way(NamedTuple):
    """A road as a file has it; ``number`` is the feature's, as a person counts."""

    number: int
    line: Sequence[LonLat]
    kind: str
    name: str = ""
    is_bridge: bool = False
    is_oneway: bool = False
    climb: float | None = None


class Piece(NamedTuple):
    """A way's part between two nodes; ``ends`` are places in the list of nodes."""

    way: Way
    line: list[LonLat]
    ends: tuple[int, int]


class BadRoads(ValueError):  # noqa: N818 - it is told to the person
    """What is wrong, by feature number: nothing was loaded."""

    def __init__(self, errors: dict[int, str]) -> None:
        super().__init__(f"{len(errors)} features")
        self.errors = errors


def cut(ways: Iterable[Way]) -> tuple[list[LonLat], list[Piece]]:
    """Give the nodes and the pieces between them.

    Raises
    ------
    BadRoads
        Naming each way that is no road: too short, not in degrees, no numbers.
    """
    kept = list(ways)
    errors = {way.number: fault for way in kept if (fault := _fault(way))}
    if errors:
        raise BadRoads(errors)
    lines = _drawn_together([[_round(vertex) for vertex in way.line] for way in kept])
    uses = Counter(vertex for line in lines for vertex in set(line))
    ends = {vertex for line in lines for vertex in (line[0], line[-1])}
    nodes: dict[LonLat, int] = {}
    pieces = []
    for way, line in zip(kept, lines, strict=True):
        for part in _parts(line, lambda vertex: vertex in ends or uses[vertex] > 1):
            first, last = (nodes.setdefault(vertex, len(nodes)) for vertex in (part[0], part[-1]))
            pieces.append(Piece(way, part, (first, last)))
    return list(nodes), pieces


def _fault(way: Way) -> str:
    if not all(math.isfinite(number) for vertex in way.line for number in vertex):
        return "坐标里有不是数字的值"
    if len({_round(vertex) for vertex in way.line}) < 2:
        return "少于两个不同的点"
    if any(not (73 <= lon <= 136 and 3 <= lat <= 54) for lon, lat in way.line):
        return "坐标不在中国境内(须为经纬度,经度在前)"
    return ""


def _round(vertex: Sequence[float]) -> LonLat:
    return round(float(vertex[0]), GRID), round(float(vertex[1]), GRID)


def _drawn_together(lines: list[list[LonLat]]) -> list[list[LonLat]]:
    """Move ends that nearly meet onto one vertex: the first of them in the file."""
    ends = list(dict.fromkeys(vertex for line in lines for vertex in (line[0], line[-1])))
    spots = np.asarray(points(np.array(ends).reshape(-1, 2)), dtype=object)
    near = STRtree(spots).query(spots, predicate="dwithin", distance=2 * SNAP_M / METRES_A_DEGREE)
    moved: dict[LonLat, LonLat] = {}
    for one, other in sorted(zip(*near.tolist(), strict=True)):
        if one < other and ends[other] not in moved and _metres(ends[one], ends[other]) < SNAP_M:
            moved[ends[other]] = moved.get(ends[one], ends[one])
    return [[moved.get(vertex, vertex) for vertex in line] for line in lines]


def _metres(one: LonLat, other: LonLat) -> float:
    east = (one[0] - other[0]) * math.cos(math.radians(one[1]))
    return math.hypot(east, one[1] - other[1]) * METRES_A_DEGREE


def _parts(line: list[LonLat], is_node: Callable[[LonLat], bool]) -> Iterator[list[LonLat]]:
    """Cut a line at its nodes; a loop is cut in two, that each piece has a direction."""
    begin = 0
    for at in range(1, len(line)):
        if at < len(line) - 1 and not is_node(line[at]):
            continue
        part = line[begin : at + 1]
        begin = at
        if len(set(part)) < 2:
            continue
        middle = len(part) // 2
        yield from (part[: middle + 1], part[middle:]) if part[0] == part[-1] else (part,)
