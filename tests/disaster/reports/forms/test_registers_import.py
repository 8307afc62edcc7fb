"""The registers out as a workbook, changed by a clerk, and in again; and the 快报表 held against the system."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone
from openpyxl import load_workbook

from disaster.journal.models import Entry
from disaster.problems import Problem
from disaster.registers import services as registers
from disaster.registers.entries import CasualtyEntry, HomeEntry
from disaster.registers.models import Casualty, DamagedHome, Version
from disaster.reports.forms import services
from disaster.reports.services import submit
from tests.disaster.registers.filled import a_number, casualty_body, home_body
from tests.world import JIA, YI, World, a_report, submission

pytestmark = pytest.mark.django_db
PEOPLE, HOMES = "应急统表8", "应急统表9"
Edit = Callable[[Any, dict[str, int]], None]


@pytest.fixture
def event(world: World) -> Any:
    event = world.event(started_at=timezone.now() - timedelta(hours=5))
    by, now = world.rights("bureau"), timezone.now()
    registers.enter("casualties", CasualtyEntry(**casualty_body(event)), by=by, now=now)
    registers.enter("homes", HomeEntry(**home_body(event)), by=by, now=now)
    return event


def exported(world: World, event: Any) -> bytes:
    return services.export_registers(event_id=event.id, by=world.rights("bureau"), now=timezone.now())[1]


def edited(data: bytes, sheet: str, edit: Edit) -> bytes:
    book = load_workbook(io.BytesIO(data))
    page = book[sheet]
    edit(page, {cell.value: cell.column for cell in page[5]})
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def setting(row: int = 6, **values: Any) -> Edit:
    def edit(page: Any, columns: dict[str, int]) -> None:
        for key, value in values.items():
            page.cell(row, columns[key]).value = value

    return edit


def take(world: World, data: bytes, account: str = "bureau") -> services.Taken:
    return services.import_form(data, by=world.rights(account), now=timezone.now())


def refusal(world: World, data: bytes, account: str = "bureau") -> dict[str, str]:
    with pytest.raises(Problem) as caught:
        take(world, data, account)
    return {cell: error.say("zh") for cell, error in caught.value.errors.items()}


def test_what_was_exported_changes_nothing_and_keeps_the_numbers(world: World, event: Any) -> None:
    before = Version.objects.count()
    assert take(world, exported(world, event)) == services.Taken("registers", unchanged=2)
    assert Version.objects.count() == before
    assert Casualty.objects.get().identity == a_number()


def test_no_whole_number_leaves(world: World, event: Any) -> None:
    book = load_workbook(io.BytesIO(exported(world, event)))
    told = {str(cell.value) for page in book for row in page.iter_rows() for cell in row}
    assert a_number() not in told
    assert "13812345678" not in told


def test_a_corrected_line_is_a_version_with_its_reason(world: World, event: Any) -> None:
    data = edited(exported(world, event), HOMES, setting(rooms_collapsed=3, why="入户核查"))
    assert take(world, data).changed == 1
    home = DamagedHome.objects.get()
    assert (home.rooms_collapsed, home.identity, home.household_types) == (
        3,
        a_number(3),
        ["minimum_living", "watched_edge"],
    )
    assert Version.objects.get(row_id=home.id, number=2).why == "入户核查"
    assert Entry.objects.filter(verb="form.imported", object_kind="form.registers").count() == 1


def test_a_correction_without_a_reason_names_the_cell(world: World, event: Any) -> None:
    told = refusal(world, edited(exported(world, event), HOMES, setting(rooms_collapsed=3)))
    assert [cell.split("!")[0] for cell in told] == [HOMES]
    assert DamagedHome.objects.get().rooms_collapsed == 2


def test_a_whole_number_replaces_a_masked_one(world: World, event: Any) -> None:
    fresh = a_number(7)
    take(world, edited(exported(world, event), PEOPLE, setting(identity=fresh, why="补正")))
    assert Casualty.objects.get().identity == fresh


def test_a_mask_that_was_touched_is_refused(world: World, event: Any) -> None:
    told = refusal(world, edited(exported(world, event), PEOPLE, setting(identity="340824********9999")))
    assert list(told.values()) == ["含 * 的号码不能改;不变请保持原样,要改请填完整号码"]


def test_missing_found_dead_keeps_the_history(world: World, event: Any) -> None:
    data = edited(exported(world, event), PEOPLE, setting(status="死亡", place="下游二里河滩", why="已找到"))
    assert take(world, data).changed == 1
    person = Casualty.objects.get()
    assert (person.status, person.place) == ("dead", "下游二里河滩")
    assert list(Version.objects.filter(row_id=person.id).values_list("act", flat=True)) == [
        "entered",
        "status",
        "changed",
    ]


def new_home(**values: Any) -> Edit:
    line = {
        "township_name": "甲乡",
        "area_name": "乙村",
        "name": "王五",
        "identity": a_number(11),
        "phone": "13700001111",
        "hazard": "洪涝",
        "occurred_at": (timezone.now() - timedelta(hours=1)).astimezone().strftime("%Y-%m-%d %H:%M"),
        "household_types": "一般户",
        "members": 3,
        "structure": "砖木结构",
        "rooms_slight": 2,
        "insured": "是",
    }
    return setting(row=7, **{**line, **values})


def names_of(event: Any, code: str) -> dict[str, str]:
    from gis.models import Area

    village = Area.objects.select_related("parent").get(code=code)
    assert village.parent
    return {"township_name": village.parent.name, "area_name": village.name}


def words(field: str, key: str) -> str:
    from disaster.registers import shown

    return dict(shown.choices(field, "zh-hans"))[key]


def filled(event: Any, **values: Any) -> Edit:
    coded = {
        "hazard": words("hazard", "flood"),
        "household_types": words("household_types", "minimum_living"),
        "structure": words("structure", "brick_wood"),
    }
    return new_home(**{**names_of(event, YI), **coded, **values})


def test_a_new_line_is_entered_sealed(world: World, event: Any) -> None:
    done = take(world, edited(exported(world, event), HOMES, filled(event)))
    assert (done.entered, done.unchanged) == (1, 2)
    home = DamagedHome.objects.get(area=YI)
    assert (home.name, home.identity, home.insured, home.members) == ("王五", a_number(11), True, 3)


def test_one_bad_line_keeps_all_out_and_each_error_has_its_cell(world: World, event: Any) -> None:
    def edit(page: Any, columns: dict[str, int]) -> None:
        filled(event)(page, columns)
        filled(event, identity="340824195604120999", structure="竹")(page, columns)
        setting(row=8, **names_of(event, YI), name="赵六", occurred_at="昨天", members="三")(page, columns)

    told = refusal(world, edited(exported(world, event), HOMES, edit))
    assert {cell.split("!")[1][-1] for cell in told} == {"7", "8"}
    assert any("竹" in sentence for sentence in told.values())
    assert DamagedHome.objects.count() == 1


def test_a_row_changed_meanwhile_asks_for_a_new_export(world: World, event: Any) -> None:
    data = exported(world, event)
    home = DamagedHome.objects.get()
    body = home_body(event, rooms_collapsed=5, why="复核", identity=None, phone=None)
    registers.change("homes", home.id, HomeEntry(**body), by=world.rights("bureau"), now=timezone.now())
    told = refusal(world, edited(data, HOMES, setting(rooms_slight=4, why="入户")))
    assert list(told.values()) == ["导出后已有人修改了这一行,请重新导出后再改"]


@pytest.mark.parametrize("account", ["jia_a", "leader", "auditor"])
def test_who_writes_no_register_imports_none(world: World, event: Any, account: str) -> None:
    with pytest.raises(Problem) as caught:
        take(world, exported(world, event), account)
    assert caught.value.kind.status == 403


def fast(world: World, event: Any) -> bytes:
    figures = {"affected": Decimal(41), "loss_total": Decimal("1.25")}
    submit(submission(a_report(JIA, event=event.id, figures=figures), world.rights("jia_a")))
    now = timezone.now()
    return services.export(
        "fast", event_id=event.id, cutoff=now, basis="received", by=world.rights("bureau"), now=now
    )[1]


def test_the_fast_form_agrees_or_names_the_cell(world: World, event: Any) -> None:
    data = fast(world, event)
    assert take(world, data).form == "fast"
    book = load_workbook(io.BytesIO(data))
    sheet = book.worksheets[0]
    column = next(cell.column for cell in sheet[11] if cell.value == "affected")
    row = sheet.max_row
    while sheet.cell(row, column).value != 41:
        row -= 1
    sheet.cell(row, column).value = 43
    out = io.BytesIO()
    book.save(out)
    told = refusal(world, out.getvalue())
    assert any(cell.endswith(str(row)) and "43" in say and "41" in say for cell, say in told.items())


@pytest.mark.parametrize("junk", [b"", b"PK\x03\x04", b"a,b,c", b"\0" * 100])
def test_a_stranger_s_file_is_refused_whole(world: World, event: Any, junk: bytes) -> None:
    assert list(refusal(world, junk)) == ["file"]
