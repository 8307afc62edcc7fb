"""Figures and registers say the same: persons in any report, households at 核报."""

from __future__ import annotations

import uuid
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from disaster.registers import queries
from disaster.registers.agree import HOUSEHOLDS, PERSONS, Counts, agrees
from disaster.registers.models import Version
from gis.scope import AreaScope
from tests.world import BING, COUNTY, EAST, JIA, WEST, YI, World

FIGURES = [pair.figure for pair in (*PERSONS, *HOUSEHOLDS)]
few = st.integers(min_value=0, max_value=3)


@given(st.tuples(few, few, few, few, few), st.tuples(few, few, few, few, few))
def test_verified_figures_agree_exactly_where_each_equals_its_rows(
    reported: tuple[int, ...], registered: tuple[int, ...]
) -> None:
    figures = {key: Decimal(value) for key, value in zip(FIGURES, reported, strict=True) if value}
    wrong = {f"figures.{key}" for key, a, b in zip(FIGURES, reported, registered, strict=True) if a != b}
    errors = agrees(figures, Counts(*registered))
    assert set(errors) == wrong
    assert not any(error.soft for error in errors.values())


def test_a_report_before_the_verified_one_answers_for_persons_alone() -> None:
    figures = {"dead": Decimal(2), "houses_collapsed_homes": Decimal(9)}
    errors = agrees(figures, Counts(dead=1), kind="followup")
    assert set(errors) == {"figures.dead"}
    assert errors["figures.dead"].say("zh-hans") == "因灾死亡人口填报 2,台账有 1 条,二者须一致"
    assert errors["figures.dead"].say("en") == "Dead: 2 reported, 1 in the register; the two must agree"


def test_rows_without_a_figure_do_not_agree() -> None:
    assert set(agrees({}, Counts(missing=1), kind="first")) == {"figures.missing"}


def version(event: Any, area: str, counts_as: str, **fields: Any) -> Version:
    values = {"row_id": uuid.uuid4(), "number": 1, "at": timezone.now(), "kind": "casualties"}
    return Version.objects.create(
        event=event,
        area_code=area,
        counts_as=counts_as,
        act="entered",
        by_id=1,
        by_name="甲",
        **values | fields,
    )


@pytest.mark.django_db
def test_an_area_answers_for_all_its_villages(world: World) -> None:
    event, other = world.event(), world.event(name="台风")
    version(event, JIA, "dead")
    version(event, YI, "missing")
    version(event, BING, "dead")
    version(event, BING, "collapsed", kind="homes")
    version(other, JIA, "dead")
    assert not queries.agreement(event.id, EAST, {"dead": Decimal(1), "missing": Decimal(1)})
    assert set(queries.agreement(event.id, WEST, {"dead": Decimal(1)})) == {"figures.houses_collapsed_homes"}
    assert not queries.agreement(event.id, WEST, {"dead": Decimal(1)}, kind="followup")
    assert not queries.agreement(
        event.id, COUNTY, {"dead": Decimal(2), "missing": Decimal(1), "houses_collapsed_homes": Decimal(1)}
    )


@pytest.mark.django_db
def test_a_past_cutoff_counts_what_was_known_then(world: World) -> None:
    event, start = world.event(), timezone.now()
    row = version(event, JIA, "missing", at=start).row_id
    version(event, JIA, "dead", row_id=row, number=2, at=start + timedelta(hours=2))
    version(event, JIA, "", row_id=row, number=3, at=start + timedelta(hours=4))
    county = AreaScope.of([COUNTY])

    def at(hours: int) -> Counts:
        return queries.total(queries.counts([event.id], scope=county, cutoff=start + timedelta(hours=hours)))

    assert [at(-1), at(1), at(3), at(5)] == [Counts(), Counts(missing=1), Counts(dead=1), Counts()]


@pytest.mark.django_db
def test_a_merged_events_rows_come_along(world: World, django_assert_num_queries: Any) -> None:
    kept = world.event()
    merged = world.event(merged_into=kept, closed_at=timezone.now() + timedelta(hours=1))
    version(merged, JIA, "dead")
    with django_assert_num_queries(1):
        assert not queries.agreement(kept.id, JIA, {"dead": Decimal(1)})
