"""The annex as a workbook (.xlsx): the table, every figure, and every source of every figure. Each sheet prints whole."""

from __future__ import annotations

import io
from collections.abc import Sequence

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.page import PageMargins
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from disaster.briefings.content import Content, Table
from disaster.briefings.render import words
from disaster.briefings.render.pdf import Issue

BOLD, PLAIN, LINK = (
    Font(name="宋体", size=10, bold=True),
    Font(name="宋体", size=10),
    Font(name="宋体", size=10, color="0563C1", underline="single"),
)
TITLE = Font(name="宋体", size=14, bold=True)
HEAD = PatternFill("solid", fgColor="E3ECF2")
THIN = Side(style="thin", color="8A979F")
FRAME = Border(left=THIN, right=THIN, top=THIN, bottom=THIN)
A4 = 9
"""The paper in the words of the format."""
NUMBER, TEXT = "#,##0.##########", "@"


def render(content: Content, issue: Issue) -> bytes:
    """Write the workbook: 说明, 分区域表, 数字 and 来源."""
    book = Workbook()
    first = book.active
    assert isinstance(first, Worksheet)  # noqa: S101 - a new workbook has a sheet
    _about(first, content, issue)
    for table in content.tables:
        _table(book.create_sheet(table.zh[:31]), table)
    _figures(book.create_sheet("数字"), content, issue)
    _sources(book.create_sheet("来源"), content)
    for sheet in book.worksheets:
        _paper(sheet, content, issue)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _about(sheet: Worksheet, content: Content, issue: Issue) -> None:
    sheet.title = "说明"
    rows = (
        ("标题", content.title),
        ("统计截至", f"{words.moment(content.as_of)}　{words.basis(content)}"),
        ("期号", f"第{issue.serial}期({issue.year}年)"),
        ("编发单位", issue.issuer),
        ("签发人", issue.signer),
        ("流水链首", f"位置 {content.witness.position},时间 {words.moment(content.witness.at)}"),
        ("链首散列", content.witness.hash),
        ("内容散列", issue.digest),
        ("逐项来源", issue.link),
        ("密级", words.SECRECY),
    )
    for row in rows:
        sheet.append(row)
    for name, value in sheet.iter_rows():
        name.font, value.font = BOLD, PLAIN
        value.alignment = Alignment(wrap_text=True, vertical="top")
        name.alignment = Alignment(vertical="top")
    sheet["B1"].font = TITLE
    link = sheet.cell(len(rows) - 1, 2)
    link.hyperlink, link.font = issue.link, LINK
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 14, 72


def _table(sheet: Worksheet, table: Table) -> None:
    """Rows with a sum a clerk can follow: the total is said, and the columns are numbers."""
    sheet.append(["区划代码", "区域", *(f"{one.zh}({one.unit})" for one in table.columns)])
    for row in [*table.rows, *([table.total] if table.total else [])]:
        sheet.append([row.area, row.name, *row.values])
    _dress(sheet, [15, 19, *[9.5] * len(table.columns)])
    if table.total:
        for cell in sheet[sheet.max_row]:
            cell.font = BOLD


def _figures(sheet: Worksheet, content: Content, issue: Issue) -> None:
    """Every figure with its place in the journal and the address of its drill-down."""
    sheet.append(["序", "指标", "数字", "单位", "来源数", "流水位置", "逐项来源"])
    for at, one in enumerate(content.figures, start=1):
        address = words.address(issue.link, one)
        told = words.position(one, content)
        sheet.append([at, one.zh, one.value, one.unit, len(one.sources), told, address])
    _dress(sheet, [6, 26, 14, 8, 10, 12, 70])
    for (cell,) in sheet.iter_rows(min_row=2, min_col=7, max_col=7):
        cell.hyperlink, cell.font = str(cell.value), LINK
        cell.alignment = Alignment(wrap_text=True, vertical="center")


def _sources(sheet: Worksheet, content: Content) -> None:
    sheet.append(["指标", "数字", "单位", "来源", "地区", "流水位置"])
    for figure in content.figures:
        for one in figure.sources:
            sheet.append([figure.zh, one.value, figure.unit, one.number, one.area, one.position])
    _dress(sheet, [24, 14, 8, 28, 22, 12])
    sheet.auto_filter.ref = sheet.dimensions


def _dress(sheet: Worksheet, widths: Sequence[float]) -> None:
    """Give a list its head, frame and widths: whoever scrolls or prints it sees the head again."""
    for at, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(at)].width = width
    for row in sheet.iter_rows():
        for cell in row:
            cell.border, cell.font = FRAME, PLAIN
            if not isinstance(cell.value, str):
                cell.number_format = NUMBER
    for cell in sheet[1]:
        cell.font, cell.fill = BOLD, HEAD
        cell.alignment = Alignment(wrap_text=True, horizontal="center", vertical="center")
    sheet.freeze_panes = "A2"
    sheet.print_title_rows = "1:1"


def _paper(sheet: Worksheet, content: Content, issue: Issue) -> None:
    """A4, across where the columns need it, as many pages down as it takes, each numbered and marked."""
    wide = sum(one.width for one in sheet.column_dimensions.values())
    sheet.page_setup.paperSize = A4
    sheet.page_setup.orientation = "landscape" if wide > 110 else "portrait"
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_margins = PageMargins(left=0.5, right=0.5, top=0.8, bottom=0.7)
    sheet.print_options.horizontalCentered = True
    sheet.print_area = sheet.dimensions
    for band, texts in (
        (sheet.oddHeader, (content.title, str(sheet.title), words.SECRECY)),
        (
            sheet.oddFooter,
            (
                f"{issue.issuer} 第{issue.serial}期",
                "— &P / &N —",
                f"统计截至 {words.moment(content.as_of)}",
            ),
        ),
    ):
        for side, text in zip(("left", "center", "right"), texts, strict=True):
            getattr(band, side).text = text
