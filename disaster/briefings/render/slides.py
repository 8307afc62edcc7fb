"""The briefing as slides for the meeting (.pptx, 16:9): title, figures, table, one map a slide."""

from __future__ import annotations

import io
import math
from collections.abc import Sequence

from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.oxml.ns import qn
from pptx.presentation import Presentation as Deck
from pptx.slide import Slide
from pptx.table import _Cell as Cell
from pptx.text.text import _Run as Run
from pptx.util import Emu, Mm, Pt

from disaster.briefings.content import Content, Table
from disaster.briefings.render import words
from disaster.briefings.render.pdf import Issue, Picture

WIDE, HIGH = Mm(338.7), Mm(190.5)
INK, SOFT, RED, HEAD, WHITE, BAND = (
    RGBColor.from_string(one)  # type: ignore[no-untyped-call]
    for one in ("16242E", "4A5C68", "C00000", "123F5E", "FFFFFF", "EEF3F6")
)
FONT = "微软雅黑"
BLANK = 6
"""The layout without placeholders."""
A_SLIDE, ACROSS, ROWS = 12, 4, 18
ROOM, TITLE, MM_A_POINT, NARROW = 295, 32, 25.4 / 72, 0.65
"""Room for a line of the title in millimetres, its size in points, and how wide a digit may be where the font isn't ours."""
TABLE = (318, 144)
"""Room for a table in millimetres."""


def render(content: Content, issue: Issue, pictures: Sequence[Picture] = ()) -> bytes:
    """Write the slides."""
    deck = Presentation()
    deck.slide_width, deck.slide_height = WIDE, HIGH
    deck.core_properties.title, deck.core_properties.author = content.title, issue.issuer
    _cover(deck, content, issue)
    each = _evenly(len(content.figures))
    for at in range(0, len(content.figures), each):
        _cards(_slide(deck, content, issue, "主要数字"), content, issue, at, each)
    for table in (words.told(one) for one in content.tables if not one.is_annex):
        for at in range(0, max(len(table.rows), 1), ROWS):
            _table(_slide(deck, content, issue, table.zh), table, at)
    for picture in pictures:
        slide = _slide(deck, content, issue, picture.title)
        shown = slide.shapes.add_picture(io.BytesIO(picture.png), Mm(0), Mm(24), height=Mm(150))
        shown.left = Emu((WIDE - shown.width) // 2)
    out = io.BytesIO()
    deck.save(out)
    return out.getvalue()


def _slide(deck: Deck, content: Content, issue: Issue, title: str) -> Slide:
    slide = deck.slides.add_slide(deck.slide_layouts[BLANK])
    if title:
        _text(slide, title, top=8, size=28, bold=True)
    foot = f"{issue.issuer}　统计截至 {words.moment(content.as_of)}　{words.basis(content)}　{words.SECRECY}"
    _text(slide, foot, top=179, size=11, color=SOFT, wide=270)
    _text(slide, str(len(deck.slides)), top=179, left=300, wide=24, size=11, color=SOFT, align=PP_ALIGN.RIGHT)
    return slide


def _cover(deck: Deck, content: Content, issue: Issue) -> None:
    """The red head, the title, the sentence of the whole, and the code that opens every number's sources."""
    first = _slide(deck, content, issue, "")
    _text(first, issue.head, top=18, size=40, color=RED, bold=True, align=PP_ALIGN.CENTER)
    about = f"第{issue.serial}期（{issue.year}年）　{issue.issuer}　{words.day(content.as_of)}"
    _text(first, about, top=40, size=16, color=SOFT, align=PP_ALIGN.CENTER)
    below = _title(first, words.formal(content.title))
    _text(first, words.formal(content.lead), top=below, size=18)
    first.shapes.add_picture(issue.code(), Mm(292), Mm(142), height=Mm(32))
    told = f"流水链首位置 {content.witness.position}　扫码打开逐项来源（须登录）"
    _text(first, told, top=164, size=11, color=SOFT, wide=270, opens=issue.link)


def _title(slide: Slide, text: str) -> float:
    """Write the title in lines of one length, and say where in millimetres the next may begin."""
    high = TITLE * MM_A_POINT
    long = sum(high if ord(one) > ord("~") else NARROW * high for one in text)
    lines = math.ceil(long / ROOM)
    wide = ROOM if lines == 1 else min(ROOM, long / lines + 2 * high)
    left = (WIDE.mm - wide) / 2
    _text(slide, text, top=58, left=left, wide=wide, size=TITLE, bold=True, align=PP_ALIGN.CENTER)
    return 72 + 14 * lines


def _evenly(many: int) -> int:
    """Say how many figures go on a slide, so that the last isn't left with one.

    >>> _evenly(25), _evenly(12), _evenly(0)
    (9, 12, 1)
    """
    return max(1, math.ceil(many / max(1, math.ceil(many / A_SLIDE))))


def _cards(slide: Slide, content: Content, issue: Issue, first: int, many: int) -> None:
    """So many figures; each says its place in the journal, and opens its drill-down."""
    for at, one in enumerate(content.figures[first : first + many]):
        left, top = 14 + (at % ACROSS) * 79, 32 + (at // ACROSS) * 48
        value = f"{words.number(one.value)} {one.unit}"
        _text(slide, value, top=top, left=left, wide=76, size=28, bold=True)
        _text(slide, one.zh, top=top + 15, left=left, wide=76, size=14, color=SOFT)
        told = f"流水位置 {words.position(one, content)}"
        opens = words.address(issue.link, one)
        _text(slide, told, top=top + 27, left=left, wide=76, size=10, color=SOFT, opens=opens)


def _table(slide: Slide, table: Table, at: int) -> None:
    """So many rows as find room, lines of one height; the total on the last slide."""
    last = at + ROWS >= len(table.rows)
    rows = [*table.rows[at : at + ROWS], *([table.total] if table.total and last else [])]
    high = min(TABLE[1], 14 + 6.8 * len(rows))
    grid = slide.shapes.add_table(
        len(rows) + 1, len(table.columns) + 1, Mm(10), Mm(26), Mm(TABLE[0]), Mm(high)
    ).table
    first = 34
    for number in range(len(table.columns) + 1):
        grid.columns[number].width = Mm((TABLE[0] - first) / len(table.columns) if number else first)
    for number in range(len(rows) + 1):
        grid.rows[number].height = Mm((high - 14) / max(len(rows), 1) if number else 14)
    head = ["区域", *(words.headed(one) for one in table.columns)]
    lines = [head, *([row.name, *(words.number(value) for value in row.values)] for row in rows)]
    for number, line in enumerate(lines):
        for column, text in enumerate(line):
            _cell(
                grid.cell(number, column),
                text,
                is_head=number == 0,
                is_name=column == 0,
                band=number % 2 == 0,
            )


def _cell(cell: Cell, text: str, *, is_head: bool, is_name: bool, band: bool) -> None:
    cell.text = text
    cell.margin_top = cell.margin_bottom = Emu(0)
    cell.margin_left = cell.margin_right = Mm(0.8)
    cell.vertical_anchor = MSO_ANCHOR.MIDDLE
    cell.fill.solid()  # type: ignore[no-untyped-call]
    cell.fill.fore_color.rgb = HEAD if is_head else BAND if band else WHITE
    paragraph = cell.text_frame.paragraphs[0]
    paragraph.alignment = PP_ALIGN.CENTER if is_head else PP_ALIGN.LEFT if is_name else PP_ALIGN.RIGHT
    for run in paragraph.runs:
        _dress(run, size=8 if is_head else 10, color=WHITE if is_head else INK)


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
    align: PP_ALIGN = PP_ALIGN.LEFT,
    opens: str = "",
) -> None:
    frame = slide.shapes.add_textbox(Mm(left), Mm(top), Mm(wide), Mm(10)).text_frame
    frame.word_wrap = True
    frame.paragraphs[0].alignment = align
    run = frame.paragraphs[0].add_run()
    run.text = text
    _dress(run, size=size, color=color, bold=bold)
    if opens:
        run.hyperlink.address = opens


def _dress(run: Run, *, size: float, color: RGBColor, bold: bool = False) -> None:
    run.font.size, run.font.bold, run.font.name = Pt(size), bold, FONT
    run.font.color.rgb = color
    # Slides keep the font of Chinese characters apart from that of Latin ones.
    properties = run._r.get_or_add_rPr()
    east = properties.makeelement(qn("a:ea"), {"typeface": FONT})
    properties.append(east)
