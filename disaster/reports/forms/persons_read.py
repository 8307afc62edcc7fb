"""Reading 应急统表8 and 9 back: cells become what an entry of the register takes, or an error at the cell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from openpyxl.utils import get_column_letter as letter

from disaster.problems import FieldError, Words
from disaster.registers import shown
from disaster.registers.models import Kind
from disaster.reports.forms.guard import Limits, grid
from disaster.reports.forms.persons import KEY_ROW, SHEETS, TRACE, WORDS
from disaster.rules import book

NO_SHEET = Words("缺少“{name}”一页", "The sheet “{name}” is missing")
NO_COLUMN = Words("缺少“{name}”一列", "The column “{name}” is missing")
NOT_A_CHOICE = Words("“{value}”不在选项中", "“{value}” is not one of the choices")
NOT_A_TIME = Words("时间须写成 2026-07-05 14:30", "Write the time as 2026-07-05 14:30")
NOT_A_DATE = Words("日期须写成 2026-07-05", "Write the date as 2026-07-05")
NOT_A_NUMBER = Words("须为数字", "This must be a number")
YES_OR_NO = Words("须填“是”或“否”", "It must be the Chinese word for yes or no")
ALTERED = Words("这一行的编号被改动,请重新导出", "This line's id was altered; export the form anew")
TOO_MANY_ROWS = Words("行数超过上限 {limit}", "More than {limit} rows")

_TIMES, _DATES = frozenset({"occurred_at"}), frozenset({"birth_date", "completed_on"})
_NUMBERS = frozenset(
    {
        *("age", "members", "rooms_collapsed", "rooms_severe", "rooms_slight"),
        *("rooms_to_rebuild", "rooms_to_repair", "comfort_yuan", "subsidy_yuan"),
    }
)
_YES_NO = frozenset({"is_resident", "insured"})
_KEYS = {word: key for key, word in WORDS.items()}


@dataclass
class Line:
    """One line: ``values`` by the entry's fields, ``cells`` field → address, ``errors`` by address."""

    kind: Kind
    row: int
    id: UUID | None = None
    version: int = 0
    values: dict[str, Any] = field(default_factory=dict)
    cells: dict[str, str] = field(default_factory=dict)
    errors: dict[str, FieldError] = field(default_factory=dict)


def read_lines(opened: Any, limits: Limits) -> tuple[list[Line], dict[str, FieldError]]:
    """Read the lines of both sheets, and what is wrong with the sheets themselves (under ``file``)."""
    lines: list[Line] = []
    errors: dict[str, FieldError] = {}
    for kind, (number, _title, columns) in SHEETS.items():
        if number not in opened.sheetnames:
            errors[f"file.{number}"] = FieldError(NO_SHEET, {"name": number})
            continue
        wanted = dict((*columns, *TRACE))
        cells = grid(opened[number], KEY_ROW + limits.rows + 1, len(wanted) + 20)
        places = {str(value): column for (row, column), value in cells.items() if row == KEY_ROW}
        if lacking := [key for key in wanted if key not in places]:
            errors[f"file.{number}"] = FieldError(NO_COLUMN, {"name": wanted[lacking[0]]})
            continue
        rows = sorted({row for row, _column in cells if row > KEY_ROW})
        if rows and rows[-1] > KEY_ROW + limits.rows:
            errors[f"file.{number}"] = FieldError(TOO_MANY_ROWS, {"limit": limits.rows})
            continue
        lines += _lines(kind, number, rows, cells, {key: places[key] for key in wanted})
    return lines, errors


def _lines(
    kind: Kind, sheet: str, rows: list[int], cells: Mapping[tuple[int, int], Any], places: Mapping[str, int]
) -> list[Line]:
    lines = []
    for row in rows:
        if str(cells.get((row, 1), "")).startswith("单位负责人"):
            break
        given = {key: cells.get((row, column)) for key, column in places.items()}
        if any(value is not None for value in given.values()):
            at = {key: f"{sheet}!{letter(column)}{row}" for key, column in places.items()}
            lines.append(_line(kind, row, given, at))
    return lines


def _line(kind: Kind, row: int, given: Mapping[str, Any], at: dict[str, str]) -> Line:
    line = Line(kind, row, cells=at)
    try:
        line.id = UUID(str(given["id"])) if given["id"] else None
        line.version = int(given["version"] or 0)
    except ValueError:
        line.errors[at["name"]] = FieldError(ALTERED)
    for key, value in given.items():
        if key not in ("id", "version"):
            try:
                line.values[key] = _value(key, value)
            except _Wrong as wrong:
                line.errors[at[key]] = wrong.error
    return line


class _Wrong(Exception):  # noqa: N818 - leads to an answer
    def __init__(self, words: Words, **params: Any) -> None:
        self.error = FieldError(words, params)


def _value(key: str, value: Any) -> Any:
    text = "" if value is None else str(value).strip()
    if key in _TIMES:
        return _moment(value, text)
    if key in _DATES:
        return _day(value, text)
    if key in _NUMBERS:
        return _number(value, text)
    if key in _YES_NO:
        if text not in ("", "是", "否"):
            raise _Wrong(YES_OR_NO)
        return text == "是" if text else None
    if key in shown.CODED or key in ("status", "sex"):
        return _choice(key, text)
    return text.removesuffix(".0") if isinstance(value, float) else text


def _choice(key: str, text: str) -> str:
    if not text:
        return ""
    known = _KEYS if key in ("status", "sex") else {word: one for one, word in shown.choices(key, "zh-hans")}
    if text not in known:
        raise _Wrong(NOT_A_CHOICE, value=text[:40])
    return known[text]


def _moment(value: Any, text: str) -> datetime | None:
    if not text:
        return None
    try:
        told = value if isinstance(value, datetime) else datetime.fromisoformat(text.replace("/", "-"))
    except ValueError:
        raise _Wrong(NOT_A_TIME) from None
    return told if told.tzinfo else told.replace(tzinfo=book.BEIJING)


def _day(value: Any, text: str) -> date | None:
    if not text:
        return None
    if isinstance(value, datetime):
        return value.date()
    try:
        return date.fromisoformat(text.replace("/", "-"))
    except ValueError:
        raise _Wrong(NOT_A_DATE) from None


def _number(value: Any, text: str) -> Decimal | None:
    if not text:
        return None
    try:
        number = Decimal(text.replace(",", ""))
    except InvalidOperation:
        raise _Wrong(NOT_A_NUMBER) from None
    if isinstance(value, bool) or not number.is_finite() or abs(number.adjusted()) > 12:
        raise _Wrong(NOT_A_NUMBER)
    return number
