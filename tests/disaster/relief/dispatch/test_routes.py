"""Routes held against every possible plan of tiny cases, against PyVRP alone, and against each rule."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator

import msgspec
import numpy as np
import pytest
import pyvrp
from pyvrp.stop import MaxIterations

from disaster.relief.dispatch.routes import model, relief, vrp
from disaster.relief.dispatch.routes.model import Depot, Lorry, Plan, Problem, Stop
from disaster.relief.dispatch.routes.search import Search
from tests.disaster.relief.dispatch.roads import drawn, plane, square


def solved(problem: Problem, rounds: int = 400) -> Plan | None:
    return vrp.solve(problem, seconds=0, until=MaxIterations(rounds))


def partings(order: tuple[int, ...], most: int) -> Iterator[list[list[int]]]:
    """Cut an order into at most so many runs, some of them empty."""
    for cuts in itertools.combinations_with_replacement(range(len(order) + 1), most - 1):
        edges = [0, *cuts, len(order)]
        yield [list(order[a:b]) for a, b in itertools.pairwise(edges)]


def every_plan(problem: Problem) -> Iterator[Plan]:
    """Try every order of the stops, cut into trips in every way."""
    lorries = len(problem.lorries)
    turns = problem.lorries[0].trips
    for order in itertools.permutations(range(len(problem.stops))):
        for parts in partings(order, lorries * turns):
            trips = [
                model.timed(
                    problem, lorry, [[(one, True) for one in part] for part in parts[lorry::lorries] if part]
                )
                for lorry in range(lorries)
            ]
            if all(one is not None for one in trips):
                yield model.together(problem, [trip for one in trips for trip in one or []])


@pytest.mark.parametrize(("stops", "lorries", "trips"), [(5, 2, 1), (5, 1, 3), (5, 2, 2)])
@pytest.mark.parametrize("seed", range(3))
def test_no_plan_of_all_is_cheaper(seed: int, stops: int, lorries: int, trips: int) -> None:
    problem = drawn(seed, stops, lorries, trips=trips, room=1.4)
    found = solved(problem)
    assert found is not None
    assert found.metres == min(plan.metres for plan in every_plan(problem))


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("aim", ["worst", "sum"])
def test_no_plan_of_all_is_sooner(seed: int, aim: relief.Aim) -> None:
    problem = drawn(seed, 5, 2, trips=2, room=1.4)
    found = relief.solve(problem, aim=aim, seconds=1.5, seed=seed)
    assert found is not None
    plans = list(every_plan(problem))
    if aim == "worst":
        assert found.worst() == min(plan.worst() for plan in plans)
    else:
        assert found.total() == min(plan.total() for plan in plans)


def alone(problem: Problem, rounds: int) -> float:
    """Ask PyVRP by its own words, without ours."""
    asked = pyvrp.Model()
    places = [asked.add_location(0, 0) for _ in range(len(problem.seconds))]
    home = asked.add_depot(places[0])
    for stop in problem.stops:
        asked.add_client(places[stop.at], delivery=[stop.kg])
    lorry = problem.lorries[0]
    asked.add_vehicle_type(
        len(problem.lorries),
        capacity=[lorry.kg],
        start_depot=home,
        end_depot=home,
        reload_depots=[home] if lorry.trips > 1 else [],
        max_reloads=lorry.trips - 1,
    )
    for a, b in itertools.permutations(range(len(places)), 2):
        asked.add_edge(places[a], places[b], int(problem.metres[a, b]), int(problem.seconds[a, b]))
    return asked.solve(MaxIterations(rounds), seed=0, display=False).cost()


@pytest.mark.parametrize("trips", [1, 3])
@pytest.mark.parametrize("seed", range(2))
def test_the_adapter_loses_nothing(seed: int, trips: int) -> None:
    problem = drawn(seed, 60, 4, trips=trips)
    found = solved(problem, 300)
    assert found is not None
    assert found.metres == alone(problem, 300)


@pytest.mark.parametrize("seed", range(3))
def test_the_last_village_is_reached_a_fifth_sooner(seed: int) -> None:
    problem = drawn(seed, 40, 4)
    cheap = relief.solve(problem, aim="cost", seconds=0.5, seed=seed)
    soon = relief.solve(problem, aim="worst", seconds=2.5, seed=seed)
    all_of_them = relief.solve(problem, aim="sum", seconds=2.5, seed=seed)
    assert cheap is not None
    assert soon is not None
    assert all_of_them is not None
    assert soon.worst() <= 0.8 * cheap.worst()
    assert all_of_them.total() < cheap.total()
    # Both searches stop by the clock, so that a busy machine leaves the last hundredth to chance.
    assert all_of_them.total() <= 1.01 * soon.total()


def test_the_search_counts_as_the_clock_does() -> None:
    problem = drawn(5, 30, 3, trips=2)
    base = solved(problem, 50)
    assert base is not None
    search = Search(problem, base, weigh_last=True, seed=1)
    assert search.cost() == base.total() + 30 * base.worst()
    after = search.run(0.2)
    assert sorted(after.arrivals()) == list(range(30))


class TestRules:
    def test_windows_shifts_and_loading_are_kept(self) -> None:
        far = plane([(0, 0), (100, 0), (200, 0)])
        problem = Problem(
            [Stop(1, 10, unloading=30, opens=500, closes=600), Stop(2, 10, unloading=30, closes=400)],
            [Depot(0, opens=50, loading=20)],
            [Lorry(0, 20, starts=10, ends=2000)],
            far,
            far,
        )
        (trip,) = (solved(problem) or Plan([], [], 0)).trips
        assert trip.starts == 70
        assert [(one.stop, one.arrives, one.begins) for one in trip.visits] == [(1, 270, 270), (0, 400, 500)]
        assert trip.ends == 630

    def test_whichever_is_full_first_counts(self) -> None:
        far = plane([(0, 0), (100, 0), (200, 0)])
        stops = [Stop(1, 10, 600), Stop(2, 10, 600)]
        problem = Problem(stops, [Depot(0)], [Lorry(0, 1000, 1000, trips=2)], far, far)
        found = solved(problem)
        assert found is not None
        assert len(found.trips) == 2
        assert found.trips[1].turn == 1
        assert found.trips[1].starts == found.trips[0].ends

    def test_each_lorry_starts_and_ends_at_its_own_home(self) -> None:
        far = plane([(0, 0), (1000, 0), (10, 0), (990, 0)])
        problem = Problem(
            [Stop(2, 1), Stop(3, 1)], [Depot(0), Depot(1)], [Lorry(0, 5), Lorry(1, 5)], far, far
        )
        found = solved(problem)
        assert found is not None
        assert {trip.lorry: trip.visits[0].stop for trip in found.trips} == {0: 0, 1: 1}

    def test_goods_elsewhere_are_fetched_first(self) -> None:
        far = plane([(0, 0), (300, 0), (100, 0), (200, 0)])
        problem = Problem(
            [Stop(2, 4, source=0), Stop(3, 4, source=1)], [Depot(0), Depot(1)], [Lorry(0, 5)], far, far
        )
        found = relief.solve(problem, aim="worst", seconds=0.5)
        assert found is not None
        steps = [(one.stop, one.is_drop) for trip in found.trips for one in trip.visits]
        assert steps == [(0, True), (1, False), (1, True)]

    def test_what_cannot_go_is_left_or_refused(self) -> None:
        far = plane([(0, 0), (100, 0), (200, 0)])
        problem = Problem([Stop(1, 4), Stop(2, 9)], [Depot(0)], [Lorry(0, 5)], far, far)
        assert solved(problem) is None
        found = relief.solve(msgspec.structs.replace(problem, may_leave=True), aim="worst", seconds=0.3)
        assert found is not None
        assert found.left == [1]
        assert list(found.arrivals()) == [0]

    def test_nobody_and_nothing(self) -> None:
        far = np.zeros((1, 1), dtype=np.int64)
        assert solved(Problem([], [Depot(0)], [], far, far)) == Plan([], [], 0)
        assert solved(Problem([Stop(0, 1)], [Depot(0)], [], far, far)) is None
        assert solved(Problem([Stop(0, 1)], [Depot(0)], [], far, far, may_leave=True)) == Plan([], [0], 0)

    @pytest.mark.parametrize("seed", range(4))
    def test_every_plan_can_be_driven(self, seed: int) -> None:
        chance = random.Random(seed)
        far = square(chance, 25)
        problem = Problem(
            [
                Stop(
                    at,
                    chance.randint(1, 40),
                    chance.randint(1, 300),
                    60,
                    chance.randrange(500),
                    9000,
                    chance.choice([None, 0, 1]),
                )
                for at in range(2, 26)
            ],
            [Depot(0, loading=100), Depot(1)],
            [Lorry(at % 2, 90, 700, ends=9000, trips=3) for at in range(4)],
            far,
            far,
            may_leave=True,
        )
        for aim in ("worst", "sum"):
            found = relief.solve(problem, aim=aim, seconds=0.6, seed=seed)
            assert found is not None
            assert sorted([*found.left, *found.arrivals()]) == list(range(24))
            for lorry in range(4):
                mine = [trip for trip in found.trips if trip.lorry == lorry]
                turns = [[(one.stop, one.is_drop) for one in trip.visits] for trip in mine]
                assert model.timed(problem, lorry, turns) == mine
