"""P15: ways that keep clear of hazard zones, beside bare scipy and bare pgRouting in the same run.

    script/bench routing [--side 120] [--zones 60] [--cases 10000] [--rounds 15]

A simulated web of ``side`` × ``side`` crossings (4 · side² pieces of road both ways) with zones and closed
roads over it, in a scratch database. Printed: the product's matrix ÷ ``scipy.sparse.csgraph.dijkstra`` on a
ready matrix (aim 3); its single way ÷ the bare pgRouting statement with a spatial filter; what a new state of
the dangers costs and what a known one costs; and how many of ``cases`` ways handed out as dry meet a zone or
a closure by ``ST_Intersects`` / ``ST_DWithin`` (aim 0).
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

from tests.benchmarks import rig
from tests.live import Database

WEST, SOUTH, STEP = 116.0, 30.2, 0.01
NOW = datetime(2026, 7, 5, 12, tzinfo=UTC)
DANGER = """
    SELECT EXISTS (SELECT 1 FROM places_hazardzone zone WHERE ST_Intersects(zone.boundary, way.g))
        OR EXISTS (SELECT 1 FROM places_closure closure
                    WHERE ST_DWithin(closure.shape::geography, way.g::geography, closure.radius_m))
      FROM (SELECT ST_GeomFromWKB(%s, 4326) AS g) way
"""
BARE = """
    SELECT node, edge FROM pgr_dijkstra(
        'SELECT road.id, source_id AS source, target_id AS target, length_m AS cost, length_m AS reverse_cost
           FROM places_road road
          WHERE NOT EXISTS (SELECT 1 FROM places_hazardzone zone WHERE ST_Intersects(zone.boundary, road.line))',
        %s::bigint, %s::bigint, true)
"""


def place(column: float, row: float) -> tuple[float, float]:
    return round(WEST + column * STEP, 6), round(SOUTH + row * STEP, 6)


def build(side: int, zones: int, chance: random.Random) -> None:
    """A web of roads with slopes and classes, and dangers over a part of it."""
    import shapely
    from django.contrib.gis.geos import GEOSGeometry, Point

    from gis.models import Area, Closure, HazardZone
    from gis.roads import Way, store

    kinds = ["county", "township", "village", "provincial"]
    ways = [
        Way(
            line * 2 + turn,
            [place(*spot) for spot in spots],
            chance.choice(kinds),
            climb=chance.choice([None, 4.0]),
        )
        for line in range(side)
        for turn, spots in enumerate(([(n, line) for n in range(side)], [(line, n) for n in range(side)]))
    ]
    loaded = store(ways, dataset="bench")
    Area.objects.create(code="340882000000", name="潜山市", level="city")
    for number in range(zones):
        west, south = chance.uniform(0, side), chance.uniform(0, side)
        shape = shapely.MultiPolygon([shapely.Point(*place(west, south)).buffer(chance.uniform(0.005, 0.03))])
        HazardZone.objects.create(
            name=f"区{number}",
            kind="flood",
            level="red",
            area_id="340882000000",
            boundary=GEOSGeometry(shape.wkt, srid=4326),
            valid_from=NOW,
        )
    for number in range(zones):
        spot = Point(*place(chance.uniform(0, side), chance.randrange(side)), srid=4326)
        Closure.objects.create(
            area_id="340882000000",
            shape=spot,
            reason=f"断{number}",
            radius_m=60,
            valid_from=NOW,
            by_name="测",
        )
    print(
        f"{loaded.roads} pieces of road, {loaded.kilometres:,.0f} km; {zones} zones, {zones} closures",
        flush=True,
    )


def median(action: Callable[[], Any], rounds: int) -> float:
    """Milliseconds, the median of some rounds."""
    taken = []
    for _ in range(rounds):
        began = time.perf_counter()
        action()
        taken.append((time.perf_counter() - began) * 1000)
    return statistics.median(taken)


def matrix(side: int, origins: int, destinations: int, rounds: int, chance: random.Random) -> None:
    """The product's matrix beside scipy on the same web, ready in memory."""
    import numpy as np
    from scipy.sparse.csgraph import dijkstra

    from gis import routing
    from gis.routing import blocked, graph, tables
    from gis.routing.snap import feet

    ends = [place(chance.uniform(0, side), chance.uniform(0, side)) for _ in range(origins + destinations)]
    network = graph.current()
    danger = blocked.at(NOW, network)
    found = [foot for foot in feet(ends[:origins], network, danger) if foot is not None]
    web, first = tables.with_origins(network, danger, found)
    rows = np.arange(first, first + len(found))
    ours = median(lambda: routing.matrix(ends[:origins], ends[origins:], at=NOW), rounds)
    bare = median(lambda: dijkstra(web, directed=True, indices=rows), rounds)
    print(
        f"P15 matrix {origins}×{destinations}: {ours:.0f} ms ÷ scipy {bare:.0f} ms = {ours / bare:.2f} (aim 3)",
        flush=True,
    )


def states(rounds: int) -> None:
    """What a new state of the dangers costs, and a known one."""
    from gis.routing import blocked, graph

    network = graph.current()

    def anew() -> None:
        blocked.forget()
        blocked.at(NOW, network)

    new, known = median(anew, rounds), median(lambda: blocked.at(NOW, network), rounds)
    print(
        f"P15 dangers: a new state {new:.1f} ms, a known one {known:.2f} ms; {new / known:.0f} times",
        flush=True,
    )


def singles(side: int, rounds: int, chance: random.Random) -> None:
    """One way beside the bare statement that filters and asks pgRouting."""
    from django.db import connection

    from gis import routing
    from gis.routing import graph

    network, ratios, ours, bare = graph.current(), [], [], []
    for _ in range(rounds):
        a, b = (place(chance.uniform(0, side), chance.uniform(0, side)) for _ in range(2))
        one, other = (int(network.nodes[chance.randrange(len(network.nodes))]) for _ in range(2))
        with connection.cursor() as cursor:
            theirs = median(lambda o=one, t=other: cursor.execute(BARE, [o, t]), 1)  # type: ignore[misc]
        mine = median(lambda a=a, b=b: routing.path(a, b, at=NOW), 1)  # type: ignore[misc]
        ours.append(mine)
        bare.append(theirs)
        ratios.append(mine / theirs)
    print(
        f"P15 one way: {statistics.median(ours):.0f} ms ÷ pgRouting with a spatial filter {statistics.median(bare):.0f} ms"
        f" = {statistics.median(ratios):.2f}",
        flush=True,
    )


def violations(side: int, cases: int, chance: random.Random) -> None:
    """Hold ways that were handed out as dry against the dangers, by another statement."""
    import shapely
    from django.db import connection

    from gis import routing

    wet = dry = none = 0
    began = time.perf_counter()
    for _ in range(cases):
        a = (chance.uniform(0, side), chance.uniform(0, side))
        b = (a[0] + chance.uniform(-8, 8), a[1] + chance.uniform(-8, 8))
        for route in routing.path(place(*a), place(*b), at=NOW):
            if route.verdict in routing.NO_DRY:
                none += 1
                continue
            dry += 1
            inner = route.line[1:-1]
            line = shapely.to_wkb(shapely.LineString(inner if len(inner) > 1 else inner * 2))
            with connection.cursor() as cursor:
                cursor.execute(DANGER, [line])
                wet += int(cursor.fetchone()[0])
    took = time.perf_counter() - began
    print(
        f"P15 {cases} random cases in {took:.0f} s: {dry} dry ways, {none} without one, {wet} violations (aim 0)",
        flush=True,
    )


def main(words: Sequence[str] | None = None) -> None:
    """Measure all of it in one run."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--side", type=int, default=120)
    parser.add_argument("--zones", type=int, default=60)
    parser.add_argument("--cases", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=15)
    options = parser.parse_args(words)
    chance = random.Random(15)
    database = Database(f"zaiqing_routing_{os.getpid()}")
    database.create()
    try:
        rig.work_in(database)
        build(options.side, options.zones, chance)
        states(options.rounds)
        for origins in (24, 183):
            matrix(options.side, origins, 183, options.rounds, chance)
        singles(options.side, options.rounds, chance)
        violations(options.side, options.cases, chance)
    finally:
        database.drop()


if __name__ == "__main__":
    main()
