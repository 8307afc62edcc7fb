"""Trips that are everywhere soonest: the least last arrival, or the least sum of arrivals.

The cheapest trips leave the last village waiting. For the last arrival PyVRP is asked again
under a deadline that is halved in; for the sum (Ngueveu et al. 2010, cumulative capacitated
VRP) strings of stops are torn out and put back where they delay least (Christiaens and
Vanden Berghe 2020), under slowly falling tolerance.
"""

from __future__ import annotations

import time
from typing import Literal

from disaster.relief.dispatch.routes import model, vrp
from disaster.relief.dispatch.routes.model import Plan, Problem
from disaster.relief.dispatch.routes.search import Search

Aim = Literal["cost", "worst", "sum"]
PROBES = 12
"""Deadlines tried at most, each below the best so far."""


def solve(problem: Problem, *, aim: Aim, seconds: float, seed: int = 0) -> Plan | None:
    """Plan for an aim in so many seconds; None if no trips keep every rule.

    Goods fetched on the way (:meth:`Problem.is_fetched`) are planned by deadlines for either
    relief aim; stops left out count as they were left by the cheapest trips.
    """
    start = time.monotonic()
    share = 1.0 if aim == "cost" else 0.2
    plan = vrp.solve(problem, seconds=seconds * share, seed=seed)
    if plan is None or aim == "cost" or not plan.trips:
        return plan
    kept, back = _without(problem, plan.left)
    if aim == "worst" or any(kept.is_fetched(at) for at in range(len(kept.stops))):
        best = _worst(
            kept, _numbered(plan, back), seconds=seconds * (0.5 if aim == "worst" else 0.8), seed=seed
        )
    else:
        best = _numbered(plan, back)
    if not any(kept.is_fetched(at) for at in range(len(kept.stops))):
        left = seconds - (time.monotonic() - start)
        best = Search(kept, best, weigh_last=aim == "worst", seed=seed).run(max(left, 0.1))
    return _renumbered(best, plan.left, len(problem.stops))


def _worst(problem: Problem, plan: Plan, *, seconds: float, seed: int) -> Plan:
    """Halve the deadline in between what is reached and what no lorry can beat."""
    low, best = _least(problem), plan
    for probe in range(PROBES):
        if best.worst() - low <= 1:
            break
        by = (low + best.worst()) // 2
        found = vrp.first(problem, seconds=seconds / PROBES, seed=seed + probe, by=by)
        if found is None:
            low = by
        else:
            best = found
    return best


def _least(problem: Problem) -> int:
    """Give a moment before which the farthest stop is not reached by anybody."""
    times = [
        max(
            stop.opens,
            min(
                max(lorry.starts, problem.depots[lorry.home].opens)
                + problem.depots[lorry.home].loading
                + int(problem.seconds[problem.depots[lorry.home].at, stop.at])
                for lorry in problem.lorries
            ),
        )
        for stop in problem.stops
    ]
    return max(times, default=0)


def _without(problem: Problem, left: list[int]) -> tuple[Problem, dict[int, int]]:
    """Leave out what the cheapest trips left out: everything else is due now."""
    kept = [at for at in range(len(problem.stops)) if at not in set(left)]
    smaller = Problem(
        [problem.stops[at] for at in kept],
        problem.depots,
        problem.lorries,
        problem.metres,
        problem.seconds,
    )
    return smaller, {at: place for place, at in enumerate(kept)}


def _numbered(plan: Plan, numbers: dict[int, int]) -> Plan:
    return Plan([_trip(trip, numbers) for trip in plan.trips], [], plan.metres)


def _trip(trip: model.Trip, numbers: dict[int, int]) -> model.Trip:
    return model.Trip(
        trip.lorry,
        trip.turn,
        trip.starts,
        trip.ends,
        trip.metres,
        [
            model.Visit(numbers[one.stop], one.is_drop, one.arrives, one.begins, one.leaves)
            for one in trip.visits
        ],
    )


def _renumbered(plan: Plan, left: list[int], size: int) -> Plan:
    kept = [at for at in range(size) if at not in set(left)]
    numbers = dict(enumerate(kept))
    return Plan([_trip(trip, numbers) for trip in plan.trips], left, plan.metres)
