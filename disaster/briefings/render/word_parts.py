"""What python-docx has no words for: fonts of Chinese characters, stand-ins, links, rules, page numbers, fixed tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from docx.document import Document as Word
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.section import Section
from docx.shared import Mm, Pt, RGBColor
from docx.table import Table as Grid
from docx.text.paragraph import Paragraph
from docx.text.run import Run

BLACK = RGBColor(0, 0, 0)
NARROW = Mm(0.6)
"""Between a cell's edge and its words."""


def written(
    paragraph: Paragraph,
    text: str,
    *,
    size: float,
    font: str,
    color: RGBColor = BLACK,
    bold: bool = False,
    align: WD_ALIGN_PARAGRAPH | None = None,
) -> Paragraph:
    """Write words into a paragraph; both scripts in one font."""
    if align is not None:
        paragraph.alignment = align
    dress(paragraph.add_run(text), size=size, font=font, color=color, bold=bold)
    return paragraph


def dress(run: Run, *, size: float, font: str, color: RGBColor = BLACK, bold: bool = False) -> None:
    """Set a run's look."""
    run.font.name, run.font.size, run.font.bold = font, Pt(size), bold
    run.font.color.rgb = color
    # Word keeps the font of Chinese characters apart from that of Latin ones.
    run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)


def know_fonts(made: Word, stand_ins: Mapping[str, str]) -> None:
    """Name in the font table what stands in for a font an office hasn't got."""
    for part in made.part.package.iter_parts():
        if str(part.partname) == "/word/fontTable.xml":
            named = "".join(
                f'<w:font w:name="{font}"><w:altName w:val="{other}"/><w:charset w:val="86"/></w:font>'
                for font, other in stand_ins.items()
            )
            part._blob = part.blob.replace(b"</w:fonts>", f"{named}</w:fonts>".encode())


def rule(paragraph: Paragraph, *, color: str) -> None:
    """Draw a line under a paragraph, as wide as the type area."""
    borders = OxmlElement("w:pBdr")
    line = OxmlElement("w:bottom")
    for key, value in (("val", "single"), ("sz", "18"), ("space", "4"), ("color", color)):
        line.set(qn(f"w:{key}"), value)
    borders.append(line)
    paragraph._element.get_or_add_pPr().insert_element_before(
        borders, "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc", "w:rPr"
    )


def number_pages(page: Section, *, font: str, size: float) -> None:
    """Number pages on the outer side: — 1 — at the right of odd ones, at the left of even ones."""
    for footer, align in (
        (page.footer, WD_ALIGN_PARAGRAPH.RIGHT),
        (page.even_page_footer, WD_ALIGN_PARAGRAPH.LEFT),
    ):
        paragraph = footer.paragraphs[0]
        written(paragraph, "　— ", size=size, font=font, align=align)
        for kind, words in (("begin", ""), ("", "PAGE"), ("end", "")):
            run = paragraph.add_run()
            dress(run, size=size, font=font)
            mark = OxmlElement("w:fldChar" if kind else "w:instrText")
            if kind:
                mark.set(qn("w:fldCharType"), kind)
            else:
                mark.text = words
            run._element.append(mark)
        written(paragraph, " —　", size=size, font=font)


def links_to(paragraph: Paragraph, address: str) -> None:
    """Make a paragraph a link."""
    link = OxmlElement("w:hyperlink")
    link.set(qn("r:id"), paragraph.part.relate_to(address, RELATIONSHIP_TYPE.HYPERLINK, is_external=True))
    for run in paragraph.runs:
        link.append(run._element)
    paragraph._element.append(link)


def grid(
    made: Word,
    rows: Sequence[Sequence[str]],
    widths: Sequence[float],
    *,
    font: str,
    size: float,
    words_in: Sequence[int] = (),
) -> Grid:
    """Lay a table out in columns of these millimetres: its head again on each page, no row torn in two.

    The first column and ``words_in`` are words, at the left; the others numbers, at the right.
    """
    table = made.add_table(rows=len(rows), cols=len(widths), style="Table Grid")
    table.autofit, table.alignment = False, WD_TABLE_ALIGNMENT.CENTER
    _narrow(table)
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)
    for number, (row, texts) in enumerate(zip(table.rows, rows, strict=True)):
        properties = row._tr.get_or_add_trPr()
        properties.append(OxmlElement("w:cantSplit"))
        if number == 0:
            properties.append(OxmlElement("w:tblHeader"))
        for at, (cell, text) in enumerate(zip(row.cells, texts, strict=True)):
            cell.width = Mm(widths[at])
            is_word = at == 0 or at in words_in
            align = WD_ALIGN_PARAGRAPH.LEFT if is_word else WD_ALIGN_PARAGRAPH.RIGHT
            written(
                cell.paragraphs[0],
                text,
                size=size,
                font=font,
                bold=number == 0,
                align=align if number else WD_ALIGN_PARAGRAPH.CENTER,
            )
            cell.paragraphs[0].paragraph_format.space_after = Pt(0)
    return table


def _narrow(table: Grid) -> None:
    """Set the edges of all cells."""
    edges = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        edge = OxmlElement(f"w:{side}")
        edge.set(qn("w:w"), str(NARROW.twips))
        edge.set(qn("w:type"), "dxa")
        edges.append(edge)
    table._tbl.tblPr.append(edges)
