"""The table of sums as of any cutoff, against what happened by hand."""

from __future__ import annotations

import json
import uuid
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from disaster.reports import change, rollup
from disaster.reports.models import Move, Report
from gis.scope import AreaScope
from tests.rows import report_row, store_rows
from tests.world import BING, COUNTY, EAST, JIA, WEST, YI, World

pytestmark = pytest.mark.django_db

T0 = datetime(2013, 7, 5, tzinfo=UTC)
EVERYWHERE = AreaScope.of([COUNTY])


def h(hours: float) -> datetime:
    return T0 + timedelta(hours=hours)


def affected(table: dict[str, rollup.Row], area: str) -> int:
    return int(table[area].figures.get("affected", 0)) if area in table else 0


@pytest.fixture
def storm(world: World) -> Any:
    event = world.event(started_at=T0)
    first = report_row(world, event=event, at=h(1), figures={"affected": 10, "loss_total": Decimal("1.25")})
    second = report_row(
        world, event=event, at=h(3), kind="followup", corrects=first.id, figures={"affected": 41}
    )
    first.superseded_by = second.id
    wrong = report_row(
        world,
        event=event,
        area=YI,
        at=h(2),
        figures={"affected": 900},
        state="returned",
        remark="?",
        returned_at=h(4),
    )
    west = report_row(
        world, event=event, area=BING, at=h(2), figures={"affected": 7}, state="approved", approved_at=h(6)
    )
    own = report_row(world, event=event, area=EAST, at=h(2), figures={"affected": 3})
    store_rows([first, wrong, west, own, second])
    return event


def at(event: Any, hours: float, **options: Any) -> dict[str, rollup.Row]:
    return rollup.table(event=event.id, cutoff=h(hours), scope=options.pop("scope", EVERYWHERE), **options)


def test_each_cutoff_counts_what_counted_then(storm: Any) -> None:
    assert [affected(at(storm, hours), COUNTY) for hours in (0.5, 1, 2, 3, 4)] == [0, 10, 920, 951, 51]
    assert affected(at(storm, 4), JIA) == 41
    assert affected(at(storm, 4), YI) == 0


def test_a_townships_own_entry_is_added_and_shown_apart(storm: Any) -> None:
    row = at(storm, 4)[EAST]
    assert (row.figures["affected"], row.own["affected"], row.villages, row.reports) == (44, 3, 1, 2)


def test_only_approved_reports_make_the_approved_table(storm: Any) -> None:
    assert affected(at(storm, 5, basis="approved"), COUNTY) == 0
    assert affected(at(storm, 6, basis="approved"), COUNTY) == 7
    assert affected(at(storm, 6, basis="passed"), WEST) == 7


def test_a_township_sees_its_own_rows_and_no_sum_of_a_part(storm: Any) -> None:
    assert set(at(storm, 4, scope=AreaScope.of([EAST]))) == {EAST, JIA}


def test_a_total_leads_to_the_reports_behind_it(storm: Any) -> None:
    behind = rollup.sources(event=storm.id, cutoff=h(4), area=EAST)
    figures = [Decimal(str(json.loads(bytes(view.figures))["affected"])) for view in behind]
    assert sum(figures) == at(storm, 4)[EAST].figures["affected"]
    assert {view.area for view in behind} == {EAST, JIA}


def test_a_merge_changes_no_earlier_table(world: World, storm: Any) -> None:
    other = world.event(name="同一场雨", started_at=T0)
    moved = report_row(world, event=other, area=YI, at=h(2), figures={"affected": 5})
    store_rows([moved])
    series = uuid.uuid5(storm.id, YI)
    Move.objects.create(
        report=moved,
        at=h(8),
        cause="merged",
        from_event=other,
        from_series=moved.series,
        to_event=storm,
        to_series=series,
        by_name="市局",
    )
    Report.objects.filter(id=moved.id).update(event=storm, series=series)
    assert [affected(at(storm, hours), COUNTY) for hours in (7, 8)] == [51, 56]
    assert [affected(at(other, hours), COUNTY) for hours in (7, 8)] == [5, 0]
    shares = change.explain(event=storm.id, before=h(7), after=h(9), scope=EVERYWHERE)
    assert [(step.cause, step.delta) for step in shares[COUNTY]] == [("merged", 5)]


@pytest.mark.parametrize("basis", ["received", "passed", "approved"])
def test_the_explained_changes_add_up_to_the_tables(storm: Any, basis: Any) -> None:
    for before in range(8):
        for after in range(before, 8):
            shares = change.explain(
                event=storm.id, before=h(before), after=h(after), scope=EVERYWHERE, basis=basis
            )
            old, new = at(storm, before, basis=basis), at(storm, after, basis=basis)
            for area in {*old, *new}:
                told = sum((s.delta for s in shares.get(area, []) if s.key == "affected"), Decimal(0))
                assert told == affected(new, area) - affected(old, area)


def test_the_table_of_many_villages_is_one_statement(world: World, django_assert_num_queries: Any) -> None:
    event = world.event(started_at=T0)
    rows = []
    for area in (JIA, YI, BING):
        before = None
        for hour in range(30):
            row = report_row(
                world,
                event=event,
                area=area,
                at=h(hour),
                corrects=before,
                kind="followup" if before else "first",
                figures={"affected": hour, "dead": 0, "crops_affected": Decimal("0.25")},
            )
            before = row.id
            rows.append(row)
    store_rows(rows)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        table = at(event, 40)
    assert len(asked) == 1
    assert affected(table, COUNTY) == 87
    assert table[COUNTY].figures["crops_affected"] == Decimal("0.75")
    with django_assert_num_queries(1):
        change.explain(event=event.id, before=h(3), after=h(20), scope=EVERYWHERE)
