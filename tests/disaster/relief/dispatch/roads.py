"""Places in a square for trying routes: as the crow flies, a metre a second."""

from __future__ import annotations

import random

import numpy as np

from disaster.relief.dispatch.routes.model import Depot, Lorry, Matrix, Problem, Stop


def plane(places: list[tuple[float, float]]) -> Matrix:
    """Give the rounded distances between places in a plane."""
    at = np.array(places, dtype=float)
    return np.rint(np.hypot(*(at[:, None] - at[None]).transpose(2, 0, 1))).astype(np.int64)


def square(chance: random.Random, count: int) -> Matrix:
    """Give the distances of so many places in a square of a kilometre, the first in its middle."""
    return plane([(500, 500), *((chance.randrange(1000), chance.randrange(1000)) for _ in range(count))])


def drawn(seed: int, stops: int, lorries: int, *, trips: int = 1, room: float = 1.1) -> Problem:
    """Draw a problem: loads of 1 – 100 kg and lorries with ``room`` times the room for all."""
    chance = random.Random(seed)
    far = square(chance, stops)
    loads = [chance.randint(1, 100) for _ in range(stops)]
    kg = max(int(sum(loads) / (lorries * trips) * room), max(loads)) + (50 if stops > 20 else 0)
    return Problem(
        [Stop(at + 1, load) for at, load in enumerate(loads)],
        [Depot(0)],
        [Lorry(0, kg, trips=trips)] * lorries,
        far,
        far,
    )
