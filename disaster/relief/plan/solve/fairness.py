"""How even and how dear a plan is. Pure."""

from __future__ import annotations

import msgspec
import numpy as np

from disaster.relief.plan.solve.model import Answer, Floats, Problem, Whole, task_of


class Figures(msgspec.Struct, frozen=True):
    """One item of a plan. ``weighted`` is the need left unmet times its households' weight.

    How full a village is counts what its households have already. ``worst`` is the least filling of a village that can be reached, by its place in the list -1 for
    none; ``gini`` is 0 where all are filled alike, near 1 where one has all.
    """

    need: int
    given: int
    stock: int
    weighted: float
    worst: float
    worst_village: int
    gini: float
    minutes: float
    bound: float
    unreached: int


def measured(problem: Problem, item: int, answer: Answer) -> Figures:
    """Measure one item of a plan."""
    task, _ = task_of(problem, item)
    total = task.total
    reached = np.isfinite(task.cost).any(axis=0) if len(task.stock) else np.zeros(len(total), bool)
    whole = total + task.had
    filled = filling(whole, answer.given + task.had)
    asks = np.flatnonzero((total > 0) & reached & (task.fixed < 0))
    worst = int(asks[filled[asks].argmin()]) if len(asks) else -1
    return Figures(
        need=int(total.sum()),
        given=int(answer.given.sum()),
        stock=int(task.stock.sum()),
        weighted=round(unmet(problem, item, answer.given), 3),
        worst=round(float(filled[worst]), 6) if worst >= 0 else 1.0,
        worst_village=worst,
        gini=round(gini(filled[whole > 0], whole[whole > 0]), 6),
        minutes=round(answer.minutes, 3),
        bound=round(answer.bound, 3),
        unreached=int(((total > 0) & ~reached).sum()),
    )


def filling(total: Whole, given: Whole) -> Floats:
    """Give the share of each village's need that is met; 1 where nothing is needed."""
    met: Floats = np.where(total > 0, given / np.maximum(total, 1), 1.0)
    return met


def gini(shares: Floats, weights: Whole) -> float:
    """Give the Gini index of shares among villages weighted by their need."""
    if not len(shares) or float((shares * weights).sum()) <= 0:
        return 0.0
    order = np.argsort(shares)
    people = np.r_[0.0, np.cumsum(weights[order]) / weights.sum()]
    goods = np.r_[0.0, np.cumsum((shares * weights)[order]) / (shares * weights).sum()]
    return max(0.0, float(1.0 - ((goods[1:] + goods[:-1]) * np.diff(people)).sum()))


def unmet(problem: Problem, item: int, given: Whole) -> float:
    """Add up what is left unmet, each piece times the weight of its household; the gravest are served first."""
    need = np.array(problem.need[item], dtype=np.int64).reshape(len(problem.villages), -1)
    order = sorted(
        range(len(problem.classes)), key=lambda at: (problem.classes[at].tier, -problem.classes[at].weight)
    )
    left, lost = given.astype(np.int64).copy(), 0.0
    for at in order:
        served = np.minimum(left, need[:, at])
        left = left - served
        lost += problem.classes[at].weight * float((need[:, at] - served).sum())
    return lost


class Price(msgspec.Struct, frozen=True):
    """What a policy costs beside the least weighted shortage: more unmet need, more piece-minutes, as shares."""

    weighted: float
    minutes: float


def price(problem: Problem, item: int, answer: Answer, least: Answer) -> Price:
    """Give the price of fairness of one item's plan beside that of the least weighted shortage."""
    short = unmet(problem, item, least.given)
    return Price(
        weighted=round(unmet(problem, item, answer.given) / short - 1.0, 6) if short else 0.0,
        minutes=round(answer.minutes / least.minutes - 1.0, 6) if least.minutes else 0.0,
    )
