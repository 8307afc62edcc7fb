"""Every number of every form says its place in the journal, and leads to what it is made of."""

from __future__ import annotations

import html
import io
import json
import re
from collections.abc import Callable
from decimal import Decimal
from typing import NamedTuple

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
from disaster.briefings.models import Briefing
from disaster.briefings.render import words
from disaster.journal.models import Entry, Seal
from disaster.relief.needs import services as needs
from disaster.relief.needs.services import Row
from tests.disaster.briefings.made import a_briefing, a_storm
from tests.disaster.relief.board.made import a_programme, an_application
from tests.disaster.relief.funds.made import a_quota
from tests.disaster.relief.stock.made import a_place, east_point, ordered, send, taken_in
from tests.sealing import seal_everything
from tests.world import COUNTY, EAST, JIA, YI, World

pytestmark = pytest.mark.django_db(transaction=True)
LINK = "https://example.test/briefings/1/"
LINKED = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


class Said(NamedTuple):
    """What a form says of a number: as it is written, its place in the journal, and where it leads."""

    value: str
    position: int
    address: str


def a_relief(world: World, area: str = COUNTY) -> Briefing:
    """Households granted quilts, goods bought, sent and on their way, money received: all by the verbs."""
    programme, store, point = a_programme(), a_place(), east_point()
    rows = [Row(an_application(programme, at, state="passed").pk, "quilt", 3) for at in (JIA, JIA, YI)]
    assert all(one.done for one in needs.grant_many(rows, by=world.rights("bureau"), now=timezone.now()))
    taken_in(world, store)
    send(world, ordered(world, store, point, 5))
    ordered(world, store, point, 2)
    a_quota(world, 123_456_00)
    seal_everything()
    now, by = timezone.now(), world.rights("east" if area == EAST else "bureau")
    return services.make_relief(programme_id=programme.pk, area=area, as_of=now, by=by, now=now)


def an_event(world: World, area: str = COUNTY) -> Briefing:
    by = world.rights("east" if area == EAST else "bureau")
    return a_briefing(world, a_storm(world), area=area, by=by)


def of_pdf(briefing: Briefing, content: Content) -> dict[str, Said]:
    reader = PdfReader(io.BytesIO(files.render(briefing, "pdf", link=LINK).data))
    text = "".join(page.extract_text() for page in reader.pages)
    annex = re.sub(r"\s+", "", text[text.rindex("数字出处") :])
    notes = [note.get_object() for page in reader.pages for note in page.get("/Annots", ())]
    leads = [str(note["/A"]["/URI"]) for note in notes if "/A" in note]
    found = {}
    for at, one in enumerate(content.figures, start=1):
        position = words.position(one, content)
        row = rf"{at}{re.escape(one.zh)}([\d.]+){one.unit}{len(one.sources)}({position})"
        match = re.search(row, annex)
        assert match, (row, annex)
        (address,) = {lead for lead in leads if f"/figures/{one.key}/" in lead}
        found[one.zh] = Said(match[1], int(match[2]), address)
    return found


def of_document(briefing: Briefing, content: Content) -> dict[str, Said]:
    made = Document(io.BytesIO(files.render(briefing, "docx", link=LINK).data))
    found = {}
    for row in made.tables[-1].rows[1:]:
        _, name, value, _, position, _ = (cell.text for cell in row.cells)
        (link,) = row.cells[2].paragraphs[0].hyperlinks
        found[name] = Said(value.split(" ")[0], int(position), link.address)
    return found


def of_workbook(briefing: Briefing, content: Content) -> dict[str, Said]:
    sheet = load_workbook(io.BytesIO(files.render(briefing, "xlsx", link=LINK).data))["数字"]
    found = {}
    for row in sheet.iter_rows(min_row=2):
        _, name, value, _, _, position, address = row
        assert address.hyperlink
        assert address.hyperlink.target == address.value
        number = words.number(Decimal(str(value.value)))
        found[str(name.value)] = Said(number, int(str(position.value)), str(address.value))
    return found


def of_slides(briefing: Briefing, content: Content) -> dict[str, Said]:
    deck = Presentation(io.BytesIO(files.render(briefing, "pptx", link=LINK).data))
    boxes = [shape.text_frame for slide in deck.slides for shape in slide.shapes if shape.has_text_frame]
    texts = [box.text for box in boxes]
    found = {}
    for one in content.figures:
        at = texts.index(one.zh)
        (run,) = boxes[at + 1].paragraphs[0].runs
        found[one.zh] = Said(
            texts[at - 1].split(" ")[0], int(texts[at + 1].split(" ")[1]), run.hyperlink.address or ""
        )
    return found


READ = {"pdf": of_pdf, "docx": of_document, "xlsx": of_workbook, "pptx": of_slides}
MADE = {
    "event": an_event,
    "event of a township": lambda world: an_event(world, EAST),
    "relief": a_relief,
    "relief of a township": lambda world: a_relief(world, EAST),
}


@pytest.mark.parametrize("kind", MADE)
def test_every_number_of_every_file_has_its_position_and_its_drill_down(
    world: World, client_of: Callable[[str], Client], kind: str
) -> None:
    briefing = MADE[kind](world)
    content = contents.decode(bytes(briefing.content))
    assert any(one.sources for one in content.figures)
    for one in content.figures:
        assert sum((source.value for source in one.sources), Decimal(0)) == one.value, one.key
        assert all(source.position for source in one.sources), one.key
    wanted = {
        one.zh: Said(words.number(one.value), words.position(one, content), f"{LINK}figures/{one.key}/")
        for one in content.figures
    }
    for form, read in READ.items():
        assert read(briefing, content) == wanted, form

    leader = client_of("leader")
    for said in wanted.values():
        assert Seal.objects.filter(pk=said.position).exists()
        page = leader.get(said.address.replace(LINK, f"/briefings/{briefing.pk}/"))
        assert page.status_code == 200, said
        text = page.content.decode()
        assert f'<b id="value">{said.value}</b>' in text
        assert f'<b id="position">{said.position}</b>' in text


@pytest.mark.parametrize("kind", MADE)
def test_every_number_of_the_map_has_them_too(
    world: World, client_of: Callable[[str], Client], kind: str
) -> None:
    briefing = MADE[kind](world)
    content = contents.decode(bytes(briefing.content))
    page = files.render(briefing, "map", link=LINK).data.decode()
    moments = json.loads(re.search(r"const moments = (\[.*?\]);\n", page)[1])  # type: ignore[index]
    assert moments[-1]["values"]
    assert set(moments[-1]["values"]) <= set(moments[-1]["positions"])
    anchors = set(re.findall(r'href=\\"([^"\\]+#a\d+)\\"', page))
    drawn = {html.unescape(one).split("#a")[1]: one.split("#")[0] for one in anchors}
    assert set(moments[-1]["values"]) <= set(drawn)
    (address,) = set(drawn.values())
    answer = client_of("leader").get(address.replace(LINK, f"/briefings/{briefing.pk}/")).content.decode()
    figure = next(one for one in content.figures if one.key == content.mapped)
    for source in figure.sources:
        assert f'id="a{source.code}"' in answer


def test_a_position_is_that_of_the_newest_row_about_it(world: World) -> None:
    briefing = a_relief(world)
    figures = {one.key: one for one in contents.decode(bytes(briefing.content)).figures}

    def newest(**filters: str) -> int:
        row = Entry.objects.filter(**filters).latest("id")
        return Seal.objects.get(entry_id=row.pk).position

    village = next(one for one in figures["quilt.granted"].sources if one.code == JIA)
    assert village.position == newest(object_kind="application", area_code=JIA)
    assert figures["stock.quilt"].position == newest(object_kind="place", area_code=COUNTY)
    assert figures["way.quilt"].position == newest(object_kind="document", verb="stock.sent")
    assert figures["transfer.ordered"].position == newest(object_kind="document", verb="stock.ordered")
    assert figures["fund.received"].position == newest(object_kind="quota")


def test_a_numbers_page_says_of_what_it_is_the_sum(world: World, client_of: Callable[[str], Client]) -> None:
    leader = client_of("leader")

    def said(briefing: Briefing, key: str) -> str:
        page = leader.get(f"/briefings/{briefing.pk}/figures/{key}/").content.decode()
        found = re.search(r'<p id="origin">(.*?)</p>', page)
        return found[1] if found else ""

    relief, event = a_relief(world), an_event(world)
    assert said(event, "affected") == "由 3 份有效报告的数字相加"
    assert said(event, "dead") == ""
    assert said(relief, "quilt.granted") == "由 2 个村(社区)的救助申请和发放记录相加"
    assert said(relief, "stock.quilt") == "由 1 个仓库、储备点的出入库记录相加"
    assert said(relief, "way.quilt") == "由 1 份调拨单的在途数量相加"
    assert said(relief, "transfer.ordered") == "逐份清点调拨单,共 1 份"
    assert said(relief, "fund.received") == "由 1 项资金指标的收支记录相加"


def test_what_nothing_was_said_of_is_told_up_to_the_head_of_the_chain(world: World) -> None:
    content = contents.decode(bytes(an_event(world).content))
    dead = next(one for one in content.figures if one.key == "dead")
    assert (dead.value, dead.sources) == (0, ())
    assert words.position(dead, content) == content.witness.position


def test_a_number_there_is_not_is_not_found(world: World, client_of: Callable[[str], Client]) -> None:
    briefing = an_event(world)
    assert client_of("leader").get(f"/briefings/{briefing.pk}/figures/nothing/").status_code == 404
    assert client_of("west").get(f"/briefings/{briefing.pk}/figures/dead/").status_code == 404
