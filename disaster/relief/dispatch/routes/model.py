"""What is to be carried, by whom, and what a plan is. Whole seconds, metres, kilograms and litres.

Places are numbers into the matrices of travel. Time counts from the moment of planning.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import numpy as np
import numpy.typing as npt

Matrix = npt.NDArray[np.int64]
FOREVER = 10**9
"""Later than anything that happens."""


class Depot(msgspec.Struct, frozen=True):
    """A place where lorries are at home or load; ``loading`` seconds pass before each trip."""

    at: int
    opens: int = 0
    closes: int = FOREVER
    loading: int = 0


class Stop(msgspec.Struct, frozen=True):
    """A load for one place. ``source`` is the depot it has to come from, None where any will do."""

    at: int
    kg: int
    litres: int = 0
    unloading: int = 0
    opens: int = 0
    closes: int = FOREVER
    source: int | None = None


class Lorry(msgspec.Struct, frozen=True):
    """A lorry at home at a depot; it goes back there to load again, up to so many trips in its shift."""

    home: int
    kg: int
    litres: int = FOREVER
    starts: int = 0
    ends: int = FOREVER
    trips: int = 1
    fixed: int = 0
    """Metres a lorry is as good as, only for being used."""


class Problem(msgspec.Struct, frozen=True):
    """All that is given. ``seconds`` and ``metres`` are places × places and finite."""

    stops: Sequence[Stop]
    depots: Sequence[Depot]
    lorries: Sequence[Lorry]
    metres: Matrix
    seconds: Matrix
    may_leave: bool = False
    """Whether stops may be left out where lorries or hours don't suffice; each at the highest price."""

    def is_fetched(self, stop: int) -> bool:
        """Say whether a stop's load has to be fetched: not every lorry starts where it lies."""
        source = self.stops[stop].source
        return source is not None and any(lorry.home != source for lorry in self.lorries)


class Visit(msgspec.Struct, frozen=True):
    """A stop's load is dropped, or fetched at its source. ``arrives`` counts before any waiting."""

    stop: int
    is_drop: bool
    arrives: int
    begins: int
    leaves: int


class Trip(msgspec.Struct, frozen=True):
    """From home, by its visits, back home; of one lorry's the first has ``turn`` 0.

    It leaves at ``starts``, loaded, as early as it can.
    """

    lorry: int
    turn: int
    starts: int
    ends: int
    metres: int
    visits: list[Visit]


class Plan(msgspec.Struct, frozen=True):
    """Trips, and the stops that were left out."""

    trips: list[Trip]
    left: list[int]
    metres: int

    def arrivals(self) -> dict[int, int]:
        """Give when each stop's goods are there."""
        return {visit.stop: visit.begins for trip in self.trips for visit in trip.visits if visit.is_drop}

    def worst(self) -> int:
        """Give the last arrival of all."""
        return max(self.arrivals().values(), default=0)

    def total(self) -> int:
        """Give the sum of the arrivals."""
        return sum(self.arrivals().values())


Errand = tuple[int, bool]
"""A stop and whether it is dropped there (else fetched at its source)."""


def timed(problem: Problem, lorry: int, turns: Sequence[Sequence[Errand]]) -> list[Trip] | None:
    """Drive a lorry's trips as early as can be; None if a load, a window or the shift does not allow it."""
    it = problem.lorries[lorry]
    home = problem.depots[it.home]
    clock, trips = max(it.starts, home.opens), []
    if len(turns) > it.trips:
        return None
    for turn, errands in enumerate(turns):
        clock = max(clock, home.opens) + home.loading
        trip = _one(problem, lorry, turn, clock, errands)
        if trip is None or trip.ends > it.ends or trip.ends > home.closes:
            return None
        clock = trip.ends
        trips.append(trip)
    return trips


def _one(problem: Problem, lorry: int, turn: int, clock: int, errands: Sequence[Errand]) -> Trip | None:
    it = problem.lorries[lorry]
    home = problem.depots[it.home].at
    here, starts, metres, visits = home, clock, 0, []
    kg = sum(problem.stops[at].kg for at, drop in errands if drop and not problem.is_fetched(at))
    litres = sum(problem.stops[at].litres for at, drop in errands if drop and not problem.is_fetched(at))
    for at, drop in errands:
        if kg > it.kg or litres > it.litres:
            return None
        stop = problem.stops[at]
        place = stop.at if drop else problem.depots[stop.source or 0].at
        arrives = clock + int(problem.seconds[here, place])
        begins = max(arrives, stop.opens) if drop else arrives
        if drop and begins > stop.closes:
            return None
        kg, litres = (kg - stop.kg, litres - stop.litres) if drop else (kg + stop.kg, litres + stop.litres)
        metres += int(problem.metres[here, place])
        clock = begins + stop.unloading
        here = place
        visits.append(Visit(at, drop, arrives, begins, clock))
    if kg > it.kg or litres > it.litres:
        return None
    metres += int(problem.metres[here, home])
    return Trip(lorry, turn, starts, clock + int(problem.seconds[here, home]), metres, visits)


def together(problem: Problem, trips: Sequence[Trip]) -> Plan:
    """Make a plan of trips."""
    done = {visit.stop for trip in trips for visit in trip.visits if visit.is_drop}
    left = [at for at in range(len(problem.stops)) if at not in done]
    return Plan(list(trips), left, sum(trip.metres for trip in trips))
