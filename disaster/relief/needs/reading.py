"""Taking in a filled sheet of households and applications: all of it or none, every error under its cell."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import transaction
from msgspec.structs import replace
from openpyxl.utils import get_column_letter as letter

from disaster import problems
from disaster.people.scope import Rights
from disaster.problems import FieldError, Problem, Words
from disaster.registers import identity
from disaster.relief.needs import checks, marks, queries, reading_members, services
from disaster.relief.needs.columns import COLUMNS, KEY_ROW, MEMBER_COLUMNS, MEMBERS, REGISTER, Column
from disaster.relief.needs.entries import ApplicationEntry, HouseholdEntry
from disaster.relief.needs.services import Loaded
from disaster.reports.forms.guard import Limits, Refused, grid, meta, open_book
from disaster.rules import book
from gis.models import Area
from gis.scope import AreaScope

NO_SHEET = Words("缺少“{name}”一页,请用导入表模板", "The sheet “{name}” is missing; use the template")
NO_COLUMN = Words("缺少“{name}”一列,请用导入表模板", "The column “{name}” is missing; use the template")
NO_LINES = Words("表中没有一户,也没有成员", "There is no household in the sheet, and no member")
TOO_MANY_ROWS = Words("行数超过上限 {limit}", "More than {limit} rows")
NEEDED = Words("请填写", "This is needed")
NOT_A_NUMBER = Words("须为整数", "This must be a whole number")
NOT_A_CHOICE = Words("“{value}”不在选项中:{known}", "“{value}” is not one of: {known}")
UNKNOWN_VILLAGE = Words(
    "{township} 没有 {village},或不在您的辖区", "There is no {village} in {township} in your area"
)
_SPLIT = re.compile(r"[、,;/\s]+")
_HOME = frozenset({"group", "name", "identity", "phone", "types", "members", "address", "bank", "card"})


_LISTS = {"types": "household_type", "hardships": "hardship", "marks": "member_mark"}
"""Kind of a column of several choices → its code list."""


class _Line(NamedTuple):
    row: int
    values: dict[str, Any]


_Sheet = tuple[list[_Line], dict[str, int]]
"""Lines, and the column of each key."""


def limits() -> Limits:
    """Give how large a workbook may be (rules form.import.*)."""
    return Limits(*(book.value(f"form.import.{name}") for name in ("bytes", "unpacked", "rows")))


class Taken(NamedTuple):
    """So many households a book entered, and so many lines that changed members of households known before."""

    households: int
    members: int


@transaction.atomic
def import_register(programme_id: UUID, data: bytes, *, by: Rights, now: datetime) -> Taken:
    """Enter the households and applications of a filled template, and members of households already registered.

    Raises
    ------
    Problem
        403.1/404.1 by the rights; 409.22 for a household; 413.1; 400.2 with every error under its cell ("E12", "家庭成员!B9"),
        or under ``file``.
    """
    if not by.where("need.village").prefixes:
        raise problems.NOT_ALLOWED()
    programme = queries.one_programme(programme_id, by=by)
    (lines, places), people = _sheets(data)
    errors: dict[str, FieldError] = {}
    scope = by.where("need.village")
    villages = _villages(scope)
    read = [(line, row) for line in lines if (row := _loaded(line, places, villages, errors))]
    rows = [row for _, row in read]
    members = _members(*people, errors)
    heads = [identity.plain(row.household.identity or "") for row in rows]
    unread = _heads([line for line in lines if line.row not in {one.row for one, _ in read}])
    others = {identity.plain(values["head"]) for _, values in members if "head" in values}
    known = queries.registered(others - {*heads, *unread}, programme_id, scope)
    placed = reading_members.place(members, heads, known, unread)
    errors |= {_member_cell("head", row, people[1]): FieldError(words) for row, words in placed.wrong.items()}
    rows = [replace(row, members=placed.people.get(at, ())) for at, row in enumerate(rows)]
    cells = _Cells([line for line, _ in read], places, placed, people[1])
    changed = 0
    if errors:
        # What could be read is checked as well: a sheet is mended once, not once for each kind of error.
        found = services.errors_in(rows, programme, by=by, now=now)
        errors = {cells.of(name): error for name, error in found.items()} | errors
    elif rows:
        with _told_by(cells.of, errors):
            services.enter_many(rows, programme=programme_id, by=by, now=now)
    if placed.listed:
        # Where all is refused in the end this is undone as well.
        with _told_by(cells.of_listed, errors):
            changed = services.enter_members(placed.listed, by=by, now=now)
    _refuse(errors)
    marks.tell_of("need.imported", "programme", str(programme_id), by.home or "", by=by, now=now)
    return Taken(len(rows), changed)


@contextmanager
def _told_by(cell: Callable[[str], str], errors: dict[str, FieldError]) -> Iterator[None]:
    """Gather a service's errors under the cells they are about."""
    try:
        with transaction.atomic():
            yield
    except Problem as problem:
        if problem.kind is not problems.BAD_FIELDS:
            raise
        errors |= {cell(name): error for name, error in problem.errors.items()}


def _refuse(errors: Mapping[str, FieldError]) -> None:
    if errors:
        raise problems.BAD_FIELDS(dict(errors))


def _sheets(data: bytes) -> tuple[_Sheet, _Sheet]:
    """Read the sheet of households and that of their members, which an older template has not."""
    allowed = limits()
    try:
        opened = open_book(data, allowed)
        meta(opened)
        if REGISTER not in opened.sheetnames:
            _refuse({"file": FieldError(NO_SHEET, {"name": REGISTER})})
        deepest = KEY_ROW + allowed.rows + 1
        homes = grid(opened[REGISTER], deepest, len(COLUMNS) + 20)
        has_people = MEMBERS in opened.sheetnames
        people = grid(opened[MEMBERS], deepest, len(MEMBER_COLUMNS) + 20) if has_people else None
    except Refused as refused:
        raise problems.BAD_FIELDS({"file": FieldError(refused.words)}) from None
    lines, places = _lines(homes, COLUMNS, allowed)
    listed: _Sheet = ([], {}) if people is None else _lines(people, MEMBER_COLUMNS, allowed)
    if not lines and not listed[0]:
        _refuse({"file": FieldError(NO_LINES)})
    return (lines, places), listed


def _lines(cells: Mapping[tuple[int, int], Any], columns: Sequence[Column], allowed: Limits) -> _Sheet:
    places = {str(value): column for (row, column), value in cells.items() if row == KEY_ROW}
    if lacking := [one.name for one in columns if one.key not in places]:
        _refuse({"file": FieldError(NO_COLUMN, {"name": lacking[0]})})
    known = {places[one.key] for one in columns}
    rows = sorted({row for row, column in cells if row > KEY_ROW and column in known})
    if rows and rows[-1] > KEY_ROW + allowed.rows:
        _refuse({"file": FieldError(TOO_MANY_ROWS, {"limit": allowed.rows})})
    lines = [_Line(row, {one.key: cells.get((row, places[one.key])) for one in columns}) for row in rows]
    return lines, places


def _loaded(
    line: _Line,
    places: Mapping[str, int],
    villages: Mapping[tuple[str, str], str],
    errors: dict[str, FieldError],
) -> Loaded | None:
    values, wrong = _values(line, COLUMNS)
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


def _heads(lines: Sequence[_Line]) -> list[str]:
    """Give the heads' numbers of households whose lines can't be read whole."""
    numbers = (_values(line, COLUMNS)[0].get("identity", "") for line in lines)
    return [identity.plain(number) for number in numbers if number]


def _values(line: _Line, columns: Sequence[Column]) -> tuple[dict[str, Any], dict[str, FieldError]]:
    values: dict[str, Any] = {}
    wrong: dict[str, FieldError] = {}
    for one in columns:
        try:
            values[one.key] = _value(one, line.values[one.key])
        except _Wrong as bad:
            wrong[one.key] = bad.error
    return values, wrong


def _members(
    lines: Sequence[_Line], places: Mapping[str, int], errors: dict[str, FieldError]
) -> list[tuple[int, dict[str, Any]]]:
    found = []
    for line in lines:
        values, wrong = _values(line, MEMBER_COLUMNS)
        wrong = wrong or checks.member_errors(reading_members.entry(values))
        errors |= {_member_cell(key, line.row, places): error for key, error in wrong.items()}
        found.append((line.row, values))
    return found


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
    if column.kind in _LISTS:
        names = {one.zh: one.key for one in book.codes(_LISTS[column.kind])}
        return [_choice(one, names) for one in _parts(text)]
    if column.kind == "relation":
        return _choice(text, {one.zh: one.key for one in book.codes("member_relation")})
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


def _member_cell(key: str, row: int, places: Mapping[str, int]) -> str:
    return f"{MEMBERS}!{letter(places[key])}{row}"


class _Cells(NamedTuple):
    """Where what was taken in stands: households' lines and columns, members' rows and columns."""

    lines: Sequence[_Line]
    places: Mapping[str, int]
    placed: reading_members.Placed
    member_places: Mapping[str, int]

    def of(self, name: str) -> str:
        """Turn "3.household.identity" into the cell of the fourth line's number, "3.members.0.name" likewise."""
        at, what, field = name.split(".", 2)
        if what == "members":
            one, key = field.split(".")
            return _member_cell(key, self.placed.rows[int(at), int(one)], self.member_places)
        key = field.split(".")[0]
        column = self.places.get("village" if key in ("area", "lon") else key, 1)
        return f"{letter(column)}{self.lines[int(at)].row}"

    def of_listed(self, name: str) -> str:
        """Turn "3.identity" into the cell of the fourth member of households known before."""
        at, key = name.split(".")
        return _member_cell(key, self.placed.listed_rows[int(at)], self.member_places)
