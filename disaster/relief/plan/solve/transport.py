"""From which lots each village is served, with the fewest piece-minutes: an integral transport problem. Pure.

*Claims* are pieces that a village is sure of, or that it may get at a reward (those left open). A
price on each lot tells every claim which lot to ask. Prices near the best are found lot by lot, each
claim asks its best lot, and what a lot is then asked too much for is moved on along the cheapest
chains of exchanges (a claim from this lot to that one, another from there to a third …), as long as
there is anything to gain. The lots are few, so that a chain is a shortest way among them.

At the end the lengths of the chains are prices that prove it: no other plan over **any** of the roads
can be cheaper than the bound they give, which equals the plan's cost.
"""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

import numpy as np

from disaster.relief.plan.solve.model import Flags, Floats, Whole

EXACT = 1e-9
ROUNDING = 1e-9
"""Minutes that rounding may make of nothing: a chain no shorter than this is none."""
COOLING, STEPS = 4.0, 12
"""How fast the smoothing of the prices is taken away, and the most steps at each."""
SAMPLE = 1500
"""Claims that stand for all while the prices are still rough."""
FINEST, NEARLY = 1e-3, 1e-4
"""The least smoothing as a share of the mean way, and the share of pieces that may ask in vain."""


class Claims(NamedTuple):
    """Pieces of villages; ``reward`` is what an open claim is worth a piece, infinite for a sure one."""

    village: Whole
    pieces: Whole
    reward: Floats


class Carried(NamedTuple):
    """Pieces by lot and claim (the last lot: not served), the cost with rewards lost, its bound, the prices."""

    lot: Whole
    claim: Whole
    pieces: Whole
    cost: float
    bound: float
    prices: Floats


def carry(claims: Claims, stock: Whole, cost: Floats) -> Carried:
    """Serve claims from lots; ``cost`` is lots × villages, infinite where there is no way.

    The sure claims are known to be servable together.
    """
    ways = np.vstack([cost[:, claims.village], claims.reward[None, :]])
    room = np.r_[stock, claims.pieces.sum() + 1].astype(np.int64)
    prices = np.append(priced(ways, claims.pieces, room[:-1]), 0.0)
    exchange = _Exchange(ways, claims.pieces, room, prices)
    exchange.relieve()
    exchange.improve()
    lot, claim = np.nonzero(exchange.flow)
    pieces = exchange.flow[lot, claim]
    total = float((ways[lot, claim] * pieces).sum())
    proof = exchange.prices()
    bound = float(((ways + proof[:, None]).min(axis=0) * claims.pieces).sum() - (proof * room)[:-1].sum())
    return Carried(lot, claim, pieces, total, bound, proof[:-1])


def priced(ways: Floats, pieces: Whole, room: Whole, under: Flags | None = None) -> Floats:
    """Find prices at which lots, and limits of several claims after them, are asked for about their ``room``.

    The dual of the problem, smoothed (every claim asks all lots, the cheaper the more, and a lot would
    rather keep pieces the cheaper they are), climbed by Newton's method in as many dimensions as there
    are lots and limits; the smoothing is taken away step by step. ``ways`` ends with not being served;
    ``under`` is limits × claims.
    """
    if under is None:
        under = np.zeros((0, ways.shape[1]), dtype=bool)
    finite = ways[np.isfinite(ways)]
    lots = ways[:-1][np.isfinite(ways[:-1])]
    prices = np.zeros(len(room))
    if not len(lots):
        return prices
    smooth, least = float(finite.max()) / 4 + EXACT, float(lots.mean()) * FINEST + EXACT
    few = np.random.default_rng(0).permutation(ways.shape[1])[:SAMPLE]
    scale = pieces.sum() / max(1, pieces[few].sum())
    rough = _Asked(ways[:, few], pieces[few] * scale, room, under[:, few].astype(float))
    whole = _Asked(ways, pieces, room, under.astype(float))
    while smooth > least:
        smooth = max(least, smooth / COOLING)
        # Until the end a sample of the claims tells the prices well enough.
        prices = _climb(rough if smooth > least * COOLING else whole, prices, smooth)
    return np.maximum(prices, 0.0)


class _Asked(NamedTuple):
    """What is asked of lots and limits: ways and pieces of claims, the room there is, who is under which limit."""

    ways: Floats
    pieces: Whole | Floats
    room: Whole
    under: Floats


def _climb(asked: _Asked, prices: Floats, smooth: float) -> Floats:
    """Climb to the top of the smoothed dual, nearly."""
    close = max(1.0, float(asked.pieces.sum()) * NEARLY)
    worth, slope, curve = _smoothed(asked, prices, smooth)
    for _ in range(STEPS):
        if np.abs(slope).sum() < close:
            break
        step = np.linalg.solve(curve + np.eye(len(prices)) * (EXACT + 1e-7 * np.trace(curve)), slope)
        length = 1.0
        while True:
            trial = _smoothed(asked, prices + length * step, smooth)
            if trial[0] >= worth or length < 1e-4:
                break
            length /= 4
        prices = prices + length * step
        worth, slope, curve = trial
    return prices


def _smoothed(asked: _Asked, prices: Floats, smooth: float) -> tuple[float, Floats, Floats]:
    """Give the smoothed dual at some prices, its slope and its curvature (negated)."""
    ways, pieces, room, under = asked
    lots = len(ways) - 1
    dear = np.append(prices[:lots], 0.0)[:, None]
    if len(under):
        dear = dear + np.r_[np.ones(lots), 0.0][:, None] * (prices[lots:] @ under)
    worth = (ways + dear) / -smooth
    most = worth.max(axis=0)
    share = np.exp(worth - most)
    sums = share.sum(axis=0)
    share /= sums
    got = share[:-1] * pieces
    served = got.sum(axis=0)
    load = np.r_[got.sum(axis=1), under @ served]
    sold = 1.0 / (1.0 + np.exp(np.clip(-prices / smooth, -500, 500)))
    value = -smooth * float((pieces * (most + np.log(sums))).sum())
    value -= float((room * smooth * np.logaddexp(0.0, prices / smooth)).sum())
    curve = np.diag(room * sold * (1 - sold))
    curve[:lots, :lots] += np.diag(load[:lots]) - got @ share[:-1].T
    if len(under):
        unserved = share[-1]
        cross = (got * unserved) @ under.T
        curve[:lots, lots:] += cross
        curve[lots:, :lots] += cross.T
        curve[lots:, lots:] += (under * (served * unserved)) @ under.T
    return value, load - room * sold, curve / smooth


class _Exchange:
    """Who is served from where, and what it costs to move a piece from one lot to another."""

    def __init__(self, ways: Floats, pieces: Whole, room: Whole, prices: Floats) -> None:
        self.ways, self.room = ways, room
        self.lots = len(room)
        self.flow = np.zeros(ways.shape, dtype=np.int64)
        self.flow[(ways + prices[:, None]).argmin(axis=0), np.arange(ways.shape[1])] = pieces
        self.load = self.flow.sum(axis=1)
        self.step = np.full((self.lots, self.lots), np.inf)
        self.which = np.zeros((self.lots, self.lots), dtype=np.int64)
        for lot in range(self.lots):
            self._look(lot)

    def relieve(self) -> None:
        """Move what lots are asked too much for to lots with room, by the cheapest chains."""
        while (over := self.load > self.room).any():
            length, before = self._chains(over)
            self._move(length, before, self.load - self.room)

    def improve(self) -> None:
        """Move pieces to lots with room as long as it shortens the ways."""
        while True:
            used = self.load > 0
            length, before = self._chains(used)
            if not (length[self.load < self.room] < -EXACT).any():
                return
            self._move(length, before, self.load)

    def prices(self) -> Floats:
        """Give each lot's price: the cheapest chain from it to a lot with room."""
        finite = self.ways[np.isfinite(self.ways)]
        above = 2.0 * self.lots * (1.0 + float(finite.max(initial=0.0)))
        # Where nothing with room can relieve a lot, any price above all chains proves as much.
        price = np.where(self.load < self.room, 0.0, above)
        for _ in range(self.lots):  # No chain is longer.
            shorter = np.minimum(price, (self.step + price[None, :]).min(axis=1))
            if (price - shorter <= ROUNDING).all():
                break
            price = shorter
        return np.maximum(price, 0.0)

    def _chains(self, start: Flags) -> tuple[Floats, Whole]:
        """Give the cheapest chain from any of some lots to each lot: its length, and the lot before."""
        length = np.where(start, 0.0, np.inf)
        before = np.full(self.lots, -1, dtype=np.int64)
        for _ in range(self.lots):
            through = length[:, None] + self.step
            best = through.argmin(axis=0)
            shorter = through[best, np.arange(self.lots)]
            better = shorter < length - ROUNDING
            if not better.any():
                break
            length = np.where(better, shorter, length)
            before = np.where(better, best, before)
        return length, before

    def _move(self, length: Floats, before: Whole, spare: Whole) -> None:
        """Move as many pieces as go along the cheapest chain to a lot with room."""
        free = np.flatnonzero(self.load < self.room)
        to = int(free[length[free].argmin()])
        chain = [to]
        while before[chain[-1]] >= 0:
            chain.append(int(before[chain[-1]]))
        chain.reverse()
        moves = [(one, other, int(self.which[one, other])) for one, other in pairwise(chain)]
        pieces = min(
            int(spare[chain[0]]),
            int(self.room[to] - self.load[to]),
            *(int(self.flow[one, claim]) for one, _, claim in moves),
        )
        for one, other, claim in moves:
            self.flow[one, claim] -= pieces
            self.flow[other, claim] += pieces
        self.load[chain[0]] -= pieces
        self.load[to] += pieces
        for lot in chain:
            self._look(lot)

    def _look(self, lot: int) -> None:
        """Find the cheapest move of a piece from a lot to each other one."""
        own = np.flatnonzero(self.flow[lot])
        if not len(own):
            self.step[lot] = np.inf
        else:
            extra = self.ways[:, own] - self.ways[lot, own]
            best = extra.argmin(axis=1)
            self.step[lot], self.which[lot] = extra[np.arange(self.lots), best], own[best]
        self.step[lot, lot] = 0.0
