"""Writing the bank's file as .csv and as .xlsx: the same cells, the same check sum."""

from __future__ import annotations

import csv
import io
from decimal import Decimal
from typing import Any, cast

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.worksheet.worksheet import Worksheet

from disaster.relief.funds.bankfile.layout import CHECK, BankFile

_WIDTHS = (8, 22, 14, 24, 18, 14, 14, 14)
_AMOUNT = 5
"""The column of amounts, from 0."""


def as_csv(it: BankFile) -> bytes:
    """Write UTF-8 with a byte order mark, so that a spreadsheet shows the names right."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerows(it.rows)
    writer.writerow([CHECK, it.check_sum])
    return out.getvalue().encode("utf-8-sig")


def as_xlsx(it: BankFile) -> bytes:
    """Write a workbook: every cell is text but the amounts, so that no card number is rounded."""
    book = Workbook(write_only=True)
    sheet = cast(Worksheet, book.create_sheet("代发"))
    for at, width in enumerate(_WIDTHS):
        sheet.column_dimensions["ABCDEFGH"[at]].width = width
    sheet.freeze_panes = "A3"
    rows = it.rows
    for number, row in enumerate([*rows, [CHECK, it.check_sum]]):
        is_head = number < 2 or number == len(rows)
        sheet.append(
            [_cell(sheet, text, is_amount=at == _AMOUNT and not is_head) for at, text in enumerate(row)]
        )
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _cell(sheet: Worksheet, text: str, *, is_amount: bool) -> Any:
    # A decimal is written digit by digit; the library's types know of floats alone.
    value: Any = Decimal(text) if is_amount else text
    cell = WriteOnlyCell(sheet, value=value)
    if is_amount:
        cell.number_format = "0.00"
    else:
        cell.data_type, cell.number_format = "s", "@"
    return cell
