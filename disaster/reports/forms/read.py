"""Reading a filled form back: what can't be trusted is refused, what is wrong is named by its cell.

No database here. Sheets are read as a stream, so that a merged range of a million cells
costs nothing.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from uuid import UUID

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter as letter

from disaster.problems import FieldError, Words
from disaster.reports.forms.formulas import Computed, TooMuch, evaluate, number_of
from disaster.reports.forms.guard import NOT_A_WORKBOOK, TOO_BIG, UNSAFE, Limits, Refused, grid, guard, meta
from disaster.reports.forms.sheet import (
    BASE_KEY,
    CODE_KEY,
    COLUMNS,
    HEAD_ROWS,
    KEY_ROW,
    LEVEL_KEY,
    LEVELS,
    NOTE_KEY,
    VERSION,
    Level,
    plain_name,
)
from disaster.reports.indicators import BY_KEY, ONCE_A_TOWNSHIP

WRONG_FORM = Words(
    "不是本系统导出的“分乡镇表”,或版本不对;请重新导出后填写",
    "Not a township form exported here, or of another version; export it anew",
)
NO_COLUMN = Words("缺少“{name}”一列", "The column “{name}” is missing")
STRANGE_COLUMN = Words("多出不认识的列或重复的列“{name}”", "The column “{name}” is unknown or stands twice")
NOT_COUNT = Words("{name} 须为非负整数", "{name} must be a whole number, not negative")
NOT_AMOUNT = Words(
    "{name} 须为非负数,最多两位小数", "{name} must be a number, not negative, two decimals at most"
)
NO_RESULT = Words(
    "{name} 的公式没有结果,请用表格软件打开并保存",
    "The formula of {name} has no result; open and save it in a spreadsheet",
)
WRONG_RESULT = Words(
    "{name} 的公式结果与公式不符({cached} ≠ {value})",
    "The result of {name} does not match its formula ({cached} ≠ {value})",
)
NOT_THE_SUM = Words(
    "{name} 合计 {value} 与各行之和 {parts} 不符;请修改各行,不要修改合计",
    "The total of {name}, {value}, is not the sum of its lines, {parts}; change the lines instead",
)
BAD_CODE = Words("区划代码须为12位数字", "The area code must have 12 digits")
BAD_LEVEL = Words("类别须为“合计”“本级”或“村(社区)”", "The kind of line is unknown")
BAD_BASE = Words("所据报告的编号被改动,请重新导出", "The report's id was altered; export the form anew")
TWICE = Words("这个单位已在第 {row} 行出现", "This unit stands already in row {row}")
TOO_MANY_ROWS = Words("行数超过上限 {limit}", "More than {limit} rows")


@dataclass
class Row:
    """One line of the form as it came back. ``cells``: figure's key → address."""

    row: int
    code: str
    level: Level
    base: UUID | None
    figures: dict[str, Decimal]
    note: str
    cells: dict[str, str]
    depth: int = 0


@dataclass
class Parsed:
    """What a workbook said, and what is wrong with it by cell address."""

    event: UUID | None = None
    rows: list[Row] = field(default_factory=list)
    errors: dict[str, FieldError] = field(default_factory=dict)


def read_workbook(data: bytes, limits: Limits) -> Parsed:
    """Read a detailed form. Errors of the whole file stand under ``file``, others under their cell."""
    try:
        guard(data, limits)
        return _read(data, limits)
    except Refused as refused:
        return Parsed(errors={"file": FieldError(refused.words)})
    except TooMuch:
        return Parsed(errors={"file": FieldError(TOO_BIG)})
    except RecursionError:
        return Parsed(errors={"file": FieldError(UNSAFE)})


def _read(data: bytes, limits: Limits) -> Parsed:
    try:
        formulas = load_workbook(io.BytesIO(data), read_only=True, keep_links=False)
        values = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
        event = _meta(values)
        title = formulas.sheetnames[0]
        wide = len(COLUMNS) + 40
        most = HEAD_ROWS + limits.rows + 1
        typed = grid(formulas[title], most, wide)
        cached = grid(values[title], most, wide)
    except Refused:
        raise
    except Exception as error:  # openpyxl raises whatever a broken file makes it stumble over
        raise Refused(NOT_A_WORKBOOK) from error
    parsed = Parsed(event=event)
    _Reader(typed, cached, parsed, limits).read()
    return parsed


def _meta(book: Any) -> UUID:
    said = meta(book)
    if said.get("version") != VERSION or said.get("form") != "detail":
        raise Refused(WRONG_FORM)
    try:
        return UUID(said.get("event", ""))
    except ValueError:
        raise Refused(WRONG_FORM) from None


class _Reader:
    """Reads the lines of one sheet, given what was typed and what was last computed."""

    def __init__(
        self,
        typed: dict[tuple[int, int], Any],
        cached: dict[tuple[int, int], Any],
        into: Parsed,
        limits: Limits,
    ) -> None:
        self.typed, self.cached, self.into, self.limits = typed, cached, into, limits
        self.columns: dict[str, int] = {}
        self.seen: dict[tuple[str, Level], int] = {}
        self.computed = Computed(typed)

    def read(self) -> None:
        if not self._find_columns():
            return
        for row in self._line_rows():
            line = self._line(row)
            if line is not None:
                self.into.rows.append(line)
        if not self.into.errors:
            self._check_totals()

    def _error(self, cell: str, words: Words, **params: Any) -> None:
        self.into.errors.setdefault(cell, FieldError(words, params))

    def _find_columns(self) -> bool:
        known = {one.key for one in COLUMNS} | {CODE_KEY, "name", LEVEL_KEY, BASE_KEY, NOTE_KEY}
        for (row, column), value in sorted(self.typed.items()):
            if row == KEY_ROW:
                key = str(value)
                if key not in known or key in self.columns:
                    self._error(f"{letter(column)}{KEY_ROW}", STRANGE_COLUMN, name=key[:40])
                self.columns[key] = column
        for key in sorted(known - self.columns.keys()):
            name = BY_KEY[key].zh if key in BY_KEY else key
            self._error(f"file.{key}", NO_COLUMN, name=name)
        return not self.into.errors

    def _line_rows(self) -> Iterator[int]:
        code = self.columns[CODE_KEY]
        rows = sorted({row for row, _column in self.typed if row > HEAD_ROWS})
        if rows and rows[-1] > HEAD_ROWS + self.limits.rows:
            self._error("file", TOO_MANY_ROWS, limit=self.limits.rows)
            return
        for row in rows:
            words = str(self.typed.get((row, code), ""))
            if words.startswith("单位负责人"):
                return
            yield row

    def _line(self, row: int) -> Row | None:
        code = str(self.typed.get((row, self.columns[CODE_KEY]), "")).strip()
        level = next((key for key, word in LEVELS.items() if word == self._text(row, LEVEL_KEY)), None)
        if len(code) != 12 or not code.isascii() or not code.isdigit():
            self._error(self._at(row, CODE_KEY), BAD_CODE)
            return None
        if level is None:
            self._error(self._at(row, LEVEL_KEY), BAD_LEVEL)
            return None
        if (before := self.seen.setdefault((code, level), row)) != row:
            self._error(self._at(row, CODE_KEY), TWICE, row=before)
        figures = {}
        for one in COLUMNS:
            value = self._figure(row, one.key)
            if value is not None:
                figures[one.key] = value
        cells = {one.key: self._at(row, one.key) for one in COLUMNS}
        return Row(row, code, level, self._base(row), figures, self._text(row, NOTE_KEY)[:200], cells)

    def _text(self, row: int, key: str) -> str:
        return str(self.typed.get((row, self.columns[key]), "")).strip()

    def _at(self, row: int, key: str) -> str:
        return f"{letter(self.columns[key])}{row}"

    def _base(self, row: int) -> UUID | None:
        words = self._text(row, BASE_KEY)
        try:
            return UUID(words) if words else None
        except ValueError:
            self._error(self._at(row, BASE_KEY), BAD_BASE)
            return None

    def _figure(self, row: int, key: str) -> Decimal | None:
        """Read one figure; a formula by its computed result, compared with our own computing."""
        at, name = (row, self.columns[key]), plain_name(BY_KEY[key])
        typed = self.typed.get(at)
        if not (isinstance(typed, str) and typed.startswith("=")):
            return self._number(self._at(row, key), key, typed)
        ours = evaluate(typed, self.computed.at)
        cached = self.cached.get(at)
        if cached is None:
            if ours is None:
                self._error(self._at(row, key), NO_RESULT, name=name)
            return ours
        value = self._number(self._at(row, key), key, cached)
        if ours is not None and value is not None and abs(value - ours) > Decimal("0.005"):
            self._error(self._at(row, key), WRONG_RESULT, name=name, cached=value, value=ours)
        return value

    def _number(self, cell: str, key: str, value: Any) -> Decimal | None:
        if value is None or (isinstance(value, str) and not value.strip()):
            return None
        indicator = BY_KEY[key]
        number = number_of(value)
        whole = indicator.type == "int"
        if (
            number is None
            or number < 0
            or number >= Decimal(10) ** 10
            or number != round(number, 0 if whole else 2)
        ):
            self._error(cell, NOT_COUNT if whole else NOT_AMOUNT, name=plain_name(indicator))
            return None
        return number.quantize(Decimal(1) if whole else Decimal("0.01"))

    def _check_totals(self) -> None:
        """Hold each total against its lines, where somebody typed over the formula."""
        for total in (row for row in self.into.rows if row.level == "total"):
            is_county = total.code.endswith("0" * 6)
            behind = [row.figures for row in self.into.rows if _is_part(row, total, is_county)]
            for key, value in total.figures.items():
                parts = sum((figures.get(key, Decimal(0)) for figures in behind), Decimal(0))
                if key in ONCE_A_TOWNSHIP and not is_county:
                    parts = min(parts, Decimal(1))
                if value != parts:
                    name = plain_name(BY_KEY[key])
                    self._error(total.cells[key], NOT_THE_SUM, name=name, value=value, parts=parts)


def _is_part(row: Row, total: Row, is_county: bool) -> bool:
    if row is total:
        return False
    if not is_county:
        return row.code[:9] == total.code[:9] and row.level != "total"
    if row.code[:6] != total.code[:6]:
        return False
    return row.level == "total" or (row.level == "own" and row.code == total.code)
