"""A returned report can't come again as it was."""

from __future__ import annotations

import uuid
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from django.utils import timezone

from disaster.problems import Problem
from disaster.reports import services
from disaster.reports.messages import Report
from tests.world import JIA, World, a_report, submission

pytestmark = pytest.mark.django_db


def returned(world: World, *, fields: tuple[str, ...] = (), **values: Any) -> Report:
    event = world.event(started_at=timezone.now())
    report = a_report(JIA, event=event.id, text="倒房三户", **values)
    services.submit(submission(report, world.rights("jia_a")))
    services.send_back(report.id, remark="请核对", fields=fields, by=world.rights("east"), now=timezone.now())
    return report


def again(report: Report, **changed: Any) -> Report:
    return msgspec.structs.replace(report, id=uuid.uuid4(), corrects=report.id, **changed)


@pytest.mark.parametrize(("fields", "told"), [((), ["text"]), (("affected",), ["figures.affected"])])
def test_the_same_again_is_refused_at_the_fields_that_were_meant(
    world: World, fields: Any, told: list[str]
) -> None:
    report = returned(world, fields=fields)
    with pytest.raises(Problem) as caught:
        services.submit(submission(again(report), world.rights("jia_a")))
    assert list(caught.value.errors) == told
    assert "没有改动" in caught.value.errors[told[0]].say("zh-hans")


@pytest.mark.parametrize(
    "changed",
    [
        {"figures": {"affected": Decimal(11)}},
        {"text": "倒房三户,已入户核实"},
        {"hazard": "flood.river"},
        {"photos": ("a" * 64,)},
        {"voices": ("a" * 64,)},
        {"notes": {"checked": "已核实,数字无误"}},
    ],
)
def test_any_change_or_a_reason_is_enough(world: World, changed: dict[str, Any]) -> None:
    report = returned(world)
    assert services.submit(submission(again(report, **changed), world.rights("jia_a"))).number


def test_the_returned_one_sent_again_under_its_own_id_gets_its_first_receipt(world: World) -> None:
    report = returned(world)
    assert services.submit(submission(report, world.rights("jia_a"))).id == report.id


def test_a_follow_up_with_the_same_figures_is_no_return(world: World) -> None:
    event = world.event(started_at=timezone.now())
    first = a_report(JIA, event=event.id)
    services.submit(submission(first, world.rights("jia_a")))
    follow = again(first, kind="followup")
    assert services.submit(submission(follow, world.rights("jia_a"))).number
