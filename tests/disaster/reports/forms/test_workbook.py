"""The workbook itself: its heads, formulas and print set-up; reading back; hostile files."""

from __future__ import annotations

import io
import uuid
import zipfile
from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from disaster.reports import rollup
from disaster.reports.forms.formulas import evaluate
from disaster.reports.forms.read import Limits, Parsed, read_workbook
from disaster.reports.forms.sheet import COLUMNS, HEAD_ROWS, KEY_ROW, SUMS, Heading, Line, Material, heads
from disaster.reports.forms.write import workbook
from disaster.rules.book import BEIJING
from tests.world import BING, COUNTY, EAST, JIA, WEST, YI

LIMITS = Limits(4_000_000, 32_000_000, 2_000)
HEADING = Heading(
    "应急统表1", "自然灾害损失情况统计快报表", "应急管理部", "国家统计局", "国统制〔    〕    号", ""
)
AT = datetime(2013, 7, 7, 18, tzinfo=BEIJING)
Figures = dict[str, Decimal]


def material(lines: list[Line], form: Any = "detail", **fields: Any) -> Material:
    values: dict[str, Any] = {
        "form": form,
        "heading": HEADING,
        "event": str(uuid.uuid4()),
        "event_name": "暴雨",
        "hazard": "洪涝灾害-山洪",
        "occurred_at": AT,
        "county": "潜山市",
        "cutoff": AT,
        "basis": "received",
        "made_at": AT,
        "maker": "=HYPERLINK(1)",
        "lines": lines,
        "notes": {"灾情文字说明": "=1+1"},
    }
    return Material(**{**values, **fields})


def lines_of(entered: dict[str, Figures]) -> list[Line]:
    counted = [rollup.Standing(uuid.uuid4(), code, AT, figures) for code, figures in entered.items()]
    rows = rollup.roll_up(counted)
    base = {one.area: str(one.id) for one in counted}

    def total(code: str, depth: int) -> Line:
        return Line(code, code, "total", rows[code].figures if code in rows else {}, depth=depth)

    def entry(code: str, level: Any, depth: int) -> Line:
        return Line(code, code, level, entered.get(code, {}), base.get(code, ""), depth)

    return [
        *(total(COUNTY, 0), entry(COUNTY, "own", 0)),
        *(total(EAST, 1), entry(EAST, "own", 1), entry(JIA, "village", 1), entry(YI, "village", 1)),
        *(total(WEST, 1), entry(WEST, "own", 1), entry(BING, "village", 1)),
    ]


def figure(key: str) -> st.SearchStrategy[Decimal]:
    whole = next(one.type for one in COLUMNS if one.key == key) == "int"
    return st.decimals(min_value=0, max_value=10**6, places=0 if whole else 2, allow_nan=False)


@st.composite
def entries(draw: st.DrawFn) -> dict[str, Figures]:
    made = {}
    for code in draw(st.sets(st.sampled_from([COUNTY, EAST, WEST, JIA, YI, BING]))):
        keys = draw(st.sets(st.sampled_from([one.key for one in COLUMNS]), max_size=12))
        figures = {key: draw(figure(key)) for key in sorted(keys)}
        for whole in sorted(draw(st.sets(st.sampled_from(sorted(SUMS)), max_size=2))):
            for part in SUMS[whole]:
                figures[part] = draw(figure(part))
            figures[whole] = sum((figures[part] for part in SUMS[whole]), Decimal(0))
        made[code] = figures
    return made


@settings(max_examples=40, deadline=None)
@given(entries())
def test_what_is_written_is_read_back(entered: dict[str, Figures]) -> None:
    parsed = read_workbook(workbook(material(lines_of(entered))), LIMITS)
    assert not parsed.errors
    lines = lines_of(entered)
    for row, line in zip(parsed.rows, lines, strict=True):
        assert (row.code, row.level) == (line.code, line.level)
        if line.level == "total":
            assert {k: v for k, v in row.figures.items() if v} == {k: v for k, v in line.figures.items() if v}
        else:
            assert row.figures == line.figures


SOME = lines_of(
    {JIA: {"affected": Decimal(41)}, YI: {"affected": Decimal(7)}, EAST: {"loss_total": Decimal("1.25")}}
)


def edited(change: Any, lines: list[Line] = SOME) -> Parsed:
    book = load_workbook(io.BytesIO(workbook(material(lines))))
    sheet = book.worksheets[0]
    columns = {cell.value: cell.column_letter for cell in sheet[KEY_ROW]}
    change(book, sheet, columns)
    out = io.BytesIO()
    book.save(out)
    return read_workbook(out.getvalue(), LIMITS)


def said(parsed: Parsed) -> dict[str, str]:
    return {cell: error.say("zh") for cell, error in parsed.errors.items()}


def test_the_head_has_every_column_in_order_with_two_aspects() -> None:
    made = heads()
    assert len(made) == len(COLUMNS)
    assert [head.number for head in made][:6] == ["1", "2", "3", "4", "5", "5a"]
    assert [(h.name, h.aspect) for h in made if h.number == "7a"] == [
        ("其中:集中安置人口", "累计值"),
        ("其中:集中安置人口", "实时值"),
    ]


def test_the_sheet_prints_on_a3_with_its_head_on_every_page() -> None:
    book = load_workbook(io.BytesIO(workbook(material(SOME, "fast"))))
    sheet = book.worksheets[0]
    assert (sheet.page_setup.paperSize, sheet.page_setup.orientation) == (8, "landscape")
    assert sheet.print_title_rows == f"$1:${HEAD_ROWS}"
    assert sheet.freeze_panes == f"E{HEAD_ROWS + 1}"
    assert [sheet.cell(6, n).value for n in range(1, 5)] == ["区域", "灾种", "隶属区域", "灾害发生时间"]
    assert "E6:E8" in {str(one) for one in sheet.merged_cells.ranges}


def test_text_of_people_is_never_a_formula() -> None:
    book = load_workbook(io.BytesIO(workbook(material(SOME))))
    assert book["灾情文字说明"]["A3"].data_type == "s"
    assert book["灾情文字说明"]["A3"].value == "=1+1"


def test_a_wrong_figure_is_named_by_its_cell() -> None:
    def change(_book: Any, sheet: Any, columns: Any) -> None:
        sheet[f"{columns['dead']}16"] = -1
        sheet[f"{columns['affected']}17"] = 1.5
        sheet[f"{columns['loss_total']}16"] = "许多"

    errors = said(edited(change))
    assert len(errors) == 3
    assert "G16" in errors
    assert errors["G16"] == "因灾死亡人口 须为非负整数"


def test_a_total_typed_over_a_missing_column_and_a_row_twice() -> None:
    assert "合计 9" in next(
        iter(said(edited(lambda b, s, c: s.__setitem__(f"{c['affected']}12", 9))).values())
    )
    assert (
        "因灾死亡人口"
        in said(edited(lambda b, s, c: s.__setitem__(f"{c['dead']}{KEY_ROW}", None)))["file.dead"]
    )
    twice = said(edited(lambda b, s, c: s.__setitem__("A17", JIA)))
    assert twice == {"A17": "这个单位已在第 16 行出现"}


def test_a_formula_that_is_not_ours_needs_its_result() -> None:
    assert "没有结果" in next(
        iter(said(edited(lambda b, s, c: s.__setitem__(f"{c['affected']}16", "=40+1"))).values())
    )


def test_another_version_is_refused() -> None:
    assert "file" in said(edited(lambda b, s, c: b["_meta"].__setitem__("B1", "zaiqing-form-0")))


def test_a_circle_of_formulas_ends() -> None:
    def change(_book: Any, sheet: Any, columns: Any) -> None:
        sheet[f"{columns['affected']}16"] = f"=SUM({columns['affected']}17)"
        sheet[f"{columns['affected']}17"] = f"=SUM({columns['affected']}16)"

    edited(change)


def rezipped(extra: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook(material(SOME)))) as old, zipfile.ZipFile(out, "w", 8) as new:
        for entry in old.infolist():
            if entry.filename not in extra:
                new.writestr(entry, old.read(entry))
        for name, content in extra.items():
            new.writestr(name, content)
    return out.getvalue()


_BOMB = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"PK\x03\x04nonsense",
        b"%PDF-1.4",
        b"\0" * 5_000_000,
        rezipped({"xl/vbaProject.bin": b"x"}),
        rezipped({"xl/externalLinks/externalLink1.xml": b"<a/>"}),
        rezipped({"xl/styles.xml": _BOMB}),
        rezipped({"xl/styles.xml": _BOMB.decode().encode("utf-16")}),
        rezipped({"xl/media/zeros.bin": b"\0" * 33_000_000}),
        rezipped({"xl/workbook.xml": b"<a/>"}),
        rezipped({"xl/worksheets/sheet1.xml": b"<worksheet><sheetData><row r='x'"}),
        workbook(material(SOME))[:-400],
    ],
    ids=[
        "empty",
        "torn",
        "pdf",
        "large",
        "macros",
        "links",
        "entities",
        "utf16",
        "bomb",
        "bare",
        "broken",
        "cut",
    ],
)
def test_a_hostile_file_is_refused_whole(data: bytes) -> None:
    parsed = read_workbook(data, LIMITS)
    assert parsed.errors
    assert all(cell.startswith("file") for cell in parsed.errors)


def test_formulas_compute_what_ours_are_and_nothing_else() -> None:
    cells = {"A1": Decimal(2), "A2": Decimal("0.5"), "B7": Decimal(3)}
    assert evaluate("=SUM(A1:A3,B7)", cells.get) == Decimal("5.5")
    assert evaluate("=MIN(1,SUM(A1:A2))", cells.get) == 1
    for other in (
        "=A1+A2",
        "=SUM(A1:B2)",
        "=SUM(A1:A9999999)",
        "=SUM(A2:A1)",
        "=WEBSERVICE(1)",
        "=SUM(A1",
        "=SUM(A1))",
    ):
        assert evaluate(other, cells.get) is None
