"""P19, P20: trips of lorries by the product's adapter beside PyVRP alone, and what relief gains over cheapness.

    script/bench trips [--seconds 10] [--seeds 3] [--stops 100 200] [--files DIR] [--rounds N]

Instances are drawn in the run, in the manner of CVRPLIB's X set (random or clustered places, depot in the
middle or a corner, unequal loads), with one trip a lorry and with several under time windows; ``--files`` adds
VRPLIB files from elsewhere (github.com/PyVRP/Instances has CVRPLIB's X set and multi-trip ones); ``--rounds``
compares after equal rounds of the search instead of equal seconds. Printed for each: the cost of both after equal seeds and seconds as a gap over the
better one, in percentage points (aim: 0.05 apart), and the last and summed arrivals of the cheapest, the
soonest, and the least waiting (aim: the last arrival 20 % sooner).
"""

from __future__ import annotations

import argparse
import itertools
import random
import statistics
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyvrp
from pyvrp.stop import MaxIterations, MaxRuntime, StoppingCriterion

from disaster.relief.dispatch.routes import relief, vrp
from disaster.relief.dispatch.routes.model import FOREVER, Depot, Lorry, Problem, Stop


def drawn(seed: int, count: int, *, trips: int) -> Problem:
    """Draw an instance: half of them clustered, every other with its depot in a corner."""
    chance = random.Random(seed)
    seeds = [(chance.randrange(1000), chance.randrange(1000)) for _ in range(6)]
    places: list[tuple[float, float]] = [(500, 500) if seed % 2 else (0, 0)]
    while len(places) <= count:
        x, y = chance.randrange(1000), chance.randrange(1000)
        if seed % 3 and len(places) % 2:
            near = chance.choice(seeds)
            x, y = (min(999, max(0, int(chance.gauss(one, 60)))) for one in near)
        places.append((x, y))
    at = np.array(places, dtype=float)
    far = np.rint(np.hypot(*(at[:, None] - at[None]).transpose(2, 0, 1))).astype(np.int64)
    loads = [chance.randint(1, 100) for _ in range(count)]
    kg = max(100, sum(loads) * 8 // count)
    lorries = -(-sum(loads) // kg) + 2
    if trips == 1:
        stops = [Stop(n + 1, load) for n, load in enumerate(loads)]
        return Problem(stops, [Depot(0)], [Lorry(0, kg)] * lorries, far, far)
    stops = []
    for n, load in enumerate(loads):
        opens = chance.randrange(0, 6000)
        stops.append(Stop(n + 1, load, 0, 20, opens, opens + chance.randrange(3000, 9000)))
    fleet = [Lorry(0, kg, ends=20000, trips=trips)] * lorries
    return Problem(stops, [Depot(0, loading=60)], fleet, far, far)


def read(folder: Path) -> Iterator[tuple[str, Problem]]:
    """Read VRPLIB files of one depot; distances are rounded, as CVRPLIB counts.

    Where lorries may load again they drive up to 5 trips. Release dates, which a transfer that
    waits does not have, are left out for both sides.
    """
    for path in sorted(folder.glob("*.vrp")):
        data = pyvrp.read(path, round_func="round")
        (kind,) = data.vehicle_types()
        stops = [
            Stop(
                one.location,
                one.delivery[0],
                0,
                one.service_duration,
                one.tw_early,
                min(one.tw_late, FOREVER),
            )
            for one in data.clients()
        ]
        trips = min(5, kind.max_reloads + 1) if kind.reload_depots else 1
        lorry = Lorry(0, kind.capacity[0], ends=min(kind.tw_late, FOREVER), trips=trips)
        fleet = [lorry] * kind.num_available
        depot = Depot(data.depot(0).location)
        yield path.stem, Problem(stops, [depot], fleet, data.distance_matrix(0), data.duration_matrix(0))


def alone(problem: Problem, until: StoppingCriterion, seed: int) -> int:
    """Ask PyVRP by its own model, with nothing of ours; the cost it finds."""
    asked = pyvrp.Model()
    places = [asked.add_location(0, 0) for _ in range(len(problem.seconds))]
    depots = [
        asked.add_depot(places[one.at], service_duration=one.loading, tw_early=one.opens, tw_late=one.closes)
        for one in problem.depots
    ]
    for stop in problem.stops:
        asked.add_client(
            places[stop.at],
            delivery=[stop.kg],
            service_duration=stop.unloading,
            tw_early=stop.opens,
            tw_late=stop.closes,
        )
    lorry = problem.lorries[0]
    asked.add_vehicle_type(
        len(problem.lorries),
        capacity=[lorry.kg],
        start_depot=depots[0],
        end_depot=depots[0],
        tw_early=lorry.starts,
        tw_late=lorry.ends,
        reload_depots=depots if lorry.trips > 1 else [],
        max_reloads=lorry.trips - 1,
    )
    for a, b in itertools.permutations(range(len(places)), 2):
        asked.add_edge(places[a], places[b], int(problem.metres[a, b]), int(problem.seconds[a, b]))
    found = asked.solve(until, seed=seed, display=False, collect_stats=False)
    return int(found.cost()) if found.is_feasible() else FOREVER


def compare(name: str, problem: Problem, seconds: float, seeds: int, rounds: int) -> float:
    """Print and give by how many percentage points the adapter's gap is the larger one.

    ``rounds`` instead of seconds: on a busy machine equal seconds are not equal work.
    """
    ours, theirs = [], []
    for seed in range(seeds):
        theirs.append(alone(problem, MaxIterations(rounds) if rounds else MaxRuntime(seconds), seed))
        until = MaxIterations(rounds) if rounds else None
        plan = vrp.solve(problem, seconds=seconds, seed=seed, until=until)
        ours.append(plan.metres if plan else FOREVER)
    best = min(*ours, *theirs)
    gaps = [100 * (statistics.mean(costs) / best - 1) for costs in (ours, theirs)]
    print(f"{name}: {gaps[0]:.3f} % by the product, {gaps[1]:.3f} % by PyVRP: {gaps[0] - gaps[1]:+.3f} pp")
    return gaps[0] - gaps[1]


def earliest(problem: Problem) -> int:
    """Give a moment before which no plan's last arrival lies: every stop straight from home, and not before it opens."""
    return max(
        max(
            stop.opens,
            min(
                lorry.starts
                + problem.depots[lorry.home].loading
                + int(problem.seconds[problem.depots[lorry.home].at, stop.at])
                for lorry in problem.lorries
            ),
        )
        for stop in problem.stops
    )


def soonest(name: str, problem: Problem, seconds: float) -> float:
    """Print the arrivals of each aim; give the last one of the soonest ÷ that of the cheapest.

    All have as many lorries as the cheapest uses, and two more where there are: haste is not bought with a fleet.
    """
    cheap = relief.solve(problem, aim="cost", seconds=seconds, seed=1)
    if cheap is None:
        print(f"{name}: no trips found")
        return float("nan")
    used = len({trip.lorry for trip in cheap.trips}) + 2
    few = Problem(problem.stops, problem.depots, problem.lorries[:used], problem.metres, problem.seconds)
    found = {aim: relief.solve(few, aim=aim, seconds=seconds, seed=1) for aim in ("worst", "sum")}
    plans = {"cost": cheap, **found}
    told = [
        f"{aim} {plan.metres} / {plan.worst()} / {plan.total()}" if plan else f"{aim} none"
        for aim, plan in plans.items()
    ]
    soon = plans["worst"]
    least = earliest(few)
    told.append(
        f"no plan's last before {least}, {100 * (1 - least / cheap.worst()):.0f} % sooner at the very most"
    )
    ratio = soon.worst() / cheap.worst() if soon else float("nan")
    print(
        f"{name}: metres / last arrival / sum: {'; '.join(told)}; the last {100 * (1 - ratio):.0f} % sooner"
    )
    return ratio


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    asked.add_argument("--seconds", type=float, default=10)
    asked.add_argument("--seeds", type=int, default=3)
    asked.add_argument("--stops", type=int, nargs="*", default=[100, 200])
    asked.add_argument("--files", type=Path)
    asked.add_argument("--rounds", type=int, default=0)
    given = asked.parse_args()
    cases = [
        (f"{count} stops, {trips} trips, instance {seed}", drawn(seed, count, trips=trips))
        for count in given.stops
        for trips in (1, 3)
        for seed in (1, 2)
    ]
    cases += list(read(given.files)) if given.files else []
    apart = [compare(name, problem, given.seconds, given.seeds, given.rounds) for name, problem in cases]
    print(f"mean: {statistics.mean(apart):+.3f} pp (aim 0.05)")
    ratios = [soonest(name, problem, given.seconds) for name, problem in cases]
    print(f"last arrival ÷ that of the cheapest, mean: {statistics.mean(ratios):.2f} (aim 0.8)")


if __name__ == "__main__":
    main()
