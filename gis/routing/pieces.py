"""A way as parts of edges, and what follows from them: its line, its length, its roads."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import shapely
from shapely.ops import substring

from gis.routing.graph import Graph
from gis.routing.snap import Foot

HAIR_M = 0.5
"""A road is said to be used from so many metres on: a foot lies a hair inside its edge."""


class Piece(NamedTuple):
    """Part of an edge, driven from ``begin`` to ``finish`` (shares of its length, 0 to 1)."""

    edge: int
    begin: float
    finish: float


class Stretch(NamedTuple):
    """A piece long enough to be told: the road's id, its metres, and where it begins and ends (EPSG:4326)."""

    road: int
    metres: float
    start: tuple[float, float]
    end: tuple[float, float]


class Laid(NamedTuple):
    """Pieces put together: ``line`` on the road in EPSG:4326, seconds and metres of all of them."""

    line: list[tuple[float, float]]
    seconds: float
    metres: float
    stretches: list[Stretch]


def lay(first: Foot, pieces: Sequence[Piece], network: Graph) -> Laid:
    """Put the pieces of a way together, from the foot where it meets the road."""
    line: list[tuple[float, float]] = [first.at]
    seconds = metres = 0.0
    stretches: list[Stretch] = []
    for edge, begin, finish in pieces:
        part = substring(network.lines[edge], begin, finish, normalized=True)
        points = [(x, y) for x, y in shapely.get_coordinates(part).tolist()]
        line += [point for at, point in enumerate(points) if point != (points[at - 1] if at else line[-1])]
        share = abs(finish - begin)
        whole = network.forward[edge] if finish >= begin else network.backward[edge]
        seconds += float(share * whole)
        length = float(share * network.lengths[edge])
        metres += length
        if length > HAIR_M:
            stretches.append(Stretch(int(network.ids[edge]), length, points[0], points[-1]))
    return Laid(line, seconds, metres, stretches)
