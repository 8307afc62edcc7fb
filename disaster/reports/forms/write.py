"""Writing a form as an .xlsx workbook: merged heads, formulas, print set-up. No database here."""

from __future__ import annotations

import io
from decimal import Decimal
from typing import Any, cast

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.utils import get_column_letter as letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from disaster.reports.forms.sheet import (
    COLUMNS,
    HEAD_ROWS,
    KEY_ROW,
    LEAD_KEYS,
    LEADS,
    LEVELS,
    META,
    NOTE,
    NOTE_KEY,
    SUMS,
    VERSION,
    Line,
    Material,
    heads,
    number_format,
    once_formula,
    total_formula,
)
from disaster.rules.book import BEIJING

_THIN = Side(style="thin", color="808080")
BOX = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
MIDDLE = Alignment(horizontal="center", vertical="center", wrap_text=True)
GREY = PatternFill("solid", fgColor="E8EEF2")
_SUMMED = PatternFill("solid", fgColor="F4F6F8")
A3, A4 = 8, 9
"""Paper sizes as the file format numbers them."""
BASES = {"received": "初步统计", "passed": "乡镇已审", "approved": "县级核定"}


def workbook(material: Material) -> bytes:
    """Write the workbook of a form: the table, the written notes, and what it is (hidden)."""
    book = Workbook()
    sheet = cast(Worksheet, book.active)
    sheet.title = "快报表" if material.form == "fast" else "分乡镇表"
    _heading(sheet, material)
    _column_heads(sheet, material)
    rows = _lines(sheet, material)
    _footing(sheet, material, HEAD_ROWS + len(rows) + 1)
    _for_print(sheet, material)
    for title, text in material.notes.items():
        _note(book.create_sheet(title), title, text)
    _meta(book.create_sheet(META), material)
    book.calculation.fullCalcOnLoad = True
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _width(material: Material) -> int:
    return len(LEADS[material.form]) + len(COLUMNS) + (material.form == "detail")


def first_column(material: Material) -> int:
    """Give the column number of the first indicator."""
    return len(LEADS[material.form]) + 1


def _heading(sheet: Worksheet, material: Material) -> None:
    heading, last = material.heading, _width(material)
    cutoff = material.cutoff.astimezone(BEIJING)
    sheet.merge_cells(start_row=1, start_column=1, end_row=1, end_column=last)
    put(sheet, 1, 1, heading.title, font=Font(name="宋体", size=18, bold=True), alignment=MIDDLE)
    sheet.row_dimensions[1].height = 30
    left = (
        f"填报单位(盖章):{material.county}",
        f"灾害过程:{material.event_name}",
        f"截至 {cutoff:%Y-%m-%d %H:%M}({BASES[material.basis]})",
        f"{cutoff:%Y}年{cutoff.month}月",
    )
    right = (
        f"表    号:{heading.number}",
        f"制定机关:{heading.maker}    批准机关:{heading.approver}",
        f"批准文号:{heading.document}",
        f"有效期至:{heading.until}",
    )
    for row, (near, far) in enumerate(zip(left, right, strict=True), start=2):
        put(sheet, row, 1, near)
        put(sheet, row, last - 9, far)


def put(sheet: Worksheet, row: int, column: int, value: Any, **style: Any) -> Any:
    """Write a cell; text never becomes a formula."""
    cell = sheet.cell(row, column)
    cell.value = value
    if isinstance(value, str):
        cell.data_type = "s"
    for name, each in style.items():
        setattr(cell, name, each)
    return cell


def _column_heads(sheet: Worksheet, material: Material) -> None:
    top, last = 6, _width(material)
    start = first_column(material)
    for column, title in enumerate(LEADS[material.form], start=1):
        put(sheet, top, column, title)
        sheet.merge_cells(start_row=top, end_row=top + 4, start_column=column, end_column=column)
    made = heads()
    for offset, head in enumerate(made):
        for down, word in enumerate((head.group, head.name, head.aspect, head.unit, head.number)):
            put(sheet, top + down, start + offset, word)
        put(sheet, KEY_ROW, start + offset, COLUMNS[offset].key)
    for column, key in enumerate(LEAD_KEYS[material.form], start=1):
        put(sheet, KEY_ROW, column, key)
    if material.form == "detail":
        put(sheet, top, last, NOTE)
        put(sheet, KEY_ROW, last, NOTE_KEY)
        sheet.merge_cells(start_row=top, end_row=top + 4, start_column=last, end_column=last)
    for row in range(top, top + 5):
        for column in range(1, last + 1):
            cell = sheet.cell(row, column)
            cell.font, cell.alignment = Font(name="宋体", size=9, bold=True), MIDDLE
            cell.border, cell.fill = BOX, GREY
    _merge_heads(sheet, [tuple(head[:3]) for head in made], top, start)
    sheet.row_dimensions[KEY_ROW].hidden = True
    sheet.row_dimensions[top].height = 42
    sheet.row_dimensions[top + 1].height = 54


def _merge_heads(sheet: Worksheet, made: list[tuple[str, ...]], top: int, start: int) -> None:
    """Merge equal neighbours of a row, and a column's head down over the blanks below it."""
    for level in range(2):
        begin = 0
        for end in range(1, len(made) + 1):
            if end < len(made) and made[end][: level + 1] == made[begin][: level + 1]:
                continue
            down = level
            while down < 2 and end - begin == 1 and not made[begin][down + 1]:
                down += 1
            blank = level == 1 and not made[begin][1]
            if not blank and (end - begin > 1 or down > level):
                sheet.merge_cells(
                    start_row=top + level,
                    end_row=top + down,
                    start_column=start + begin,
                    end_column=start + end - 1,
                )
            begin = end


def _lines(sheet: Worksheet, material: Material) -> list[int]:
    start = first_column(material)
    rows = list(range(HEAD_ROWS + 1, HEAD_ROWS + 1 + len(material.lines)))
    for row, line in zip(rows, material.lines, strict=True):
        _lead_cells(sheet, row, line, material)
        refs = _parts(material, row - HEAD_ROWS - 1) if line.level == "total" else []
        for offset, indicator in enumerate(COLUMNS):
            column = start + offset
            value = line.figures.get(indicator.key)
            cell = sheet.cell(row, column)
            if refs:
                write = once_formula if line.depth else total_formula
                cell.value = write(indicator, _listed(letter(column), refs))
            elif _is_sum(material, line, indicator.key):
                cell.value = f"=SUM({_listed(letter(column), rows[1:])})"
            elif formula := _within(line, indicator.key, row, start):
                cell.value = formula
            elif value is not None:
                cell.value = int(value) if indicator.type == "int" else value
            cell.number_format = number_format(indicator)
            _style(cell, bool(refs))
    return rows


def _is_sum(material: Material, line: Line, key: str) -> bool:
    """Whether the fast form's county line is the sum of its townships', with nothing of its own."""
    if material.form != "fast" or line is not material.lines[0] or len(material.lines) < 2:
        return False
    others = (one.figures.get(key, Decimal(0)) for one in material.lines[1:])
    return (
        line.code.endswith("0" * 6) and key in line.figures and sum(others, Decimal(0)) == line.figures[key]
    )


def _style(cell: Any, is_sum: bool) -> None:
    cell.border = BOX
    cell.font = Font(name="宋体", size=9, bold=is_sum)
    cell.protection = Protection(locked=is_sum)
    if is_sum:
        cell.fill = _SUMMED


def _lead_cells(sheet: Worksheet, row: int, line: Line, material: Material) -> None:
    if material.form == "detail":
        leads: tuple[Any, ...] = (
            line.code,
            "  " * (line.depth + (line.level != "total")) + line.name,
            LEVELS[line.level],
            line.base,
        )
        _style(sheet.cell(row, _width(material)), False)
    else:
        occurred = material.occurred_at.astimezone(BEIJING).replace(tzinfo=None)
        leads = (line.name, material.hazard, material.county, occurred)
    for column, value in enumerate(leads, start=1):
        cell = put(sheet, row, column, value)
        _style(cell, line.level == "total" and material.form == "detail")
    if material.form == "fast":
        sheet.cell(row, 4).number_format = "yyyy-mm-dd hh:mm"


def _parts(material: Material, at: int) -> list[int]:
    """Give the sheet rows a total is made of: the lines one step below it."""
    line = material.lines[at]
    parts = []
    for offset, below in enumerate(material.lines[at + 1 :], start=at + 1):
        if below.level == "total" and below.depth <= line.depth:
            break
        is_next = below.level == "total" and below.depth == line.depth + 1
        if is_next or (below.level != "total" and below.depth == line.depth):
            parts.append(HEAD_ROWS + 1 + offset)
    return parts


def _listed(column: str, rows: list[int]) -> str:
    """Write rows as ranges: D12:D14,D20."""
    runs: list[list[int]] = []
    for row in rows:
        if runs and runs[-1][1] == row - 1:
            runs[-1][1] = row
        else:
            runs.append([row, row])
    return ",".join(f"{column}{a}" if a == b else f"{column}{a}:{column}{b}" for a, b in runs)


def _within(line: Line, key: str, row: int, start: int) -> str:
    """Write a whole as the sum of its parts, where the parts are there and make it exactly."""
    parts = SUMS.get(key, ())
    values = [line.figures.get(part) for part in parts]
    known = [value for value in values if value is not None]
    if not parts or len(known) < len(parts) or sum(known, Decimal(0)) != line.figures.get(key):
        return ""
    places = {one.key: letter(start + offset) for offset, one in enumerate(COLUMNS)}
    return f"=SUM({','.join(f'{places[part]}{row}' for part in parts)})"


def _footing(sheet: Worksheet, material: Material, row: int) -> None:
    made = material.made_at.astimezone(BEIJING)
    words = (
        "单位负责人:",
        "统计负责人:",
        f"填表人:{material.maker}",
        f"报出日期:{made:%Y}年{made.month}月{made.day}日",
    )
    step = max(1, _width(material) // 4)
    for number, word in enumerate(words):
        put(sheet, row + 1, 1 + number * step, word)


def _for_print(sheet: Worksheet, material: Material) -> None:
    start = first_column(material)
    sheet.freeze_panes = f"{letter(start)}{HEAD_ROWS + 1}"
    sheet.page_setup.paperSize = A3
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_title_rows = f"1:{HEAD_ROWS}"
    cast(Any, sheet.oddFooter).center.text = "第 &P 页 共 &N 页"
    sheet.page_margins.left = sheet.page_margins.right = 0.4
    widths = (20, 16, 14, 17) if material.form == "fast" else (14, 22, 10, 12)
    for column, width in enumerate(widths, start=1):
        sheet.column_dimensions[letter(column)].width = width
    for column in range(start, start + len(COLUMNS)):
        sheet.column_dimensions[letter(column)].width = 9
    if material.form == "detail":
        sheet.column_dimensions["D"].hidden = True
        sheet.column_dimensions[letter(_width(material))].width = 24


def _note(sheet: Worksheet, title: str, text: str) -> None:
    sheet.column_dimensions["A"].width = 100
    put(sheet, 1, 1, title, font=Font(name="宋体", size=16, bold=True), alignment=MIDDLE)
    for row, paragraph in enumerate(text.splitlines(), start=3):
        put(sheet, row, 1, paragraph, alignment=Alignment(wrap_text=True, vertical="top"))


def _meta(sheet: Worksheet, material: Material) -> None:
    sheet.sheet_state = "veryHidden"
    rows = (
        ("version", VERSION),
        ("form", material.form),
        ("event", material.event),
        ("cutoff", material.cutoff.isoformat()),
        ("basis", material.basis),
        ("made_at", material.made_at.isoformat()),
    )
    for row, (key, value) in enumerate(rows, start=1):
        put(sheet, row, 1, key)
        put(sheet, row, 2, value)
