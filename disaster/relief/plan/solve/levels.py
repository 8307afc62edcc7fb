"""How far up the ladder the stock reaches, before anybody asks how far it is by road. Pure.

Villages that the same lots can reach under the same shared limits are one *group*; whether a number of
pieces can be served is a maximum flow from lots to groups, which is small however many villages there
are, and a sum over each limit's groups. Claims are
served in their order until some group can get no more (it is *saturated*); the others go on. Claims
at the same place in the order, of which only some can be served, are left *open*: which of them are
chosen is decided by the roads.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import maximum_flow

from disaster.relief.plan.solve import infeasible
from disaster.relief.plan.solve.ladder import Stage, stages
from disaster.relief.plan.solve.model import Flags, Infeasible, Task, Whole

WINDOW = 4096
"""Claims that are looked at one by one once the level is known so nearly."""


class Open(NamedTuple):
    """Claims at one place in the order of which not all can be served: villages and pieces."""

    village: Whole
    pieces: Whole


class Levels(NamedTuple):
    """What each village is sure to get, and the claims left open, in their order."""

    sure: Whole
    open: list[Open]


def find(task: Task) -> Levels:
    """Serve a task's claims in its policy's order.

    Raises
    ------
    Infeasible
        If the minimums and pins alone exceed what may reach their villages.
    """
    return _Climb(task).run()


class _Climb:
    """The state of serving: what each village has, what each group's open claims took, who is saturated."""

    def __init__(self, task: Task) -> None:
        self.task = task
        self.have = task.floor.copy()
        self.most = task.most
        shared, lots = task.shared, len(task.stock)
        patterns, group = _patterns(np.vstack([np.isfinite(task.cost), *(one.villages for one in shared)]))
        self.group: Whole = group
        rooms = np.array([one.room for one in shared], dtype=np.int64)
        self.net = _Net(patterns[:lots], task.stock, patterns[lots:], rooms)
        self.taken = np.zeros(patterns.shape[1], dtype=np.int64)
        self.active: Flags = np.asarray(patterns[:lots].any(axis=0), dtype=bool)
        self.open: list[Open] = []

    def run(self) -> Levels:
        demand = self._by_group(self.have)
        served, _ = self.net.serve(demand)
        if served.sum() < demand.sum():
            raise Infeasible(infeasible.relaxed(self.task))
        below = np.zeros(len(self.have), dtype=np.int64)
        for stage in stages(self.task):
            self._serve(stage, below)
            below = below + stage.rungs
            if not self.active.any():
                break
        return Levels(self.have, self.open)

    def _serve(self, stage: Stage, below: Whole) -> None:
        """Serve one stage's claims; ``below`` counts each village's rungs of the stages before."""
        low = -1.0
        while self.active.any():
            if self._fits(self._at(stage, below, stage.top)):
                self.have = self._at(stage, below, stage.top)
                return
            high = stage.top
            while self._between(stage, below, low, high) > WINDOW:
                middle = (low + high) / 2
                if not low < middle < high:
                    break
                if self._fits(self._at(stage, below, middle)):
                    low = middle
                else:
                    high = middle
            self.have = self._at(stage, below, low)
            self._one_by_one(stage, below, high)
            low = high

    def _at(self, stage: Stage, below: Whole, key: float) -> Whole:
        """Give what each village has when claims up to a key are served to those not saturated."""
        wanted = np.minimum(below + stage.upto(key), self.most)
        return np.where(self.active[self.group], np.maximum(self.have, wanted), self.have)

    def _between(self, stage: Stage, below: Whole, low: float, high: float) -> int:
        return int((self._at(stage, below, high) - self._at(stage, below, low)).sum()) if stage.ordered else 0

    def _one_by_one(self, stage: Stage, below: Whole, high: float) -> None:
        """Serve the claims up to a key in their exact order, saturating groups on the way."""
        after = self._at(stage, below, high)
        village = np.flatnonzero(after > self.have)
        pieces = (after - self.have)[village]
        if stage.ordered:
            first = self.have[village]
            village = np.repeat(village, pieces)
            within = np.arange(len(village)) - np.repeat(np.cumsum(pieces) - pieces, pieces)
            rung = np.repeat(first, pieces) + within - below[village]
            pieces = np.ones(len(village), dtype=np.int64)
            keys = stage.key_of(village, rung)
            size = stage.size_of(village)
            order = np.lexsort((size, keys))
            village, keys, size = village[order], keys[order], size[order]
            rank = np.cumsum(np.r_[0, (keys[1:] != keys[:-1]) | (size[1:] != size[:-1])])
        else:
            rank = np.zeros(len(village), dtype=np.int64)
        while len(village):
            last = self._as_far_as_possible(village, pieces, rank)
            served = rank < last
            np.add.at(self.have, village[served], pieces[served])
            tied = rank == last
            if not tied.any():
                return
            self._leave_open(village[tied], pieces[tied])
            later = (rank > last) & self.active[self.group[village]]
            village, pieces, rank = village[later], pieces[later], rank[later]

    def _as_far_as_possible(self, village: Whole, pieces: Whole, rank: Whole) -> int:
        """Find the first rank at which not all claims can be served."""
        ranks = np.unique(rank)
        low, high = 0, len(ranks)
        while low < high:
            middle = (low + high) // 2
            chosen = rank <= ranks[middle]
            if self._fits(
                self.have,
                np.bincount(
                    self.group[village[chosen]], weights=pieces[chosen], minlength=len(self.taken)
                ).astype(np.int64),
            ):
                low = middle + 1
            else:
                high = middle
        return int(ranks[low]) if low < len(ranks) else int(ranks[-1]) + 1

    def _leave_open(self, village: Whole, pieces: Whole) -> None:
        """Let claims take what is left for them, and mark whose group can get no more.

        A group that can get more still has all of its claims served in every best way, so that they
        are sure; the others' are left open.
        """
        base = self._by_group(self.have)
        wanted = np.bincount(self.group[village], weights=pieces, minlength=len(self.taken)).astype(np.int64)
        took = self.net.more(base + self.taken, wanted)
        self.active &= self.net.can_get_more(base + self.taken + took)
        sure = self.active[self.group[village]]
        np.add.at(self.have, village[sure], pieces[sure])
        self.taken += np.where(self.active, 0, took)
        self.open.append(Open(village[~sure], pieces[~sure]))

    def _fits(self, have: Whole, more: Whole | int = 0) -> bool:
        demand = self._by_group(have) + self.taken + more
        if (self.net.left(demand) < 0).any():
            return False
        served, _ = self.net.serve(demand)
        return bool(served.sum() == demand.sum())

    def _by_group(self, pieces: Whole) -> Whole:
        sums = np.bincount(self.group, weights=pieces, minlength=len(self.taken))
        return np.rint(sums).astype(np.int64)


def _patterns(rows: Flags) -> tuple[Flags, Whole]:
    """Give the different columns of a table of flags, and which of them each column is."""
    packed = np.ascontiguousarray(np.packbits(rows, axis=0).T)
    keys = (
        packed.view(np.dtype((np.void, packed.shape[1]))).ravel() if packed.size else np.zeros(rows.shape[1])
    )
    _, first, group = np.unique(keys, return_index=True, return_inverse=True)
    return rows[:, first], group.reshape(-1).astype(np.int64)


class _Net:
    """Lots, groups and who may get from where; ``under`` says which shared limits a group is under."""

    def __init__(self, reach: Flags, stock: Whole, under: Flags, rooms: Whole) -> None:
        self.reach, self.stock = reach, stock
        self.under, self.rooms = under, rooms
        self.lots, self.groups = reach.shape
        self.ways = np.nonzero(reach)

    def left(self, demand: Whole) -> Whole:
        """Give the room that a demand leaves under each shared limit; below nothing: it does not fit."""
        left: Whole = self.rooms - self.under.astype(np.int64) @ demand
        return left

    def more(self, demand: Whole, wanted: Whole) -> Whole:
        """Give a most of what each group can get of ``wanted`` while all of a demand is served still.

        A flow through what the demand's own flow leaves free: a lot's pieces that are left, those of a
        group that another lot can bring it as well, and from the groups on through the limits, the
        narrower within the wider.
        """
        took = np.zeros_like(wanted)
        if not self.lots or not wanted.any():
            return took
        _, flow = self.serve(demand)
        lot, group = self.ways
        back_lot, back = np.nonzero(flow)
        inner = 1 + self.lots + self.groups
        sink = inner + len(self.rooms)
        next_up, limit_up = self._nested(inner, sink)
        want = np.flatnonzero(wanted)
        arcs = (
            (np.zeros(self.lots, int), 1 + np.arange(self.lots), self.stock - flow.sum(axis=1)),
            (1 + lot, 1 + self.lots + group, np.minimum(self.stock[lot], wanted.sum())),
            (1 + self.lots + back, 1 + back_lot, flow[back_lot, back]),
            (1 + self.lots + want, next_up[want], wanted[want]),
            (inner + np.arange(len(self.rooms)), limit_up, self.left(demand)),
        )
        rows, columns, room = (np.concatenate(one) for one in zip(*arcs, strict=True))
        graph = csr_matrix((room.astype(np.int32), (rows, columns)), shape=(sink + 1, sink + 1))
        found = maximum_flow(graph, 0, sink).flow.tocsr()
        took[want] = np.asarray(found[1 + self.lots + want, next_up[want]]).ravel()
        return took

    def _nested(self, first: int, sink: int) -> tuple[Whole, Whole]:
        """Give what each group and each limit is under next: the narrowest limit's node, else the sink."""
        size = self.under.sum(axis=1)
        groups = np.full(self.groups, sink)
        above = np.full(len(self.rooms), sink)
        for at in sorted(range(len(self.rooms)), key=lambda at: (size[at], at), reverse=True):
            for other in range(len(self.rooms)):
                within = not (self.under[other] & ~self.under[at]).any()
                if within and other != at and (size[other], other) < (size[at], at):
                    above[other] = first + at
            groups[self.under[at]] = first + at
        return groups, above

    def serve(self, demand: Whole) -> tuple[Whole, Whole]:
        """Give what of each group's demand can be served, all groups together at the most, and the flows."""
        flow = np.zeros((self.lots, self.groups), dtype=np.int64)
        if not self.lots or not demand.any():
            return np.zeros_like(demand), flow
        lot, group = self.ways
        sink = 1 + self.lots + self.groups
        rows = np.r_[np.zeros(self.lots, int), 1 + lot, 1 + self.lots + np.arange(self.groups)]
        columns = np.r_[1 + np.arange(self.lots), 1 + self.lots + group, np.full(self.groups, sink)]
        room = np.r_[self.stock, np.minimum(self.stock[lot], demand[group]), demand].astype(np.int32)
        graph = csr_matrix((room, (rows, columns)), shape=(sink + 1, sink + 1))
        found = maximum_flow(graph, 0, sink).flow
        flow = np.asarray(found[1 : 1 + self.lots, 1 + self.lots : sink].todense(), dtype=np.int64)
        return flow.sum(axis=0), flow

    def can_get_more(self, demand: Whole) -> Flags:
        """Say which groups could get a piece more when all of a demand is served: by any chain of exchanges."""
        full = self.under[self.left(demand) <= 0].any(axis=0)
        return self._by_lots(demand) & ~np.asarray(full, dtype=bool)

    def _by_lots(self, demand: Whole) -> Flags:
        _, flow = self.serve(demand)
        lots = flow.sum(axis=1) < self.stock
        groups = np.zeros(self.groups, dtype=bool)
        while True:
            # A lot with pieces left, or one that another can relieve of a group's pieces.
            reached = self.reach[lots].any(axis=0)
            relieved = lots | (flow[:, reached] > 0).any(axis=1)
            if (reached == groups).all() and (relieved == lots).all():
                return reached
            groups, lots = reached, relieved
