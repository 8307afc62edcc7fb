"""A household's members: how many, whose numbers, who stands in two households; and their sheet, in and out."""

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

from disaster import problems
from disaster.journal.models import Entry
from disaster.registers import services as registers
from disaster.registers.models import CASUALTIES, Casualty
from disaster.relief.needs import doubles, evidence, forms, reading, services
from disaster.relief.needs.columns import COLUMNS, KEY_ROW, MEMBER_COLUMNS, MEMBERS, REGISTER
from disaster.relief.needs.models import Application, Change, Household, Member, Programme
from tests.disaster.registers.filled import a_casualty
from tests.disaster.relief.needs.made import (
    a_household,
    a_member,
    a_number,
    a_programme,
    applied,
    home,
    many,
    person,
)
from tests.disaster.relief.needs.test_register import a_line, refused
from tests.world import BING, JIA, YI, World

pytestmark = pytest.mark.django_db


def test_no_more_members_than_persons_stated_and_none_fewer_stated(world: World) -> None:
    row = a_household(world, members=3)
    a_member(world, row)
    a_member(world, row, "jia_a", name="张小田", relation="son")
    assert set(refused(lambda: a_member(world, row)).errors) == {"name"}
    few = home(identity=None, phone=None, card=None, members=2)
    rights, now = world.rights("jia_a"), timezone.now()
    told = refused(lambda: services.change(row.pk, few, version=row.version, by=rights, now=now))
    assert set(told.errors) == {"members"}


def test_what_a_member_is_entered_with_is_checked(world: World) -> None:
    row = a_household(world)
    number = a_number()
    wrong = number[:17] + ("0" if number[17] != "0" else "1")
    told = refused(lambda: a_member(world, row, identity=wrong, name=" ", relation="aunt", marks=("x",)))
    assert set(told.errors) == {"identity", "name", "relation", "marks"}
    assert not Member.objects.exists()


def test_each_act_is_one_version_one_line_of_history_and_one_journal_row(world: World) -> None:
    row = a_household(world)
    number = a_number()
    one = a_member(world, row, identity=number)
    assert number.encode() not in bytes(one.identity_sealed)
    rights, now = world.rights("jia_a"), timezone.now()
    again = services.enter_member(row.pk, one.pk, person(), by=rights, now=now)
    assert (again.version, Member.objects.count()) == (2, 1)

    marked = person(identity=None, marks=("severe_disability",))
    services.change_member(row.pk, one.pk, marked, version=2, by=rights, now=now)
    services.change_member(row.pk, one.pk, marked, version=3, by=rights, now=now)
    assert Member.objects.get().identity == number
    stale = refused(lambda: services.change_member(row.pk, one.pk, marked, version=2, by=rights, now=now))
    assert stale.kind.number == "409.5"

    bare = refused(lambda: services.remove_member(row.pk, one.pk, why=" ", version=3, by=rights, now=now))
    assert set(bare.errors) == {"why"}
    services.remove_member(row.pk, one.pk, why="外嫁", version=3, by=rights, now=now)
    assert not Member.objects.exists()
    kept = list(Change.objects.order_by("number"))
    assert [(one.number, one.why) for one in kept] == [(2, ""), (3, ""), (4, "外嫁")]
    assert kept[1].changes["member"][1]["marks"] == ["severe_disability"]
    assert number not in str([one.changes for one in kept])
    assert Entry.objects.filter(verb="need.changed", object_id=str(row.pk)).count() == 3


def test_who_moved_away_gets_no_members_and_another_households_member_is_unknown(world: World) -> None:
    row, other = a_household(world), a_household(world)
    one = a_member(world, other)
    rights, now = world.rights("jia_a"), timezone.now()
    strange = refused(lambda: services.change_member(row.pk, one.pk, person(), version=1, by=rights, now=now))
    assert strange.kind.number == "404.1"
    reused = refused(lambda: services.enter_member(row.pk, one.pk, person(), by=rights, now=now))
    assert reused.kind.number == problems.ID_REUSED.number
    services.mark(row.pk, "moved", why="进城", by=rights, now=now)
    gone = refused(lambda: services.enter_member(row.pk, uuid.uuid4(), person(), by=rights, now=now))
    assert gone.kind.number == "409.26"


def test_a_person_in_two_households_or_twice_in_one_is_told(world: World) -> None:
    number, twice = a_number(), a_number()
    one = a_household(world, identity=number)
    two = a_household(world, "yi_a", area=YI, members=4, card="6217001234567890132")
    a_member(world, two, "yi_a", identity=number, name="张守田")
    a_member(world, two, "yi_a", identity=twice, name="李秀英")
    a_member(world, two, "yi_a", identity=twice, name="李秀英")
    heads = {row.pk: row.identity_hash for row in Household.objects.all()}
    with CaptureQueriesContext(connection) as asked:
        found = doubles.of(heads)
    assert len(asked) == 2
    assert [(told.household, told.params["area"]) for told in found[one.pk]] == [(two.pk, "乙村")]
    assert {told.household for told in found[two.pk]} == {one.pk, None}
    said = [told.words.say("zh", told.params) for told in found[two.pk]]
    assert "本户 李**、李** 登记了同一个身份证号" in said
    row = applied(world, a_programme(world), one)
    checks = evidence.against([row], on=timezone.localdate())[row.pk]
    assert [told.say("zh") for told in checks] == ["张** 同时登记在 乙村 张** 户"]


def test_numbers_are_masked_marks_kept_back_and_shown_in_full_for_a_reason(
    world: World, client_of: Callable[[str], Client]
) -> None:
    row = a_household(world, members=4)
    number = a_number()
    one = a_member(world, row, identity=number, marks=("severe_disability",))
    page = client_of("leader").get(f"/relief/households/{row.pk}/").content.decode()
    assert "已登记 2 / 4 人" in page
    assert "重度残疾" not in page
    assert "李秀英" not in page
    village = client_of("jia_a").get(f"/relief/households/{row.pk}/").content.decode()
    assert "李秀英" in village
    assert "重度残疾" in village
    assert number not in page + village
    whole = services.reveal(row.pk, why="核对", by=world.rights("east"), now=timezone.now())
    assert whole.people == {str(one.pk): f"李秀英 {number}"}


def the_book(world: World, homes: list[dict[str, Any]], people: list[dict[str, Any]]) -> bytes:
    found = Programme.objects.first() or a_programme(world)
    data = forms.export("template", found.pk, area="", by=world.rights("bureau"), now=timezone.now())[1]
    filled = load_workbook(io.BytesIO(data))
    for name, columns, rows in ((REGISTER, COLUMNS, homes), (MEMBERS, MEMBER_COLUMNS, people)):
        places = {one.key: column for column, one in enumerate(columns, start=1)}
        for at, row in enumerate(rows, start=KEY_ROW + 1):
            for key, value in row.items():
                filled[name].cell(at, places[key], value)
    out = io.BytesIO()
    filled.save(out)
    return out.getvalue()


def a_person(head: str, **fields: Any) -> dict[str, Any]:
    return {"head": head, "name": "李秀英", "identity": a_number(), "relation": "配偶", **fields}


def test_the_sheet_comes_in_and_goes_out_masked_or_in_full(world: World) -> None:
    heads = [a_number(), a_number()]
    people = [a_person(heads[1], marks="低保对象、重度残疾"), a_person(heads[0], relation="子", name="王小")]
    data = the_book(world, [a_line(identity=one) for one in heads], people)
    programme, now = Programme.objects.get(), timezone.now()
    reading.import_register(programme.pk, data, by=world.rights("east"), now=now)
    spouse = Member.objects.select_related("household").get(relation="spouse")
    assert (spouse.household.identity, spouse.identity) == (heads[1], people[0]["identity"])
    assert spouse.marks == ["minimum_living", "severe_disability"]
    Application.objects.update(state="submitted")

    def told(data: bytes) -> list[Any]:
        sheet = load_workbook(io.BytesIO(data))[MEMBERS]
        rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=KEY_ROW + 1)]
        return next(row for row in rows if row[7] == "配偶")

    by = world.rights("bureau")
    masked = told(forms.export("register", programme.pk, area="", by=by, now=now)[1])
    number = people[0]["identity"]
    assert masked[5:] == ["李秀英", f"340824********{number[-4:]}", "配偶", "低保对象、重度残疾"]
    leader = told(forms.export("register", programme.pk, area="", by=world.rights("leader"), now=now)[1])
    assert [leader[5], leader[8]] == ["李**", None]
    whole = told(forms.export_whole(programme.pk, why="核对", by=by, now=now)[1])
    assert (whole[4], whole[6]) == (heads[1], number)


@pytest.mark.parametrize(
    ("number", "people", "cells"),
    [
        (4, [{"relation": "姑妈"}, {"marks": "富户"}, {"head": ""}], {"D7", "E8", "A9"}),
        (4, [{}, {"head": "340824195001010018"}], {"A8"}),
        (2, [{}, {"name": "王小"}], {"B8"}),
        (4, [{"identity": "123"}], {"C7"}),
    ],
)
def test_one_wrong_member_keeps_the_whole_book_out_and_is_named(
    world: World, number: int, people: list[dict[str, str]], cells: set[str]
) -> None:
    head = a_number()
    rows = [a_person(head) | one for one in people]
    data = the_book(world, [a_line(identity=head, members=number, persons=1)], rows)
    pk, by = Programme.objects.get().pk, world.rights("east")
    told = refused(lambda: reading.import_register(pk, data, by=by, now=timezone.now()))
    assert set(told.errors) == {f"{MEMBERS}!{one}" for one in cells}
    assert not Household.objects.exists()


def take(world: World, homes: list[dict[str, Any]], people: list[dict[str, Any]]) -> reading.Taken:
    data = the_book(world, homes, people)
    programme = Programme.objects.get()
    return reading.import_register(programme.pk, data, by=world.rights("east"), now=timezone.now())


def test_members_of_registered_households_come_in_by_the_heads_or_the_applications_number(
    world: World,
) -> None:
    number, son = a_number(), a_number()
    row, other = (
        a_household(world, identity=number, members=4),
        a_household(world, "yi_a", area=YI, members=2),
    )
    number_of = applied(world, a_programme(world), other, persons=1).number
    a_member(world, row, name="李秀英", identity="", marks=("severe_disability",))
    wife = a_person(number, name="李秀英")
    people = [wife, a_person(number, name="张小田", relation="子", identity=son), a_person(number_of)]
    new = a_number()
    assert take(world, [a_line(identity=new)], [*people, a_person(new)]) == (1, 3)
    told = [(one.name, one.identity, one.relation, one.marks) for one in row.people.order_by("name")]
    assert told == [("张小田", son, "son", []), ("李秀英", wife["identity"], "spouse", [])]
    assert [one.relation for one in other.people.all()] == ["spouse"]
    row.refresh_from_db()
    history = [
        (one.number, [bool(side) for side in one.changes["member"]]) for one in row.changes.order_by("number")
    ]
    assert (row.version, history[1:]) == (4, [(3, [True, True]), (4, [False, True])])
    assert Entry.objects.filter(verb="need.changed", object_id=str(row.pk)).count() == 3
    stored = str(list(Member.objects.values()) + list(Change.objects.values()) + list(Entry.objects.values()))
    assert not [one for one in (number, son, wife["identity"]) if one in stored]
    again = [*people[:2], a_person(number, name="李秀英", identity=None, relation="子")]
    assert take(world, [], people[:2]) == (0, 0), "the same sheet again changes nothing"
    assert Change.objects.filter(household=row).count() == 3
    told = refused(lambda: take(world, [], [*again, a_person(number)]))
    assert set(told.errors) == {f"{MEMBERS}!B9"}, "numbers first: the fourth is one more, the third too many"


def test_a_sheet_of_members_is_refused_whole_with_every_cell(world: World) -> None:
    mine, gone, foreign = a_number(), a_number(), a_number()
    a_household(world, identity=mine, members=2)
    left = a_household(world, identity=gone)
    services.mark(left.pk, "moved", why="外迁", by=world.rights("jia_a"), now=timezone.now())
    a_household(world, "bing_a", area=BING, identity=foreign)
    heads = refused(lambda: take(world, [], [a_person(mine), a_person(gone), a_person(foreign)]))
    assert set(heads.errors) == {f"{MEMBERS}!A8", f"{MEMBERS}!A9"}
    wrong = [a_person(mine), a_person(mine, identity="123")]
    told = refused(lambda: take(world, [a_line(identity="321")], wrong))
    assert set(told.errors) == {"E7", f"{MEMBERS}!C8"}
    full = [a_person(mine), a_person(mine, name="王小")]
    told = refused(lambda: take(world, [], full))
    assert set(told.errors) == {f"{MEMBERS}!B8"}
    assert not Member.objects.exists()


def test_unknown_heads_are_told_with_everything_else_that_is_wrong(world: World) -> None:
    """A sheet is mended once: whatever its lines are wrong about is named at the first time."""
    registered, unread, entered = a_number(), a_number(), a_number()
    a_household(world, identity=registered, members=1)
    homes = [a_line(identity=entered, members=2, persons=9), a_line(identity=unread, village="丁村")]
    people = [
        a_person(a_number()),  # whose head nobody knows
        a_person(a_number()) | {"marks": "富户"},  # nor this one's, and a wrong cell besides
        a_person(unread),  # its household's line has to be mended: nothing to say of it yet
        a_person(entered),
        a_person(entered, name="王小"),  # the third of two
        a_person(registered),  # the second of one
    ]
    told = refused(lambda: take(world, homes, people))
    cells = {"A7", "A8", "E8", "B11", "B12"}
    assert set(told.errors) == {"M7", "B8"} | {f"{MEMBERS}!{one}" for one in cells}
    assert not Member.objects.exists()
    assert Household.objects.count() == 1


def test_many_members_cost_the_statements_of_few(world: World) -> None:
    def cost(households: int) -> int:
        heads = [a_number() for _ in range(households)]
        for one in heads:
            a_household(world, identity=one, members=3)
        data = the_book(world, [], [a_person(one, name=name) for one in heads for name in ("甲", "乙")])
        pk, by = Programme.objects.get().pk, world.rights("east")
        with CaptureQueriesContext(connection) as asked:
            reading.import_register(pk, data, by=by, now=timezone.now())
        return len(asked)

    cost(1)
    assert cost(2) == cost(12)


def test_a_member_on_the_register_of_casualties_is_told_and_refuses_nothing(world: World) -> None:
    missing = a_casualty(world.event(), name="李秀英")
    row = a_household(world, members=4)
    a_member(world, row, identity=missing.identity)
    a_member(world, row, name="张小田", relation="son")
    application = applied(world, a_programme(world), row)

    def found() -> list[evidence.Finding]:
        with CaptureQueriesContext(connection) as asked:
            told = evidence.against([application], on=timezone.localdate())[application.pk]
        assert len(asked) <= 5
        return told

    assert found() == []
    entered = registers.enter(CASUALTIES, missing, by=world.rights("east"), now=timezone.now())
    (told,) = found()
    assert told.say("zh") == f"家庭成员 李** 在因灾死亡失踪名单中(失踪,台账 {entered.number})"
    assert (told.check, told.problem) == ("deceased", None)
    Casualty.objects.update(withdrawn_at=timezone.now())
    assert found() == []


@pytest.mark.parametrize("path", ["/relief/{}/?size=200", "/api/relief/programmes/{}/applications?limit=200"])
def test_a_list_costs_the_same_with_few_members_and_many(
    world: World, client_of: Callable[[str], Client], path: str
) -> None:
    programme = a_programme(world)
    client = client_of("bureau")
    address = path.format(programme.pk)
    a_member(world, many(world, programme, 10)[0].household)
    client.get(address)
    with CaptureQueriesContext(connection) as few:
        assert client.get(address).status_code == 200
    for one in many(world, programme, 40, JIA):
        a_member(world, one.household)
    with CaptureQueriesContext(connection) as lots:
        assert client.get(address).status_code == 200
    assert len(few) == len(lots) <= 20
