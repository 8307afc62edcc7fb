"""Carrying where a limit of several villages decides which of equal claims are served: a linear programme. Pure.

Lots, claims and nested limits are a network, so that the corners of the programme are whole pieces. HiGHS is
given few of the ways at first: those that would be used without the limits, and for each claim those that look
cheapest by the lots' prices. Its prices then tell which other ways could pay; these are added until none is
left, so that the bound over **every** way equals the cost. A limit over all villages needs no programme: it is
as if somebody else had asked for what the lots have beyond it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from disaster.relief.plan.solve import highs, transport
from disaster.relief.plan.solve.highs import Program
from disaster.relief.plan.solve.model import Bundle, Flags, Floats, Whole
from disaster.relief.plan.solve.transport import Carried, Claims

CHEAPEST = 3
"""Ways of each claim that HiGHS is given at first."""
PAYS = 1e-7
"""Minutes that a way has to save before it is added."""


class _Solved(NamedTuple):
    """Pieces by lot and claim (the last lot: not served), and the prices of lots and of bundles."""

    lot: Whole
    claim: Whole
    pieces: Whole
    lots: Floats
    bundles: Floats


def carry(claims: Claims, stock: Whole, cost: Floats, bundles: Sequence[Bundle]) -> Carried:
    """Serve claims from lots as :func:`transport.carry` does, within bundles as well."""
    if len(bundles) == 1 and bundles[0].villages[claims.village].all():
        return _in_all(claims, stock, cost, bundles[0].room)
    ways = cost[:, claims.village]
    under = np.array([one.villages[claims.village] for one in bundles])
    free = transport.carry(claims, stock, cost)
    given = _cheapest(ways + free.prices[:, None])
    served = free.lot < len(stock)
    given[free.lot[served], free.claim[served]] = True
    while True:
        solved = _solve(claims, stock, ways, bundles, under, given)
        dear = ways + solved.lots[:, None] + (solved.bundles[:, None] * under).sum(axis=0)
        least = np.minimum(dear.min(axis=0, initial=np.inf), claims.reward)
        asked = np.minimum(np.where(given, dear, np.inf).min(axis=0, initial=np.inf), claims.reward)
        more = (dear < asked - PAYS) & ~given
        if not more.any():
            break
        given |= more
    room = np.array([one.room for one in bundles])
    bound = float((least * claims.pieces).sum() - (solved.lots * stock).sum() - (solved.bundles * room).sum())
    every = np.vstack([ways, claims.reward[None, :]])
    total = float((every[solved.lot, solved.claim] * solved.pieces).sum())
    return Carried(solved.lot, solved.claim, solved.pieces, total, bound, solved.lots)


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


def _cheapest(dear: Floats) -> Flags:
    """Mark the cheapest ways of each claim."""
    given = np.zeros(dear.shape, dtype=bool)
    if len(dear):
        few = np.argpartition(dear, min(CHEAPEST, len(dear)) - 1, axis=0)[:CHEAPEST]
        np.put_along_axis(given, few, values=True, axis=0)
    return given & np.isfinite(dear)


def _solve(
    claims: Claims, stock: Whole, ways: Floats, bundles: Sequence[Bundle], under: Flags, given: Flags
) -> _Solved:
    """Ask HiGHS with some of the ways."""
    lot, claim = np.nonzero(given)
    lots, many, left = len(stock), len(claims.pieces), np.flatnonzero(np.isfinite(claims.reward))
    bundle, whose = np.nonzero(under[:, claim])
    row = np.concatenate([claim, many + lot, many + lots + bundle, left])
    column = np.concatenate(
        [np.arange(len(lot)), np.arange(len(lot)), whose, len(lot) + np.arange(len(left))]
    )
    most = np.r_[stock, [one.room for one in bundles]].astype(float)
    price = np.r_[ways[lot, claim], claims.reward[left]]
    solved = highs.solve(
        Program(
            cost=price,
            lower=np.zeros(len(price)),
            upper=np.full(len(price), np.inf),
            row_lower=np.r_[claims.pieces, np.full(len(most), -np.inf)].astype(float),
            row_upper=np.r_[claims.pieces, most].astype(float),
            row=row,
            column=column,
            weight=np.ones(len(row)),
        )
    )
    if solved is None:  # The sure claims are known to be servable together.
        raise RuntimeError("claims that can be served can't be carried")
    pieces = np.rint(solved.values).astype(np.int64)
    some = np.flatnonzero(pieces)
    prices = np.maximum(-solved.prices[many:], 0.0)
    whence = np.r_[lot, np.full(len(left), lots)][some]
    return _Solved(whence, np.r_[claim, left][some], pieces[some], prices[:lots], prices[lots:])
