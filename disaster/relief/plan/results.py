"""Solving a problem and keeping what came out: shares with their reasons, where all comes from, the figures."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple
from uuid import UUID

import msgspec
import numpy as np

from disaster import problems
from disaster.problems import Problem as Refusal
from disaster.problems import Words
from disaster.relief.plan.inputs import FEN, MONEY
from disaster.relief.plan.models import Allocation, Basis, Pin, Scenario, Share
from disaster.relief.plan.solve import explain, fairness, rounds
from disaster.relief.plan.solve.difference import Side
from disaster.relief.plan.solve.highs import Unproven
from disaster.relief.plan.solve.limits import Limits
from disaster.relief.plan.solve.model import (
    Infeasible,
    Limit,
    LimitKind,
    Over,
    Policy,
    Problem,
    Short,
    Whole,
)

NAMED = 3
"""Villages named in a refusal; of more, their number is told."""


class Outcome(NamedTuple):
    """A solved problem; ``given[village, item key]`` is source → whole units (money: yuan, by quota)."""

    problem: Problem
    given: dict[tuple[str, str], dict[str, int]]
    reasons: list[list[dict[str, Any]]]
    figures: dict[str, Any]

    @property
    def side(self) -> Side:
        """The plan as one side of a difference: money has no place it comes from."""
        plain = {
            key: {"": sum(ways.values())} if key[1] == MONEY else ways for key, ways in self.given.items()
        }
        return Side(self.problem, plain)


def solve(problem: Problem) -> Outcome:
    """Solve, explain and measure.

    Raises
    ------
    Problem
        409.40, 409.42 naming the rule or limits that can't be kept, where, and by how much; 409.43 if no
        answer is proven in time.
    """
    began = time.perf_counter()
    try:
        answers = rounds.solve_all(problem)
    except Infeasible as found:
        raise _refusal(problem, found.short) from None
    except Over as found:
        raise _over(found.limits) from None
    except Unproven:
        raise problems.PLAN_UNPROVEN() from None
    took = time.perf_counter() - began
    given: defaultdict[tuple[str, str], dict[str, int]] = defaultdict(dict)
    for at, (answer, lots) in enumerate(answers):
        for flow in answer.flows:
            lot = problem.lots[lots[flow.lot]]
            source = problem.places[lot.place][0] if lot.place >= 0 else lot.quota
            ways = given[problem.villages[flow.village].code, problem.items[at].key]
            ways[source] = ways.get(source, 0) + flow.quantity
    limits, whole = Limits(problem), rounds.held(answers)
    stopped = [limits.binding(at, whole) for at in range(len(problem.items))]
    reasons = [
        explain.reasons(problem, at, one, binding)
        for at, (one, binding) in enumerate(zip(answers, stopped, strict=True))
    ]
    measured = [fairness.measured(problem, at, answer) for at, (answer, _) in enumerate(answers)]
    least = answers
    if problem.policy is not Policy.LEAST:
        least = rounds.solve_all(msgspec.structs.replace(problem, policy=Policy.LEAST))
    prices = [
        fairness.price(problem, at, answer, other)
        for at, ((answer, _), (other, _)) in enumerate(zip(answers, least, strict=True))
    ]
    told = _limits(problem, limits, whole, stopped)
    return Outcome(problem, dict(given), reasons, _figures(problem, measured, prices, told, took))


def keep(scenario: Scenario, outcome: Outcome, pins: Mapping[tuple[str, str], Pin]) -> None:
    """Write a solved scenario's rows, each table in one statement."""
    problem = outcome.problem
    Basis.objects.create(scenario=scenario, problem=msgspec.to_builtins(problem))
    shares = []
    for at, item in enumerate(problem.items):
        scale = FEN if item.key == MONEY else 1
        for row, village in enumerate(problem.villages):
            outside = problem.outside(at, row)
            need = sum(problem.need[at][row]) + outside
            given = sum(outcome.given.get((village.code, item.key), {}).values()) + outside
            if need:
                shares.append(
                    Share(
                        scenario=scenario,
                        area_id=village.code,
                        item_id=item.key or None,
                        persons=village.persons,
                        need=need * scale,
                        given=given * scale,
                        why=outcome.reasons[at][row],
                    )
                )
    Share.objects.bulk_create(shares, batch_size=5000)
    Allocation.objects.bulk_create(
        [
            Allocation(
                scenario=scenario,
                area_id=village,
                item_id=item or None,
                source_id=UUID(source) if item != MONEY else None,
                quota_id=UUID(source) if item == MONEY and source else None,
                quantity=many * (FEN if item == MONEY else 1),
            )
            for (village, item), ways in outcome.given.items()
            for source, many in ways.items()
        ],
        batch_size=5000,
    )
    Pin.objects.bulk_create(pins.values())


def kept(scenario: Scenario) -> Side:
    """Give a stored scenario as one side of a difference."""
    problem = msgspec.convert(scenario.basis.problem, Problem, strict=False)
    given: dict[tuple[str, str], dict[str, int]] = {}
    rows = scenario.allocations.values_list("area_id", "item_id", "source_id", "quantity")
    for village, item, source, many in rows:
        ways = given.setdefault((village, item or MONEY), {})
        key = str(source) if item else ""
        ways[key] = ways.get(key, 0) + (many if item else many // FEN)
    return Side(problem, given)


def _figures(
    problem: Problem,
    measured: list[fairness.Figures],
    prices: list[fairness.Price],
    limits: list[dict[str, Any]],
    took: float,
) -> dict[str, Any]:
    rows = []
    for at, (one, price) in enumerate(zip(measured, prices, strict=True)):
        item = problem.items[at]
        rows.append(
            {
                "item": item.key,
                "name": item.name,
                "name_en": item.name_en,
                "unit": item.unit,
                **msgspec.to_builtins(one),
                "worst_village": problem.villages[one.worst_village].name if one.worst_village >= 0 else "",
                "worth": round(one.given * item.yuan, 2),
                "tonne_hours": round(one.minutes * item.kg / 60_000, 1),
                "price": msgspec.to_builtins(price),
            }
        )
    goods = [row for row in rows if row["item"] != MONEY]
    pieces = sum(row["given"] for row in goods)
    return {
        "items": rows,
        "villages": len(problem.villages),
        "unreached": max((row["unreached"] for row in rows), default=0),
        "worst": min((row["worst"] for row in rows if row["need"]), default=1.0),
        "worth": round(sum(row["worth"] for row in rows), 2),
        "tonne_hours": round(sum(row["tonne_hours"] for row in goods), 1),
        "mean_minutes": round(sum(row["minutes"] for row in goods) / pieces, 1) if pieces else 0.0,
        "is_proven": all(
            abs(row["minutes"] - row["bound"]) <= 1e-6 * max(1.0, row["minutes"]) for row in rows
        ),
        "by_roads": problem.by_roads,
        "supply": msgspec.to_builtins(problem.supply),
        "limits": limits,
        "seconds": round(took, 3),
    }


def _limits(
    problem: Problem, limits: Limits, held: Sequence[Whole], stopped: Sequence[explain.Binding]
) -> list[dict[str, Any]]:
    """Give a row for each limit, those of single villages of one kind together: how many villages each stops."""
    wants = [
        np.array(problem.need[at]).sum(axis=1) > own if problem.villages else np.zeros(0, bool)
        for at, own in enumerate(held)
    ]
    rows: dict[tuple[str, str], dict[str, Any]] = {}
    for one in problem.limits:
        single = one.kind in (LimitKind.PERSON, LimitKind.HOUSEHOLD)
        key = one.kind.value, "" if single else one.name
        row = rows.setdefault(
            key, {"kind": key[0], "name": key[1], "whole": one.whole, "amount": 0, "taken": 0, "stops": 0}
        )
        row["amount"] += one.amount
        row["taken"] += limits.taken(one, held)
        row["stops"] += sum(
            any(
                wants[at][village] and found.get(village, (None, 0))[0] is one
                for at, found in enumerate(stopped)
            )
            for village in one.villages
        )
    return list(rows.values())


def _refusal(problem: Problem, short: Short) -> Refusal:
    item = problem.items[short.item]
    return problems.PLAN_INFEASIBLE(
        item=item.name,
        unit=item.unit,
        stock=explain.said(sum(lot.quantity for lot in problem.lots if lot.item == short.item)),
        least=explain.said(sum(short.least.values())),
        least_where=_where(problem, short.least),
        pinned=explain.said(sum(short.pinned.values())),
        pinned_where=_where(problem, short.pinned),
    )


def _over(limits: list[tuple[Limit, int]]) -> Refusal:
    """Name each limit that minimums and pins alone exceed, with by how much."""
    parts = {
        language: [explain.over(one, more, language) for one, more in limits[:NAMED]]
        for language in ("zh-hans", "en")
    }
    rest = f"… {len(limits)}" if len(limits) > NAMED else ""
    return problems.PLAN_OVER_LIMITS(
        limits=Words(";".join(parts["zh-hans"]) + rest, "; ".join(parts["en"]) + rest)
    )


def _where(problem: Problem, missing: Mapping[int, int]) -> str:
    names = [f"{problem.villages[at].name} {many:,}" for at, many in missing.items()]
    return "、".join(names[:NAMED]) + (f"… {len(names)}" if len(names) > NAMED else "") if names else "0"


def policy_of(scenario: Scenario) -> Policy:
    """Give a scenario's policy as the planner knows it."""
    return Policy(scenario.policy)
