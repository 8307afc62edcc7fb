"""The annex as a workbook (.xlsx): the table, every figure, and every source of every figure."""

from __future__ import annotations

import io

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from disaster.briefings.content import Content, Table
from disaster.briefings.render import words
from disaster.briefings.render.pdf import Issue

BOLD = Font(bold=True)


def render(content: Content, issue: Issue) -> bytes:
    """Write the workbook: 分区域表, 数字 and 来源."""
    book = Workbook()
    first = book.active
    assert isinstance(first, Worksheet)  # noqa: S101 - a new workbook has a sheet
    first.title = "说明"
    for row in (
        (content.title,),
        (f"统计截至 {words.moment(content.as_of)}", words.basis(content)),
        (f"第{issue.serial}期({issue.year}年)", issue.issuer),
        ("流水链首", content.witness.position, content.witness.hash),
        ("内容散列", issue.digest),
        ("逐项来源", issue.link),
        (words.SECRECY,),
    ):
        first.append(row)
    first.column_dimensions["A"].width = 40
    for table in content.tables:
        _table(book.create_sheet(table.zh[:31]), table)
    _figures(book.create_sheet("数字"), content, issue)
    _sources(book.create_sheet("来源"), content)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _table(sheet: Worksheet, table: Table) -> None:
    """Rows with a sum a clerk can follow: the total is said, and the columns are numbers."""
    sheet.append(["区划代码", "区域", *(f"{one.zh}({one.unit})" for one in table.columns)])
    for row in [*table.rows, *([table.total] if table.total else [])]:
        sheet.append([row.area, row.name, *row.values])
    _head(sheet)


def _figures(sheet: Worksheet, content: Content, issue: Issue) -> None:
    """Every figure with its place in the journal and the address of its drill-down."""
    sheet.append(["序", "指标", "数字", "单位", "来源份数", "流水位置", "逐项来源"])
    for at, one in enumerate(content.figures, start=1):
        address = words.address(issue.link, one)
        told = words.position(one, content)
        sheet.append([at, one.zh, one.value, one.unit, len(one.sources), told, address])
        sheet.cell(at + 1, 7).hyperlink = address
    _head(sheet)


def _sources(sheet: Worksheet, content: Content) -> None:
    sheet.append(["指标", "数字", "单位", "报告编号", "地区", "流水位置"])
    for figure in content.figures:
        for one in figure.sources:
            sheet.append([figure.zh, one.value, figure.unit, one.number, one.area, one.position])
    _head(sheet)
    sheet.auto_filter.ref = sheet.dimensions


def _head(sheet: Worksheet) -> None:
    for at, cell in enumerate(sheet[1], start=1):
        cell.font, cell.alignment = BOLD, Alignment(wrap_text=True, vertical="center")
        sheet.column_dimensions[get_column_letter(at)].width = 16
    sheet.freeze_panes = "A2"
    sheet.page_setup.orientation, sheet.page_setup.fitToHeight = "landscape", 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_title_rows = "1:1"
