"""应急统表8 and 应急统表9 as a workbook: the registers (台账) in force, identity and telephone numbers masked.

The whole numbers leave the system only one at a time, for a reason on record; no form holds
them. Each sheet says who took it and when, as exported personal data must (§8.3). A hidden row
of keys and two hidden columns (the row's id and version) let it be read back
(:mod:`disaster.reports.forms.persons_import`).
"""

from __future__ import annotations

import io
from datetime import date, datetime
from typing import Any, cast

from django.db import transaction
from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter as letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from disaster import problems
from disaster.events.models import Event
from disaster.journal import append
from disaster.people.scope import Rights
from disaster.registers import queries as registers
from disaster.registers import shown
from disaster.reports.forms.sheet import META, VERSION
from disaster.reports.forms.write import A4, BOX, GREY, MIDDLE, put
from disaster.rules import book
from gis.scope import AreaScope

_ALL = 100_000
_SHARED = (
    ("township_name", "乡镇(街道)"),
    ("area_name", "村(社区)"),
    ("name", "姓名"),
    ("identity", "身份证号"),
    ("phone", "联系电话"),
    ("address", "住址"),
    ("hazard", "灾种"),
    ("occurred_at", "时间"),
)
SHEETS: dict[str, tuple[str, str, tuple[tuple[str, str], ...]]] = {
    "casualties": (
        "应急统表8",
        "因灾死亡失踪人口一览表",
        (
            *_SHARED,
            ("status", "死亡/失踪"),
            ("sex", "性别"),
            ("birth_date", "出生日期"),
            ("age", "年龄"),
            ("ethnicity", "民族"),
            ("residence", "户籍所在地"),
            ("is_resident", "常住人口"),
            ("place", "地点"),
            ("cause", "原因"),
            ("capacity", "死亡失踪时身份"),
            ("family_contact", "家属联系人"),
            ("comfort_yuan", "抚慰金(元)"),
            ("remarks", "备注"),
        ),
    ),
    "homes": (
        "应急统表9",
        "因灾倒塌损坏住房户一览表",
        (
            *_SHARED,
            ("household_types", "家庭类型"),
            ("members", "家庭人口"),
            ("structure", "房屋结构"),
            ("rooms_collapsed", "倒塌间数"),
            ("rooms_severe", "严重损坏间数"),
            ("rooms_slight", "一般损坏间数"),
            ("rebuild_way", "重建方式"),
            ("rooms_to_rebuild", "重建间数"),
            ("rooms_to_repair", "修缮间数"),
            ("subsidy_yuan", "补助金额(元)"),
            ("insured", "是否参保"),
            ("completed_on", "完成日期"),
            ("remarks", "备注"),
        ),
    ),
}
"""Register → number and title of its form, and the columns in the form's order."""
WHY = "修改原因"
TRACE = (("why", WHY), ("id", "编号"), ("version", "版本"))
"""What an import needs besides the form's own columns; the last two are hidden."""
KEY_ROW = 5
WORDS = {"dead": "死亡", "missing": "失踪", "alive": "生还", "male": "男", "female": "女"}


@transaction.atomic
def export(event: Event, *, by: Rights, now: datetime) -> bytes:
    """Write both registers of an event as far as the reader may both see registers and export forms.

    Raises
    ------
    Problem
        403.1 if that is nowhere.
    """
    scope = AreaScope(tuple(sorted(_both(by))))
    if not scope.prefixes:
        raise problems.NOT_ALLOWED()
    made = Workbook()
    made.remove(cast(Worksheet, made.active))
    for kind, (number, title, columns) in SHEETS.items():
        rows = registers.rows(kind, scope=scope, event=event.id, limit=_ALL).rows
        told = [shown.show(row, to=by) for row in rows]
        _sheet(made.create_sheet(number), f"{title}({number})", event.name, (*columns, *TRACE), told, by, now)
    _meta(made.create_sheet(META), event)
    append.one(
        "form.exported",
        object_kind="form.registers",
        object_id=str(event.id),
        area_code=event.area_code,
        put=[],
        by=by,
        at=now,
    )
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def _both(by: Rights) -> set[str]:
    """Give the prefixes that lie in both scopes."""
    see, take = by.where("register.see").prefixes, by.where("form.export").prefixes
    return {one for one in see if one.startswith(tuple(take))} | {
        one for one in take if one.startswith(tuple(see))
    }


def _sheet(
    sheet: Any,
    title: str,
    event: str,
    columns: tuple[tuple[str, str], ...],
    rows: list[dict[str, Any]],
    by: Rights,
    now: datetime,
) -> None:
    local = now.astimezone(book.BEIJING)
    put(sheet, 1, 1, title, font=Font(name="宋体", size=16, bold=True))
    put(sheet, 2, 1, f"灾害过程:{event}    登记截至 {local:%Y-%m-%d %H:%M}")
    put(sheet, 3, 1, f"内部资料 注意保密    导出人:{by.name} {local:%Y-%m-%d %H:%M}")
    for column, (key, name) in enumerate(columns, start=1):
        put(
            sheet,
            4,
            column,
            name,
            font=Font(name="宋体", size=9, bold=True),
            alignment=MIDDLE,
            border=BOX,
            fill=GREY,
        )
        put(sheet, KEY_ROW, column, key)
        sheet.column_dimensions[letter(column)].width = 14
    sheet.row_dimensions[KEY_ROW].hidden = True
    for column in (len(columns) - 1, len(columns)):
        sheet.column_dimensions[letter(column)].hidden = True
    for number, row in enumerate(rows, start=KEY_ROW + 1):
        for column, (key, _name) in enumerate(columns, start=1):
            put(sheet, number, column, _cell(key, row.get(key)), border=BOX, font=Font(name="宋体", size=9))
    put(sheet, len(rows) + KEY_ROW + 2, 1, "单位负责人:        统计负责人:        填表人:        报出日期:")
    sheet.freeze_panes = f"D{KEY_ROW + 1}"
    sheet.page_setup.paperSize, sheet.page_setup.orientation = A4, "landscape"
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_title_rows = "1:4"
    sheet.oddFooter.center.text = "第 &P 页 共 &N 页"


def _meta(sheet: Any, event: Event) -> None:
    sheet.sheet_state = "veryHidden"
    for row, (key, value) in enumerate(
        (("version", VERSION), ("form", "registers"), ("event", str(event.id))), start=1
    ):
        put(sheet, row, 1, key)
        put(sheet, row, 2, value)


def _cell(key: str, value: Any) -> Any:
    if key == "household_types":
        return shown.coded(key, [main] if (main := shown.main_type(list(value))) else [], "zh-hans")
    if key in shown.CODED:
        return shown.coded(key, value, "zh-hans")
    if key == "id":
        return str(value)
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, datetime):
        return f"{value.astimezone(book.BEIJING):%Y-%m-%d %H:%M}"
    if isinstance(value, date):
        return value.isoformat()
    return WORDS.get(value, value) if key in {"status", "sex"} else value
