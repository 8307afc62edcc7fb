"""The briefing as an editable document (.docx): the same words, table and annex as the PDF, set as an official paper.

GB/T 9704-2012: A4, type area 156 × 225 mm, 仿宋 of 16 pt on lines of 29 pt, headings in 黑体, the title in 小标宋 of 22 pt,
page numbers of 14 pt on the outer side. Wide tables and maps lie on pages of their own, across.
"""

from __future__ import annotations

import io
import math
from collections.abc import Sequence

from docx import Document
from docx.document import Document as Word
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
from docx.section import Section
from docx.shared import Mm, Pt, RGBColor
from docx.text.paragraph import Paragraph

from disaster.briefings.content import Content, Table
from disaster.briefings.render import words
from disaster.briefings.render.pdf import Issue, Picture
from disaster.briefings.render.word_parts import grid, know_fonts, links_to, number_pages, rule, written

FANG, HEI, KAI, BIAO, SONG = "仿宋", "黑体", "楷体", "方正小标宋简体", "宋体"
STAND_INS = {BIAO: SONG, FANG: "仿宋_GB2312", KAI: "楷体_GB2312"}
"""What an office without a font takes in its place."""
RED = RGBColor(0xC0, 0x00, 0x00)
BODY, LINE = 16, Pt(29)
WIDE = 156
"""Of the type area, in millimetres."""
ACROSS, TALL = 257, 158
"""That of a page that lies across."""
CENTER, RIGHT = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.RIGHT
ANNEX = (9, 34, 25, 14, 18, 56)
"""Widths of the columns of the annex in millimetres."""


def render(content: Content, issue: Issue, pictures: Sequence[Picture] = ()) -> bytes:
    """Write the document."""
    made = Document()
    know_fonts(made, STAND_INS)
    made.core_properties.title, made.core_properties.author = content.title, issue.issuer
    made.settings.odd_and_even_pages_header_footer = True
    page = made.sections[0]
    _upright(page)
    for header in (page.header, page.even_page_header):
        written(header.paragraphs[0], words.SECRECY, size=10, font=HEI, align=RIGHT)
    number_pages(page, font=SONG, size=14)
    _head(made, content, issue)
    for section in content.sections:
        lines = [_body(made, section.zh, font=HEI, style="Heading 1")]
        lines += [_body(made, words.formal(text)) for text in section.paragraphs]
        # Who issues it never stands alone on a page: the last part goes with it.
        for line in lines if section is content.sections[-1] else lines[:1]:
            line.paragraph_format.keep_with_next = True
    tables = [words.told(one) for one in content.tables if not one.is_annex]
    _signed(made, content, issue, words.annexes(content, has_maps=bool(pictures)))
    for table in tables:
        _across(made)
        _table(made, table)
    for picture in pictures:
        _across(made)
        _picture(made, picture)
    _annex(made, content, issue)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def _upright(page: Section) -> None:
    page.orientation = WD_ORIENT.PORTRAIT
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.top_margin, page.bottom_margin, page.left_margin, page.right_margin = Mm(37), Mm(35), Mm(28), Mm(26)


def _across(made: Word) -> None:
    """Begin a page that lies across, or go on to the next such."""
    last = made.sections[-1]
    if last.orientation == WD_ORIENT.LANDSCAPE:
        made.add_page_break()  # type: ignore[no-untyped-call]
        return
    page = made.add_section(WD_SECTION.NEW_PAGE)
    page.orientation = WD_ORIENT.LANDSCAPE
    page.page_width, page.page_height = Mm(297), Mm(210)
    page.top_margin, page.bottom_margin, page.left_margin, page.right_margin = Mm(25), Mm(22), Mm(20), Mm(20)


def _head(made: Word, content: Content, issue: Issue) -> None:
    """The red head, the number, who issues it and who signed, a red line, the title and what it is as of."""
    written(made.add_paragraph(), issue.head, size=40, font=BIAO, color=RED, align=CENTER)
    written(
        made.add_paragraph(),
        words.formal(f"第{issue.serial}期({issue.year}年)"),
        size=BODY,
        font=FANG,
        align=CENTER,
    )
    signer = f"　签发人：{issue.signer}" if issue.signer else ""
    about = made.add_paragraph()
    about.paragraph_format.tab_stops.add_tab_stop(Mm(WIDE), WD_TAB_ALIGNMENT.RIGHT)
    written(about, f"{issue.issuer}{signer}\t{words.day(content.as_of)}", size=14, font=FANG)
    rule(about, color="C00000")
    title = made.add_paragraph()
    title.paragraph_format.space_before, title.paragraph_format.space_after = Pt(24), Pt(6)
    title.paragraph_format.left_indent = title.paragraph_format.right_indent = _aside(
        words.formal(content.title), 22
    )
    written(title, words.formal(content.title), size=22, font=BIAO, align=CENTER)
    cutoff = words.formal(f"(统计截至 {words.moment(content.as_of)},{words.basis(content)})")
    under = made.add_paragraph()
    under.paragraph_format.space_after = Pt(14)
    written(under, cutoff, size=14, font=KAI, align=CENTER)


def _aside(title: str, size: float) -> Pt:
    """Say how far a title's lines are moved in on both sides, so that all are of one length."""
    long = sum(size if ord(one) > ord("~") else size / 2 for one in title)
    room = Mm(WIDE).pt
    lines = math.ceil(long / room)
    return Pt((room - long / lines - 2 * size) / 2 if lines > 1 and long / lines + 2 * size < room else 0)


def _body(made: Word, text: str, *, font: str = FANG, style: str = "Normal") -> Paragraph:
    """A line of the body: indented by two characters, no line of it left alone on a page."""
    paragraph = made.add_paragraph(style=style)
    form = paragraph.paragraph_format
    form.first_line_indent, form.line_spacing, form.widow_control = Pt(BODY * 2), LINE, True
    form.space_before = form.space_after = Pt(0)
    written(paragraph, text, size=BODY, font=font)
    return paragraph


def _signed(made: Word, content: Content, issue: Issue, annexes: Sequence[str]) -> None:
    """What is annexed, who issues it and of which day; kept together."""
    for at, name in enumerate(annexes, start=1):
        line = _body(made, f"{'附件：' if at == 1 else '　　　'}{at}. {name}")
        line.paragraph_format.space_before = Pt(29 if at == 1 else 0)
        line.paragraph_format.keep_with_next = True
    for at, text in enumerate((issue.issuer, words.day(content.as_of))):
        line = _body(made, text)
        line.alignment, line.paragraph_format.right_indent = RIGHT, Pt(BODY * 4)
        line.paragraph_format.space_before = Pt(0 if at else 29)
        line.paragraph_format.keep_with_next = not at


def _table(made: Word, table: Table) -> None:
    written(made.add_paragraph(), table.zh, size=BODY, font=BIAO, align=CENTER)
    rows = [("区域", *(words.headed(one) for one in table.columns))]
    lines = [*table.rows, *([table.total] if table.total else [])]
    rows += [(row.name, *(words.number(value) for value in row.values)) for row in lines]
    first = 32
    each = (ACROSS - first) / max(len(table.columns), 1)
    grid(made, rows, [first, *[each] * len(table.columns)], font=SONG, size=9)


def _picture(made: Word, picture: Picture) -> None:
    paragraph = made.add_paragraph()
    paragraph.alignment, paragraph.paragraph_format.keep_with_next = CENTER, True
    paragraph.paragraph_format.space_after = Pt(2)
    paragraph.add_run().add_picture(io.BytesIO(picture.png), height=Mm(TALL - 12))
    written(made.add_paragraph(), picture.title, size=10.5, font=SONG, align=CENTER)


def _annex(made: Word, content: Content, issue: Issue) -> None:
    """Where each number comes from, and what it can be checked against."""
    _upright(made.add_section(WD_SECTION.NEW_PAGE))
    written(made.add_paragraph(), "附表　数字出处", size=BODY, font=BIAO, align=CENTER)
    rows = [("序", "指标", "数字", "来源数", "流水位置", "主要来源（及其流水位置）")]
    for at, one in enumerate(content.figures, start=1):
        value = f"{words.number(one.value)} {one.unit}"
        told = str(words.position(one, content))
        rows.append((str(at), one.zh, value, str(len(one.sources)), told, words.sources(one)))
    made_grid = grid(made, rows, ANNEX, font=SONG, size=8, words_in=(1, 5))
    for row, one in zip(made_grid.rows[1:], content.figures, strict=True):
        links_to(row.cells[2].paragraphs[0], words.address(issue.link, one))
    head = content.witness
    for text in (
        "本期数字可逐项核对。扫码打开逐项来源（须登录），或点击上表数字。",
        f"流水链首：位置 {head.position}，时间 {words.moment(head.at)}，散列 {head.hash}",
        f"内容散列 {issue.digest}",
    ):
        written(made.add_paragraph(), text, size=9, font=SONG)
    links_to(written(made.add_paragraph(), f"逐项来源：{issue.link}", size=9, font=SONG), issue.link)
    made.add_paragraph().add_run().add_picture(issue.code(), width=Mm(28))
