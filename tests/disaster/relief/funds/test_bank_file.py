"""The bank's file out and its answer in: round trips, hostile names, other encodings, and every row that is wrong."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from disaster.relief.funds import services
from disaster.relief.funds.bankfile import BankFile, Payment, as_csv, as_xlsx
from disaster.relief.funds.bankfile.layout import CHECK, check_sum, safe
from disaster.relief.funds.models import Account, Download, PayBatch
from disaster.relief.funds.money import fen, yuan
from disaster.relief.needs.models import Application
from tests.disaster.relief.funds.made import (
    YUAN,
    a_programme,
    a_quota,
    answer,
    answer_rows,
    as_lines,
    granted,
    held,
    made,
    number,
    refused,
    released,
)
from tests.world import World

Rows = list[list[str]]
NAMES = ["王五", "=cmd|' /C calc'!A0", "+8613800138000", "-1+1", "@SUM(A1)", "张\n三\t李", '引"号', "欧阳,某"]


def payments(names: list[str] = NAMES) -> BankFile:
    rows = [
        Payment(at, f"DC{at:04d}", name, f"621700001234{at:07d}", "潜山农商行", at * 13005)
        for at, name in enumerate(names, start=1)
    ]
    return BankFile("FF2026-00012", "冬春救助", rows)


@pytest.fixture
def batch(world: World) -> PayBatch:
    """Three payments at the bank."""
    programme, quota = a_programme(), a_quota(world)
    for amount in (100, 200, 300):
        granted(programme, amount * YUAN)
    return released(world, programme, quota)


def read(world: World, batch: PayBatch, data: bytes) -> services.Answered:
    return services.read_answer(batch.pk, data, by=world.rights("bureau"), now=timezone.now())


def as_workbook(rows: Rows, change: Callable[[Any], None] = lambda sheet: None) -> bytes:
    book, out = Workbook(), io.BytesIO()
    sheet: Any = book.active
    for row in rows:
        sheet.append(row)
    change(sheet)
    book.save(out)
    return out.getvalue()


def test_both_formats_hold_the_same_cells_and_sum() -> None:
    it = payments()
    text = as_csv(it)
    assert text.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(text.decode("utf-8-sig"))))
    sheet: Any = load_workbook(io.BytesIO(as_xlsx(it))).active
    shown = [[("" if cell.value is None else str(cell.value)) for cell in row] for row in sheet.iter_rows()]
    assert [row[:3] for row in shown] == [(row + [""] * 3)[:3] for row in rows]
    assert rows[0] == ["批次号", it.number, "笔数", "8", "总金额(元)", yuan(it.total), "摘要", "冬春救助"]
    assert rows[-1] == [CHECK, it.check_sum]
    assert check_sum(rows[:-1]) == it.check_sum
    assert sheet["D3"].value == "6217000012340000001"
    assert sum(fen(row[5].value) or 0 for row in sheet.iter_rows(min_row=3, max_row=10)) == it.total


def test_no_cell_is_a_formula() -> None:
    it = payments()
    for row in csv.reader(io.StringIO(as_csv(it).decode("utf-8-sig"))):
        assert not [cell for cell in row if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]
    sheet: Any = load_workbook(io.BytesIO(as_xlsx(it))).active
    assert {cell.data_type for row in sheet.iter_rows() for cell in row if cell.value is not None} == {
        "s",
        "n",
    }
    assert b"<f>" not in zipfile.ZipFile(io.BytesIO(as_xlsx(it))).read("xl/worksheets/sheet1.xml")


@given(st.text(max_size=30))
def test_whatever_a_name_is_it_is_one_harmless_cell(name: str) -> None:
    it = payments([name])
    rows = list(csv.reader(io.StringIO(as_csv(it).decode("utf-8-sig"))))
    assert rows[2][2] == safe(name)
    assert check_sum(rows[:-1]) == it.check_sum


@given(st.integers(0, 10**13))
def test_yuan_written_is_read_again_to_the_fen(amount: int) -> None:
    assert fen(yuan(amount)) == amount


@pytest.mark.parametrize(
    ("written", "read_as"),
    [
        *[("1,300.5", 130050), ("¥130", 13000), ("130.00元", 13000), (130.1 + 0.2, 13030), (7, 700)],
        *[("12.345", None), ("-1", None), ("1e5", None), ("", None), (None, None), (True, None)],
        *[("9" * 40, None), ("nan", None), (float("inf"), None), ("1,30", None), ("12.5.1", None)],
    ],
)
def test_amounts_as_people_and_spreadsheets_write_them(written: object, read_as: int | None) -> None:
    assert fen(written) == read_as


@pytest.mark.django_db
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030"])
def test_the_banks_encoding_is_understood(world: World, batch: PayBatch, encoding: str) -> None:
    last = Application.objects.order_by("-number")[0].number
    assert read(world, batch, answer(batch, [last], encoding)) == (2, 1, 0)
    assert batch.lines.get(state="refused").why == "账户状态异常"


@pytest.mark.django_db
def test_a_workbook_with_numbers_for_amounts_is_an_answer_too(world: World, batch: PayBatch) -> None:
    rows = answer_rows(batch)

    def to_numbers(sheet: Any) -> None:
        for row in range(3, 6):
            sheet.cell(row, 6).value = float(sheet.cell(row, 6).value)
            sheet.cell(row, 1).value = int(sheet.cell(row, 1).value)

    assert read(world, batch, as_workbook(rows, to_numbers)) == (3, 0, 0)
    assert read(world, batch, as_lines(rows)) == (3, 0, 0)
    assert batch.answers.count() == 1


@pytest.mark.django_db
def test_an_answer_may_come_in_parts(world: World, batch: PayBatch) -> None:
    rows = answer_rows(batch)
    assert read(world, batch, as_lines([rows[0][:2], rows[1], rows[3], rows[-1]])) == (1, 0, 2)
    batch.refresh_from_db()
    assert batch.state == "released"
    assert read(world, batch, as_lines([rows[0][:2], rows[1], rows[2], rows[4], rows[-1]])) == (2, 0, 0)
    batch.refresh_from_db()
    assert batch.state == "answered"


def changed(row: int, column: int, to: str) -> Callable[[Rows], None]:
    def change(rows: Rows) -> None:
        rows[row][column] = to

    return change


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("change", "where", "says"),
    [
        (changed(2, 0, "9"), "row.3", "没有序号 9"),
        (changed(2, 0, "１"), "row.3", "没有序号"),
        (changed(2, 1, "DC000"), "row.3", "没有序号"),
        (changed(3, 5, "200.01"), "row.4", "200.01"),
        (changed(3, 5, "=200"), "row.4", "不符"),
        (changed(3, 2, "李四"), "row.4", "户名“李四”与送出的“王五”不符"),
        (changed(3, 2, "王*六"), "row.4", "王*六"),
        (changed(3, 7, "也许"), "row.4", "也许"),
        (changed(4, 7, "失败"), "row.5", "写明原因"),
        (changed(4, 0, "1"), "row.5", "没有序号 1"),
        (lambda rows: rows.insert(3, list(rows[2])), "row.4", "两次"),
        (changed(5, 5, "601.00"), "row.6", "与明细"),
        (changed(0, 3, "4"), "row.1", "与明细"),
        (changed(6, 1, "0" * 64), "file", "校验码"),
        (changed(0, 1, "FF2026-99999"), "file", "FF2026-99999"),
        (lambda rows: rows.pop(6), "file", "校验码"),
        (lambda rows: rows.pop(1), "file", "表头"),
        (lambda rows: rows.__delitem__(slice(2, 5)), "file", "没有一笔"),
    ],
)
def test_what_is_wrong_is_named_by_row_and_nothing_is_read(
    world: World, batch: PayBatch, change: Callable[[Rows], None], where: str, says: str
) -> None:
    rows = answer_rows(batch)
    change(rows)
    for data in (as_lines(rows), as_workbook(rows)):
        problem = refused(partial(read, world, batch, data))
        assert problem.kind.number == "400.30"
        assert says in problem.errors[where].say("zh")
    assert set(batch.lines.values_list("state", flat=True)) == {"waiting"}


@pytest.mark.django_db
def test_a_refusal_under_another_name_is_booked_as_such_and_the_difference_stands_at_its_line(
    world: World, batch: PayBatch
) -> None:
    rows = answer_rows(batch)
    rows[3][2], rows[3][7:] = "李四", ["失败", "户名不符"]
    assert read(world, batch, as_lines(rows)) == (2, 1, 0)
    line = batch.lines.get(state="refused")
    assert line.why == "户名不符(回盘户名“李四”,送出“王五”)"
    assert held(Account.Kind.BANK) == 0
    assert line.application.household.card_refused_why == "户名不符(回盘户名与登记不同)"
    assert read(world, batch, as_lines(rows)) == (2, 1, 0)
    assert batch.answers.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["王 五", "王*", "*五", "?五", "", "—", "'王五"])
def test_a_name_as_banks_write_it_is_no_other_name(world: World, batch: PayBatch, name: str) -> None:
    rows = answer_rows(batch)
    rows[3][2] = name
    assert read(world, batch, as_lines(rows)) == (3, 0, 0)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff\xfe\x00\x00",
        b"PK\x03\x04 no zip",
        "序号".encode("utf-16"),
        b"\x81" * 50,
        b'"' * 1001,
        as_workbook([["a"]])[:200],
        b"<html>login</html>",
    ],
    ids=["nothing", "marks", "no zip", "utf-16", "no text", "quotes", "cut", "a page"],
)
def test_what_is_no_answer_is_refused(world: World, batch: PayBatch, data: bytes) -> None:
    problem = refused(lambda: read(world, batch, data))
    assert (problem.kind.number, list(problem.errors)) == ("400.30", ["file"])


@pytest.mark.django_db
def test_a_file_with_whole_cards_is_taken_for_a_reason_that_is_kept(world: World) -> None:
    programme, quota = a_programme(), a_quota(world)
    wang = granted(programme, card="6217000012345678901")
    batch = made(world, programme, quota)
    by, now = world.rights("bureau"), timezone.now()

    def take(who: str = "bureau", why: str = "送银行", kind: str = "csv") -> Any:
        return services.take_file(batch.pk, kind=kind, why=why, by=world.rights(who), now=now)

    assert number(take) == "409.2"
    services.release(batch.pk, by=world.rights("leader"), now=now)
    assert number(lambda: take("auditor")) == "403.1"
    assert list(refused(lambda: take(why=" ")).errors) == ["why"]
    assert list(refused(lambda: take(kind="pdf")).errors) == ["kind"]
    assert not Download.objects.exists()
    for kind in ("csv", "xlsx"):
        assert take(kind=kind).name == f"{batch.number}.{kind}"
    text = take().data.decode("utf-8-sig")
    assert (wang.number in text, "6217000012345678901" in text) == (True, True)
    kept = list(Download.objects.values_list("kind", "why", "by_id"))
    assert kept == [(kind, "送银行", by.person_id) for kind in ("csv", "xlsx", "csv")]
    line = batch.lines.get()
    assert b"6217000012345678901" not in bytes(line.card_sealed)
    assert line.card_masked == "****8901"
