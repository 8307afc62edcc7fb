"""Ways by road: pgRouting and the graph in memory agree, and no way handed out is wet."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest
import shapely
from django.contrib.gis.geos import GEOSGeometry, Point
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gis import routing
from gis.models import Area, Closure, HazardZone, Road
from gis.roads import Way, store
from gis.routing import blocked, speeds
from tests.gis import grid
from tests.world import COUNTY, World

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 7, 5, 12, tzinfo=UTC)
CORNERS = grid.at(0, 0), grid.at(4, 4)


def zone(west: float, south: float, east: float, north: float, **fields: Any) -> HazardZone:
    values = {"name": "河滩", "kind": "flood", "level": "red", "valid_from": NOW, "area_id": COUNTY}
    shape = shapely.MultiPolygon([shapely.box(*grid.at(west, south), *grid.at(east, north))])
    return HazardZone.objects.create(boundary=GEOSGeometry(shape.wkt, srid=4326), **{**values, **fields})


def closure(column: float, row: float, **fields: Any) -> Closure:
    values = {"reason": "塌方", "valid_from": NOW, "by_name": "东审", "area_id": COUNTY}
    return Closure.objects.create(shape=Point(*grid.at(column, row), srid=4326), **{**values, **fields})


def quickest(start: tuple[float, float], end: tuple[float, float]) -> routing.Route:
    return routing.path(start, end, at=NOW)[0]


def test_the_quickest_way_is_as_long_as_the_streets_and_as_quick_as_the_rule(world: World) -> None:
    grid.build()
    found = quickest(*CORNERS)
    lengths = dict(Road.objects.values_list("id", "length_m"))
    assert found.verdict == "dry"
    assert found.metres == pytest.approx(sum(lengths[road] for road in found.roads), rel=1e-3)
    assert found.seconds == pytest.approx(found.metres / (speeds.SHIPPED["township"] / 3.6), rel=1e-3)
    assert found.line[0] == list(CORNERS[0])
    assert found.line[-1] == list(CORNERS[1])


def test_a_way_keeps_clear_of_a_zone_while_it_is_in_force(world: World) -> None:
    grid.build()
    straight = quickest(grid.at(0, 2), grid.at(4, 2))
    wet = zone(1.8, 1.8, 2.2, 2.2, valid_to=NOW + timedelta(hours=2))
    around = quickest(grid.at(0, 2), grid.at(4, 2))
    assert around.verdict == "dry"
    assert around.metres > straight.metres + 1900
    assert not shapely.LineString(around.line).intersects(shapely.from_wkb(bytes(wet.boundary.wkb)))
    later = routing.path(grid.at(0, 2), grid.at(4, 2), at=NOW + timedelta(hours=2))[0]
    assert later.metres == pytest.approx(straight.metres)


def test_a_weather_warning_closes_no_road(world: World) -> None:
    grid.build()
    zone(-1, -1, 5, 5, kind="weather")
    assert quickest(*CORNERS).verdict == "dry"


def test_a_closure_shuts_what_lies_within_its_radius_and_opens_again(world: World) -> None:
    grid.build()
    before = quickest(grid.at(0, 2), grid.at(4, 2))
    shut = closure(2.5, 2.02, radius_m=10)  # 22 m beside the street
    assert quickest(grid.at(0, 2), grid.at(4, 2)).metres == pytest.approx(before.metres)
    Closure.objects.filter(pk=shut.pk).delete()
    shut = closure(2.5, 2.02, radius_m=30)
    assert quickest(grid.at(0, 2), grid.at(4, 2)).metres > before.metres + 1900
    Closure.objects.filter(pk=shut.pk).update(lifted_at=NOW)
    assert quickest(grid.at(0, 2), grid.at(4, 2)).metres == pytest.approx(before.metres)


def test_where_no_dry_way_leads_the_answer_says_so_and_names_what_is_in_the_way(world: World) -> None:
    grid.build()
    zone(-1, 1.4, 5, 1.6, name="皖水漫堤")
    found = quickest(*CORNERS)
    assert found.verdict in routing.NO_DRY
    assert found.meets == ["皖水漫堤"]
    assert found.told("zh-hans") == "无安全路线:须经过 皖水漫堤"
    assert np.isinf(routing.matrix([CORNERS[0]], [CORNERS[1]], at=NOW)).all()


def test_a_destination_in_a_zone_is_called_none_and_a_start_in_one_is_told(world: World) -> None:
    grid.build()
    zone(0.3, 0.3, 0.7, 0.7, name="内涝点")
    assert quickest(grid.at(0.5, 0.5), CORNERS[1]).verdict == "start_inside"
    assert quickest(CORNERS[1], grid.at(0.5, 0.5)).verdict == "end_inside"


def test_a_one_way_street_is_driven_one_way(world: World) -> None:
    ways = [
        Way(1, [grid.at(0, 0), grid.at(1, 0)], "county", is_oneway=True),
        Way(2, [grid.at(1, 0), grid.at(1, 1), grid.at(0, 1), grid.at(0, 0)], "county"),
    ]
    store(ways, dataset="town")
    there = quickest(grid.at(0.1, 0), grid.at(0.9, 0)).metres
    back = quickest(grid.at(0.9, 0), grid.at(0.1, 0)).metres
    assert back > 3 * there
    times = routing.matrix([grid.at(0.1, 0), grid.at(0.9, 0)], [grid.at(0.1, 0), grid.at(0.9, 0)], at=NOW)
    assert times[1, 0] > 3 * times[0, 1]
    assert times[0, 0] == times[1, 1] == 0


def test_a_place_beyond_a_one_way_streets_end_is_reached_and_left_like_the_end(world: World) -> None:
    ways = [
        Way(1, [grid.at(0, 0), grid.at(1, 0)], "county", is_oneway=True),
        Way(2, [grid.at(0, 0), grid.at(0, 1)], "county"),
    ]
    store(ways, dataset="town")
    start, beyond, before = grid.at(0, 0.5), grid.at(1.05, 0), grid.at(-0.05, 0)
    times = routing.matrix([start, beyond], [start, beyond, before], at=NOW)
    (there, back) = routing.along([(start, beyond), (beyond, start)], at=NOW)
    assert there.verdict == "dry"
    assert times[0, 1] == pytest.approx(there.seconds, rel=1e-3)
    assert times[0, 1] == pytest.approx(quickest(start, beyond).seconds, rel=1e-3)
    assert (times[1, 0], back.verdict) == (np.inf, "no_road")
    assert np.isfinite(times[0, 2])
    assert not np.isnan(times).any()


def test_alternatives_differ_and_are_dry(world: World) -> None:
    grid.build()
    zone(1.8, 1.8, 2.2, 2.2)
    found = routing.path(*CORNERS, at=NOW, alternatives=2)
    assert len(found) == 3
    assert all(one.verdict == "dry" for one in found)
    assert len({tuple(one.roads) for one in found}) == 3


def test_a_county_without_roads_has_no_way(world: World) -> None:
    assert [one.verdict for one in routing.path(*CORNERS, at=NOW)] == ["no_road"]
    assert np.isinf(routing.matrix([CORNERS[0]], [CORNERS[1]], at=NOW)).all()
    assert [one["geometry"] for one in routing.reach(CORNERS[0], [15], at=NOW)] == [None]


def test_what_is_reached_in_less_time_lies_in_what_is_reached_in_more(world: World) -> None:
    grid.build()
    zone(1.8, 1.8, 2.2, 2.2)
    rings = routing.reach(grid.at(0, 0), [3, 5, 15], at=NOW)
    shapes = [shapely.geometry.shape(one["geometry"]) for one in rings]
    assert [one["properties"]["minutes"] for one in rings] == [15, 5, 3]
    assert shapes[0].buffer(1e-3).contains(shapes[1])
    assert shapes[1].buffer(1e-3).contains(shapes[2])


def test_the_spatial_join_runs_once_for_each_state_of_the_dangers(world: World) -> None:
    grid.build()
    zone(1.8, 1.8, 2.2, 2.2)
    routing.matrix(CORNERS, CORNERS, at=NOW)

    def joins() -> int:
        with CaptureQueriesContext(
            connection,
        ) as asked:
            routing.matrix(CORNERS, CORNERS, at=NOW + timedelta(minutes=1))
        return sum("JOIN places_road" in one["sql"] for one in asked.captured_queries)

    assert joins() == 0
    closure(0.5, 0)
    assert joins() == 1
    assert joins() == 0


def _county(chance: random.Random) -> None:
    """A town of many kinds of street with gaps, one-ways and slopes."""
    kinds = list(speeds.SHIPPED)
    ways = [
        Way(
            number,
            [grid.at(*one), grid.at(*other)],
            chance.choice(kinds),
            is_oneway=chance.random() < 0.2,
            climb=chance.choice([None, 3.0, 8.0]),
        )
        for number, (one, other) in enumerate(
            [((c, r), (c + 1, r)) for c in range(7) for r in range(8)]
            + [((c, r), (c, r + 1)) for c in range(8) for r in range(7)]
        )
        if chance.random() < 0.9
    ]
    store(ways, dataset="town")


def _dangers(chance: random.Random) -> None:
    for number in range(chance.randint(1, 4)):
        west, south = chance.uniform(0, 6), chance.uniform(0, 6)
        zone(
            west, south, west + chance.uniform(0.1, 1.5), south + chance.uniform(0.1, 1.5), name=f"区{number}"
        )
    for _ in range(chance.randint(0, 3)):
        closure(chance.uniform(0, 7), chance.uniform(0, 7), radius_m=chance.randint(5, 200))


@pytest.mark.parametrize("seed", range(12))
def test_pgrouting_and_the_graph_in_memory_agree_and_nothing_is_wet(world: World, seed: int) -> None:
    chance = random.Random(seed)
    _county(chance)
    _dangers(chance)
    places = [grid.at(chance.uniform(0, 7), chance.uniform(0, 7)) for _ in range(14)]
    times = routing.matrix(places[:7], places[7:], at=NOW)
    dry = 0
    for row, start in enumerate(places[:7]):
        for column, end in enumerate(places[7:]):
            found = quickest(start, end)
            if found.verdict in routing.NO_DRY:
                assert np.isinf(times[row, column])
                continue
            dry += 1
            assert found.seconds == pytest.approx(times[row, column], rel=1e-6, abs=0.5)
            on_road = shapely.to_wkb(shapely.LineString(found.line[1:-1]))
            assert blocked.touched([on_road], NOW) == [[]]
    assert dry


@pytest.mark.parametrize("seed", range(12, 20))
def test_the_ways_behind_a_matrix_take_as_long_as_it_says_and_are_dry(world: World, seed: int) -> None:
    chance = random.Random(seed)
    _county(chance)
    _dangers(chance)
    places = [grid.at(chance.uniform(0, 7), chance.uniform(0, 7)) for _ in range(14)]
    pairs = [(start, end) for start in places[:7] for end in places[7:]] + [(places[0], places[0])]
    times = routing.matrix(places[:7], places[7:], at=NOW)
    ways, shut = (
        routing.along(pairs, at=NOW),
        routing.blocking(Road.objects.values_list("id", flat=True), NOW),
    )
    assert len(ways) == len(pairs)
    for seconds, (start, end), way in zip([*times.flat, None], pairs, ways, strict=True):
        if way.verdict in routing.NO_DRY:
            assert seconds is not None
            assert np.isinf(seconds)
            assert way.verdict == "no_road" or way.meets
            continue
        assert (way.line[0], way.line[-1]) == (list(start), list(end))
        assert not set(way.roads) & set(shut)
        assert sum(one.metres for one in way.sections) == pytest.approx(way.metres, abs=2)
        if seconds is not None:
            assert way.seconds == pytest.approx(seconds, rel=1e-6, abs=0.5)


def test_many_ways_cost_as_many_statements_as_one(world: World) -> None:
    grid.build()
    zone(1.8, 1.8, 2.2, 2.2)
    pairs = [(grid.at(0, row), grid.at(4, column)) for row in range(5) for column in range(5)]
    costs = []
    for some in (pairs[:1], pairs[:1], pairs):  # the first reads the network
        with CaptureQueriesContext(connection) as asked:
            routing.along(some, at=NOW)
        costs.append(len(asked))
    assert costs[1] == costs[2]


def test_speeds_come_from_the_rules_in_force(world: World) -> None:
    assert speeds.now()["county"] == 40.0
    assert set(speeds.now()) == set(Road.Kind.values)
    assert Area.objects.exists()
