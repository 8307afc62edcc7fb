"""The ways behind a matrix: for chosen pairs of places, the roads that its seconds were reckoned by."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from scipy.sparse.csgraph import dijkstra

from gis.routing import blocked, graph
from gis.routing.blocked import Danger
from gis.routing.graph import Floats, Graph, Ints
from gis.routing.pieces import Piece
from gis.routing.route import Draft, Route, finished, nothing
from gis.routing.snap import Foot, LonLat, feet
from gis.routing.tables import direct, onto, over, with_origins

Pair = tuple[LonLat, LonLat]


def along(pairs: Sequence[Pair], *, at: datetime) -> list[Route]:
    """Give the quickest dry way of each pair of places (EPSG:4326): as many statements for one as for all.

    Each is held against the dangers again. Where no dry one leads, the least bad is given and
    its verdict says so (``NO_DRY``).
    """
    network = graph.current()
    danger = blocked.at(at, network)
    found = _found(pairs, network, danger)
    routes = _finished(found, network, at, is_dry=True)
    wet = [place for place, route in enumerate(routes) if route is None]
    if wet and danger.ids:
        nowhere = Danger((), np.zeros_like(danger.edges), [])
        again = _found([pairs[place] for place in wet], network, nowhere)
        for place, route in zip(wet, _finished(again, network, at, is_dry=False), strict=True):
            routes[place] = route
    return [route or nothing() for route in routes]


def _finished(
    drafts: Sequence[Draft | None], network: Graph, at: datetime, *, is_dry: bool
) -> list[Route | None]:
    given = iter(finished([one for one in drafts if one], network, at, is_dry=is_dry))
    return [next(given) if one else None for one in drafts]


def _found(pairs: Sequence[Pair], network: Graph, danger: Danger) -> list[Draft | None]:
    places = list(dict.fromkeys(place for pair in pairs for place in pair))
    foot = dict(zip(places, feet(places, network, danger), strict=True))
    starts = list(dict.fromkeys(start for start, _ in pairs if foot[start]))
    if not starts:
        return [None] * len(pairs)
    walked = _walk(network, danger, [one for start in starts if (one := foot[start])])
    rows = {start: row for row, start in enumerate(starts)}
    found: list[Draft | None] = []
    for start, end in pairs:
        first, last = foot[start], foot[end]
        pieces = walked.pieces(rows[start], first, last) if first and last else None
        found.append(
            None if pieces is None or not first or not last else Draft(start, end, (first, last), pieces)
        )
    return found


class _Walked(NamedTuple):
    """What Dijkstra found from each origin, and which edge is the quickest from node to node."""

    network: Graph
    reached: Floats
    before: Ints
    own: int
    """The first origin's place among the nodes."""
    keys: Ints
    edges: Ints

    def pieces(self, row: int, first: Foot, last: Foot) -> list[Piece] | None:
        """Give the way from an origin to a foot; None where there is none."""
        by_source, by_target = onto(self.network, self.reached[row], last)
        begin = 0 if by_source <= by_target else 1
        seconds = min(by_source, by_target)
        straight = direct(self.network, first, last)
        if straight <= seconds and straight < float("inf"):
            return [Piece(first.edge, first.share, last.share)]
        if seconds == float("inf"):
            return None
        node = int(self.network.ends[last.edge, begin])
        return [*self._to(node, row, first), Piece(last.edge, float(begin), last.share)]

    def _to(self, node: int, row: int, first: Foot) -> list[Piece]:
        """Give the pieces from an origin to a node."""
        nodes = [node]
        while nodes[-1] != self.own + row:
            nodes.append(int(self.before[row, nodes[-1]]))
        nodes = nodes[-2::-1]
        return [
            self._onto(nodes[0], first),
            *(self._between(*step) for step in pairwise(nodes)),
        ]

    def _onto(self, node: int, first: Foot) -> Piece:
        source, target = self.network.ends[first.edge]
        back = over(first.share, self.network.backward[first.edge])
        ahead = over(1 - first.share, self.network.forward[first.edge])
        is_back = source == node and (target != node or back <= ahead)
        return Piece(first.edge, first.share, 0.0 if is_back else 1.0)

    def _between(self, start: int, end: int) -> Piece:
        edge = int(self.edges[np.searchsorted(self.keys, start * len(self.network.nodes) + end)])
        is_ahead = self.network.ends[edge, 0] == start
        return Piece(edge, 0.0, 1.0) if is_ahead else Piece(edge, 1.0, 0.0)


def _walk(network: Graph, danger: Danger, origins: Sequence[Foot]) -> _Walked:
    web, own = with_origins(network, danger, origins)
    numbers = np.arange(own, own + len(origins))
    reached, before = dijkstra(web, directed=True, indices=numbers, return_predecessors=True)
    return _Walked(network, reached, before, own, *_quickest(network, danger))


def _quickest(network: Graph, danger: Danger) -> tuple[Ints, Ints]:
    """Give a key for each pair of neighbouring nodes, in order, and the quickest free edge of each."""
    (free,) = np.nonzero(~danger.edges)
    size = len(network.nodes)
    source, target = network.ends[free, 0], network.ends[free, 1]
    keys = np.concatenate([source * size + target, target * size + source])
    cost = np.concatenate([network.forward[free], network.backward[free]])
    edges = np.concatenate([free, free])
    order = np.lexsort((cost, keys))
    keys, edges = keys[order], edges[order]
    keys, first = np.unique(keys, return_index=True)
    return keys, edges[first]
