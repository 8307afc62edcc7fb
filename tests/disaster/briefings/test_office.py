"""What an office opens: pages, tables, fonts and print set-up of the document, the workbook and the slides."""

from __future__ import annotations

import io
from typing import Any

import pytest
from docx import Document
from docx.enum.section import WD_ORIENT
from docx.oxml.ns import qn
from openpyxl import load_workbook
from pptx import Presentation

from disaster.briefings import files
from disaster.briefings.render.pdf import TEMPLATE
from disaster.briefings.render.word import BIAO, FANG
from tests.disaster.briefings.test_traced import LINK, MADE
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)
A4 = (210, 297)


@pytest.fixture(params=MADE)
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def of(world: World, kind: str, form: str) -> io.BytesIO:
    return io.BytesIO(files.render(MADE[kind](world), form, link=LINK).data)


def room(section: Any) -> int:
    return int(section.page_width - section.left_margin - section.right_margin)


def test_the_document_is_set_as_an_official_paper(world: World, kind: str) -> None:
    made = Document(of(world, kind, "docx"))
    for section in made.sections:
        sides = {round(section.page_width.mm), round(section.page_height.mm)}
        assert sides == set(A4)
    first = made.sections[0]
    assert [round(one.mm) for one in (first.top_margin, first.left_margin)] == [37, 28], "天头、订口"
    assert round(room(first) / 36000) == 156, "版心"
    assert made.settings.odd_and_even_pages_header_footer
    for footer in (first.footer, first.even_page_footer):
        assert "PAGE" in footer._element.xml
    assert "注意保密" in first.header.paragraphs[0].text
    assert "注意保密" in first.even_page_header.paragraphs[0].text

    fonts = {
        run._element.rPr.rFonts.get(qn("w:eastAsia")): run.font.size.pt
        for paragraph in made.paragraphs
        for run in paragraph.runs
        if run.text.strip() and run.font.size
    }
    assert {FANG, BIAO, "黑体"} <= set(fonts)
    table = next(one for one in made.part.package.iter_parts() if str(one.partname) == "/word/fontTable.xml")
    for font in (FANG, BIAO):
        assert f'w:name="{font}"><w:altName' in table.blob.decode(), "what stands in for it is named"


def test_no_table_of_the_document_runs_over_its_page_and_each_says_its_head_again(
    world: World, kind: str
) -> None:
    made = Document(of(world, kind, "docx"))
    widest = {one.orientation: room(one) for one in made.sections}
    for table in made.tables:
        width = sum(int(cell.width or 0) for cell in table.rows[0].cells)
        page = WD_ORIENT.PORTRAIT if table is made.tables[-1] else WD_ORIENT.LANDSCAPE
        assert 0 < width <= widest[page] + 36000, "a millimetre for rounding"
        assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
        assert all(row._tr.trPr.find(qn("w:cantSplit")) is not None for row in table.rows)


def test_each_sheet_of_the_workbook_prints_whole(world: World, kind: str) -> None:
    book = load_workbook(of(world, kind, "xlsx"))
    for sheet in book.worksheets:
        assert sheet.page_setup.paperSize == 9, "A4"
        assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (1, 0)
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert sheet.print_area.replace("$", "").split("!")[-1] == sheet.dimensions
        assert "&P" in sheet.oddFooter.center.text
        assert "注意保密" in sheet.oddHeader.right.text
        if sheet.title != "说明":
            assert (sheet.print_title_rows, sheet.freeze_panes) == ("$1:$1", "A2")


def test_nothing_lies_outside_of_a_slide(world: World, kind: str) -> None:
    deck = Presentation(of(world, kind, "pptx"))
    wide, high = deck.slide_width, deck.slide_height
    assert wide
    assert high
    for slide in deck.slides:
        for shape in slide.shapes:
            assert 0 <= shape.left <= shape.left + shape.width <= wide, shape.name
            assert 0 <= shape.top <= shape.top + shape.height <= high, shape.name
    texts = [shape.text_frame.text for shape in deck.slides[0].shapes if shape.has_text_frame]
    assert any("专报" in text for text in texts)


def test_the_page_asks_for_the_fonts_of_official_papers_and_has_others_where_there_are_none() -> None:
    template = TEMPLATE.read_text()
    for name in ("FangSong", "KaiTi", "SimHei", "FZXiaoBiaoSong"):
        assert name in template
    fonts = [
        line for line in template.splitlines() if line.startswith(("#let fang", "#let kai", "#let biao"))
    ]
    assert all(line.endswith('"Noto Serif CJK SC")') for line in fonts)
