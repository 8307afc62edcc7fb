"""The briefing as slides for the meeting (.pptx, 16:9): title, figures, table, one map a slide."""

from __future__ import annotations

import io
from collections.abc import Sequence

from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.presentation import Presentation as Deck
from pptx.slide import Slide
from pptx.util import Emu, Mm, Pt

from disaster.briefings.content import Content, Table
from disaster.briefings.render import words
from disaster.briefings.render.pdf import Issue, Picture

WIDE, HIGH = Mm(338.7), Mm(190.5)
INK, SOFT, RED = (RGBColor.from_string(one) for one in ("16242E", "4A5C68", "C00000"))  # type: ignore[no-untyped-call]
BLANK = 6
"""The layout without placeholders."""
A_SLIDE, ACROSS, ROWS = 12, 4, 20


def render(content: Content, issue: Issue, pictures: Sequence[Picture] = ()) -> bytes:
    """Write the slides."""
    deck = Presentation()
    deck.slide_width, deck.slide_height = WIDE, HIGH
    first = _slide(deck, content, issue, "")
    _text(first, content.title, top=60, size=36, color=RED, bold=True)
    _text(first, content.lead, top=95, size=18)
    for at in range(0, len(content.figures), A_SLIDE):
        _cards(_slide(deck, content, issue, "主要数字"), content, issue, at)
    for table in (one for one in content.tables if not one.is_annex):
        for at in range(0, max(len(table.rows), 1), ROWS):
            _table(_slide(deck, content, issue, table.zh), table, at)
    for picture in pictures:
        slide = _slide(deck, content, issue, picture.title)
        slide.shapes.add_picture(io.BytesIO(picture.png), Mm(60), Mm(26), height=Mm(150))
    out = io.BytesIO()
    deck.save(out)
    return out.getvalue()


def _slide(deck: Deck, content: Content, issue: Issue, title: str) -> Slide:
    slide = deck.slides.add_slide(deck.slide_layouts[BLANK])
    if title:
        _text(slide, title, top=8, size=28, bold=True)
    foot = f"{issue.issuer} 统计截至 {words.moment(content.as_of)} {words.basis(content)} {words.SECRECY}"
    _text(slide, foot, top=178, size=11, color=SOFT)
    return slide


def _cards(slide: Slide, content: Content, issue: Issue, first: int) -> None:
    """A dozen figures; each says its place in the journal, and opens its drill-down."""
    for at, one in enumerate(content.figures[first : first + A_SLIDE]):
        left, top = 14 + (at % ACROSS) * 79, 32 + (at // ACROSS) * 46
        value = f"{words.number(one.value)} {one.unit}"
        opens = words.address(issue.link, one)
        _text(slide, value, top=top, left=left, wide=76, size=28, bold=True, opens=opens)
        _text(slide, one.zh, top=top + 15, left=left, wide=76, size=14, color=SOFT)
        told = f"流水位置 {words.position(one, content)}"
        _text(slide, told, top=top + 23, left=left, wide=76, size=10, color=SOFT)


def _table(slide: Slide, table: Table, at: int) -> None:
    last = at + ROWS >= len(table.rows)
    rows = [*table.rows[at : at + ROWS], *([table.total] if table.total and last else [])]
    grid = slide.shapes.add_table(
        len(rows) + 1, len(table.columns) + 1, Mm(10), Mm(26), Mm(318), Mm(140)
    ).table
    head = ["区域", *(f"{one.zh}({one.unit})" for one in table.columns)]
    lines = [head, *([row.name, *(words.number(value) for value in row.values)] for row in rows)]
    for number, line in enumerate(lines):
        for column, text in enumerate(line):
            cell = grid.cell(number, column)
            cell.text = text
            cell.margin_top = cell.margin_bottom = Emu(0)
            for run in cell.text_frame.paragraphs[0].runs:
                run.font.size = Pt(9)


def _text(
    slide: Slide,
    text: str,
    *,
    top: float,
    size: float,
    left: float = 14,
    wide: float = 310,
    color: RGBColor = INK,
    bold: bool = False,
    opens: str = "",
) -> None:
    frame = slide.shapes.add_textbox(Mm(left), Mm(top), Mm(wide), Mm(14)).text_frame
    frame.word_wrap = True
    run = frame.paragraphs[0].add_run()
    run.text, run.font.size, run.font.bold = text, Pt(size), bold
    if opens:
        run.hyperlink.address = opens
    run.font.color.rgb = color
