"""One way by road with its alternatives, by pgRouting, and held against the dangers again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import connection

from gis.routing import blocked, graph, speeds
from gis.routing.blocked import Danger
from gis.routing.graph import Graph
from gis.routing.pieces import Piece
from gis.routing.route import Draft, Route, finished, nothing
from gis.routing.snap import Foot, LonLat, feet

PENALTY = 1.5
"""An alternative sees the roads of the ways before it as so many times longer."""
DIFFERS = 0.3
"""Two ways are different when so much of the shorter one is not shared."""
MARGIN = 0.15
"""Degrees around both places that are looked at first, some 15 km."""


def path(start: LonLat, end: LonLat, *, at: datetime, alternatives: int = 0) -> list[Route]:
    """Give the quickest dry way between two places (EPSG:4326), and up to so many others.

    Where there is none, the one route given is the least bad, and its verdict says so
    (``NO_DRY``): nobody may take it for safe.
    """
    network = graph.current()
    danger = blocked.at(at, network)
    ends = feet([start, end], network, danger)
    found = _several(start, end, ends, network, danger, at, alternatives)
    if found:
        return found
    wet = feet([start, end], network, None)
    if wet[0] is None or wet[1] is None:
        return [nothing()]
    roads = _ask(network, wet[0], wet[1], [], [])
    if roads is None:
        return [nothing()]
    return [_route(start, end, (wet[0], wet[1]), roads, network, at, is_dry=False)]


def _several(
    start: LonLat,
    end: LonLat,
    ends: Sequence[Foot | None],
    network: Graph,
    danger: Danger,
    at: datetime,
    alternatives: int,
) -> list[Route]:
    first, last = ends
    if first is None or last is None:
        return []
    found: list[Route] = []
    used: list[int] = []
    for _ in range(1 + 2 * alternatives):
        roads = _ask(network, first, last, danger.ids, used)
        if roads is None:
            break
        route = _route(start, end, (first, last), roads, network, at, is_dry=True)
        if all(_differ(route, other, network) for other in found):
            found.append(route)
        if len(found) > alternatives:
            break
        used += route.roads
    return found


def _differ(one: Route, other: Route, network: Graph) -> bool:
    shared = sum(float(network.lengths[network.place[road]]) for road in set(one.roads) & set(other.roads))
    return shared < (1 - DIFFERS) * min(one.metres, other.metres)


_EDGES = """SELECT id, source_id AS source, target_id AS target, {cost} AS cost,
 CASE WHEN is_oneway THEN -1 ELSE {cost} END AS reverse_cost FROM places_road
 WHERE id <> ALL('{{{gone}}}'::bigint[]) {near}"""
_WAY = "SELECT node, edge FROM pgr_withPoints(%s, %s, -1, -2, true, 'b') ORDER BY seq"


def _ask(
    network: Graph, first: Foot, last: Foot, gone: Sequence[int], used: Sequence[int]
) -> list[tuple[int, int]] | None:
    """Ask pgRouting for the nodes and roads of the quickest way; None where there is none."""
    if first.edge == last.edge and first.share == last.share:
        return []
    places = (
        f"SELECT 1 AS pid, {network.ids[first.edge]}::bigint AS edge_id, {_share(first)}::float8 AS fraction"
        f" UNION ALL SELECT 2, {network.ids[last.edge]}::bigint, {_share(last)}::float8"
    )
    west, east = sorted((first.at[0], last.at[0]))
    south, north = sorted((first.at[1], last.at[1]))
    box = f"AND line && ST_MakeEnvelope({west - MARGIN}, {south - MARGIN}, {east + MARGIN}, {north + MARGIN}, 4326)"
    for near in (box, ""):
        edges = _EDGES.format(
            cost=_cost(speeds.now(), used), gone=",".join(str(int(one)) for one in gone), near=near
        )
        with connection.cursor() as cursor:
            cursor.execute(_WAY, [edges, places])
            rows = [(int(node), int(edge)) for node, edge in cursor.fetchall()]
        if rows:
            return rows
    return None


def _share(foot: Foot) -> float:
    """pgRouting takes the ends of an edge for its nodes: a foot stays a hair inside."""
    return min(max(foot.share, 1e-6), 1 - 1e-6)


def _cost(known: Mapping[str, float], used: Sequence[int]) -> str:
    """Write the seconds of a road as SQL; numbers of ours alone stand in it."""
    cases = " ".join(f"WHEN '{kind}' THEN {kmh / 3.6!r}" for kind, kmh in sorted(known.items()))
    seconds = f"(length_m / (CASE kind {cases} END) * (1 + {speeds.SLOPE} * abs(coalesce(climb, 0))))"
    if not used:
        return seconds
    listed = ",".join(str(int(one)) for one in sorted(set(used)))
    return f"({seconds} * CASE WHEN id = ANY('{{{listed}}}'::bigint[]) THEN {PENALTY} ELSE 1 END)"


def _route(
    start: LonLat,
    end: LonLat,
    ends: tuple[Foot, Foot],
    rows: Sequence[tuple[int, int]],
    network: Graph,
    at: datetime,
    *,
    is_dry: bool,
) -> Route:
    """Put a way together, and hold it against what blocks at the moment."""
    nodes = [node for node, _road in rows]
    pieces = []
    for place, (node, road) in enumerate(rows[:-1]):
        edge = network.place[road]
        begin, finish = (_where(one, edge, ends, network) for one in (node, nodes[place + 1]))
        pieces.append(Piece(edge, begin, finish))
    (route,) = finished([Draft(start, end, ends, pieces)], network, at, is_dry=is_dry)
    return route


def _where(node: int, edge: int, ends: tuple[Foot, Foot], network: Graph) -> float:
    """Say where on an edge a node of the way lies: 0 its source, 1 its target, else a foot."""
    if node == -1:
        return ends[0].share
    if node == -2:
        return ends[1].share
    return 0.0 if network.nodes[network.ends[edge, 0]] == node else 1.0
