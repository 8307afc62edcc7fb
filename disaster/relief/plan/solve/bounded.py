"""Carrying where a limit of several villages decides which of equal claims are served: a linear programme. Pure.

Lots, claims and nested limits are a network, so that the corners of the programme are whole pieces; HiGHS
gives one, and the prices whose bound equals its cost.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from disaster.relief.plan.solve import highs
from disaster.relief.plan.solve.highs import Program
from disaster.relief.plan.solve.model import Bundle, Floats, Whole
from disaster.relief.plan.solve.transport import Carried, Claims


def carry(claims: Claims, stock: Whole, cost: Floats, bundles: Sequence[Bundle]) -> Carried:
    """Serve claims from lots as :func:`transport.carry` does, within bundles as well."""
    ways = cost[:, claims.village]
    lot, claim = np.nonzero(np.isfinite(ways))
    lots, many, left = len(stock), len(claims.pieces), np.flatnonzero(np.isfinite(claims.reward))
    row, column, upper = [claim, many + lot], [np.arange(len(lot))] * 2, [stock]
    for at, bundle in enumerate(bundles):
        under = np.flatnonzero(bundle.villages[claims.village[claim]])
        row.append(np.full(len(under), many + lots + at))
        column.append(under)
        upper.append(np.array([bundle.room]))
    row.append(left)
    column.append(len(lot) + np.arange(len(left)))
    rows, columns, most = np.concatenate(row), np.concatenate(column), np.concatenate(upper)
    price = np.r_[ways[lot, claim], claims.reward[left]]
    solved = highs.solve(
        Program(
            cost=price,
            lower=np.zeros(len(price)),
            upper=np.full(len(price), np.inf),
            row_lower=np.r_[claims.pieces, np.full(len(most), -np.inf)].astype(float),
            row_upper=np.r_[claims.pieces, most].astype(float),
            row=rows,
            column=columns,
            weight=np.ones(len(rows)),
        )
    )
    if solved is None:  # The sure claims are known to be servable together.
        raise RuntimeError("claims that can be served can't be carried")
    pieces = np.rint(solved.values).astype(np.int64)
    some = np.flatnonzero(pieces)
    served = some < len(lot)
    whence = np.where(served, lot[np.minimum(some, max(0, len(lot) - 1))] if len(lot) else lots, lots)
    whose = np.concatenate([claim, left])[some]
    # By weak duality over every road, from the prices alone.
    prices = np.maximum(-solved.prices[many:], 0.0)
    under_all = np.zeros(many)
    for bundle, price_of in zip(bundles, prices[lots:], strict=True):
        under_all += np.where(bundle.villages[claims.village], price_of, 0.0)
    least = np.vstack([ways + prices[:lots, None] + under_all, claims.reward[None, :]]).min(axis=0)
    bound = float((least * claims.pieces).sum() - (prices * most).sum())
    cost_of = float((price[some] * pieces[some]).sum())
    return Carried(whence, whose, pieces[some], cost_of, bound, prices[:lots])
