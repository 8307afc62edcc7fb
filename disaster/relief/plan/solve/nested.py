"""Carrying where limits of several villages decide which of equal claims are served. Pure.

A limit says how many pieces of its villages' claims may be served, so how many at least are not. Claims that
are not served stand at a *leaf* as those of a lot do, one leaf for all that are under the same limits; above
the leaves the limits, nested or apart, are a tree. So lots, claims and limits are one network, whose best plans
are whole pieces by themselves: from prices near the best every claim asks its best leaf, then pieces are moved
round cycles (a claim from this leaf to that, another on to a third, through the limits that have room)
as long as one is worth anything. Where none is, the distances are prices of lots and limits that prove it over
**every** way: their bound is the cost.

A limit over all villages alone needs no tree: it is as if somebody else had asked for what the lots have beyond it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from disaster.relief.plan.solve import transport
from disaster.relief.plan.solve.model import Bundle, Flags, Floats, Whole
from disaster.relief.plan.solve.transport import ROUNDING, Carried, Claims

COARSE = 1e-3
"""Minutes below which nothing is gained while some limit is broken still."""
LOOK = 4
"""Rounds of looking for shorter ways between two looks for a cycle."""


def carry(claims: Claims, stock: Whole, cost: Floats, bundles: Sequence[Bundle]) -> Carried:
    """Serve claims from lots as :func:`transport.carry` does, within bundles as well."""
    if len(bundles) == 1 and bundles[0].villages[claims.village].all():
        return _in_all(claims, stock, cost, bundles[0].room)
    ways = np.vstack([cost[:, claims.village], claims.reward[None, :]])
    under = np.array([one.villages[claims.village] for one in bundles])
    room = np.array([one.room for one in bundles], dtype=np.int64)
    # Sure claims are served whatever a limit's price is: it is found among the others, for the room they have.
    left = under & np.isfinite(claims.reward)
    sure = (under & ~left).astype(np.int64) @ claims.pieces
    prices = transport.priced(ways, claims.pieces, np.r_[stock, room - sure], left)
    net = _Net(ways, claims.pieces, stock, under, room)
    net.ask(prices)
    net.settle()
    lot, claim = np.nonzero(net.flow)
    pieces = net.flow[lot, claim]
    total = float((ways[lot, claim] * pieces).sum())
    lots, limits = net.prices()
    dear = (ways[:-1] + lots[:, None]).min(axis=0, initial=np.inf) + limits @ under
    least = np.minimum(dear, claims.reward)
    bound = float((least * claims.pieces).sum() - (lots * stock).sum() - (limits * room).sum())
    return Carried(lot, claim, pieces, total, bound, lots)


def _in_all(claims: Claims, stock: Whole, cost: Floats, room: int) -> Carried:
    """Serve claims that may get no more than ``room`` in all: what lots have beyond it is asked for in vain first."""
    spare = max(0, int(stock.sum()) - room)
    more = Claims(
        np.append(claims.village, cost.shape[1]),
        np.append(claims.pieces, spare),
        np.append(claims.reward, np.inf),
    )
    found = transport.carry(more, stock, np.hstack([cost, np.zeros((len(stock), 1))]))
    real = found.claim < len(claims.pieces)
    return found._replace(lot=found.lot[real], claim=found.claim[real], pieces=found.pieces[real])


class _Arc(NamedTuple):
    """A way from one node to another: a piece of a claim between leaves, or up (1) or down (-1) above node ``at``."""

    start: int
    end: int
    way: int
    at: int


class _Net:
    """Leaves (lots, then the unserved of each group), limits and the root, with what flows between them.

    ``load`` is what stands at each leaf, and for a limit what of its claims is not served; it has to lie
    between ``low`` and ``high``.
    """

    def __init__(self, ways: Floats, pieces: Whole, stock: Whole, under: Flags, room: Whole) -> None:
        self.ways, self.pieces, self.under = ways, pieces, under
        self.lots = len(stock)
        packed, self.group = np.unique(under, axis=1, return_inverse=True)
        self.group = self.group.reshape(-1)
        groups, limits = packed.shape[1], len(room)
        self.leaves = self.lots + groups
        self.root = self.leaves + limits
        self.parent = self._parents(packed)
        asked = under.astype(np.int64) @ pieces
        none = np.iinfo(np.int64).max
        self.low = np.r_[np.zeros(self.leaves, dtype=np.int64), asked - room]
        self.high = np.r_[stock, np.full(groups + limits, none)]
        self.members = [np.flatnonzero(self.group == at) for at in range(groups)]
        self.flow = np.zeros(ways.shape, dtype=np.int64)
        self.step = np.full((self.leaves, self.leaves), np.inf)
        self.which = np.zeros((self.leaves, self.leaves), dtype=np.int64)
        finite = ways[np.isfinite(ways)]
        self.above = 2.0 * (self.root + 1) * (1.0 + float(finite.max(initial=0.0)))
        """More than any chain of exchanges costs."""

    def _parents(self, packed: Flags) -> Whole:
        """Give the node next above each leaf and limit: the narrowest limit it is under, else the root."""
        parent = np.full(self.root, self.root)
        order = sorted(range(len(packed)), key=lambda at: int(packed[at].sum()), reverse=True)
        for rank, at in enumerate(order):
            parent[self.lots : self.leaves][packed[at]] = self.leaves + at
            for other in order[rank + 1 :]:
                if not (packed[other] & ~packed[at]).any():
                    parent[self.leaves + other] = self.leaves + at
        return parent

    def ask(self, prices: Floats) -> None:
        """Let every claim ask the leaf that is best at some prices of lots and limits."""
        dear = self.ways.copy()
        dear[:-1] += prices[: self.lots, None] + prices[self.lots :] @ self.under
        self.flow[dear.argmin(axis=0), np.arange(len(self.pieces))] = self.pieces
        unserved = np.bincount(self.group, weights=self.flow[-1], minlength=self.leaves - self.lots)
        left = self.under.astype(np.int64) @ self.flow[-1]
        self.load = np.r_[self.flow[:-1].sum(axis=1), np.rint(unserved).astype(np.int64), left]
        for leaf in range(self.leaves):
            self._look(leaf)

    def settle(self) -> None:
        """Move pieces round cycles until every limit is kept and none is worth anything."""
        while True:
            found = list(self._cycles())
            for cycle in found:
                self._turn(cycle)
            if found:
                continue
            if self._broken().any():  # The sure claims are known to be servable together.
                raise RuntimeError("claims that can be served can't be carried")
            return

    def prices(self) -> tuple[Floats, Floats]:
        """Give the prices of lots and of limits: the cheapest chains from each to the root, and what a limit adds."""
        far = np.full(self.root + 1, self.above)
        far[self.leaves :] = 0.0
        start, end, cost, _, _ = self._arcs()
        for _ in range(self.root + 1):
            shorter = far.copy()
            np.minimum.at(shorter, start, cost + far[end])
            if (far - shorter <= ROUNDING).all():
                break
            far = shorter
        limits = far[self.parent[self.leaves :]] - far[self.leaves : self.root]
        return np.maximum(far[: self.lots], 0.0), np.maximum(limits, 0.0)

    def _broken(self) -> Flags:
        return (self.load < self.low) | (self.load > self.high)

    def _arcs(self) -> tuple[Whole, Whole, Floats, Whole, Whole]:
        """Give all ways by which a piece may move: start, end, cost, kind (0, 1, -1) and which node's."""
        one, other = np.nonzero(np.isfinite(self.step))
        nodes = np.arange(self.root)
        up, down = nodes[self.load < self.high], nodes[self.load > self.low]
        # What mends a broken limit is worth more than all else.
        mends = -self.above * self._broken()
        start = np.r_[one, up, self.parent[down]]
        end = np.r_[other, self.parent[up], down]
        cost = np.r_[
            self.step[one, other],
            np.where(self.load[up] < self.low[up], mends[up], 0.0),
            np.where(self.load[down] > self.high[down], mends[down], 0.0),
        ]
        kind = np.r_[np.zeros(len(one), int), np.ones(len(up), int), np.full(len(down), -1)]
        return start, end, cost, kind, np.r_[one, up, down]

    def _cycles(self) -> Iterator[list[_Arc]]:
        """Find cycles round which moving pieces is worth something, no two of them through one node."""
        start, end, cost, kind, at = self._arcs()
        order = np.argsort(end, kind="stable")
        start, end, cost, kind, at = start[order], end[order], cost[order], kind[order], at[order]
        first = np.flatnonzero(np.r_[True, end[1:] != end[:-1]])
        into = end[first]
        owner = np.repeat(np.arange(len(first)), np.diff(np.r_[first, len(end)]))
        least = COARSE if self._broken().any() else ROUNDING
        far = np.zeros(self.root + 1)
        before = np.full(self.root + 1, -1)
        for turn in range(1, self.root + 2 + LOOK):
            through = far[start] + cost
            best = np.minimum.reduceat(through, first)
            better = best < far[into] - least
            if not better.any():
                return
            hit = np.flatnonzero((through == best[owner]) & better[owner])
            before[end[hit]] = hit
            far[into[better]] = best[better]
            if turn % LOOK == 0 and (rings := list(_rings(before, start))):
                for ring in rings:
                    yield [_Arc(int(start[a]), int(end[a]), int(kind[a]), int(at[a])) for a in ring]
                return

    def _turn(self, cycle: list[_Arc]) -> None:
        """Move as many pieces round a cycle as go."""
        pieces = min(self._free(arc) for arc in cycle)
        changed = set()
        for arc in cycle:
            if arc.way:
                self.load[arc.at] += arc.way * pieces
                continue
            claim = int(self.which[arc.start, arc.end])
            self.flow[min(arc.start, self.lots), claim] -= pieces
            self.flow[min(arc.end, self.lots), claim] += pieces
            changed |= {arc.start, arc.end}
        for leaf in changed:
            self._look(leaf)

    def _free(self, arc: _Arc) -> int:
        if not arc.way:
            return int(self.flow[min(arc.start, self.lots), self.which[arc.start, arc.end]])
        load, low, high = (int(one[arc.at]) for one in (self.load, self.low, self.high))
        if arc.way > 0:
            return low - load if load < low else high - load
        return load - high if load > high else load - low

    def _look(self, leaf: int) -> None:
        """Find the cheapest move of a piece from a leaf to each other one."""
        self.step[leaf] = np.inf
        if leaf < self.lots:
            own = np.flatnonzero(self.flow[leaf])
        else:
            members = self.members[leaf - self.lots]
            own = members[self.flow[-1, members] > 0]
        if not len(own):
            return
        extra = self.ways[:, own] - self.ways[min(leaf, self.lots), own]
        best = extra[:-1].argmin(axis=1) if self.lots else np.zeros(0, dtype=np.int64)
        self.step[leaf, : self.lots] = extra[np.arange(self.lots), best]
        self.which[leaf, : self.lots] = own[best]
        if leaf < self.lots:
            order = np.lexsort((extra[-1], self.group[own]))
            groups, at = np.unique(self.group[own][order], return_index=True)
            cheapest = order[at]
            self.step[leaf, self.lots + groups] = extra[-1, cheapest]
            self.which[leaf, self.lots + groups] = own[cheapest]
            self.step[leaf, leaf] = np.inf


def _rings(before: Whole, start: Whole) -> Iterator[list[int]]:
    """Give the cycles that the arcs by which nodes were reached last make."""
    seen = np.zeros(len(before), dtype=np.int64)
    for node in range(len(before)):
        path = []
        while before[node] >= 0 and not seen[node]:
            seen[node] = -1
            path.append(node)
            node = int(start[before[node]])
        if path and seen[node] == -1:
            yield [int(before[one]) for one in path[path.index(node) :]][::-1]
        for one in path:
            seen[one] = 1
