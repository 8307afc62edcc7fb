"""The statutory forms of relief as workbooks: 应急统表10 (households), 6 (needed) and 7 (helped) by township.

Layout as the national forms have it: number, maker and approver above, signatures below.
Private numbers are masked; the register with full numbers is its own verb, needs need.reveal
and a reason, and is journaled (§8.3). Every sheet says who took it and when.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from django.db import transaction
from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter as letter
from openpyxl.worksheet.worksheet import Worksheet

from disaster import problems
from disaster.people import private
from disaster.people.scope import Rights
from disaster.problems import FieldError
from disaster.relief.needs import listing, marks, queries, shown
from disaster.relief.needs.columns import (
    COLUMNS,
    FORM10,
    FORM10_MEMBERS,
    KEY_ROW,
    MEMBER_COLUMNS,
    MEMBERS,
    REGISTER,
    VERSION,
    Column,
)
from disaster.relief.needs.lines import BOLD, FONT, HEAD, PLAIN, SMALL, TITLE, Formula, Lines
from disaster.relief.needs.models import Application, Member, Programme
from disaster.relief.needs.queries import MONEY
from disaster.relief.needs.services.households import NEEDS_WHY, WHY_KEPT, mask_card
from disaster.relief.needs.states import COUNTED
from disaster.reports.forms.sheet import META
from disaster.reports.forms.write import BOX, GREY, MIDDLE, put
from disaster.rules import book
from gis.models import Area
from gis.scope import AreaScope

FORMS = ("register", "needed", "helped")
MEMBERS_HOW = (
    "每人一行,户主不填;连同户主不超过家庭人口。户主身份证号与“户台账”一页相同,或是在册家庭的(也可填其申请编号):"
    "同号或同名的成员照本页改,没有的加入,一个也不移出。可不填。"
)
SHOWN = (
    *("area", "group", "name", "types", "members", "address"),
    *("identity_sealed", "phone_sealed", "card_sealed"),
)
"""Fields of a household that stand in 应急统表10."""
NEEDED = (
    ("households", "需救助户数(户)"),
    ("persons", "需救助人口(人)"),
    ("key_persons", "其中:重点救助人口(人)"),
    ("grain_persons", "需口粮人口(人)"),
    ("grain_kg", "需口粮(公斤)"),
    ("clothing_persons", "需衣被人口(人)"),
    ("clothing", "需衣被(件)"),
    ("heating_yuan", "需取暖(元)"),
    ("water_yuan", "需饮水(元)"),
    ("medical_yuan", "需伤病救助(元)"),
    ("other_yuan", "需其他救助(元)"),
)
HELPED = (
    ("households", "已救助户数(户)"),
    ("persons", "已救助人口(人)"),
    ("money", "已发放救助款(元)"),
    ("goods", "已发放救助物资(件)"),
)


@transaction.atomic
def export(form: str, programme_id: UUID, *, area: str, by: Rights, now: datetime) -> tuple[str, bytes]:
    """Write a form of a programme in the reader's areas (or one ``area`` of them); gives file name and bytes.

    Raises
    ------
    Problem
        403.1 without form.export; 404.1 for an unknown form, programme or area.
    """
    if form == "template":
        return _template(programme_id, by=by, now=now)
    if form not in FORMS:
        raise problems.NOT_FOUND()
    found, scope = _asked(programme_id, area, by)
    sheet = _sheet(form, found, by, now)
    if form == "register":
        _register(sheet, _rows(found, scope), by, whole=False)
    elif form == "needed":
        _by_township(sheet, NEEDED, _needed(found, scope))
    else:
        _by_township(sheet, HELPED, _helped(found, scope))
    marks.tell_of("need.exported", f"need.{form}", str(found.pk), str(found.area_id), by=by, now=now)
    return _named(form, found), _written(sheet.book, found)


@transaction.atomic
def export_whole(programme_id: UUID, *, why: str, by: Rights, now: datetime) -> tuple[str, bytes]:
    """Write 应急统表10 with full numbers for whoever may reveal them, with the reason on record.

    Raises
    ------
    Problem
        403.1 without need.reveal and form.export; 404.1; 400.2 without a reason.
    """
    found, scope = _asked(programme_id, "", by, also="need.reveal")
    if not why.strip() or len(why.strip()) > WHY_KEPT:
        raise problems.BAD_FIELDS({"why": FieldError(NEEDS_WHY, {"limit": WHY_KEPT})})
    sheet = _sheet("register", found, by, now, note=f"完整信息,导出原因:{why.strip()}")
    rows = _rows(found, scope)
    _register(sheet, rows, by, whole=True)
    marks.read_many([row.household_id for row in rows], why, by=by, now=now)
    marks.tell_of("need.revealed", "need.register", str(found.pk), str(found.area_id), by=by, now=now)
    return _named("register", found), _written(sheet.book, found)


def _asked(
    programme_id: UUID, area: str, by: Rights, *, also: str = "need.see"
) -> tuple[Programme, AreaScope]:
    found = queries.one_programme(programme_id, by=by)
    scopes = [by.where("form.export"), by.where(also)]
    prefixes = {one for one in scopes[0].prefixes if one.startswith(scopes[1].prefixes)} | {
        one for one in scopes[1].prefixes if one.startswith(scopes[0].prefixes)
    }
    if not prefixes:
        raise problems.NOT_ALLOWED()
    scope = AreaScope(tuple(sorted(prefixes)))
    if not area:
        return found, scope
    if not scope.covers(area):
        raise problems.NOT_FOUND()
    return found, AreaScope.of([area])


def _rows(programme: Programme, scope: AreaScope) -> list[Application]:
    rows = Application.objects.within(scope).filter(programme=programme, state__in=COUNTED)
    return list(
        rows.select_related("household", "area__parent")
        .only(
            "state", "persons", *(f"household__{name}" for name in SHOWN), "area__name", "area__parent__name"
        )
        .prefetch_related("grants__item")
        .order_by("area_id", "household__group", "number")
    )


def _register(sheet: Lines, rows: Sequence[Application], by: Rights, *, whole: bool) -> None:
    sheet.line([name for _number, name in FORM10], HEAD)
    sheet.line([number for number, _name in FORM10], HEAD)
    prices = queries.prices()
    words = {state: str(name) for state, name in Application.State.choices}
    for row in rows:
        sheet.line(_cells(row, prices, words, by, whole=whole), SMALL)
    _foot(sheet)
    _people(sheet, rows, by, whole=whole)


def _people(sheet: Lines, rows: Sequence[Application], by: Rights, *, whole: bool) -> None:
    """Write the members of the households on a sheet of their own, private values as the heads' are."""
    homes = {row.household_id: row for row in rows}
    people: dict[UUID, list[Member]] = {}
    for one in Member.objects.filter(household__in=list(homes)):
        people.setdefault(one.household_id, []).append(one)
    sheet.turn(MEMBERS, [15] * len(FORM10_MEMBERS))
    sheet.line([MEMBERS], TITLE)
    for _row in range(2, KEY_ROW):
        sheet.line([])
    sheet.line(FORM10_MEMBERS, HEAD)
    for key, row in homes.items():
        for one in people.get(key, ()):
            sheet.line(_person(one, row, by, whole=whole), SMALL)


def _person(one: Member, row: Application, by: Rights, *, whole: bool) -> list[str]:
    home = row.household
    told = shown.member(one, home, to=by)
    marks_told = one.marks if whole else told["marks"]
    return [
        row.area.parent.name if row.area.parent else "",
        row.area.name,
        home.group,
        home.name if whole else shown.name_for(home, to=by),
        home.identity if whole else private.mask_identity(home.identity),
        one.name if whole else told["name"],
        one.identity if whole else told["identity"],
        shown.codes_said("member_relation", [one.relation], "zh-hans"),
        shown.codes_said("member_mark", marks_told, "zh-hans"),
    ]


def _cells(
    row: Application, prices: Mapping[str, float], words: Mapping[str, str], by: Rights, *, whole: bool
) -> list[Any]:
    home = row.household
    given = [one for one in row.grants.all() if one.settled]
    money = sum(one.settled for one in given if one.item is None) / 100
    worth = sum((one.settled * prices.get(one.item.pk, 0.0) for one in given if one.item), 0.0)
    goods = "、".join(f"{one.item.name} {one.settled}{one.item.unit}" for one in given if one.item)
    township = row.area.parent.name if row.area.parent else ""
    identity, phone, card = home.identity, home.phone, home.card
    return [
        township,
        row.area.name,
        home.group,
        home.name if whole else shown.name_for(home, to=by),
        identity if whole else private.mask_identity(identity),
        phone if whole else private.mask_phone(phone),
        shown.types_said(home.types, "zh-hans"),
        home.members,
        home.address,
        row.persons,
        money,
        round(worth, 2),
        f"一卡通 {card if whole else mask_card(card)}" if card else "",
        goods,
        words[row.state],
    ]


def _needed(programme: Programme, scope: AreaScope) -> list[tuple[str, dict[str, Any]]]:
    found = []
    detail = queries.needing_persons(scope, programme.pk)
    for one in listing.townships(queries.village_needs(scope, programme.pk)):
        extra = detail.get(one.area, {})
        found.append((one.name, {**one._asdict(), **one.need, **extra}))
    return found


def _helped(programme: Programme, scope: AreaScope) -> list[tuple[str, dict[str, Any]]]:
    found = []
    detail = queries.helped(scope, programme.pk)
    for one in listing.townships(queries.village_needs(scope, programme.pk)):
        goods = sum(many for item, many in one.settled.items() if item != MONEY)
        money = one.settled.get(MONEY, 0) / 100
        found.append((one.name, {**detail.get(one.area, {}), "money": money, "goods": goods}))
    return found


def _by_township(
    sheet: Lines, columns: Sequence[tuple[str, str]], rows: Sequence[tuple[str, dict[str, Any]]]
) -> None:
    sheet.line([])
    sheet.line(["单位", *(name for _key, name in columns)], HEAD)
    first, last = KEY_ROW + 2, KEY_ROW + 1 + len(rows)
    letters = [letter(column) for column in range(2, len(columns) + 2)]
    sums = [Formula(f"=SUM({one}{first}:{one}{last})") if rows else 0 for one in letters]
    sheet.line(["合计", *sums], BOLD)
    for name, values in rows:
        sheet.line([name, *(values.get(key, 0) for key, _name in columns)], PLAIN)
    _foot(sheet)


def _template(programme_id: UUID, *, by: Rights, now: datetime) -> tuple[str, bytes]:
    """Write a blank sheet to be filled by villages and taken in whole."""
    found = queries.one_programme(programme_id, by=by)
    made = Workbook()
    sheet = cast(Worksheet, made.active)
    sheet.title = REGISTER
    put(sheet, 1, 1, f"{found.name} 户台账导入表", font=Font(name=FONT, size=16, bold=True))
    put(sheet, 2, 1, "每户一行;带 * 的必填;村(社区)填全称;有错一行也不写入,并指明单元格。")
    put(sheet, 3, 1, "家庭类型、致困情形可填多项,用顿号隔开;月份如 12、1、2。")
    _columns(sheet, COLUMNS)
    people = made.create_sheet(MEMBERS)
    put(people, 1, 1, f"{found.name} 家庭成员", font=Font(name=FONT, size=16, bold=True))
    put(people, 2, 1, MEMBERS_HOW)
    for at, name, listed in ((3, "与户主关系", "member_relation"), (4, "人员标识", "member_mark")):
        put(people, at, 1, f"{name}:{'、'.join(one.zh for one in book.codes(listed))}")
    _columns(people, MEMBER_COLUMNS)
    return f"{found.name}-户台账导入表.xlsx", _written(made, found)


def _columns(sheet: Worksheet, columns: Sequence[Column]) -> None:
    """Write the heads of a sheet to be filled, and its hidden keys."""
    for column, one in enumerate(columns, start=1):
        _head(sheet, KEY_ROW - 1, column, one.name + ("*" if one.needed else ""))
        put(sheet, KEY_ROW, column, one.key)
        sheet.column_dimensions[letter(column)].width = 20 if one.key in ("head", "identity") else 14
        if one.text:
            sheet.column_dimensions[letter(column)].number_format = "@"
    sheet.row_dimensions[KEY_ROW].hidden = True
    sheet.freeze_panes = f"D{KEY_ROW + 1}"


def _sheet(form: str, programme: Programme, by: Rights, now: datetime, note: str = "") -> Lines:
    """Begin a form's sheet with the four lines above its table."""
    about = heading(form)
    width = len(FORM10) if form == "register" else 1 + len(NEEDED if form == "needed" else HELPED)
    sheet = Lines(about["number"], [15] * width)
    local = now.astimezone(book.BEIJING)
    unit = Area.objects.only("name").get(pk=programme.area_id).name
    sheet.line([about["title"]], TITLE)
    sheet.line(
        [
            f"表号:{about['number']}    制定机关:{about['maker']}    批准机关:{about['approver']}    "
            f"批准文号:{about['document']}    有效期至:{about['until']}"
        ]
    )
    sheet.line([f"填报单位(盖章):{unit}    批次:{programme.name}({programme.number})    {local:%Y年%m月}"])
    words = f"内部资料 注意保密    导出人:{by.name} {local:%Y-%m-%d %H:%M}"
    sheet.line([f"{words}    {note}" if note else words])
    return sheet


def _head(sheet: Any, row: int, column: int, words: str) -> None:
    put(sheet, row, column, words, font=HEAD.font, alignment=MIDDLE, border=BOX, fill=GREY)


def _foot(sheet: Lines) -> None:
    sheet.line([])
    sheet.line(["单位负责人:        统计负责人:        填表人:        报出日期:"])


def _written(made: Workbook, programme: Programme) -> bytes:
    hidden = made.create_sheet(META)
    hidden.sheet_state = "veryHidden"
    for pair in (("version", VERSION), ("form", "needs"), ("programme", str(programme.pk))):
        hidden.append(pair)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def _named(form: str, programme: Programme) -> str:
    about = heading(form)
    return f"{about['number']}-{about['title']}-{programme.number}.xlsx"


def heading(form: str) -> dict[str, str]:
    """Give the head of a form (rule need.heading): number, title, maker, approver, document, until."""
    return next(row for row in book.value("need.heading") if row["form"] == form)
