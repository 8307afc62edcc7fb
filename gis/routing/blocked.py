"""Which roads can't be passed: in an active hazard zone, or closed. Kept for each state of both.

A weather warning (气象) tells people and blocks no road. A road counts as blocked where its
line and the danger share ground; a bridge over a flood too, unless its zone was drawn around it.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

import numpy as np
import numpy.typing as npt
from django.db import connection

from gis.routing.graph import Graph

KEPT = 32
"""States remembered: a plan, its replan and what the open maps ask for."""

ZONES = """
    zone.kind <> 'weather' AND zone.valid_from <= %(at)s AND (zone.valid_to IS NULL OR zone.valid_to > %(at)s)
    AND (zone.lifted_at IS NULL OR zone.lifted_at > %(at)s)
"""
CLOSURES = """
    closure.valid_from <= %(at)s AND (closure.valid_to IS NULL OR closure.valid_to > %(at)s)
    AND (closure.lifted_at IS NULL OR closure.lifted_at > %(at)s)
"""
_NEAR = """
    {line} && ST_Expand(closure.shape, closure.radius_m / 50000.0)
    AND ST_DWithin({line}::geography, closure.shape::geography, closure.radius_m)
"""
"""A closure reaches a line: first by the index, generously in degrees, then in metres."""
_KEY = f"""
    SELECT 'z' || zone.id || ':' || zone.version FROM places_hazardzone zone WHERE {ZONES}
    UNION ALL SELECT 'c' || closure.id FROM places_closure closure WHERE {CLOSURES} ORDER BY 1
"""  # noqa: S608 - conditions of ours
_BLOCKED = f"""
    SELECT road.id FROM places_hazardzone zone
      JOIN places_road road ON ST_Intersects(zone.boundary, road.line) WHERE {ZONES}
    UNION
    SELECT road.id FROM places_closure closure
      JOIN places_road road ON {_NEAR.format(line="road.line")} WHERE {CLOSURES}
"""  # noqa: S608


class Danger(NamedTuple):
    """What blocks at a moment: ``key`` names the state, ``edges`` marks the edges of a graph."""

    key: tuple[str, ...]
    edges: npt.NDArray[np.bool_]
    ids: list[int]


_lock = threading.Lock()
_kept: OrderedDict[tuple[str, ...], Danger] = OrderedDict()


def state(moment: datetime) -> tuple[str, ...]:
    """Name the zones (with their versions) and closures in force: two equal answers block the same roads."""
    with connection.cursor() as cursor:
        cursor.execute(_KEY, {"at": moment})
        return tuple(row[0] for row in cursor.fetchall())


def at(moment: datetime, graph: Graph) -> Danger:
    """Give the roads that can't be passed at a moment; the spatial join runs once for each state."""
    key = state(moment)
    whole = (graph.key, *key)
    with connection.cursor() as cursor:
        with _lock:
            if whole in _kept:
                _kept.move_to_end(whole)
                return _kept[whole]
        cursor.execute(_BLOCKED, {"at": moment})
        ids = sorted(row[0] for row in cursor.fetchall())
    edges = np.zeros(len(graph.ids), dtype=bool)
    edges[[graph.place[one] for one in ids if one in graph.place]] = True
    danger = Danger(key, edges, ids)
    with _lock:
        _kept[whole] = danger
        while len(_kept) > KEPT:
            _kept.popitem(last=False)
    return danger


def forget() -> None:
    """Work every state out anew."""
    with _lock:
        _kept.clear()


_SHUT = f"""
    SELECT count(*) FROM places_closure closure
      JOIN places_road road ON {_NEAR.format(line="road.line")}
     WHERE closure.id = %s
"""  # noqa: S608


def shut_by(closure_id: UUID) -> int:
    """Count the pieces of road a closure shuts: none means that it was marked beside every road."""
    with connection.cursor() as cursor:
        cursor.execute(_SHUT, [closure_id])
        return int(cursor.fetchone()[0])


_TOUCHED = f"""
    WITH given AS (SELECT at, ST_GeomFromWKB(wkb, 4326) AS line
                     FROM unnest(%(lines)s::bytea[]) WITH ORDINALITY AS one (wkb, at))
    SELECT given.at, zone.name FROM given
      JOIN places_hazardzone zone ON ST_Intersects(zone.boundary, given.line) WHERE {ZONES}
    UNION
    SELECT given.at, closure.reason FROM given
      JOIN places_closure closure ON {_NEAR.format(line="given.line")} WHERE {CLOSURES}
     ORDER BY 1, 2
"""  # noqa: S608


def touched(lines: Sequence[bytes], moment: datetime) -> list[list[str]]:
    """Name the zones and closures that each line (WKB, EPSG:4326) meets at a moment: the check of every way."""
    found: list[list[str]] = [[] for _ in lines]
    if lines:
        with connection.cursor() as cursor:
            cursor.execute(_TOUCHED, {"lines": list(lines), "at": moment})
            for at, name in cursor.fetchall():
                found[at - 1].append(name)
    return found


_BLOCKING = f"""
    SELECT road.id, zone.name FROM places_road road
      JOIN places_hazardzone zone ON ST_Intersects(zone.boundary, road.line)
     WHERE road.id = ANY(%(roads)s) AND {ZONES}
    UNION
    SELECT road.id, closure.reason FROM places_road road
      JOIN places_closure closure ON {_NEAR.format(line="road.line")}
     WHERE road.id = ANY(%(roads)s) AND {CLOSURES}
     ORDER BY 1, 2
"""  # noqa: S608


def blocking(roads: Iterable[int], moment: datetime) -> dict[int, list[str]]:
    """Name what blocks each of some roads at a moment; roads that can be passed are left out."""
    found: dict[int, list[str]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_BLOCKING, {"roads": sorted(set(roads)), "at": moment})
        for road, name in cursor.fetchall():
            found.setdefault(road, []).append(name)
    return found
