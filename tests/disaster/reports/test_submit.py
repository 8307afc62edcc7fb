"""Storing reports: exactly once, cumulative, never at a neighbour's cost."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import msgspec
import pytest

from disaster.journal.models import Entry
from disaster.problems import Problem
from disaster.reports import queries
from disaster.reports.messages import Fix, ReportStored
from disaster.reports.models import Report
from disaster.reports.services import send_back, submit, submit_many
from gis.scope import AreaScope
from tests.world import BING, COUNTY, JIA, YI, World, a_report, inside, submission

pytestmark = pytest.mark.django_db


def test_a_report_is_stored_and_acknowledged(world: World) -> None:
    report = a_report(fix=inside(JIA), text="山洪进村")
    receipt = submit(submission(report, world.rights("jia_a")))
    stored = Report.objects.get()
    assert (receipt.id, receipt.number, receipt.area) == (report.id, stored.number, JIA)
    assert stored.number.startswith("340882-")
    assert stored.placed_in == JIA
    assert stored.datum == "wgs84"
    assert Entry.objects.get().verb == "report.submitted"


def test_the_same_report_again_gets_the_first_receipt(world: World) -> None:
    item = submission(a_report(), world.rights("jia_a"))
    first = submit(item)
    assert submit(item) == first
    assert submit_many([item, item]) == [first, first]
    assert Report.objects.count() == Entry.objects.count() == 1


def test_a_repeat_in_the_same_batch_gets_the_same_receipt(world: World) -> None:
    item = submission(a_report(), world.rights("jia_a"))
    first, second = submit_many([item, item])
    assert first == second
    assert Report.objects.count() == 1


def test_the_same_id_with_other_content_is_refused(world: World) -> None:
    report = a_report(text="一")
    submit(submission(report, world.rights("jia_a")))
    with pytest.raises(Problem) as caught:
        submit(submission(msgspec.structs.replace(report, text="二"), world.rights("jia_a")))
    assert caught.value.kind.number == "409.1"
    assert Report.objects.get().text == "一"


def test_a_bad_report_never_harms_its_neighbours(world: World) -> None:
    by = world.rights("jia_a")
    good, bad, other = a_report(), a_report(hazard="nonsense"), a_report(hazard="flood.river")
    outcomes = submit_many([submission(report, by) for report in (good, bad, other)])
    assert isinstance(outcomes[0], ReportStored)
    assert isinstance(outcomes[1], Problem)
    assert isinstance(outcomes[2], ReportStored)
    assert Report.objects.count() == 2


def test_a_report_the_database_refuses_is_found_by_halves(world: World) -> None:
    by = world.rights("jia_a")
    poison = a_report(text="a\x00b")  # PostgreSQL keeps no zero byte
    reports = [a_report(), poison, a_report(), a_report()]
    outcomes = submit_many([submission(report, by) for report in reports])
    assert [isinstance(outcome, ReportStored) for outcome in outcomes] == [True, False, True, True]
    assert Report.objects.count() == 3


def test_the_latest_version_replaces_the_earlier_and_history_is_kept(world: World) -> None:
    event, by = world.event(), world.rights("jia_a")
    first = a_report(event=event.id, figures={"affected": Decimal(10)})
    submit(submission(first, by))
    second = a_report(event=event.id, corrects=first.id, kind="followup", figures={"affected": Decimal(25)})
    receipt = submit(submission(second, by))
    assert receipt.crosses is None
    totals = queries.totals(scope=AreaScope.of([COUNTY]))
    assert (totals.reports, totals.figures["affected"]) == (1, 25)
    assert [view.id for view in queries.detail(second.id, by=by).history] == [first.id, second.id]
    assert Report.objects.get(id=first.id).superseded_by == second.id


def test_versions_of_one_batch_follow_each_other(world: World) -> None:
    event, by = world.event(), world.rights("jia_a")
    first = a_report(event=event.id, figures={"affected": Decimal(10)})
    second = a_report(event=event.id, corrects=first.id, figures={"affected": Decimal(25)})
    submit_many([submission(first, by), submission(second, by)])
    assert queries.totals(scope=AreaScope.of([COUNTY])).figures["affected"] == 25


def test_two_corrections_that_cross_are_both_shown(world: World) -> None:
    event, a, b = world.event(), world.rights("jia_a"), world.rights("jia_b")
    first = a_report(event=event.id)
    submit(submission(first, a))
    by_a = a_report(event=event.id, corrects=first.id, figures={"affected": Decimal(20)})
    by_b = a_report(event=event.id, corrects=first.id, figures={"affected": Decimal(30)})
    submit(submission(by_a, a))
    receipt = submit(submission(by_b, b))
    assert receipt.crosses == by_a.id
    visible = set(Report.objects.filter(superseded_by=None).values_list("id", flat=True))
    assert visible == {by_a.id, by_b.id}
    assert queries.totals(scope=AreaScope.of([COUNTY])).figures["affected"] == 30
    settled = a_report(event=event.id, corrects=by_b.id, figures={"affected": Decimal(31)})
    submit(submission(settled, a))
    assert set(Report.objects.filter(superseded_by=None).values_list("id", flat=True)) == {settled.id}


def test_a_returned_report_no_longer_counts_and_the_earlier_does_again(world: World) -> None:
    event, by = world.event(), world.rights("jia_a")
    first = a_report(event=event.id, figures={"affected": Decimal(10)})
    second = a_report(event=event.id, corrects=first.id, figures={"affected": Decimal(99)})
    submit_many([submission(first, by), submission(second, by)])
    send_back(second.id, remark="请核对", by=world.rights("east"), now=datetime.now(UTC))
    assert queries.totals(scope=AreaScope.of([COUNTY])).figures["affected"] == 10
    third = a_report(event=event.id, corrects=second.id, figures={"affected": Decimal(12)})
    assert submit(submission(third, by)).crosses is None
    assert queries.totals(scope=AreaScope.of([COUNTY])).figures["affected"] == 12


def test_a_zero_report_keeps_the_figures(world: World) -> None:
    event, by = world.event(), world.rights("jia_a")
    first = a_report(event=event.id, figures={"affected": Decimal(10)})
    zero = a_report(event=event.id, corrects=first.id, kind="zero", figures={})
    submit_many([submission(first, by), submission(zero, by)])
    assert queries.totals(scope=AreaScope.of([COUNTY])).figures["affected"] == 10


def test_reports_outside_any_event_are_separate(world: World) -> None:
    by = world.rights("jia_a")
    submit_many([submission(a_report(figures={"affected": Decimal(n)}), by) for n in (3, 4)])
    assert queries.totals(scope=AreaScope.of([COUNTY])).figures["affected"] == 7


def test_mu_are_stored_as_hectares_and_what_was_typed_is_kept(world: World) -> None:
    report = a_report(
        figures={"affected": Decimal(9), "crops_affected": Decimal(60)}, units={"crops_affected": "mu"}
    )
    submit(submission(report, world.rights("jia_a")))
    stored = Report.objects.get()
    assert stored.figures["crops_affected"] == 4
    assert stored.entered == {"crops_affected": [60, "mu"]}


def test_a_gcj02_position_is_converted_and_its_raw_value_kept(world: World) -> None:
    fix = Fix(lon=116.515, lat=30.6075, datum="gcj02", method="pin")
    submit(submission(a_report(fix=fix), world.rights("jia_a")))
    stored = Report.objects.get()
    assert (stored.raw_lon, stored.raw_lat, stored.datum) == (116.515, 30.6075, "gcj02")
    assert stored.point is not None
    assert 0.004 < stored.raw_lon - stored.point.x < 0.006


@pytest.mark.parametrize(
    ("fields", "field", "words"),
    [
        (
            {"figures": {"crops_damaged": Decimal(12), "crops_affected": Decimal(10)}},
            "figures.crops_damaged",
            "农作物成灾面积",
        ),
        ({"figures": {"affected": Decimal("NaN")}}, "figures.affected", "受灾人口"),
        ({"figures": {"affected": Decimal("1.5")}}, "figures.affected", "受灾人口"),
        ({"figures": {"affected": Decimal(-1)}}, "figures.affected", "受灾人口"),
        ({"fix": Fix(lon=2.35, lat=48.85, datum="wgs84", method="gps")}, "fix", "中国"),
        ({"fix": Fix(lon=float("nan"), lat=30.6, datum="wgs84", method="gps")}, "fix", "位置"),
        ({"occurred_at": datetime.now(UTC) + timedelta(days=2)}, "occurred_at", "发生时间"),
        ({"hazard": "rain of frogs"}, "hazard", "灾种"),
        ({"event": uuid.uuid4()}, "event", "灾害过程"),
    ],
)
def test_bad_input_names_the_field_in_chinese(world: World, fields: dict, field: str, words: str) -> None:
    with pytest.raises(Problem) as caught:
        submit(submission(a_report(**fields), world.rights("jia_a")))
    told = caught.value.told("zh-hans")
    assert words in told["errors"][field]
    assert Report.objects.count() == 0
    assert caught.value.told("en")["errors"][field] != told["errors"][field]


def test_a_position_in_another_township_needs_a_note(world: World) -> None:
    report = a_report(fix=inside(BING))
    with pytest.raises(Problem) as caught:
        submit(submission(report, world.rights("jia_a")))
    told = caught.value.told("zh-hans")
    assert "fix" in told["errors"]
    note = {told["confirm"]["fix"]: "在邻乡避险"}
    submit(submission(msgspec.structs.replace(report, notes=note), world.rights("jia_a")))
    assert Report.objects.get().notes == note


def test_a_neighbouring_village_of_the_township_needs_none(world: World) -> None:
    submit(submission(a_report(fix=inside(YI)), world.rights("jia_a")))
    assert Report.objects.get().placed_in == YI


@pytest.mark.parametrize(
    ("account", "area", "status"),
    [
        ("jia_a", YI, 404),
        ("jia_a", BING, 404),
        ("leader", JIA, 403),
        ("auditor", JIA, 403),
        ("stranger", JIA, 404),
    ],
)
def test_nobody_files_where_they_have_no_right(world: World, account: str, area: str, status: int) -> None:
    with pytest.raises(Problem) as caught:
        submit(submission(a_report(area), world.rights(account)))
    assert caught.value.kind.status == status


def test_a_batch_costs_the_same_statements_whatever_its_size(
    world: World, django_assert_max_num_queries
) -> None:
    event, by = world.event(), world.rights("jia_a")
    submit(submission(a_report(), by))
    batch = [submission(a_report(event=event.id), by) for _ in range(100)]
    with django_assert_max_num_queries(12):
        submit_many(batch)
