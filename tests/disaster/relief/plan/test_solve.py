"""The planner against every plan of small tasks, against HiGHS on larger ones, and by its policies' properties."""

from __future__ import annotations

import msgspec
import numpy as np
import pytest
from hypothesis import example, given, settings

from disaster.relief.plan.solve import plan
from disaster.relief.plan.solve.model import Answer, Bundle, Flow, Infeasible, Policy, Task
from tests.disaster.relief.plan import brute
from tests.disaster.relief.plan.drawn import drawn, highs_minutes, is_best


def _kept(task: Task, answer: Answer) -> None:
    """Stock, roads, needs, minimums and pins, whatever the policy."""
    out = np.zeros(len(task.stock), dtype=np.int64)
    came = np.zeros(len(task.need), dtype=np.int64)
    for lot, village, quantity in _rows(answer.flows):
        assert quantity > 0
        assert np.isfinite(task.cost[lot, village])
        out[lot] += quantity
        came[village] += quantity
    assert (out <= task.stock).all()
    assert (came == answer.given).all()
    assert (answer.given >= task.floor).all()
    assert (answer.given <= task.total).all()
    pinned = task.fixed >= 0
    assert (answer.given[pinned] == task.fixed[pinned]).all()
    assert answer.minutes == pytest.approx(answer.bound, rel=1e-6, abs=1e-4)


def _rows(flows: list[Flow]) -> list[tuple[int, int, int]]:
    return [(one.lot, one.village, one.quantity) for one in flows]


TIED = Task(
    policy=Policy.FAIREST,
    need=np.array([[1, 0, 2], [0, 0, 2], [1, 2, 0]]),
    classes=brute.CLASSES,
    coefficient=np.ones(3),
    least=np.array([0, 1, 1]),
    fixed=np.array([-1, 0, -1]),
    stock=np.array([1, 4]),
    cost=np.array([[1.0, 7.0, 7.0], [7.0, 2.0, np.inf]]),
    had=np.zeros(3, dtype=np.int64),
    met=np.zeros((3, 3), dtype=np.int64),
)
"""At the edge of the first village's lot the third's is empty already: its claim is open, the first goes on."""


@settings(max_examples=400, deadline=None)
@example(TIED)
@given(brute.tasks())
def test_no_plan_of_all_is_better(task: Task) -> None:
    expected = brute.best(task)
    if expected is None:
        with pytest.raises(Infeasible):
            plan.solve(task)
        return
    answer = plan.solve(task)
    _kept(task, answer)
    assert brute.merit(task, answer.given.tolist()) == expected[0]
    assert answer.minutes == pytest.approx(expected[1])


@settings(max_examples=500, deadline=None)
@given(brute.tasks(limited=True))
def test_no_plan_within_the_limits_is_better(task: Task) -> None:
    test_no_plan_of_all_is_better.hypothesis.inner_test(task)  # type: ignore[attr-defined]


@settings(max_examples=150, deadline=None)
@given(brute.tasks(villages=3, lots=3, most=1, pieces=2))
def test_three_lots_with_their_exchanges(task: Task) -> None:
    test_no_plan_of_all_is_better.hypothesis.inner_test(task)  # type: ignore[attr-defined]


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("policy", list(Policy))
def test_the_proof_equals_what_highs_finds(policy: Policy, seed: int) -> None:
    """For what each village gets, no carrying is cheaper: HiGHS agrees over every road."""
    task = drawn(policy, villages=60, lots=7, seed=seed)
    answer = plan.solve(task)
    _kept(task, answer)
    assert answer.minutes == pytest.approx(highs_minutes(task, answer.given), rel=1e-9)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("policy", list(Policy))
def test_many_limits_within_each_other_are_kept_at_proven_cost(policy: Policy, seed: int) -> None:
    """Twelve townships' limits within three districts' and the county's: the best of the network is whole."""
    task = drawn(policy, villages=120, lots=6, seed=seed)
    at, stock = np.arange(120), int(task.stock.sum())

    def limits(parts: int, share: float) -> list[Bundle]:
        inside = [at * parts // 120 == part for part in range(parts)]
        rooms = [int(stock * share / parts * (0.7 + 0.2 * (part % 4))) for part in range(parts)]
        return [
            Bundle(one, max(room, int(task.floor[one].sum())))
            for one, room in zip(inside, rooms, strict=True)
        ]

    task = msgspec.structs.replace(task, bundles=(*limits(12, 0.9), *limits(3, 0.8), *limits(1, 0.9)))
    answer = plan.solve(task)
    _kept(task, answer)
    assert all(int(answer.given[one.villages].sum()) <= one.room for one in task.bundles)
    assert answer.minutes == pytest.approx(highs_minutes(task, answer.given), rel=1e-9)


@settings(max_examples=150, deadline=None)
@given(brute.tasks(villages=4, lots=2, most=2, pieces=6))
def test_nobody_could_gain_but_from_somebody_better_off(task: Task) -> None:
    """Max-min: give a village one piece more by any exchange, and one no better off than it has to lose."""
    task = Task(**{name: getattr(task, name) for name in task.__struct_fields__} | {"policy": Policy.FAIREST})
    try:
        answer = plan.solve(task)
    except Infeasible:
        return
    has = answer.given
    for flows in brute.plans(task):
        other = [sum(row) for row in flows]
        gains = [village for village in range(len(has)) if other[village] > has[village]]
        loses = [village for village in range(len(has)) if other[village] < has[village]]
        for gaining in gains:
            # After the gain it would be better off than somebody who lost: not worth it to the worst off.
            full = task.total + task.had
            worst = min(((other[one] + task.had[one]) / full[one] for one in loses), default=1.0)
            assert loses, (has, other)
            assert worst <= (has[gaining] + task.had[gaining]) / full[gaining] or worst < max(
                (has[one] + task.had[one]) / full[one] for one in range(len(has)) if full[one]
            )


@pytest.mark.parametrize("seed", range(3))
def test_no_plan_in_whole_pieces_leaves_the_worst_village_better_off(seed: int) -> None:
    """Of the founding size: below the linear bound by no more than whole pieces make unavoidable, says HiGHS."""
    task = drawn(Policy.FAIREST, villages=183, lots=5, seed=seed, share=0.05, pieces=90)
    free = msgspec.structs.replace(task, fixed=np.full(183, -1))
    assert is_best(free, plan.solve(free))
