"""The map's search: every way to type a name, each kind in the scope of its right, one statement."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from django.contrib.gis.geos import Point
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from disaster.atlas import names, search
from disaster.atlas.pinyin import spellings
from disaster.relief.stock.models import Place
from disaster.reports.services import submit
from gis.models import Area, HazardZone, Shelter
from tests.world import BING, COUNTY, JIA, YI, World, a_report, square, submission

pytestmark = pytest.mark.django_db


def found(world: World, account: str, asked: str) -> list[dict[str, Any]]:
    names.refresh_all()
    return search.find(asked, by=world.rights(account), on=timezone.localdate())


def named(world: World, account: str, asked: str) -> set[str]:
    return {one["name"] for one in found(world, account, asked)}


@pytest.fixture
def longwan(world: World) -> Area:
    area = Area.objects.get(code=JIA)
    area.name = "龙湾村"
    area.save()
    return area


@pytest.mark.parametrize(
    "asked", ["龙湾", "湾村", "longwancun", "Long Wan", "lwc", "LWC", "wancun", "wc", "ｌｗｃ"]
)
def test_a_village_is_found_however_it_is_typed(world: World, longwan: Area, asked: str) -> None:
    first = found(world, "bureau", asked)[0]
    assert (first["kind"], first["key"], first["name"]) == ("village", JIA, "龙湾村")
    assert (first["lon"], first["lat"]) == pytest.approx((longwan.point.x, longwan.point.y))


@pytest.mark.parametrize(
    ("name", "asked"),
    [
        ("长冲村", ["changchong", "zhangchong", "ccc", "zcc"]),
        ("重阳社区", ["chongyang", "zhongyang"]),
        ("潜山市", ["qianshan", "qss"]),
        ("单县", ["shanxian", "sx"]),  # 单 is read shàn there, whatever a dictionary has first
        ("吕家圩", ["lvjiawei", "lujiaxu"]),
    ],
)
def test_polyphonic_characters_are_read_in_every_way_they_may_be(
    name: str, asked: list[str], db: None
) -> None:
    ways = {text for text, skipped in spellings(name, names.known_readings()) if not skipped}
    assert all(any(way.startswith(each) for way in ways) for each in asked)


def test_a_reading_known_for_certain_shuts_the_others_out(db: None) -> None:
    ways = {text for text, _ in spellings("单县", names.known_readings())}
    assert "danxian" not in ways


def test_a_name_of_many_polyphonic_characters_stays_small() -> None:
    assert len(spellings("重长行会朝曾单查", {})) < 500


def test_a_new_name_is_found_and_the_old_one_no_more(world: World, longwan: Area) -> None:
    assert named(world, "bureau", "lwc") == {"龙湾村"}
    Area.objects.filter(code=JIA).update(name="虎头村")  # whoever writes, and however
    assert named(world, "bureau", "htc") == {"虎头村"}
    assert named(world, "bureau", "lwc") == set()


def test_what_is_gone_is_found_no_more(world: World) -> None:
    place = Place.objects.create(
        kind="warehouse", name="水吼储备库", area_id=JIA, point=Point(116.5, 30.6, srid=4326)
    )
    assert named(world, "bureau", "shcbk") == {"水吼储备库"}
    place.delete()
    assert named(world, "bureau", "shcbk") == set()


def test_each_kind_is_found_in_the_scope_of_its_own_right(world: World) -> None:
    spot = Point(116.51, 30.61, srid=4326)
    Shelter.objects.create(name="柏树小学", area_id=JIA, point=spot, capacity=10)
    Place.objects.create(kind="point", name="柏树储备点", area_id=JIA, point=spot)
    HazardZone.objects.create(
        name="柏树滑坡",
        kind="landslide",
        level="red",
        area_id=JIA,
        boundary=square(116.5, 30.6),
        valid_from=datetime(2026, 1, 1, tzinfo=UTC),
    )
    world["jia_a"].name = "柏树人"
    world["jia_a"].save()
    everything = {"柏树小学", "柏树储备点", "柏树滑坡", "柏树人"}
    assert named(world, "bureau", "bs") == everything
    assert named(world, "east", "bs") == everything
    assert named(world, "west", "bs") == set()
    assert named(world, "foreign", "bs") == set()
    assert named(world, "stranger", "bs") == set()
    # An officer sees no list of persons; the keeper neither.
    assert named(world, "jia_a", "bs") == everything - {"柏树人"}
    assert named(world, "keeper", "bs") == everything - {"柏树人"}


def test_an_officer_is_found_by_name_with_the_telephone_number_masked(world: World) -> None:
    world["jia_a"].phone = "13800138000"
    world["jia_a"].save()
    (one,) = [each for each in found(world, "bureau", "甲一") if each["kind"] == "person"]
    assert one["phone"] == "138****8000"
    assert one["area"] == JIA
    assert "A角" in one["note"]


def test_a_lifted_zone_is_not_found(world: World) -> None:
    now = timezone.now()
    HazardZone.objects.create(
        name="解除区",
        kind="flood",
        level="red",
        area_id=JIA,
        boundary=square(116.5, 30.6),
        valid_from=now,
        lifted_at=now,
    )
    assert named(world, "bureau", "jcq") == set()


def test_a_report_is_found_by_its_number_or_the_end_of_it(world: World) -> None:
    event = world.event()
    report = submit(submission(a_report(BING, event=event.id), world.rights("bing_a")))
    whole = report.number
    assert [one["key"] for one in found(world, "bureau", whole)] == [str(report.id)]
    assert str(report.id) in {one["key"] for one in found(world, "bureau", whole[:15])}
    assert [one["name"] for one in found(world, "west", str(int(whole.rpartition("-")[2])))] == [whole]
    assert found(world, "east", whole) == []


@pytest.mark.parametrize(
    "asked", ["", " ", "%", "_", "c", "\\", "龙%", "'; --", "a" * 200, "9" * 30, "\u0308"]
)
def test_odd_questions_find_nothing_and_break_nothing(world: World, asked: str) -> None:
    assert found(world, "bureau", asked) == []


def test_one_statement_a_question(world: World, longwan: Area) -> None:
    names.refresh_all()
    by, today = world.rights("bureau"), timezone.localdate()
    search.find("lwc", by=by, on=today)  # rules are read once
    with CaptureQueriesContext(connection) as captured:
        assert search.find("lwc", by=by, on=today)
    assert len(captured) == 1


def test_what_begins_exactly_so_comes_first(world: World) -> None:
    Area.objects.filter(code=JIA).update(name="大龙湾村")
    Area.objects.filter(code=YI).update(name="龙湾村")
    Area.objects.filter(code=BING).update(name="龙湾")
    assert [one["name"] for one in found(world, "bureau", "longwan")] == ["龙湾", "龙湾村", "大龙湾村"]
    assert COUNTY not in {one["key"] for one in found(world, "bureau", "longwan")}
