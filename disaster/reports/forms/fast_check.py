"""Holding a 快报表 that comes back against the system: it is made of sums, so nothing of it is stored.

A clerk who changed a figure in it learns cell by cell where it differs, and changes the reports
or the 分乡镇表 instead.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from openpyxl.utils import get_column_letter as letter

from disaster.problems import FieldError, Words
from disaster.reports.forms.formulas import Computed
from disaster.reports.forms.sheet import COLUMNS, HEAD_ROWS, KEY_ROW, Material, plain_name

DIFFERS = Words(
    "{unit} {name}:表中 {told},系统合计 {known};请改报告或分乡镇表,快报表由合计得出",
    "{unit}, {name}: {told} here, {known} in the system; change the reports or the township form, the"
    " fast form is made of sums",
)
NOT_A_NUMBER = Words("{name} 须为数字", "{name} must be a number")
NO_COLUMN = Words("缺少“{name}”一列", "The column “{name}” is missing")
OTHER_UNIT = Words("这一行应是 {unit}", "This line should be {unit}")

Cells = Mapping[tuple[int, int], Any]


def differences(cells: Cells, material: Material) -> dict[str, FieldError]:
    """Name every cell that says something else than ``material``, the form as it is now.

    Raises
    ------
    TooMuch
        If the sheet's formulas look at too many cells.
    """
    places = {str(value): column for (row, column), value in cells.items() if row == KEY_ROW}
    errors: dict[str, FieldError] = {}
    for one in COLUMNS:
        if one.key not in places:
            errors[f"file.{one.key}"] = FieldError(NO_COLUMN, {"name": plain_name(one)})
    if errors:
        return errors
    computed = Computed(cells)
    for row, line in enumerate(material.lines, start=HEAD_ROWS + 1):
        if str(cells.get((row, 1), "")).strip() != line.name:
            errors[f"A{row}"] = FieldError(OTHER_UNIT, {"unit": line.name})
            continue
        for one in COLUMNS:
            column, known = places[one.key], line.figures.get(one.key)
            cell, name = f"{letter(column)}{row}", plain_name(one)
            typed = cells.get((row, column))
            told = computed.at(cell)
            if typed is not None and told is None:
                errors[cell] = FieldError(NOT_A_NUMBER, {"name": name})
            elif (told or 0) != (known or 0):
                params = {"unit": line.name, "name": name, "told": told or 0, "known": known or 0}
                errors[cell] = FieldError(DIFFERS, params)
    return errors
