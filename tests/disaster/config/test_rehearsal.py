"""The whole storm, rehearsed: every number against the ledger, and the ledger against the papers of 2013."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from io import StringIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.management import call_command
from django.utils import timezone

from disaster.config import storm
from disaster.config.management.commands.replay_storm import _villages
from disaster.config.rehearsal.aftermath import Aftermath
from disaster.config.rehearsal.papers import write_papers
from disaster.config.rehearsal.play import COUNTY, Wrong
from disaster.duty.models import Reminder
from disaster.events.models import Event
from disaster.people import sample
from disaster.registers.models import Casualty, Version
from disaster.reports.models import Report
from gis import sample_county
from tests.held import held

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def _loaded() -> list[storm.Village]:
    sample_county.load()
    sample.load(timezone.now(), force=True)
    return _villages()


@pytest.fixture(scope="module")
def county(django_db_setup: None, django_db_blocker: Any) -> Iterator[list[storm.Village]]:
    with held(django_db_blocker, _loaded) as villages:
        yield villages


@pytest.fixture
def rehearsed(county: list[storm.Village]) -> Aftermath:
    rehearsal = Aftermath(county)
    rehearsal.play()
    rehearsal.end()
    return rehearsal


def test_the_week_from_the_first_report_to_the_approved_one(rehearsed: Aftermath, tmp_path: Path) -> None:
    sums = rehearsed.ledger.sums(rehearsed.cutoff, "approved")[COUNTY]
    fallen = 7 * 9  # nine villages counted seven people twice
    published = {key: Fraction(str(value)) for key, value in storm.PUBLISHED.items()}
    published |= {"dead": Fraction(1), "affected": published["affected"] - fallen}
    assert {key: sums[key] for key in published} == published

    states = set(Report.objects.values_list("state", "kind"))
    assert ("returned", "followup") in states
    assert ("approved", "verified") in states
    assert Report.objects.filter(proxy__why="phone").exists()
    assert [(row.act, row.counts_as) for row in Version.objects.filter(row_id=Casualty.objects.get().id)] == [
        ("entered", "missing"),
        ("status", "dead"),
    ]
    assert not Reminder.objects.exists()  # no channel, no reminder

    lines = list(write_papers(rehearsed, tmp_path))
    assert any("figures read back" in line for line in lines)
    book = openpyxl.load_workbook(next(tmp_path.glob("*分乡镇表*.xlsx")))
    assert "龙湾村" in {str(cell.value).strip() for row in book.worksheets[0].iter_rows() for cell in row}


def test_a_figure_changed_behind_the_desks_back_is_found(county: list[storm.Village]) -> None:
    rehearsal = Aftermath(county[:60])
    rehearsal.play()
    last = rehearsal.ledger.newest(county[3].code, rehearsal.ledger.pages[-1].arrived)
    assert last is not None
    Report.objects.filter(pk=last.report).update(figures={"affected": 1})
    with pytest.raises(Wrong, match="the ledger"):
        rehearsal.compare(rehearsal.ledger.pages[-1].arrived, since=rehearsal.ledger.pages[0].arrived)


def test_the_command_leaves_nothing_behind(county: list[storm.Village], monkeypatch: Any) -> None:
    from disaster.config.management.commands import rehearse_storm

    monkeypatch.setattr(rehearse_storm, "_villages", lambda: county[:60])
    monkeypatch.setattr(Aftermath, "end", lambda self: setattr(self, "cutoff", self.ledger.pages[-1].arrived))
    before = Event.objects.count(), Report.objects.count()
    said = StringIO()
    call_command("rehearse_storm", stdout=said)
    assert "every number was the ledger's" in said.getvalue()
    assert (Event.objects.count(), Report.objects.count()) == before
