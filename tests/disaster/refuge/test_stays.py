"""Shelters as they are entered, and people going in and out of them."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from disaster.journal.models import Entry as Row
from disaster.people import private
from disaster.problems import Problem
from disaster.refuge import shelters, stays
from disaster.refuge.models import Household, Passage
from disaster.rules import book
from disaster.rules.models import Rule
from gis.models import Shelter
from tests.disaster.refuge.made import a_shelter, an_entry
from tests.world import BING, JIA, World

pytestmark = pytest.mark.django_db


def numbered(act: Callable[[], Any]) -> str:
    with pytest.raises(Problem) as caught:
        act()
    return caught.value.kind.number


def enter(world: World, shelter: Shelter, persons: int, **fields: Any) -> Passage:
    values = {"passage": uuid.uuid4(), "by": world.rights("jia_a"), "now": timezone.now()}
    return stays.check_in(shelter.pk, persons=persons, **{**values, **fields})


def leave(world: World, shelter: Shelter, persons: int, **fields: Any) -> Passage:
    values = {"passage": uuid.uuid4(), "by": world.rights("jia_a"), "now": timezone.now()}
    return stays.check_out(shelter.pk, persons=persons, **{**values, **fields})


@pytest.mark.parametrize(
    ("kind", "area", "holds"), [("emergency", 101, 202), ("short", 101, 50), ("long", 101, 22)]
)
def test_the_capacity_is_the_area_by_the_area_a_person(
    world: World, kind: str, area: int, holds: int
) -> None:
    assert a_shelter(world, kind=kind, usable_area_m2=area).capacity == holds


def test_the_area_a_person_is_a_dated_rule(world: World) -> None:
    Rule.objects.filter(key="shelter.m2.short").update(value="4")
    book.forget()
    assert a_shelter(world, usable_area_m2=101).capacity == 25
    book.forget()


def test_the_keepers_number_is_sealed_and_looked_up_by_name(world: World) -> None:
    shelter = a_shelter(world, keeper="王五", keeper_phone="138 0013 8000")
    assert b"13800138000" not in bytes(shelter.keeper_phone_sealed)
    by = world.rights("east")
    assert shelters.reveal(shelter, by=by, now=timezone.now()) == "13800138000"
    assert Row.objects.filter(verb="shelter.revealed", actor=by.name).count() == 1
    assert numbered(lambda: shelters.reveal(shelter, by=world.rights("jia_a"), now=timezone.now())) == "403.1"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", " "),
        ("kind", "medium"),
        ("level", "national"),
        ("setting", "roof"),
        ("usable_area_m2", 0),
        ("usable_area_m2", 1),
        ("facilities", ["pool"]),
        ("keeper_phone", "无"),
        ("lon", 200.0),
        ("route", "路" * 301),
    ],
)
def test_what_is_wrong_is_named(world: World, field: str, value: Any) -> None:
    with pytest.raises(Problem) as caught:
        a_shelter(world, **{field: value})
    assert list(caught.value.errors) == [field]


def test_a_change_is_made_upon_the_version_that_was_read(world: World) -> None:
    shelter, by, now = a_shelter(world), world.rights("east"), timezone.now()
    changed = shelters.change(shelter.pk, an_entry(route="沿村道向北"), version=2, by=by, now=now)
    assert (changed.version, changed.route) == (3, "沿村道向北")
    assert numbered(lambda: shelters.change(shelter.pk, an_entry(), version=2, by=by, now=now)) == "409.5"


def test_a_village_officer_enters_no_shelter_and_another_township_sees_none(world: World) -> None:
    now = timezone.now()
    assert numbered(lambda: shelters.make(an_entry(), by=world.rights("jia_a"), now=now)) == "403.1"
    assert numbered(lambda: shelters.make(an_entry(), by=world.rights("west"), now=now)) == "404.1"


def test_people_are_counted_in_and_out(world: World) -> None:
    shelter = a_shelter(world)
    enter(world, shelter, 80, village=JIA)
    leave(world, shelter, 30)
    shelter.refresh_from_db()
    assert shelter.occupancy == 50
    assert [row.occupancy for row in Passage.objects.order_by("at")] == [80, 50]


def test_a_repeat_is_the_same(world: World) -> None:
    shelter, once = a_shelter(world), uuid.uuid4()
    enter(world, shelter, 5, passage=once)
    enter(world, shelter, 5, passage=once)
    assert Shelter.objects.get().occupancy == 5
    assert numbered(lambda: enter(world, shelter, 6, passage=once)) == "409.1"


def test_beyond_the_capacity_only_with_a_reason(world: World) -> None:
    shelter = a_shelter(world)
    enter(world, shelter, 100)
    assert numbered(lambda: enter(world, shelter, 1)) == "409.7"
    assert enter(world, shelter, 1, reason="夜间暴雨,暂住走廊").reason
    assert numbered(lambda: leave(world, shelter, 102)) == "409.8"
    assert Shelter.objects.get().occupancy == 101


def test_nobody_goes_into_a_closed_shelter_but_whoever_is_inside_may_leave(world: World) -> None:
    shelter = a_shelter(world)
    enter(world, shelter, 3)
    shelters.close_shelter(shelter, reason="屋顶漏水", by=world.rights("east"), now=timezone.now())
    assert numbered(lambda: enter(world, shelter, 1)) == "409.2"
    leave(world, shelter, 3)


def test_nearly_full_is_said_once_and_taken_back(world: World) -> None:
    shelter = a_shelter(world)
    enter(world, shelter, 89)
    assert not Shelter.objects.get().is_filling
    enter(world, shelter, 1)
    enter(world, shelter, 1)
    assert Shelter.objects.get().is_filling
    assert Row.objects.filter(verb="shelter.filling").count() == 1
    leave(world, shelter, 2)
    assert not Shelter.objects.get().is_filling


def test_a_household_is_registered_with_its_heads_name_sealed(world: World) -> None:
    shelter = a_shelter(world)
    enter(world, shelter, 4, village=BING, head="欧阳修远")
    home = Household.objects.get()
    assert (home.head_shown, home.persons, home.village_id) == ("欧***", 4, BING)
    assert private.open_sealed(bytes(home.head_sealed)) == "欧阳修远"
    assert "欧阳" not in str(list(Row.objects.values_list("put", flat=True)))
    leave(world, shelter, 3, household=home.pk)
    assert numbered(lambda: leave(world, shelter, 2, household=home.pk)) == "409.8"
    leave(world, shelter, 1, household=home.pk)
    home.refresh_from_db()
    assert home.persons == 0
    assert home.left_at is not None


def test_officers_of_other_villages_check_nobody_in(world: World) -> None:
    shelter = a_shelter(world)
    assert numbered(lambda: enter(world, shelter, 1, by=world.rights("bing_a"))) == "404.1"
    assert numbered(lambda: enter(world, shelter, 1, by=world.rights("leader"))) == "403.1"
    enter(world, shelter, 1, by=world.rights("keeper"))


@pytest.mark.django_db(transaction=True)
def test_tables_at_one_door_count_as_one(world: World) -> None:
    """Twelve tables at once, room for ten: ten come in, whoever is beyond is told so."""
    shelter = a_shelter(world, usable_area_m2=200)
    start, told = threading.Barrier(12), []

    def table() -> None:
        start.wait()
        try:
            enter(world, shelter, 10)
            told.append("in")
        except Problem as problem:
            told.append(problem.kind.number)
        finally:
            connection.close()

    tables = [threading.Thread(target=table) for _ in range(12)]
    for one in tables:
        one.start()
    for one in tables:
        one.join()
    assert sorted(told) == ["409.7"] * 2 + ["in"] * 10
    shelter.refresh_from_db()
    assert (shelter.occupancy, shelter.is_filling) == (100, True)
