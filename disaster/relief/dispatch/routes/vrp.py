"""The cheapest trips, by PyVRP: least metres, every load, window, shift and depot kept.

What all lorries start with is a delivery, of which PyVRP makes several trips by loading
again at home; what lies elsewhere is a shipment, fetched on the way.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence

import numpy as np
import pyvrp
from pyvrp import stop as stops
from pyvrp.exceptions import PenaltyBoundWarning

from disaster.relief.dispatch.routes import model
from disaster.relief.dispatch.routes.model import Errand, Plan, Problem, Trip

Until = stops.StoppingCriterion
"""Told the cost of the best so far, it says whether to stop."""


def solve(
    problem: Problem, *, seconds: float, seed: int = 0, by: int = model.FOREVER, until: Until | None = None
) -> Plan | None:
    """Plan the trips in so many seconds of searching; None if none were found that keep every rule.

    ``by`` is the latest moment at which any stop may be reached. Equal seeds and rounds give
    equal plans. ``until`` replaces the seconds by another way to stop.
    """
    if not problem.stops or not problem.lorries:
        return model.together(problem, []) if problem.may_leave or not problem.stops else None
    data = data_of(problem, by=by)
    with warnings.catch_warnings():
        # Said of what can't be done at all: that is an answer here, and wanted while halving deadlines.
        warnings.simplefilter("ignore", PenaltyBoundWarning)
        found = pyvrp.solve(data, until or stops.MaxRuntime(seconds), seed=seed, collect_stats=False)
    if not found.best.is_feasible():
        return None
    return plan_of(problem, found.best)


def first(problem: Problem, *, seconds: float, seed: int, by: int) -> Plan | None:
    """Give the first plan found that reaches every stop by a moment."""
    until = stops.MultipleCriteria([stops.FirstFeasible(), stops.MaxRuntime(seconds)])
    return solve(problem, seconds=seconds, seed=seed, by=by, until=until)


def data_of(problem: Problem, *, by: int = model.FOREVER) -> pyvrp.ProblemData:
    """Say a problem in PyVRP's words; a load that nobody has is left out of its dimensions."""
    has_litres = any(stop.litres for stop in problem.stops)
    fetched = [problem.is_fetched(at) for at in range(len(problem.stops))]
    size = len(problem.seconds)
    price = int(problem.metres.max()) * 4 + max((lorry.fixed for lorry in problem.lorries), default=0) + 1
    return pyvrp.ProblemData(
        locations=[pyvrp.Location(0, 0) for _ in range(size)],
        clients=[
            pyvrp.Client(
                location=stop.at,
                delivery=_load(stop.kg, stop.litres, has_litres),
                service_duration=stop.unloading,
                tw_early=stop.opens,
                tw_late=min(stop.closes, by),
                prize=price if problem.may_leave else 0,
                required=not problem.may_leave,
            )
            for at, stop in enumerate(problem.stops)
            if not fetched[at]
        ],
        shipments=[
            pyvrp.Shipment(
                pickup_location=problem.depots[stop.source or 0].at,
                delivery_location=stop.at,
                pickup_service_duration=stop.unloading,
                delivery_tw_early=stop.opens,
                delivery_tw_late=min(stop.closes, by),
                delivery_service_duration=stop.unloading,
                amount=_load(stop.kg, stop.litres, has_litres),
                prize=price if problem.may_leave else 0,
                required=not problem.may_leave,
            )
            for at, stop in enumerate(problem.stops)
            if fetched[at]
        ],
        depots=[
            pyvrp.Depot(
                location=depot.at, tw_early=depot.opens, tw_late=depot.closes, service_duration=depot.loading
            )
            for depot in problem.depots
        ],
        vehicle_types=[
            pyvrp.VehicleType(
                num_available=len(alike),
                capacity=_load(lorry.kg, lorry.litres, has_litres),
                start_depot=lorry.home,
                end_depot=lorry.home,
                fixed_cost=lorry.fixed,
                tw_early=lorry.starts,
                tw_late=lorry.ends,
                reload_depots=[lorry.home] if lorry.trips > 1 else [],
                max_reloads=lorry.trips - 1,
            )
            for lorry, alike in _kinds(problem)
        ],
        distance_matrices=[np.ascontiguousarray(problem.metres)],  # type: ignore[list-item]
        duration_matrices=[np.ascontiguousarray(problem.seconds)],  # type: ignore[list-item]
    )


def _load(kg: int, litres: int, has_litres: bool) -> list[int]:
    return [kg, litres] if has_litres else [kg]


def _kinds(problem: Problem) -> list[tuple[model.Lorry, list[int]]]:
    """Put lorries that are alike together: what makes no difference is not searched twice."""
    kinds: dict[model.Lorry, list[int]] = {}
    for at, lorry in enumerate(problem.lorries):
        kinds.setdefault(lorry, []).append(at)
    return list(kinds.items())


def plan_of(problem: Problem, found: pyvrp.Solution) -> Plan:
    """Read a solution back, each lorry driven anew by our own clock.

    Raises
    ------
    ValueError
        If our clock finds a rule broken that PyVRP did not: one of them is wrong.
    """
    fetched = [at for at in range(len(problem.stops)) if problem.is_fetched(at)]
    clients = [at for at in range(len(problem.stops)) if not problem.is_fetched(at)]
    free = [list(alike) for _, alike in _kinds(problem)]
    trips: list[Trip] = []
    for route in found.routes():
        lorry = free[route.vehicle_type()].pop(0)
        driven = model.timed(problem, lorry, _turns(route, clients, fetched))
        if driven is None:
            raise ValueError("a route breaks a rule")
        trips += driven
    return model.together(problem, trips)


def _turns(route: pyvrp.Route, clients: Sequence[int], fetched: Sequence[int]) -> list[list[Errand]]:
    turns: list[list[Errand]] = [[]]
    for step in route.schedule():
        if step.is_depot():
            turns += [[]] if turns[-1] else []
        elif step.is_client():
            turns[-1].append((clients[step.idx], True))
        else:
            turns[-1].append((fetched[step.idx], step.is_delivery()))
    return [turn for turn in turns if turn]
