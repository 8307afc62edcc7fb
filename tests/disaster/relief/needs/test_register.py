"""The household register: who is entered, corrected, seen in full; and its workbooks, out and in."""

from __future__ import annotations

import io
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import load_workbook

from disaster.journal.models import Entry
from disaster.problems import Problem
from disaster.relief.needs import evidence, forms, listing, reading, services
from disaster.relief.needs.columns import COLUMNS, KEY_ROW
from disaster.relief.needs.models import Application, Change, Household, Programme, Reading
from gis.scope import AreaScope
from tests.disaster.relief.needs.made import (
    a_household,
    a_number,
    a_programme,
    act,
    applied,
    brought,
    home,
    many,
)
from tests.world import BING, JIA, YI, World

pytestmark = pytest.mark.django_db


def refused(doing: Callable[[], Any]) -> Problem:
    with pytest.raises(Problem) as caught:
        doing()
    return caught.value


def test_an_identity_number_is_checked_and_stands_once(world: World) -> None:
    number = a_number()
    wrong = number[:17] + ("0" if number[17] != "0" else "1")
    assert set(refused(lambda: a_household(world, identity=wrong)).errors) == {"identity"}
    a_household(world, identity=number)
    assert refused(lambda: a_household(world, "yi_a", area=YI, identity=number)).kind.number == "409.28"
    again = uuid.uuid4()
    made = [services.enter(again, home(), by=world.rights("jia_a"), now=timezone.now()) for _ in range(2)]
    assert made[0] == made[1]
    assert Household.objects.count() == 2


def test_what_was_entered_is_sealed_and_a_change_leaves_masked_history(world: World) -> None:
    number = a_number()
    row = a_household(world, identity=number)
    assert number.encode() not in bytes(Household.objects.get().identity_sealed)
    rights, now = world.rights("jia_a"), timezone.now()
    services.card_refused(applied(world, a_programme(world), row).pk, "户名不符", by=rights, now=now)
    entry = home(identity=None, phone=None, card="6217001234567890132", name="张守田", members=4)
    changed = services.change(row.pk, entry, version=1, by=rights, now=now, why="换卡")
    assert (changed.identity, changed.version, changed.card_refused_why) == (number, 2, "")
    change = Change.objects.get()
    assert change.changes["card"] == ["***************0124", "***************0132"]
    assert change.changes["members"] == [3, 4]
    stale = refused(lambda: services.change(row.pk, entry, version=1, by=rights, now=now))
    assert stale.kind.number == "409.5"
    small = home(identity=None, phone=None, card=None, members=1)
    few = refused(lambda: services.change(row.pk, small, version=2, by=rights, now=now))
    assert set(few.errors) == {"members"}


def test_full_numbers_are_shown_for_a_reason_that_is_kept(world: World) -> None:
    row = a_household(world)
    now = timezone.now()
    assert set(
        refused(lambda: services.reveal(row.pk, why=" ", by=world.rights("east"), now=now)).errors
    ) == {"why"}
    assert (
        refused(lambda: services.reveal(row.pk, why="核对", by=world.rights("jia_a"), now=now)).kind.number
        == "403.1"
    )
    whole = services.reveal(row.pk, why="核对", by=world.rights("east"), now=now)
    assert whole.identity == row.identity
    assert whole.card == "6217001234567890124"
    assert Reading.objects.get().why == "核对"
    assert Entry.objects.filter(verb="need.revealed", object_id=str(row.pk)).exists()


def test_the_same_card_and_name_in_two_villages_is_told(world: World) -> None:
    programme = a_programme(world)
    one = applied(world, programme, a_household(world))
    applied(world, programme, a_household(world, "yi_a", area=YI))
    (found,) = evidence.against([one], on=timezone.localdate())[one.pk]
    assert found.check == "duplicate"
    assert "张**" in found.say("zh")
    assert "乙村" in found.say("zh")


def the_sheet(world: World, *rows: dict[str, Any]) -> bytes:
    """A template filled in, of a programme made for it."""
    found = a_programme(world)
    data = forms.export("template", found.pk, area="", by=world.rights("bureau"), now=timezone.now())[1]
    filled = load_workbook(io.BytesIO(data))
    sheet = filled["户台账"]
    places = {one.key: column for column, one in enumerate(COLUMNS, start=1)}
    for at, row in enumerate(rows, start=KEY_ROW + 1):
        for key, value in row.items():
            sheet.cell(at, places[key], value)
    out = io.BytesIO()
    filled.save(out)
    return out.getvalue()


def a_line(village: str = "甲村", township: str = "东乡", **fields: Any) -> dict[str, Any]:
    values = {
        "township": township,
        "village": village,
        "name": "王有粮",
        "identity": a_number(),
        "types": "低保户、防返贫监测户:边缘易致贫户",
        "members": 4,
        "persons": 3,
        "heating_yuan": 300,
        "months": "12、1、2",
        "hardships": "农作物绝收",
    }
    return {**values, **fields}


def programme_id() -> uuid.UUID:
    return Programme.objects.get().pk


def test_a_filled_sheet_is_taken_in_whole(world: World) -> None:
    data = the_sheet(world, *(a_line(group=f"{at}组") for at in range(300)))
    made = reading.import_register(programme_id(), data, by=world.rights("east"), now=timezone.now())
    assert made.households == Household.objects.count() == Application.objects.count() == 300
    one = Application.objects.select_related("household").first()
    assert one is not None
    assert (one.is_key, one.months, one.household.area_id) == (True, [1, 2, 12], JIA)
    assert one.household.types == ["minimum_living", "watched_edge"]


def test_one_wrong_cell_keeps_the_whole_sheet_out_and_is_named(world: World) -> None:
    twice = a_number()
    data = the_sheet(
        world,
        a_line(identity=twice),
        a_line(identity=twice),
        a_line(members="三"),
        a_line(village="丁村"),
        a_line(township="西乡", village="丙村"),
        a_line(persons=9),
    )
    problem = refused(
        lambda: reading.import_register(programme_id(), data, by=world.rights("east"), now=timezone.now())
    )
    # All at once: what can't be read, and what can but is wrong.
    assert set(problem.errors) == {"E7", "E8", "H9", "B10", "B11", "M12"}
    assert Household.objects.count() == 0
    data = the_other(data)
    problem = refused(
        lambda: reading.import_register(programme_id(), data, by=world.rights("east"), now=timezone.now())
    )
    assert set(problem.errors) == {"E7", "E8", "M12"}
    assert Household.objects.count() == 0


def the_other(data: bytes) -> bytes:
    """The sheet without the lines whose cells could not be read."""
    filled = load_workbook(io.BytesIO(data))
    sheet = filled["户台账"]
    for row in (9, 10, 11):
        for column in range(1, len(COLUMNS) + 1):
            sheet.cell(row, column).value = None
    out = io.BytesIO()
    filled.save(out)
    return out.getvalue()


def test_the_statutory_register_is_masked_and_in_full_only_for_a_reason(world: World) -> None:
    programme = a_programme(world)
    one = applied(world, programme)
    brought(world, [one.pk], "approve", goods={"quilt": 1})
    services.settle(one.pk, "quilt", 1, by=world.rights("jia_a"), now=timezone.now())
    number = one.household.identity
    now = timezone.now()
    data = forms.export("register", programme.pk, area="", by=world.rights("bureau"), now=now)[1]
    sheet = load_workbook(io.BytesIO(data))["应急统表10"]
    heads = [cell.value for cell in sheet[KEY_ROW]]
    assert [head for head in heads if head] == [f"D030{at:02d}" for at in range(1, 11)]
    told = [cell.value for cell in sheet[KEY_ROW + 1]]
    assert f"340824********{number[-4:]}" in told
    assert number not in str(told)
    assert "棉被" in str(told)
    assert refused(
        lambda: forms.export_whole(programme.pk, why="", by=world.rights("bureau"), now=now)
    ).errors
    whole = forms.export_whole(programme.pk, why="代发核对", by=world.rights("bureau"), now=now)[1]
    sheet = load_workbook(io.BytesIO(whole))["应急统表10"]
    assert number in [cell.value for cell in sheet[KEY_ROW + 1]]
    assert Reading.objects.get().why == "代发核对"


def test_needed_and_helped_add_up_by_township(world: World) -> None:
    programme = a_programme(world)
    ids = [one.pk for one in many(world, programme, 3)]
    many(world, programme, 1, BING)
    brought(world, ids, "approve", goods={"quilt": 1})
    services.settle(ids[0], "quilt", 1, by=world.rights("jia_a"), now=timezone.now())
    now, bureau = timezone.now(), world.rights("bureau")
    sheet = load_workbook(io.BytesIO(forms.export("needed", programme.pk, area="", by=bureau, now=now)[1]))[
        "应急统表6"
    ]
    rows = {row[0].value: [cell.value for cell in row[1:]] for row in sheet.iter_rows(min_row=KEY_ROW + 2)}
    assert rows["东乡"][:2] == [3, 6]
    assert rows["东乡"][6] == 3
    sheet = load_workbook(io.BytesIO(forms.export("helped", programme.pk, area="", by=bureau, now=now)[1]))[
        "应急统表7"
    ]
    rows = {row[0].value: [cell.value for cell in row[1:]] for row in sheet.iter_rows(min_row=KEY_ROW + 2)}
    assert rows["东乡"] == [1, 2, 0, 1]


@pytest.mark.parametrize(
    "path",
    [
        "/relief/{}/",
        "/relief/{}/?size=1000&state=applied",
        "/api/relief/programmes/{}/applications?limit=1000",
    ],
)
def test_pages_cost_the_same_at_ten_and_a_thousand(
    world: World, client_of: Callable[[str], Client], django_assert_num_queries: Any, path: str
) -> None:
    programme = a_programme(world)
    client = client_of("bureau")
    address = path.format(programme.pk)
    many(world, programme, 10)
    client.get(address)
    with CaptureQueriesContext(connection) as few:
        assert client.get(address).status_code == 200
    many(world, programme, 990)
    with CaptureQueriesContext(connection) as lots:
        assert client.get(address).status_code == 200
    assert len(few) == len(lots) <= 20


def test_the_share_to_be_visited_is_drawn_once_for_everybody(world: World) -> None:
    programme = a_programme(world)
    many(world, programme, 400)
    scope = AreaScope.of([JIA])
    asked = listing.Asked(sample=True)
    drawn = [listing.ids(programme, scope, asked, most=1000) for _ in range(2)]
    assert drawn[0] == drawn[1]
    assert 15 <= len(drawn[0]) <= 70
    act(world, "verify", drawn[0], "jia_a")
    assert listing.ids(programme, scope, asked, most=1000) == drawn[0]
