"""What a changed plan says line by line: numbers written one way, and nothing that says nothing."""

from __future__ import annotations

import re

import pytest

from disaster.problems import Problem as Refusal
from disaster.relief.plan import results
from disaster.relief.plan.solve import difference, explain
from disaster.relief.plan.solve.difference import Side
from disaster.relief.plan.solve.model import Class, Item, Lot, Policy, Problem, Village

HERE = "340882101201"


def side(given: dict[str, int], need: int = 24468, stock: tuple[int, int] = (20000, 20000)) -> Side:
    """One village, one item, two places; what it gets from each."""
    problem = Problem(
        policy=Policy.FAIREST,
        villages=[Village(HERE, "甲村", 3)],
        classes=[Class("all", 1, 1.0)],
        items=[Item("quilt", "棉被", "床")],
        places=[("a", "东库"), ("b", "西库")],
        lots=[Lot(0, 0, stock[0]), Lot(1, 0, stock[1])],
        need=[[[need]]],
        least=[[0]],
        minutes=[[10.0], [20.0]],
    )
    return Side(problem, {(HERE, "quilt"): given})


def said(one: Side, other: Side, language: str = "zh-hans") -> list[str]:
    return [line.say(language) for line in difference.lines(one, other)]


def test_numbers_are_grouped_wherever_they_stand() -> None:
    assert said(side({"a": 12000}), side({"a": 13000}, need=30000)) == ["需求由 24,468 增为 30,000 床"]
    assert said(side({"a": 12000}), side({"a": 13000}, stock=(20500, 0)), "en") == [
        "东库 has 20,500 now, not 20,000"
    ]


def test_as_much_from_elsewhere_says_from_where_and_nothing_of_shares() -> None:
    assert said(side({"a": 12000}), side({"b": 12000})) == ["改由西库发"]
    assert said(side({"a": 9000, "b": 3000}), side({"a": 3000, "b": 9000})) == [
        "改由东库 3,000 床、西库 9,000 床发"
    ]
    assert said(side({"a": 12000}), side({"a": 11000})) == ["别处的变动使库存重新摊分"]


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_reasons_and_refusals_write_every_number_alike(language: str) -> None:
    problem = side({}, stock=(12000, 0)).problem
    (reason,) = results.solve(problem).reasons[0]
    told = [explain.say(reason, language)]
    with pytest.raises(Refusal) as caught:
        results.solve(type(problem)(**{**_fields(problem), "least": [[24468]]}))
    told.append(caught.value.message(language))
    for sentence in told:
        assert "12,000" in sentence or "12,468" in sentence
        assert not re.search(r"\d{4,}", sentence), sentence


def _fields(problem: Problem) -> dict[str, object]:
    return {name: getattr(problem, name) for name in problem.__struct_fields__}
