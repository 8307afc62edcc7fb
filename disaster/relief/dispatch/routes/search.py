"""Tearing strings of stops out of trips and putting them back where they delay least."""

from __future__ import annotations

import math
import random
import time

import numpy as np
import numpy.typing as npt

from disaster.relief.dispatch.routes import model
from disaster.relief.dispatch.routes.model import Plan, Problem

Turns = list[list[int]]
"""A lorry's trips, each the stops in their order."""
REMOVED, LONGEST, BLINK = 10.0, 10, 0.01
"""Stops torn out at a time on the average, the longest string, and how often a place is overlooked:
the published values."""
HOT = 0.05
"""How much worse a plan may first be taken for, of a mean arrival."""
TRIED = 8
"""Places tried exactly, best first, where windows or shifts may forbid one."""


class Search:
    """A search over the trips of a plan without fetched goods; ``run`` gives the best found.

    ``weigh_last`` makes a second of the last arrival weigh as one second of every stop.
    """

    def __init__(self, problem: Problem, plan: Plan, *, weigh_last: bool, seed: int) -> None:
        self.problem = problem
        self.weigh = float(len(problem.stops)) if weigh_last else 0.0
        self.chance = random.Random(seed)  # noqa: S311 - a search, not a secret
        self.places = np.array([stop.at for stop in problem.stops])
        self.between = problem.seconds.astype(float)
        self.near = np.argsort(self.between[np.ix_(self.places, self.places)], axis=1, kind="stable")
        self.turns: list[Turns] = [[] for _ in problem.lorries]
        for trip in plan.trips:
            self.turns[trip.lorry].append([one.stop for one in trip.visits])
        self.tables = [self._table(at) for at in range(len(self.turns))]

    def run(self, seconds: float) -> Plan:
        """Search for so many seconds."""
        start = time.monotonic()
        best, now = self._copy(), self.cost()
        least, hot = now, max(now / max(len(self.places), 1), 1.0) * HOT
        cold = hot / 1000
        while (gone := (time.monotonic() - start) / seconds) < 1:
            before, tables = self._copy(), list(self.tables)
            if not self._again():
                self.turns, self.tables = before, tables
                continue
            cost = self.cost()
            heat = hot * (cold / hot) ** gone
            if cost < now - heat * math.log(max(self.chance.random(), 1e-12)):
                now = cost
                if cost < least - 0.5:
                    least, best = cost, self._copy()
            else:
                self.turns, self.tables = before, tables
        self.turns = best
        return self._plan()

    def cost(self) -> float:
        """Give the sum of the arrivals, and the last one as it weighs."""
        last = max((table[7, 0] for table in self.tables), default=0.0)
        return float(sum(table[8, 0] for table in self.tables)) + self.weigh * float(last)

    def _copy(self) -> list[Turns]:
        return [[list(turn) for turn in turns] for turns in self.turns]

    def _plan(self) -> Plan:
        trips = [
            trip
            for lorry in range(len(self.turns))
            for trip in model.timed(self.problem, lorry, self._errands(lorry)) or []
        ]
        return model.together(self.problem, trips)

    def _errands(self, lorry: int) -> list[list[model.Errand]]:
        return [[(stop, True) for stop in turn] for turn in self.turns[lorry] if turn]

    def _again(self) -> bool:
        """Tear out and put back; False if a stop found no place."""
        gone, touched = self._tear()
        for lorry in touched:
            self.turns[lorry] = [turn for turn in self.turns[lorry] if turn]
            self.tables[lorry] = self._table(lorry)
        stops = self.problem.stops
        order = self.chance.random()
        home = self.between[self.problem.depots[self.problem.lorries[0].home].at]
        self.chance.shuffle(gone)
        if order < 4 / 11:
            gone.sort(key=lambda at: -stops[at].kg)
        elif order < 6 / 11:
            gone.sort(key=lambda at: -home[stops[at].at])
        elif order < 7 / 11:
            gone.sort(key=lambda at: home[stops[at].at])
        return all(self._put(at) for at in gone)

    def _tear(self) -> tuple[list[int], set[int]]:
        where = {
            stop: (lorry, turn)
            for lorry, turns in enumerate(self.turns)
            for turn, visits in enumerate(turns)
            for stop in visits
        }
        longest = min(LONGEST, max(len(visits) for turns in self.turns for visits in turns or [[]]))
        strings = int(self.chance.uniform(1, 4 * REMOVED / (1 + max(longest, 1)) - 1 + 1))
        gone: list[int] = []
        ruined: set[tuple[int, int]] = set()
        for stop in self.near[self.chance.randrange(len(self.places))].tolist():
            if len(ruined) >= strings:
                break
            if stop in gone or where[stop] in ruined:
                continue
            lorry, turn = where[stop]
            visits = self.turns[lorry][turn]
            size = int(self.chance.uniform(1, min(longest, len(visits)) + 1))
            at = visits.index(stop)
            first = self.chance.randint(max(0, at - size + 1), min(at, len(visits) - size))
            gone += visits[first : first + size]
            del visits[first : first + size]
            ruined.add((lorry, turn))
        return gone, {lorry for lorry, _ in ruined}

    def _put(self, stop: int) -> bool:
        """Put a stop where it delays least, or nowhere."""
        it = self.problem.stops[stop]
        table = np.hstack(self.tables)
        before, after = table[0].astype(int), table[1].astype(int)
        there = table[2] + self.between[before, it.at]
        arrival = np.maximum(there, it.opens)
        shift = arrival + it.unloading + self.between[it.at, after] - table[3]
        # Where nothing comes after, nothing is delayed.
        shift = np.where(table[4] > 0, np.maximum(shift, 0.0), 0.0)
        delay = arrival + shift * table[4]
        if self.weigh:
            last = max(one[7, 0] for one in self.tables)
            delay += self.weigh * np.maximum(np.maximum(arrival, table[7] + shift) - last, 0.0)
        allowed = (table[5] >= it.kg) & (table[6] >= it.litres) & (arrival <= it.closes)
        overlooked = self.chance.random() < BLINK * len(delay)
        if overlooked:
            allowed[self.chance.randrange(len(delay))] = False
        delay = np.where(allowed, delay, np.inf)
        for at in np.argsort(delay, kind="stable")[:TRIED]:
            if not np.isfinite(delay[at]):
                return False
            if self._placed(stop, *(int(value) for value in table[9:12, at])):
                return True
        return False

    def _placed(self, stop: int, lorry: int, turn: int, place: int) -> bool:
        """Put a stop in place if the lorry can then still be driven."""
        turns = self.turns[lorry]
        if turn == len(turns):
            turns.append([])
        turns[turn].insert(place, stop)
        table = self._table(lorry)
        if table[12, 0]:
            self.tables[lorry] = table
            return True
        turns[turn].pop(place)
        if not turns[turn]:
            turns.pop(turn)
        return False

    def _table(self, lorry: int) -> npt.NDArray[np.float64]:
        """List a lorry's places to put a stop, one a column.

        Rows: the place before and after (into the matrix), when it leaves before, when what
        comes after begins, how many stops come after, room in kg and litres, the lorry's last
        arrival and its sum, lorry, trip, place in the trip, and whether all of it can be driven.
        """
        it, stops = self.problem.lorries[lorry], self.problem.stops
        depot = self.problem.depots[it.home]
        turns = self.turns[lorry]
        count = sum(len(turn) for turn in turns)
        clock, last, total, can = float(max(it.starts, depot.opens)), 0.0, 0.0, True
        columns: list[tuple[float, ...]] = []
        for number, turn in enumerate(turns):
            kg = it.kg - sum(stops[at].kg for at in turn)
            litres = it.litres - sum(stops[at].litres for at in turn)
            clock = max(clock, depot.opens) + depot.loading
            here = depot.at
            for place, at in enumerate(turn):
                stop = stops[at]
                begins = max(clock + self.between[here, stop.at], stop.opens)
                columns.append((here, stop.at, clock, begins, count, kg, litres, number, place))
                can = can and begins <= stop.closes
                clock, here, last = begins + stop.unloading, stop.at, begins
                total += begins
                count -= 1
            back = clock + self.between[here, depot.at]
            columns.append((here, depot.at, clock, back, count, kg, litres, number, len(turn)))
            clock = back
            can = can and kg >= 0 and litres >= 0
        can = can and clock <= min(it.ends, depot.closes)
        if len(turns) < it.trips:
            start = max(clock, depot.opens) + depot.loading
            columns.append((depot.at, depot.at, start, start, 0, it.kg, it.litres, len(turns), 0))
        out = np.empty((13, len(columns)))
        if columns:
            out[[0, 1, 2, 3, 4, 5, 6, 10, 11]] = np.array(columns).T
        out[7], out[8], out[9], out[12] = last, total, lorry, can
        return out
