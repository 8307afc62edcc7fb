"""Hazard zones: drawn, changed upon a version, lifted; how the map looked at any moment."""

from __future__ import annotations

import json
import threading
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from disaster.events import zone_queries, zones
from disaster.journal.models import Entry
from disaster.problems import Problem
from gis.models import HazardZone, ZoneVersion
from gis.scope import AreaScope
from tests.world import COUNTY, EAST, World, square

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 7, 5, 2, 0, tzinfo=UTC)
EVERYWHERE = AreaScope.of([COUNTY])


def at(minutes: int) -> datetime:
    return NOW + timedelta(minutes=minutes)


def drawn(world: World, **fields: Any) -> HazardZone:
    given: dict[str, Any] = {
        "name": "甲河两岸",
        "kind": "flood",
        "level": "orange",
        "area_code": EAST,
        "boundary": square(116.50, 30.60, 0.01),
        "source": "巡查",
        "valid_from": NOW,
        "valid_to": None,
        "now": NOW,
        **fields,
    }
    return zones.draw_zone(**given, by=world.rights("bureau"))


def refusal(act: Any) -> dict[str, str]:
    with pytest.raises(Problem) as caught:
        act()
    return {field: error.say("zh") for field, error in caught.value.errors.items()}


def shown(minutes: int) -> list[tuple[str, int]]:
    features = zone_queries.at(at(minutes), scope=EVERYWHERE)
    return [(one["properties"]["level"], one["properties"]["version"]) for one in features]


def test_each_moment_shows_the_version_known_then(world: World) -> None:
    zone = drawn(world, valid_to=at(120))
    zones.change_zone(
        zone.pk, version=1, reason="水位上涨", level="red", by=world.rights("bureau"), now=at(30)
    )
    assert (shown(-1), shown(0), shown(29), shown(30)) == ([], [("orange", 1)], [("orange", 1)], [("red", 2)])
    assert shown(120) == []  # run out
    zones.lift_zone(zone, by=world.rights("bureau"), now=at(60), reason="水退")
    assert (shown(59), shown(60)) == ([("red", 2)], [])
    assert [(one.number, one.by_name, one.reason) for one in ZoneVersion.objects.filter(zone=zone)] == [
        (1, "市局", ""),
        (2, "市局", "水位上涨"),
        (3, "市局", "水退"),
    ]
    assert list(Entry.objects.values_list("verb", flat=True).order_by("id")) == [
        "zone.drawn",
        "zone.changed",
        "zone.lifted",
    ]


def test_a_change_upon_an_old_version_overwrites_nothing(world: World) -> None:
    zone, bureau = drawn(world), world.rights("bureau")
    zones.change_zone(zone.pk, version=1, reason="上涨", level="red", by=bureau, now=at(1))
    with pytest.raises(Problem) as caught:
        zones.change_zone(zone.pk, version=1, reason="下降", level="blue", by=bureau, now=at(2))
    assert caught.value.kind.number == "409.5"
    assert "市局" in caught.value.message("zh-hans")
    assert HazardZone.objects.get().level == "red"


@pytest.mark.django_db(transaction=True)
def test_of_two_changes_at_once_one_is_told(world: World) -> None:
    zone, bureau = drawn(world), world.rights("bureau")
    together, told = threading.Barrier(2), []

    def change(level: str) -> None:
        together.wait(10)
        try:
            zones.change_zone(zone.pk, version=1, reason="会商", level=level, by=bureau, now=at(1))
            told.append("done")
        except Problem as problem:
            told.append(problem.kind.number)
        finally:
            connection.close()

    threads = [threading.Thread(target=change, args=[level]) for level in ("red", "blue")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert sorted(told) == ["409.5", "done"]
    assert ZoneVersion.objects.count() == 2


def test_what_changes_nothing_leaves_no_version(world: World) -> None:
    zone = drawn(world)
    same = zones.change_zone(
        zone.pk, version=1, reason="核对", name="甲河两岸", by=world.rights("bureau"), now=at(1)
    )
    assert (same.version, ZoneVersion.objects.count()) == (1, 1)


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "长" * 61}, "name"),
        ({"kind": "meteor"}, "kind"),
        ({"level": "pink"}, "level"),
        ({"valid_to": NOW - timedelta(minutes=1)}, "valid_to"),
    ],
)
def test_what_is_wrong_is_named(world: World, fields: dict[str, Any], field: str) -> None:
    assert list(refusal(lambda: drawn(world, **fields))) == [field]
    assert not Entry.objects.exists()


def test_a_lifted_zone_is_not_changed(world: World) -> None:
    zone, bureau = drawn(world), world.rights("bureau")
    zones.lift_zone(zone, by=bureau, now=at(1))
    for act in (
        lambda: zones.change_zone(zone.pk, version=2, reason="?", level="red", by=bureau, now=at(2)),
        lambda: zones.lift_zone(zone, by=bureau, now=at(2)),
    ):
        with pytest.raises(Problem) as caught:
            act()
        assert caught.value.kind.number == "409.2"


def polygon(*corners: tuple[float, float]) -> dict[str, Any]:
    return {"type": "Polygon", "coordinates": [[list(one) for one in (*corners, corners[0])]]}


BOW = polygon((116.50, 30.60), (116.52, 30.62), (116.52, 30.60), (116.50, 30.62))


def test_a_crossing_outline_is_refused_with_its_place_or_repaired_with_notice(world: World) -> None:
    told = refusal(lambda: zones.shape_of(BOW))
    assert told == {"geometry": "边线在(116.51, 30.61)附近自相交,请调整顶点"}
    clean = zones.shape_of(BOW, repair=True)
    assert (clean.repaired, clean.shape.valid, len(clean.shape)) == (True, True, 2)


@pytest.mark.parametrize(
    ("geometry", "word"),
    [
        ({"type": "Point", "coordinates": [116.5, 30.6]}, "面"),
        (polygon((30.60, 116.50), (30.62, 116.50), (30.62, 116.52)), "经度在前"),
        (polygon((179.9, 30.0), (-179.9, 30.0), (-179.9, 31.0)), "不在中国境内"),
        (polygon((116.5, 30.6), (float("nan"), 30.6), (116.51, 30.61)), "无法读取"),
        (polygon((116.5, 30.6), (116.500001, 30.6), (116.500001, 30.600001)), "面积"),
        (polygon((100.0, 25.0), (115.0, 25.0), (115.0, 38.0)), "平方公里"),
        ({"type": "Polygon", "coordinates": []}, "空"),
        ({"type": "Polygon"}, "无法读取"),
        ({"type": "Polygon", "coordinates": [[["a", "b"]]]}, "无法读取"),
        ({}, "无法读取"),
    ],
)
def test_hostile_shapes_are_refused_under_their_field(geometry: dict[str, Any], word: str) -> None:
    told = refusal(lambda: zones.shape_of(geometry))
    assert list(told) == ["geometry"]
    assert word in told["geometry"]


def test_a_zone_belongs_to_the_smallest_area_that_holds_it(world: World) -> None:
    scope = world.rights("bureau").where("zone.draw")
    assert zones.area_of(square(116.501, 30.601, 0.01), scope) == EAST
    across = square(116.535, 30.601, 0.01)
    assert zones.area_of(across, scope) == COUNTY
    assert "geometry" in refusal(lambda: zones.area_of(square(110.0, 30.0, 0.01), scope))


def test_the_page_s_doors_draw_change_and_tell_the_history(world: World, client_of: Any) -> None:
    client = client_of("bureau")
    geometry = json.loads(square(116.501, 30.601, 0.01).json)
    body = {"name": "新画", "kind": "landslide", "level": "red", "geometry": geometry}
    made = client.post("/api/zones", json.dumps(body), content_type="application/json").json()["zone"]
    assert (made["area"], made["version"]) == (EAST, 1)
    change = {**body, "level": "blue", "version": 1, "reason": "会商"}
    address = f"/api/zones/{made['id']}"
    assert client.put(address, json.dumps(change), content_type="application/json").status_code == 200
    history = client.get(address).json()["versions"]
    assert [(one["number"], one["level"], one["reason"]) for one in history] == [
        (2, "blue", "会商"),
        (1, "red", ""),
    ]
    assert client_of("west").get(address).status_code == 404
