"""A sheet of a form that is written line by line and never held in memory: sixteen thousand households in seconds.

A cell of a style is made once a column and written again and again with another value: styles are looked
up once, not a quarter of a million times.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple, cast

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Border, Font, PatternFill
from openpyxl.utils import get_column_letter as letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from disaster.relief.needs.columns import KEY_ROW
from disaster.reports.forms.write import A4, BOX, GREY, MIDDLE

FONT = "宋体"


class Style(NamedTuple):
    """How the cells of a line look."""

    font: Font
    border: Border | None = None
    alignment: Alignment | None = None
    fill: PatternFill | None = None


TITLE = Style(Font(name=FONT, size=16, bold=True))
WORDS = Style(Font(name=FONT, size=10))
HEAD = Style(Font(name=FONT, size=9, bold=True), BOX, MIDDLE, GREY)
SMALL = Style(Font(name=FONT, size=9), BOX)
PLAIN = Style(Font(name=FONT, size=10), BOX)
BOLD = Style(Font(name=FONT, size=10, bold=True), BOX)


class Formula(str):
    """A text that a spreadsheet calculates; any other text stays a text, whatever it begins with."""

    __slots__ = ()


class Lines:
    """A sheet for print, landscape A4 with its head on every page, filled from the top."""

    def __init__(self, title: str, widths: Sequence[int]) -> None:
        self.book = Workbook(write_only=True)
        self._sheet: Any = None
        self._cells: dict[int, list[Any]] = {}
        self.turn(title, widths)

    def _for_print(self) -> None:
        sheet = cast(Worksheet, self._sheet)
        sheet.freeze_panes = f"B{KEY_ROW + 1}"
        sheet.page_setup.paperSize, sheet.page_setup.orientation = A4, "landscape"
        sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
        sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
        sheet.print_title_rows = f"1:{KEY_ROW}"
        footer: Any = sheet.oddFooter
        footer.center.text = "第 &P 页 共 &N 页"

    def turn(self, title: str, widths: Sequence[int]) -> None:
        """Go on on another sheet of the same book."""
        self._sheet = self.book.create_sheet(title)
        self._cells = {}
        self._for_print()
        for column, width in enumerate(widths, start=1):
            self._sheet.column_dimensions[letter(column)].width = width

    def line(self, values: Sequence[Any], style: Style = WORDS) -> None:
        """Write the next line."""
        cells = self._cells.setdefault(id(style), [])
        cells.extend(self._cell(style) for _ in range(len(values) - len(cells)))
        for cell, value in zip(cells, values, strict=False):
            cell.value = value
            if isinstance(value, str) and not isinstance(value, Formula):
                cell.data_type = "s"
        self._sheet.append(cells[: len(values)])

    def _cell(self, style: Style) -> Any:
        cell = WriteOnlyCell(self._sheet)
        for name, value in style._asdict().items():
            if value is not None:
                setattr(cell, name, value)
        return cell
