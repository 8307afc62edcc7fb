"""Taking in a filled sheet of households and applications: all of it or none, every error under its cell."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import transaction
from openpyxl.utils import get_column_letter as letter

from disaster import problems
from disaster.people.scope import Rights
from disaster.problems import FieldError, Problem, Words
from disaster.relief.needs import marks, queries, services
from disaster.relief.needs.columns import COLUMNS, KEY_ROW, REGISTER, Column
from disaster.relief.needs.entries import ApplicationEntry, HouseholdEntry
from disaster.relief.needs.services import Loaded
from disaster.reports.forms.guard import Limits, Refused, grid, meta, open_book
from disaster.rules import book
from gis.models import Area
from gis.scope import AreaScope

NO_SHEET = Words("缺少“{name}”一页,请用导入表模板", "The sheet “{name}” is missing; use the template")
NO_COLUMN = Words("缺少“{name}”一列,请用导入表模板", "The column “{name}” is missing; use the template")
NO_LINES = Words("表中没有一户", "There is no household in the sheet")
TOO_MANY_ROWS = Words("行数超过上限 {limit}", "More than {limit} rows")
NEEDED = Words("请填写", "This is needed")
NOT_A_NUMBER = Words("须为整数", "This must be a whole number")
NOT_A_CHOICE = Words("“{value}”不在选项中:{known}", "“{value}” is not one of: {known}")
UNKNOWN_VILLAGE = Words(
    "{township} 没有 {village},或不在您的辖区", "There is no {village} in {township} in your area"
)
_SPLIT = re.compile(r"[、,;/\s]+")
_HOME = frozenset({"group", "name", "identity", "phone", "types", "members", "address", "bank", "card"})


class _Line(NamedTuple):
    row: int
    values: dict[str, Any]


def limits() -> Limits:
    """Give how large a workbook may be (rules form.import.*)."""
    return Limits(*(book.value(f"form.import.{name}") for name in ("bytes", "unpacked", "rows")))


@transaction.atomic
def import_register(programme_id: UUID, data: bytes, *, by: Rights, now: datetime) -> int:
    """Enter the households and applications of a filled template; gives how many households.

    Raises
    ------
    Problem
        403.1/404.1 by the rights; 409.22; 413.1; 400.2 with every error under its cell ("E12"),
        or under ``file``.
    """
    if not by.where("need.village").prefixes:
        raise problems.NOT_ALLOWED()
    queries.one_programme(programme_id, by=by)
    lines, places = _lines(data)
    errors: dict[str, FieldError] = {}
    villages = _villages(by.where("need.village"))
    rows = [_loaded(line, places, villages, errors) for line in lines]
    _refuse(errors)
    try:
        services.enter_many([row for row in rows if row], programme=programme_id, by=by, now=now)
    except Problem as problem:
        if problem.kind is not problems.BAD_FIELDS:
            raise
        _refuse({_cell(name, lines, places): error for name, error in problem.errors.items()})
    marks.tell_of("need.imported", "programme", str(programme_id), by.home or "", by=by, now=now)
    return len(rows)


def _refuse(errors: Mapping[str, FieldError]) -> None:
    if errors:
        raise problems.BAD_FIELDS(dict(errors))


def _lines(data: bytes) -> tuple[list[_Line], dict[str, int]]:
    allowed = limits()
    try:
        opened = open_book(data, allowed)
        meta(opened)
        if REGISTER not in opened.sheetnames:
            _refuse({"file": FieldError(NO_SHEET, {"name": REGISTER})})
        cells = grid(opened[REGISTER], KEY_ROW + allowed.rows + 1, len(COLUMNS) + 20)
    except Refused as refused:
        raise problems.BAD_FIELDS({"file": FieldError(refused.words)}) from None
    places = {str(value): column for (row, column), value in cells.items() if row == KEY_ROW}
    if lacking := [one.name for one in COLUMNS if one.key not in places]:
        _refuse({"file": FieldError(NO_COLUMN, {"name": lacking[0]})})
    known = {places[one.key] for one in COLUMNS}
    rows = sorted({row for row, column in cells if row > KEY_ROW and column in known})
    if not rows:
        _refuse({"file": FieldError(NO_LINES)})
    if rows[-1] > KEY_ROW + allowed.rows:
        _refuse({"file": FieldError(TOO_MANY_ROWS, {"limit": allowed.rows})})
    lines = [_Line(row, {one.key: cells.get((row, places[one.key])) for one in COLUMNS}) for row in rows]
    return lines, places


def _loaded(
    line: _Line,
    places: Mapping[str, int],
    villages: Mapping[tuple[str, str], str],
    errors: dict[str, FieldError],
) -> Loaded | None:
    values: dict[str, Any] = {}
    wrong: dict[str, FieldError] = {}
    for one in COLUMNS:
        try:
            values[one.key] = _value(one, line.values[one.key])
        except _Wrong as bad:
            wrong[one.key] = bad.error
    village = villages.get((values.get("township", ""), values.get("village", "")))
    if village is None and not wrong.keys() & {"township", "village"}:
        named = {name: values.get(name, "") for name in ("township", "village")}
        wrong["village"] = FieldError(UNKNOWN_VILLAGE, named)
    errors |= {f"{letter(places[key])}{line.row}": error for key, error in wrong.items()}
    if wrong or village is None:
        return None
    home = HouseholdEntry(area=village, **{key: values[key] for key in _HOME})
    rest = {key: value for key, value in values.items() if key not in _HOME | {"township", "village"}}
    rest["origin"] = rest["origin"] or "self"
    return Loaded(household=home, application=ApplicationEntry(**rest) if values["persons"] else None)


class _Wrong(Exception):  # noqa: N818 - leads to an answer
    def __init__(self, words: Words, **params: Any) -> None:
        self.error = FieldError(words, params)


def _value(column: Column, value: Any) -> Any:
    text = "" if value is None else str(value).strip()
    if isinstance(value, float) and value.is_integer():
        text = str(int(value))
    if column.needed and not text:
        raise _Wrong(NEEDED)
    if column.kind == "number":
        return _whole(text)
    if column.kind == "months":
        return [_whole(one) for one in _parts(text.replace("月", ""))]
    if column.kind in ("types", "hardships"):
        listed = "household_type" if column.kind == "types" else "hardship"
        names = {one.zh: one.key for one in book.codes(listed)}
        return [_choice(one, names) for one in _parts(text)]
    if column.kind == "origin":
        return _choice(text, {"本人申请": "self", "村民小组提名": "group"}) if text else ""
    return text


def _parts(text: str) -> list[str]:
    return [one for one in _SPLIT.split(unicodedata.normalize("NFKC", text)) if one]


def _whole(text: str) -> int:
    if not text:
        return 0
    if not (text.isascii() and text.isdigit() and len(text) < 8):
        raise _Wrong(NOT_A_NUMBER)
    return int(text)


def _choice(text: str, known: Mapping[str, str]) -> str:
    if text not in known:
        raise _Wrong(NOT_A_CHOICE, value=text[:40], known="、".join(known))
    return known[text]


def _villages(scope: AreaScope) -> dict[tuple[str, str], str]:
    rows = Area.objects.within(scope).filter(level=Area.Level.VILLAGE)
    return {(town, name): code for code, name, town in rows.values_list("code", "name", "parent__name")}


def _cell(name: str, lines: list[_Line], places: Mapping[str, int]) -> str:
    """Turn "3.household.identity" into the cell of the fourth line's identity number."""
    at, _what, field = name.split(".", 2)
    key = field.split(".")[0]
    column = places.get("village" if key in ("area", "lon") else key, 1)
    return f"{letter(column)}{lines[int(at)].row}"
