"""The briefing as an editable document (.docx): the same words, table and annex as the PDF."""

from __future__ import annotations

import io
from collections.abc import Sequence

from docx import Document
from docx.document import Document as Word
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.table import Table as Grid
from docx.text.paragraph import Paragraph
from docx.text.run import Run

from disaster.briefings.content import Content, Table
from disaster.briefings.render import words
from disaster.briefings.render.pdf import Issue, Picture

SONG, HEI = "宋体", "黑体"
RED = RGBColor(0xC0, 0x00, 0x00)


def render(content: Content, issue: Issue, pictures: Sequence[Picture] = ()) -> bytes:
    """Write the document."""
    made = Document()
    page = made.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.top_margin, page.bottom_margin, page.left_margin, page.right_margin = Mm(37), Mm(32), Mm(28), Mm(26)
    made.core_properties.title, made.core_properties.author = content.title, issue.issuer
    _line(made, words.SECRECY, size=10, font=HEI, align=WD_ALIGN_PARAGRAPH.RIGHT)
    _line(made, issue.head, size=36, bold=True, color=RED, align=WD_ALIGN_PARAGRAPH.CENTER)
    _line(made, f"第{issue.serial}期({issue.year}年)", size=14, align=WD_ALIGN_PARAGRAPH.CENTER)
    _line(made, f"{issue.issuer}\t{words.day(content.as_of)}", size=14)
    _line(made, content.title, size=20, font=HEI, bold=True, align=WD_ALIGN_PARAGRAPH.CENTER)
    cutoff = f"统计截至 {words.moment(content.as_of)} {words.basis(content)}"
    _line(made, cutoff, size=11, font=HEI, align=WD_ALIGN_PARAGRAPH.CENTER)
    for section in content.sections:
        _run(made.add_heading(level=1).add_run(section.zh), size=15, font=HEI)
        for text in section.paragraphs:
            _line(made, text, size=15, indent=True)
    for table in (one for one in content.tables if not one.is_annex):
        _line(made, table.zh, size=13, font=HEI, bold=True, align=WD_ALIGN_PARAGRAPH.CENTER)
        _table(made, table)
    for picture in pictures:
        made.add_picture(io.BytesIO(picture.png), width=Mm(156))
        _line(made, picture.title, size=10, align=WD_ALIGN_PARAGRAPH.CENTER)
    _line(made, issue.issuer, size=15, align=WD_ALIGN_PARAGRAPH.RIGHT)
    _line(made, words.day(content.as_of), size=15, align=WD_ALIGN_PARAGRAPH.RIGHT)
    if issue.signer:
        _line(made, f"签发人:{issue.signer}", size=12)
    _annex(made, content, issue)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def _annex(made: Word, content: Content, issue: Issue) -> None:
    made.add_page_break()  # type: ignore[no-untyped-call]
    _line(made, "附表 数字出处", size=14, font=HEI, bold=True, align=WD_ALIGN_PARAGRAPH.CENTER)
    rows = [("序", "指标", "数字", "来源份数", "流水位置", "主要来源(及其流水位置)")]
    for at, one in enumerate(content.figures, start=1):
        value = f"{words.number(one.value)} {one.unit}"
        told = str(words.position(one, content))
        rows.append((str(at), one.zh, value, str(len(one.sources)), told, words.sources(one)))
    grid = _grid(made, rows)
    for row, one in zip(grid.rows[1:], content.figures, strict=True):
        _opens(row.cells[2].paragraphs[0], words.address(issue.link, one))
    head = content.witness
    _line(made, f"流水链首:位置 {head.position},时间 {words.moment(head.at)},散列 {head.hash}", size=9)
    _line(made, f"内容散列 {issue.digest}", size=9)
    _line(made, f"逐项来源:{issue.link}", size=9)


def _table(made: Word, table: Table) -> None:
    rows = [("区域", *(f"{one.zh}({one.unit})" for one in table.columns))]
    lines = [*table.rows, *([table.total] if table.total else [])]
    rows += [(row.name, *(words.number(value) for value in row.values)) for row in lines]
    _grid(made, rows)


def _opens(paragraph: Paragraph, address: str) -> None:
    """Make a paragraph a link."""
    link = OxmlElement("w:hyperlink")
    link.set(qn("r:id"), paragraph.part.relate_to(address, RELATIONSHIP_TYPE.HYPERLINK, is_external=True))
    for run in paragraph.runs:
        link.append(run._element)
    paragraph._element.append(link)


def _grid(made: Word, rows: Sequence[Sequence[str]]) -> Grid:
    grid = made.add_table(rows=0, cols=len(rows[0]), style="Table Grid")
    for row in rows:
        cells = grid.add_row().cells
        for cell, text in zip(cells, row, strict=True):
            _run(cell.paragraphs[0].add_run(text), size=8)
    return grid


def _line(
    made: Word,
    text: str,
    *,
    size: float,
    font: str = SONG,
    bold: bool = False,
    color: RGBColor | None = None,
    align: WD_ALIGN_PARAGRAPH | None = None,
    indent: bool = False,
) -> None:
    paragraph = made.add_paragraph()
    paragraph.alignment = align  # type: ignore[assignment] # None leaves it to the style
    if indent:
        paragraph.paragraph_format.first_line_indent = Pt(size * 2)
    _run(paragraph.add_run(text), size=size, font=font, bold=bold, color=color)


def _run(
    run: Run, *, size: float, font: str = SONG, bold: bool = False, color: RGBColor | None = None
) -> None:
    run.font.name, run.font.size, run.font.bold = font, Pt(size), bold
    run.font.color.rgb = color or RGBColor(0, 0, 0)
    # Word keeps the font of Chinese characters apart from that of Latin ones.
    run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)
