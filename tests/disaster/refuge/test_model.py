"""The assignment against every possible one, and what must never happen, on random cases."""

from __future__ import annotations

import itertools
import random

import numpy as np
import pytest

from disaster.refuge.evacuation.model import Floats, solve

PRICE = 1000.0


def ways(persons: int, room: list[int], split: int) -> list[tuple[int, ...]]:
    """Every way to spread a group over shelters; who is left has no place."""
    spread = itertools.product(*(range(min(persons, each) + 1) for each in room))
    return [one for one in spread if sum(one) <= persons and sum(map(bool, one)) <= split]


def cheapest(persons: list[int], free: list[int], minutes: Floats, split: int) -> float:
    best = float("inf")
    rooms = [
        [each if np.isfinite(minutes[at, to]) else 0 for to, each in enumerate(free)]
        for at in range(len(persons))
    ]
    for choice in itertools.product(
        *(ways(count, room, split) for count, room in zip(persons, rooms, strict=True))
    ):
        taken = [sum(column) for column in zip(*choice, strict=True)]
        if any(some > each for some, each in zip(taken, free, strict=True)):
            continue
        cost = sum(
            count * minutes[at, to] for at, row in enumerate(choice) for to, count in enumerate(row) if count
        )
        best = min(best, cost + PRICE * (sum(persons) - sum(taken)))
    return best


@pytest.mark.parametrize("seed", range(60))
def test_no_assignment_is_better(seed: int) -> None:
    chance = random.Random(seed)
    groups, shelters, split = chance.randint(1, 3), chance.randint(1, 3), chance.randint(1, 2)
    persons = [chance.randint(0, 4) for _ in range(groups)]
    free = [chance.randint(0, 5) for _ in range(shelters)]
    minutes = np.array([[chance.choice([np.inf, *range(1, 60)]) for _ in free] for _ in persons], dtype=float)
    found = solve(persons, free, minutes, split=split, price=PRICE)
    assert found.objective == pytest.approx(cheapest(persons, free, minutes, split), abs=1e-6)
    assert found.objective - found.bound < 1e-6


@pytest.mark.parametrize("seed", range(20))
def test_nobody_without_a_way_and_no_shelter_beyond_its_places(seed: int) -> None:
    chance = np.random.default_rng(seed)
    persons, free = chance.integers(0, 900, 25).tolist(), chance.integers(0, 1500, 9).tolist()
    minutes = chance.uniform(1, 90, (25, 9))
    minutes[chance.random((25, 9)) < 0.3] = np.inf
    barred = chance.integers(0, 9)
    minutes[:, barred] = np.inf
    found = solve(persons, free, minutes, split=2, price=1e5)
    for at, most in enumerate(free):
        assert sum(move.persons for move in found.moves if move.shelter == at) <= most
    for at, count in enumerate(persons):
        own = [move for move in found.moves if move.group == at]
        assert len(own) <= 2
        assert sum(move.persons for move in own) + found.unplaced[at] == count
    assert all(np.isfinite(minutes[move.group, move.shelter]) for move in found.moves)
    assert all(move.shelter != barred for move in found.moves)


def test_pins_are_kept_or_told() -> None:
    minutes = np.array([[1.0, 50.0], [1.0, np.inf]])
    found = solve([10, 10], [20, 20], minutes, split=2, price=PRICE, pins={(0, 1): 10, (1, 1): 10})
    assert [(move.group, move.shelter, move.persons) for move in found.moves] == [(0, 1, 10), (1, 0, 10)]
    assert found.dropped == [(1, 1)]


def test_nothing_to_do_and_nowhere_to_go() -> None:
    assert solve([], [], np.zeros((0, 0)), split=3, price=PRICE).moves == []
    found = solve([5], [9], np.array([[np.inf]]), split=3, price=PRICE)
    assert (found.moves, found.unplaced, found.objective) == ([], [5], 5 * PRICE)


def test_out_of_time_nobody_is_placed_and_the_bound_is_a_number() -> None:
    answer = solve([10], [10], np.array([[5.0]]), split=2, price=1000.0, seconds=0.0)
    assert sum(answer.unplaced) + sum(move.persons for move in answer.moves) == 10
    assert 0 <= answer.bound <= answer.objective


def test_a_county_is_solved() -> None:
    chance = np.random.default_rng(7)
    persons, free = chance.integers(300, 4000, 184), chance.integers(130, 4000, 24)
    found = solve(
        persons.tolist(), free.tolist(), chance.uniform(5, 120, (184, 24)), split=3, price=1e5, seconds=10
    )
    assert sum(move.persons for move in found.moves) == free.sum()
