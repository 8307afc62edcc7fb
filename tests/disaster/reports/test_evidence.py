"""What the reviewer is shown: doubles with their evidence, places that do not fit."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib.gis.geos import Point

from disaster.reports.evidence import findings
from disaster.reports.likeness import named_objects
from disaster.reports.models import Report
from gis.models import HazardZone
from gis.scope import AreaScope
from tests.rows import report_row, store_rows
from tests.world import BING, COUNTY, EAST, JIA, YI, World, square

pytestmark = pytest.mark.django_db

EVERYWHERE = AreaScope.of([COUNTY])
NOW = datetime(2026, 7, 5, 2, 0, tzinfo=UTC)


def filed(
    world: World, event: Any, area: str, lon: float = 116.51, lat: float = 30.61, **fields: Any
) -> Report:
    row = report_row(
        world,
        event=event,
        area=area,
        at=NOW,
        point=Point(lon, lat, srid=4326),
        raw_lon=lon,
        raw_lat=lat,
        datum="wgs84",
        **{"method": "gps", **fields},
    )
    store_rows([row])
    return row


def kinds(report: Report) -> list[str]:
    return [one.kind for one in findings([report.id], scope=EVERYWHERE).get(report.id, [])]


def test_two_reports_at_one_spot_are_shown_with_metres_and_what_both_count(world: World) -> None:
    event = world.event(started_at=NOW)
    one = filed(world, event, JIA, 116.5199, 30.61, figures={"houses_collapsed_rooms": 3, "affected": 4})
    other = filed(world, event, YI, 116.5201, 30.61, figures={"houses_collapsed_rooms": 3})
    (found,) = findings([one.id], scope=EVERYWHERE)[one.id]
    assert (found.kind, found.other, found.shared) == ("near", other.id, ("houses_collapsed_rooms",))
    assert found.metres == pytest.approx(19, abs=1)
    assert "19米" in found.told("zh-hans")["sentence"]
    assert "19 m" in found.told("en")["sentence"]


@pytest.mark.parametrize(
    "why", ["far apart", "same area's next version", "other event", "village centre", "returned"]
)
def test_what_is_no_double_is_not_shown(world: World, why: str) -> None:
    event = world.event(started_at=NOW)
    one = filed(world, event, JIA)
    fields: dict[str, Any] = {"area": YI, "event": event, "lon": 116.52}
    if why == "far apart":
        fields["lon"] = 116.53
    if why == "same area's next version":
        fields["area"], fields["lon"] = JIA, 116.51
    if why == "other event":
        fields["event"] = world.event(name="另一场", started_at=NOW)
    if why == "village centre":
        fields["method"], fields["lon"] = "village", 116.5101
    if why == "returned":
        fields |= {"state": "returned", "remark": "?", "returned_at": NOW, "lon": 116.5101}
    filed(world, **fields)
    assert "near" not in kinds(one)


def test_two_villages_that_name_one_bridge(world: World) -> None:
    event = world.event(started_at=NOW)
    one = filed(world, event, JIA, text="山洪冲毁龙井桥一座", figures={"roads_km": 1})
    filed(world, event, BING, 116.55, text="龙井桥被冲断,道路中断", figures={"roads_km": 1})
    found = findings([one.id], scope=EVERYWHERE)[one.id]
    assert [(each.kind, each.what) for each in found] == [("object", "龙井桥")]


def test_the_same_photo_and_the_same_words(world: World) -> None:
    event = world.event(started_at=NOW)
    one = filed(world, event, JIA, photos=["a" * 64], text="河水漫堤,农田受淹,群众已转移")
    filed(world, event, BING, 116.55, photos=["a" * 64])
    filed(world, event, YI, 116.53, text="河水漫堤,农田受淹,群众已转移")
    assert sorted(kinds(one)) == ["photo", "text"]


def test_nearly_the_same_words_are_shown_with_their_share(world: World) -> None:
    event = world.event(started_at=NOW)
    one = filed(world, event, JIA, text="河水漫堤,农田受淹三十亩,群众已转移十二户")
    filed(world, event, YI, 116.53, text="河水漫堤,农田受淹四十亩,群众已转移十二户")
    filed(world, event, BING, 116.55, text="大风吹倒电线杆两根,全村停电,正在抢修")
    (found,) = findings([one.id], scope=EVERYWHERE)[one.id]
    assert found.kind == "like"
    assert 60 <= (found.percent or 0) < 100
    assert "%" in found.told("zh-hans")["sentence"]


def test_two_days_apart_one_spot_is_no_double(world: World) -> None:
    event = world.event(started_at=NOW - timedelta(days=5))
    one = filed(world, event, JIA, 116.5199, 30.61)
    filed(world, event, YI, 116.5201, 30.61, occurred_at=NOW - timedelta(days=3))
    assert "near" not in kinds(one)


def test_a_report_asked_about_is_not_compared_with_a_returned_one_on_the_same_page(world: World) -> None:
    event = world.event(started_at=NOW)
    one = filed(world, event, JIA, text="河水漫堤,农田受淹,群众已转移")
    gone = filed(world, event, YI, 116.53, text=one.text, state="returned", remark="?", returned_at=NOW)
    assert findings([one.id, gone.id], scope=EVERYWHERE).get(one.id, []) == []


def test_a_position_in_another_village_is_named(world: World) -> None:
    event = world.event(started_at=NOW)
    assert kinds(filed(world, event, JIA, 116.525, 30.61)) == ["elsewhere"]


def test_a_position_far_from_its_village_and_one_outside_every_zone(world: World) -> None:
    event = world.event(started_at=NOW)
    HazardZone.objects.create(
        name="河",
        kind="flood",
        level="red",
        area_id=JIA,
        boundary=square(116.50, 30.60),
        valid_from=NOW - timedelta(days=1),
    )
    assert kinds(filed(world, event, JIA, 116.51, 30.61)) == []
    assert kinds(filed(world, event, JIA, 116.60, 30.61)) == ["far", "outside"]


def test_where_no_zone_of_the_hazard_is_drawn_nothing_is_said_of_zones(world: World) -> None:
    event = world.event(started_at=NOW)
    assert kinds(filed(world, event, BING, 116.55, 30.61, hazard="earthquake")) == []


def test_versions_written_at_the_same_time(world: World) -> None:
    event = world.event(started_at=NOW)
    one = filed(world, event, JIA)
    other = filed(world, event, JIA, crosses=one.id)
    assert kinds(other) == ["crosses"]


def test_any_number_of_reports_costs_three_statements(world: World, django_assert_num_queries: Any) -> None:
    event = world.event(started_at=NOW)
    rows = [filed(world, event, area, 116.51 + n / 5000) for n, area in enumerate([JIA, YI, BING] * 10)]
    findings([rows[0].id], scope=EVERYWHERE)
    for count in (1, 30):
        with django_assert_num_queries(3):
            findings([row.id for row in rows[:count]], scope=EVERYWHERE)


def test_names_are_read_out_of_a_sentence() -> None:
    assert named_objects("冲毁龙井桥一座,严家小学进水,道路中断") == {"龙井桥", "严家小学"}
    assert named_objects("桥断了,路也断了") == set()


def test_a_township_is_told_nothing_of_another_townships_reports(world: World) -> None:
    event = world.event(started_at=NOW)
    one = filed(world, event, JIA, text="山洪冲毁龙井桥一座", photos=["a" * 64], figures={"roads_km": 1})
    filed(world, event, BING, 116.5101, text="龙井桥被冲断", photos=["a" * 64], figures={"roads_km": 1})
    assert {each.kind for each in findings([one.id], scope=EVERYWHERE)[one.id]} == {"near", "photo"}
    assert findings([one.id], scope=AreaScope.of([EAST])) == {}
