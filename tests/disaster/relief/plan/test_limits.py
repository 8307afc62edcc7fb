"""Limits that items share: every round against all plans of small problems, and what can't be kept."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from disaster.relief.plan.solve import explain, plan, rounds
from disaster.relief.plan.solve.limits import Limits
from disaster.relief.plan.solve.model import (
    Infeasible,
    Item,
    Limit,
    LimitKind,
    Lot,
    Over,
    Policy,
    Problem,
    Task,
    Village,
    Whole,
    task_of,
)
from tests.disaster.relief.plan import brute

ITEMS = [
    Item("quilt", "棉被", "床", 2.0, 150.0),
    Item("coat", "棉衣", "件", 1.5, 120.0),
    Item("", "救助金", "元"),
]
WORTH, GRAMS = [15_000, 12_000, 100], [2_000, 1_500, 0]


def a_limit(kind: LimitKind, villages: list[int], each: list[int], amount: int) -> Limit:
    return Limit(kind, "某地", villages, each, amount, amount, 1)


@st.composite
def problems(draw: Any) -> Problem:
    """Draw two villages or three with two items, and limits that may be too narrow for the minimums."""
    count = draw(st.integers(2, 3))
    need = [[[draw(st.integers(0, 1)) for _ in brute.CLASSES] for _ in range(count)] for _ in range(2)]
    limits = [
        a_limit(LimitKind.PERSON, [at], WORTH[:2], draw(st.integers(0, 4)) * 13_500)
        for at in range(count)
        if draw(st.booleans())
    ]
    if draw(st.booleans()):
        limits.append(a_limit(LimitKind.WEIGHT, [0, 1], GRAMS[:2], draw(st.integers(0, 6)) * 1_700))
    if draw(st.booleans()):
        limits.append(
            a_limit(LimitKind.SPEND, list(range(count)), WORTH[:2], draw(st.integers(0, 6)) * 14_000)
        )
    return Problem(
        policy=draw(st.sampled_from(list(Policy))),
        villages=[
            Village(f"34082401{at}000", f"村{at}", 9, draw(st.sampled_from([1.0, 1.5])))
            for at in range(count)
        ],
        classes=brute.CLASSES,
        items=ITEMS[:2],
        places=[("a", "甲库"), ("b", "乙库")],
        lots=[Lot(place, item, draw(st.integers(0, 4))) for place in range(2) for item in range(2)],
        need=need,
        least=[[draw(st.integers(0, 1)) for _ in range(count)] for _ in range(2)],
        minutes=[[draw(st.sampled_from([1.0, 2.5, 7.0, -1.0])) for _ in range(count)] for _ in range(2)],
        limits=limits,
    )


@settings(max_examples=250, deadline=None)
@given(problems())
def test_no_plan_of_a_round_is_better(problem: Problem) -> None:
    """Each round serves its item as well as any plan that leaves the others what they hold within every limit."""
    tasks = [task_of(problem, item)[0] for item in range(2)]
    floors = [task.floor for task in tasks]
    if any(_taken(one, floors) > one.amount for one in problem.limits):
        with pytest.raises((Over, Infeasible)):
            rounds.solve_all(problem)
        return
    try:
        solved = rounds.solve_all(problem)
    except Infeasible:
        assert any(brute.best(task) is None for task in tasks)
        return
    for one in problem.limits:
        assert _taken(one, rounds.held(solved)) <= one.amount
    answers, held = [plan.solve(task) for task in tasks], floors
    if all(_taken(one, [answer.given for answer in answers]) <= one.amount for one in problem.limits):
        assert [one.given.tolist() for one, _ in solved] == [one.given.tolist() for one in answers]
        return
    for turn, (item, task) in enumerate(rounds.rounds(problem, tasks, Limits(problem), answers)):
        answers[item] = plan.solve(task)
        best = _best(problem, tasks[item], item, held, _served(problem)[turn // 2])
        given = answers[item].given
        assert (brute.merit(tasks[item], given.tolist()), pytest.approx(answers[item].minutes)) == best
        held = [given if at == item else own for at, own in enumerate(held)]
    assert [one.given.tolist() for one, _ in solved] == [one.tolist() for one in held]


def _taken(one: Limit, held: list[Whole]) -> int:
    return sum(each * int(own[at]) for each, own in zip(one.each, held, strict=True) for at in one.villages)


def _served(problem: Problem) -> list[list[int]]:
    return [[0], [0, 1], [0, 1, 2]] if problem.policy in (Policy.PRIORITY, Policy.LEAST) else [[0, 1, 2]]


def _best(problem: Problem, task: Task, item: int, held: list[Whole], served: list[int]) -> tuple[Any, float]:
    """Try every plan of an item beside what is held of the others, no village beyond the classes served."""
    judged = []
    for flows in brute.plans(task):
        given = np.array([sum(row) for row in flows])
        beside = [given if at == item else own for at, own in enumerate(held)]
        if (
            (given >= held[item]).all()
            and (given <= np.maximum(task.need[:, served].sum(axis=1), held[item])).all()
            and all(_taken(one, beside) <= one.amount for one in problem.limits)
        ):
            judged.append((brute.merit(task, given.tolist()), -brute.minutes(task, flows)))
    great, short = max(judged)
    return great, -short


def a_problem(policy: Policy, limits: list[Limit], least: int = 0) -> Problem:
    """Two villages of 10 and 5 persons that need quilts, coats and money, of which there is plenty."""
    return Problem(
        policy=policy,
        villages=[Village("340824100001", "龙湾村", 10), Village("340824100002", "官庄村", 5)],
        classes=brute.CLASSES,
        items=ITEMS,
        places=[("a", "县库")],
        lots=[Lot(0, 0, 99), Lot(0, 1, 99), Lot(-1, 2, 99_999)],
        need=[[[2, 2, 6], [1, 2, 2]], [[2, 2, 6], [1, 2, 2]], [[300, 300, 900], [150, 300, 300]]],
        least=[[least, least]] * 3,
        minutes=[[10.0, 20.0]],
        limits=limits,
    )


def _given(problem: Problem) -> list[list[int]]:
    return [own.tolist() for own in rounds.held(rounds.solve_all(problem))]


def test_a_persons_limit_over_all_items_is_filled_by_goods_then_money() -> None:
    limits = [
        a_limit(LimitKind.PERSON, [0], WORTH, 10 * 30_000),
        a_limit(LimitKind.PERSON, [1], WORTH, 5 * 99_999),
    ]
    assert _given(a_problem(Policy.FAIREST, limits)) == [[10, 5], [10, 5], [300, 750]]


def test_by_priority_the_gravest_get_everything_before_anybody_else_gets_anything() -> None:
    spending = [a_limit(LimitKind.SPEND, [0, 1], WORTH, (3 * 270 + 450) * 100)]
    assert [sum(own) for own in _given(a_problem(Policy.PRIORITY, spending))] == [3, 3, 450]
    # The policies that know no tiers serve one item after the other.
    assert [sum(own) for own in _given(a_problem(Policy.FAIREST, spending))] == [8, 0, 60]


def test_a_place_takes_no_more_than_it_can_carry() -> None:
    weight = [a_limit(LimitKind.WEIGHT, [0, 1], GRAMS, 20_000)]
    given = _given(a_problem(Policy.LEAST, weight))
    assert sum(2_000 * one for one in given[0]) + sum(1_500 * one for one in given[1]) in range(
        18_501, 20_001
    )
    assert given[2] == [1500, 750]


@pytest.mark.parametrize("policy", list(Policy))
@pytest.mark.parametrize("kind", list(LimitKind))
def test_what_a_limit_binds_is_told(policy: Policy, kind: LimitKind) -> None:
    villages = [0] if kind in (LimitKind.PERSON, LimitKind.HOUSEHOLD) else [0, 1]
    each, amount = (GRAMS, 9_000) if kind is LimitKind.WEIGHT else (WORTH, 90_000)
    problem = a_problem(policy, [a_limit(kind, villages, each, amount)])
    solved = rounds.solve_all(problem)
    binding = Limits(problem).binding(0, rounds.held(solved))
    told = explain.reasons(problem, 0, solved[0], binding)[0]
    assert told["key"] == kind.value
    for language in ("zh-hans", "en"):
        assert "{" not in explain.say(told, language)
    assert "再加 1 床就超过" in explain.say(told, "zh-hans")


def test_minimums_beyond_a_limit_are_named_with_by_how_much() -> None:
    limits = [
        a_limit(LimitKind.PERSON, [1], WORTH, 50_000),
        a_limit(LimitKind.SPEND, [0, 1], WORTH, 99_999_999),
    ]
    with pytest.raises(Over) as caught:
        rounds.solve_all(a_problem(Policy.LEAST, limits, least=2))
    assert [(one.kind, more) for one, more in caught.value.limits] == [
        (LimitKind.PERSON, 2 * (15_000 + 12_000 + 100) - 50_000)
    ]
