"""A form out, changed by a clerk, and in again: the whole way, on a real database."""

from __future__ import annotations

import io
import json
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone
from openpyxl import load_workbook

from disaster.journal.models import Entry
from disaster.problems import Problem
from disaster.reports import rollup
from disaster.reports.forms import services
from disaster.reports.forms.read import read_workbook
from disaster.reports.models import Report
from disaster.reports.services import submit
from gis.scope import AreaScope
from tests.world import BING, COUNTY, EAST, JIA, YI, World, a_report, submission

pytestmark = pytest.mark.django_db


@pytest.fixture
def event(world: World) -> Any:
    event = world.event(started_at=timezone.now() - timedelta(hours=2))
    for area, account, figures in (
        (JIA, "jia_a", {"affected": "41", "loss_total": "1.25", "trapped": "2", "townships_flooded": "1"}),
        (YI, "yi_a", {"affected": "7", "townships_flooded": "1"}),
        (EAST, "east", {"affected": "3", "roads_km": "0.5"}),
    ):
        given = {key: Decimal(value) for key, value in figures.items()}
        submit(submission(a_report(area, event=event.id, figures=given), world.rights(account)))
    return event


def exported(
    world: World, event: Any, account: str = "bureau", form: Any = "detail", at: datetime | None = None
) -> bytes:
    now = at or timezone.now()
    rights = world.rights(account)
    return services.export(form, event_id=event.id, cutoff=now, basis="received", by=rights, now=now)[1]


def changed(data: bytes, cells: dict[tuple[str, str], Any], level: str = "") -> bytes:
    """Change cells by (area's code, figure's key) as a clerk would."""
    book = load_workbook(io.BytesIO(data))
    sheet = book.worksheets[0]
    columns = {cell.value: cell.column for cell in sheet[11]}
    for (code, key), value in cells.items():
        for row in range(12, sheet.max_row + 1):
            kind = sheet.cell(row, 3).value
            if sheet.cell(row, 1).value == code and (kind == level if level else kind != "合计"):
                sheet.cell(row, columns[key]).value = value
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def county(event: Any) -> dict[str, Decimal]:
    return rollup.table(event=event.id, cutoff=timezone.now(), scope=AreaScope.of([COUNTY]))[COUNTY].figures


def take(world: World, data: bytes, account: str = "bureau") -> services.Imported:
    return services.import_followups(data, by=world.rights(account), now=timezone.now())


def refusal(world: World, data: bytes, account: str = "bureau") -> dict[str, str]:
    with pytest.raises(Problem) as caught:
        take(world, data, account)
    return {cell: error.say("zh") for cell, error in caught.value.errors.items()}


def test_what_was_exported_says_the_same_and_files_nothing(world: World, event: Any) -> None:
    data = exported(world, event)
    parsed = read_workbook(data, services.limits())
    assert not parsed.errors
    totals = {row.code: row.figures for row in parsed.rows if row.level == "total"}
    for code, row in rollup.table(
        event=event.id, cutoff=timezone.now(), scope=AreaScope.of([COUNTY])
    ).items():
        if code in totals:
            assert {k: v for k, v in totals[code].items() if v} == {
                k: v for k, v in row.figures.items() if k != "trapped"
            }
    before = Report.objects.count()
    assert take(world, data) == services.Imported([], 6)
    assert Report.objects.count() == before
    assert Entry.objects.filter(verb="form.exported").exists()
    assert not Entry.objects.filter(verb="form.imported").exists()


def test_a_changed_line_becomes_a_followup_from_paper(world: World, event: Any) -> None:
    before = county(event)["affected"]
    done = take(world, changed(exported(world, event), {(JIA, "affected"): 45, (BING, "affected"): 4}))
    assert len(done.numbers) == 2
    assert county(event)["affected"] == before + 8
    filed = Report.objects.get(number=done.numbers[0])
    assert (filed.area_id, filed.kind, filed.proxy["why"], filed.author_name) == (
        JIA,
        "followup",
        "paper",
        "市局",
    )
    assert Decimal(str(filed.figures["trapped"])) == 2
    assert Entry.objects.filter(verb="form.imported").count() == 1


def test_one_wrong_line_and_nothing_is_filed(world: World, event: Any) -> None:
    before = Report.objects.count()
    data = changed(exported(world, event), {(JIA, "affected"): 45, (YI, "dead"): 9})
    errors = refusal(world, data)
    assert errors
    assert all("人口" in sentence for sentence in errors.values())
    assert Report.objects.count() == before


def test_a_fall_needs_the_lines_note(world: World, event: Any) -> None:
    data = exported(world, event)
    assert refusal(world, changed(data, {(JIA, "affected"): 40}))
    done = take(world, changed(data, {(JIA, "affected"): 40, (JIA, "note"): "逐户核实,重复计算一人"}))
    assert "重复计算" in json.dumps(Report.objects.get(number=done.numbers[0]).notes, ensure_ascii=False)


def test_an_old_form_never_overwrites_a_newer_report(world: World, event: Any) -> None:
    data = exported(world, event)
    last = Report.objects.get(area_id=JIA)
    figures = {key: Decimal(str(value)) for key, value in last.figures.items()} | {"affected": Decimal(60)}
    newer = a_report(JIA, event=event.id, kind="followup", corrects=last.id, figures=figures)
    submit(submission(newer, world.rights("jia_a")))
    assert take(world, data).numbers == []
    assert "已有新报告" in next(iter(refusal(world, changed(data, {(JIA, "affected"): 50})).values()))
    assert county(event)["affected"] == 70


def test_typing_over_a_total_is_told(world: World, event: Any) -> None:
    errors = refusal(world, changed(exported(world, event), {(EAST, "affected"): 999}, level="合计"))
    assert any("合计 999" in sentence for sentence in errors.values())


def test_a_township_changes_its_own_villages_alone(world: World, event: Any) -> None:
    assert (
        len(take(world, changed(exported(world, event, "east"), {(YI, "affected"): 8}), "east").numbers) == 1
    )
    foreign = changed(exported(world, event), {(BING, "affected"): 8})
    assert any("不在您的辖区" in sentence for sentence in refusal(world, foreign, "east").values())
    with pytest.raises(Problem):
        take(world, foreign, "leader")


def test_the_fast_form_is_not_read_back(world: World, event: Any) -> None:
    assert "file" in refusal(world, exported(world, event, form="fast"))
