"""Briefings: every form says the same, each number is traced, the same moment says the same again."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from docx import Document
from openpyxl import load_workbook
from pptx import Presentation
from pypdf import PdfReader

from disaster.briefings import content as contents
from disaster.briefings import files, services
from disaster.briefings.content import Content
from disaster.briefings.models import Briefing, Opening
from disaster.briefings.render import words
from disaster.journal.models import Entry
from disaster.problems import Problem
from disaster.reports.models import Report
from disaster.reports.services import submit
from tests.disaster.briefings.made import FIGURES, a_briefing, a_storm
from tests.sealing import seal_everything
from tests.world import COUNTY, EAST, JIA, YI, World, a_report, submission

COST = 25
"""Statements a briefing costs, however many villages report."""

pytestmark = pytest.mark.django_db(transaction=True)
LINK = "https://example.test/briefings/1/"


def said(content: Content) -> dict[str, str]:
    """Every figure by its name, as it is written."""
    return {one.zh: words.number(one.value) for one in content.figures}


def plain_sums() -> dict[str, Decimal]:
    """The same sums once more, in plain Python."""
    sums: dict[str, Decimal] = {}
    for figures in FIGURES.values():
        for key, value in figures.items():
            sums[key] = sums.get(key, Decimal(0)) + Decimal(value)
    return sums


def test_its_figures_are_the_sums_of_the_reports_and_each_names_them(world: World) -> None:
    content = contents.decode(bytes(a_briefing(world).content))
    figures = {one.key: one for one in content.figures}

    for key, value in plain_sums().items():
        assert figures[key].value == value, key
    assert figures["dead"].value == 0, "of deaths nothing is left unsaid"
    for one in content.figures:
        assert sum((source.value for source in one.sources), Decimal(0)) == one.value
        assert all(source.position for source in one.sources), "each stands in the journal"
    assert content.witness.position == seal_head()[0]
    assert content.witness.hash == seal_head()[1]


def seal_head() -> tuple[int, str]:
    from disaster.journal.seal import head

    top = head()
    return top.position, top.hash.hex()


def test_every_form_says_the_same_figures(world: World, client_of: Callable[[str], Client]) -> None:
    briefing = a_briefing(world)
    content = contents.decode(bytes(briefing.content))
    wanted = said(content)

    assert of_pdf(briefing, content) == wanted
    assert of_document(briefing) == wanted
    assert of_workbook(briefing) == wanted
    assert of_slides(briefing, content) == wanted
    by_village = {code: int(value) for code, value in of_map(briefing).items()}
    assert by_village == {code: figures["affected"] for code, figures in FIGURES.items()}
    assert sum(by_village.values()) == int(wanted["受灾人口"])

    # And the live map, which adds them up by another way.
    totals = client_of("bureau").get("/api/totals").json()["figures"]
    for one in content.figures:
        assert Decimal(str(totals.get(one.key, 0))) == one.value, one.key


def of_pdf(briefing: Briefing, content: Content) -> dict[str, str]:
    data = files.render(briefing, "pdf", link=LINK).data
    reader = PdfReader(io.BytesIO(data))
    assert reader.trailer["/Root"].get("/StructTreeRoot") is not None, "tagged for screen readers"
    text = "".join(page.extract_text() for page in reader.pages)
    annex = re.sub(r"\s+", "", text[text.rindex("数字出处") :])
    found = {}
    for at, one in enumerate(content.figures, start=1):
        match = re.search(rf"{at}{re.escape(one.zh)}([\d.]+){one.unit}{len(one.sources)}", annex)
        assert match, (one.zh, annex)
        found[one.zh] = match[1]
    assert content.witness.hash in re.sub(r"\s+", "", text)
    return found


def of_document(briefing: Briefing) -> dict[str, str]:
    made = Document(io.BytesIO(files.render(briefing, "docx", link=LINK).data))
    rows = [[cell.text for cell in row.cells] for row in made.tables[-1].rows]
    return {row[1]: row[2].split(" ")[0] for row in rows[1:]}


def of_workbook(briefing: Briefing) -> dict[str, str]:
    book = load_workbook(io.BytesIO(files.render(briefing, "xlsx", link=LINK).data))
    listed = list(book["数字"].iter_rows(min_row=2, values_only=True))
    sums: dict[str, Decimal] = {}
    for name, value, *_ in book["来源"].iter_rows(min_row=2, values_only=True):
        sums[str(name)] = sums.get(str(name), Decimal(0)) + Decimal(str(value))
    figures = {str(row[1]): words.number(Decimal(str(row[2]))) for row in listed}
    assert {name: words.number(sums.get(name, Decimal(0))) for name in figures} == figures
    return figures


def of_slides(briefing: Briefing, content: Content) -> dict[str, str]:
    deck = Presentation(io.BytesIO(files.render(briefing, "pptx", link=LINK).data))
    texts = [shape.text_frame.text for slide in deck.slides for shape in slide.shapes if shape.has_text_frame]
    return {one.zh: texts[texts.index(one.zh) - 1].split(" ")[0] for one in content.figures}


def of_map(briefing: Briefing) -> dict[str, float]:
    page = files.render(briefing, "map", link=LINK).data.decode()
    moments = json.loads(re.search(r"const moments = (\[.*?\]);\n", page)[1])  # type: ignore[index]
    assert not re.search(r"""<(?:script|link|img)[^>]*(?:src|href)=["']https?:""", page), (
        "nothing is fetched from anywhere"
    )
    return moments[-1]["values"]


def test_made_again_for_the_same_moment_it_says_the_same(world: World) -> None:
    event = a_storm(world)
    first = a_briefing(world, event)
    older = Report.objects.get(area=JIA)
    figures = {key: Decimal(value) for key, value in FIGURES[JIA].items()} | {"affected": Decimal(150)}
    later = a_report(JIA, event=event.id, kind="followup", corrects=older.id, figures=figures)
    submit(submission(later, world.rights("jia_a")))
    again = a_briefing(world, event, as_of=first.as_of)
    now = a_briefing(world, event)

    before, after = (contents.decode(bytes(one.content)) for one in (first, again))
    assert (before.figures, before.tables, before.lead) == (after.figures, after.tables, after.lead)
    assert said(contents.decode(bytes(now.content)))["受灾人口"] != said(before)["受灾人口"]
    assert [one.serial for one in (first, again, now)] == [1, 2, 3]


def test_a_files_bytes_are_the_same_whenever_it_is_asked_for(world: World) -> None:
    briefing = a_briefing(world)
    assert files.render(briefing, "pdf", link=LINK).data == files.render(briefing, "pdf", link=LINK).data


def test_a_township_has_one_of_its_own(world: World, client_of: Callable[[str], Client]) -> None:
    event = a_storm(world)
    made = a_briefing(world, event, area=EAST, by=world.rights("east"))
    content = contents.decode(bytes(made.content))
    assert said(content)["受灾人口"] == "1320"
    assert {row.area for row in content.tables[0].rows} == {JIA, YI}
    assert client_of("west").get(f"/api/briefings/{made.pk}/pdf").status_code == 404


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"area": "340882999000"}, "area"),
        ({"area": JIA}, "area"),
        ({"as_of": timezone.now() + timedelta(days=1)}, "as_of"),
        ({"signer": "长" * 41}, "signer"),
    ],
)
def test_what_cannot_be_is_refused_by_name(world: World, fields: dict[str, Any], field: str) -> None:
    with pytest.raises(Problem) as caught:
        a_briefing(world, **fields)
    assert field in caught.value.errors
    assert not Briefing.objects.exists()


def test_each_opening_is_on_record(world: World, client_of: Callable[[str], Client]) -> None:
    made = a_briefing(world)
    leader = client_of("leader")
    assert leader.get(f"/briefings/{made.pk}/").status_code == 200
    assert leader.get(f"/api/briefings/{made.pk}/xlsx").status_code == 200
    assert sorted(Opening.objects.values_list("form", "by_name")) == [("page", "领导"), ("xlsx", "领导")]
    assert Entry.objects.filter(verb="briefing.opened", object_id=str(made.pk)).count() == 2


def test_printed_maps_come_in_two_sizes(world: World) -> None:
    made = a_briefing(world)
    titles = [title for title, _ in files.drawings(contents.decode(bytes(made.content)))]
    assert len(titles) == len(set(titles)) == 5
    small, large = (files.print_map(made, 2, size=size, link=LINK).data for size in ("A4", "A3"))
    assert small.startswith(b"\x89PNG")
    assert len(large) > len(small)
    with pytest.raises(IndexError):
        files.print_map(made, 5, size="A4", link=LINK)


@pytest.mark.parametrize("rows", [1, 3])
def test_a_briefing_costs_the_same_statements_for_more_reports(
    world: World, django_assert_num_queries: Any, rows: int
) -> None:
    event = world.event(started_at=timezone.now() - timedelta(hours=1))
    for village, account in [(JIA, "jia_a"), (YI, "yi_a")][:rows]:
        report = a_report(village, event=event.id, figures={"affected": Decimal(5)})
        submit(submission(report, world.rights(account)))
    seal_everything()
    now = timezone.now()
    by = world.rights("bureau")
    with django_assert_num_queries(COST):
        services.make(event_id=event.id, area=COUNTY, as_of=now, basis="received", by=by, now=now)
