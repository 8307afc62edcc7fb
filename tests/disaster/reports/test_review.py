"""Passing, approving, returning; leases; two desks at once."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from disaster.journal.models import Entry
from disaster.problems import Problem
from disaster.reports import services
from disaster.reports.models import Report
from disaster.reports.services import leases
from tests.rows import report_row, store_rows
from tests.world import BING, JIA, YI, World

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 7, 5, 2, 0, tzinfo=UTC)


def later(minutes: float) -> datetime:
    return NOW + timedelta(minutes=minutes)


def filed(world: World, **fields: Any) -> Report:
    row = report_row(world, event=fields.pop("event", None) or world.event(started_at=NOW), at=NOW, **fields)
    store_rows([row])
    return Report.objects.get(pk=row.pk)


def refused(act: Callable[[], Any]) -> Problem:
    with pytest.raises(Problem) as caught:
        act()
    return caught.value


def test_the_township_passes_and_the_county_approves(world: World) -> None:
    report = filed(world, figures={"affected": 10})
    assert services.pass_report(report.id, by=world.rights("east"), now=later(5)).state == "passed"
    view = services.approve(report.id, by=world.rights("bureau"), now=later(9))
    assert (view.state, view.passed_by, view.approved_by) == ("approved", "东审", "市局")
    assert (view.passed_at, view.approved_at) == (later(5), later(9))
    assert list(Entry.objects.order_by("id").values_list("verb", flat=True)) == [
        "report.passed",
        "report.approved",
    ]


def test_only_the_bureau_approves(world: World) -> None:
    report = filed(world)
    assert (
        refused(lambda: services.approve(report.id, by=world.rights("east"), now=NOW)).kind.number == "403.1"
    )
    assert (
        refused(lambda: services.pass_report(report.id, by=world.rights("west"), now=NOW)).kind.number
        == "404.1"
    )
    assert (
        refused(lambda: services.pass_report(uuid.uuid4(), by=world.rights("east"), now=NOW)).kind.number
        == "404.1"
    )


def test_what_no_township_has_passed_needs_a_note(world: World) -> None:
    report = filed(world)
    assert list(refused(lambda: services.approve(report.id, by=world.rights("bureau"), now=NOW)).errors) == [
        "note"
    ]
    services.approve(report.id, by=world.rights("bureau"), now=NOW, note="乡镇道路通信中断")
    assert Report.objects.get(pk=report.pk).notes["approved_unpassed"] == "乡镇道路通信中断"


def test_a_death_without_its_row_in_the_register_is_not_approved(world: World) -> None:
    report = filed(world, figures={"affected": 10, "dead": 1}, state="passed", passed_at=NOW)
    problem = refused(lambda: services.approve(report.id, by=world.rights("bureau"), now=NOW))
    assert list(problem.errors) == ["figures.dead"]
    assert Report.objects.get(pk=report.pk).approved_at is None


def test_a_death_outside_any_event_is_not_approved(world: World) -> None:
    row = report_row(world, at=NOW, figures={"dead": 2}, state="passed", passed_at=NOW)
    store_rows([row])
    problem = refused(lambda: services.approve(row.id, by=world.rights("bureau"), now=NOW))
    assert list(problem.errors) == ["figures.dead"]


def test_a_figure_that_fell_at_verification_needs_its_reason(world: World) -> None:
    event = world.event(started_at=NOW)
    old = filed(world, event=event, figures={"affected": 41}, state="approved", approved_at=NOW)
    fields: dict[str, Any] = {"kind": "verified", "corrects": old.id, "figures": {"affected": 35}}
    new = filed(world, event=event, state="passed", passed_at=NOW, **fields)
    problem = refused(lambda: services.approve(new.id, by=world.rights("bureau"), now=NOW))
    assert list(problem.errors) == ["figures.affected"]
    Report.objects.filter(pk=new.pk).update(notes={"cumulative_falls": "重复统计6人"})
    assert services.approve(new.id, by=world.rights("bureau"), now=NOW).state == "approved"


def test_a_return_names_its_figures_and_brings_the_older_version_back(world: World) -> None:
    event = world.event(started_at=NOW)
    old = filed(world, event=event, figures={"affected": 5})
    new = filed(world, event=event, corrects=old.id, kind="followup", figures={"affected": 500})
    Report.objects.filter(pk=old.pk).update(superseded_by=new.pk)
    view = services.send_back(
        new.id, remark="多了两个零?", fields=["affected"], by=world.rights("east"), now=later(3)
    )
    assert (view.returned_fields, view.returned_at, view.state) == (["affected"], later(3), "returned")
    assert Report.objects.get(pk=old.pk).superseded_by is None


@pytest.mark.parametrize(
    ("options", "field"), [({"remark": " "}, "remark"), ({"remark": "x", "fields": ["no"]}, "fields")]
)
def test_a_return_without_a_reason_or_about_nothing_is_refused(
    world: World, options: Any, field: str
) -> None:
    report = filed(world)
    problem = refused(lambda: services.send_back(report.id, by=world.rights("east"), now=NOW, **options))
    assert list(problem.errors) == [field]


@pytest.mark.parametrize("state", ["returned", "approved"])
def test_what_is_settled_stays_settled(world: World, state: str) -> None:
    report = filed(world, state=state, remark="?")
    for act in (services.pass_report, services.approve):
        assert (
            refused(lambda act=act: act(report.id, by=world.rights("bureau"), now=NOW)).kind.number == "409.2"
        )
    problem = refused(lambda: services.send_back(report.id, remark="x", by=world.rights("bureau"), now=NOW))
    assert problem.kind.number == "409.2"


def test_many_are_answered_one_by_one(world: World) -> None:
    event = world.event(started_at=NOW)
    good, other, returned = (
        filed(world, event=event, area=area, state=state, remark="?")
        for area, state in ((JIA, "stored"), (BING, "stored"), (YI, "returned"))
    )
    outcomes = services.pass_many([good.id, other.id, returned.id], by=world.rights("east"), now=NOW)
    assert [getattr(one, "state", None) or one.kind.number for one in outcomes] == [
        "passed",
        "404.1",
        "409.2",
    ]  # type: ignore[union-attr]


# Leases.


def test_a_lease_keeps_others_off_until_it_ends(world: World) -> None:
    report = filed(world)
    leases.claim(report.id, by=world.rights("east"), now=NOW)
    problem = refused(lambda: services.pass_report(report.id, by=world.rights("bureau"), now=later(9)))
    assert problem.kind.number == "409.3"
    assert "东审" in problem.message("zh-hans")
    assert services.pass_report(report.id, by=world.rights("bureau"), now=later(10)).state == "passed"


def test_the_holder_prolongs_and_others_take_over_on_record(world: World) -> None:
    report = filed(world)
    leases.claim(report.id, by=world.rights("east"), now=NOW)
    assert leases.claim(report.id, by=world.rights("east"), now=later(8)).until == later(18)
    assert (
        refused(lambda: leases.claim(report.id, by=world.rights("bureau"), now=later(9))).kind.number
        == "409.3"
    )
    taken = leases.claim(report.id, by=world.rights("bureau"), now=later(9), take_over=True)
    assert (taken.holder_name, taken.since) == ("市局", later(9))
    assert list(Entry.objects.values_list("verb", "actor").order_by("id")) == [
        ("report.claimed", "东审"),
        ("report.taken_over", "市局"),
    ]
    assert taken.taken_from == "东审"
    leases.release(report.id, by=world.rights("east"), now=later(9))  # not theirs any more
    assert leases.holder(report.series, now=later(10)) is not None
    leases.release(report.id, by=world.rights("bureau"), now=later(9))
    assert leases.holder(report.series, now=later(10)) is None


def test_a_decision_ends_the_lease(world: World) -> None:
    report = filed(world)
    leases.claim(report.id, by=world.rights("east"), now=NOW)
    services.pass_report(report.id, by=world.rights("east"), now=later(1))
    assert leases.holder(report.series, now=later(1)) is None
    assert services.approve(report.id, by=world.rights("bureau"), now=later(2)).state == "approved"


@pytest.mark.django_db(transaction=True)
def test_two_desks_at_once_one_decides(world: World) -> None:
    report = filed(world)
    together = threading.Barrier(2)

    def act(one: Callable[[], Any]) -> Any:
        together.wait(10)
        try:
            return one().state
        except Problem as problem:
            return problem.kind.number
        finally:
            connection.close()

    east, bureau = world.rights("east"), world.rights("bureau")
    with ThreadPoolExecutor(2) as pool:
        passed = pool.submit(act, lambda: services.pass_report(report.id, by=east, now=NOW))
        back = pool.submit(act, lambda: services.send_back(report.id, remark="?", by=bureau, now=NOW))
        outcomes = {passed.result(30), back.result(30)}
    # Passed and then returned is two decisions in order; returned first leaves nothing to pass.
    assert outcomes in ({"passed", "returned"}, {"409.2", "returned"})
    assert Report.objects.get(pk=report.pk).state == "returned"
