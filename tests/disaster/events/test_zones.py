"""Hazard zones: drawn, changed upon a version, lifted; how the map looked at any moment."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from disaster.events import zone_queries, zones
from disaster.journal.models import Entry
from disaster.problems import Problem
from gis import shapes
from gis.models import HazardZone, ZoneVersion
from gis.scope import AreaScope
from tests.world import COUNTY, EAST, WEST, World, square

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
    acts: tuple[Callable[[], object], ...] = (
        lambda: zones.change_zone(zone.pk, version=2, reason="?", level="red", by=bureau, now=at(2)),
        lambda: zones.lift_zone(zone, by=bureau, now=at(2)),
    )
    for act in acts:
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


def posted(client: Any, address: str, body: dict[str, Any], **more: Any) -> Any:
    return client.post(address, json.dumps(body), content_type="application/json", **more)


BOX = json.loads(square(116.501, 30.601, 0.01).json)
DRAWN = {"name": "新画", "kind": "landslide", "level": "red", "geometry": BOX}
EDGES = [
    *("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00Z"),
    *("9999-12-31T23:59:59.999999Z", "1e300", "-1e300", "nan", "inf", "now", "", "2026-07-05T10:00:00"),
    *("2026-02-30T00:00:00Z", "\x00", "٢٠٢٦-07-05T10:00:00Z"),
]


@pytest.mark.parametrize("moment", EDGES)
def test_a_moment_off_the_calendar_is_named_wherever_it_is_given(
    world: World, client_of: Any, moment: str
) -> None:
    client = client_of("bureau")
    answers = {
        "at": client.get("/api/zones", {"at": moment}),
        "valid_from": posted(client, "/api/zones", {**DRAWN, "valid_from": moment}),
        "valid_to": posted(client, "/api/zones", {**DRAWN, "valid_to": moment}),
    }
    for field, found in answers.items():
        assert found.status_code == 400, (field, found.content)
        assert any(field in name for name in found.json()["errors"]), found.json()


@given(
    at=st.text()
    | st.floats().map(str)
    | st.integers().map(str)
    | st.datetimes().map(lambda one: f"{one.isoformat()}+08:00")
)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_moment_breaks_the_door(world: World, client_of: Any, at: str) -> None:
    assert client_of("bureau").get("/api/zones", {"at": at}).status_code in (200, 400)


@pytest.mark.parametrize("distance", ["nan", "inf", "-1", "20001", "1e400", "x"])
def test_a_distance_that_is_none_is_refused(world: World, client_of: Any, distance: str) -> None:
    zone, client = drawn(world), client_of("bureau")
    assert client.get(f"/api/zones/{zone.pk}/threat", {"distance_m": distance}).status_code == 400
    written = '{{"geometry": {}, "distance_m": {}}}'.format(json.dumps(BOX), distance.replace("nan", "NaN"))
    assert client.post("/api/zones/threat", written, content_type="application/json").status_code == 400


@pytest.mark.parametrize("field", ["name", "source", "note"])
@pytest.mark.parametrize("text", ["甲\x00", "甲\ud800"])
def test_a_text_that_cannot_be_kept_is_named(world: World, client_of: Any, field: str, text: str) -> None:
    told = posted(client_of("bureau"), "/api/zones", {**DRAWN, field: text})
    assert (told.status_code, list(told.json()["errors"])) == (400, [field])


def test_a_sketch_that_crosses_itself_is_told_with_its_repair(world: World, client_of: Any) -> None:
    told = posted(client_of("bureau"), "/api/zones/threat", {"geometry": BOW}).json()
    assert told["repair"]["at"] == [116.51, 30.61]
    assert "自相交" in told["repair"]["why"]
    assert told["repair"]["geometry"]["type"] == "MultiPolygon"
    whole = posted(client_of("bureau"), "/api/zones/threat", {"geometry": BOX}).json()
    assert whole["repair"] is None


@pytest.mark.parametrize(
    ("rings", "why"),
    [
        ([(0, 0, 4), (6, 6, 1)], "hole"),
        ([(0, 0, 4), (1, 1, 2), (1.5, 1.5, 1)], "hole"),
    ],
)
def test_a_hole_in_the_wrong_place_is_told_with_its_place(rings: list[Any], why: str) -> None:
    outlines = [
        polygon(*[(116.5 + (x + dx * s) / 100, 30.6 + (y + dy * s) / 100) for dx, dy in CORNERS])[
            "coordinates"
        ][0]
        for x, y, s in rings
    ]
    told = refusal(lambda: zones.shape_of({"type": "Polygon", "coordinates": outlines}))
    assert "洞" in told["geometry"]
    assert why in shapes.WHY


CORNERS = [(0, 0), (1, 0), (1, 1), (0, 1)]


def test_a_township_draws_in_its_own_area_alone(world: World, client_of: Any) -> None:
    client = client_of("east")
    made = posted(client, "/api/zones", {**DRAWN, "note": "巡查发现裂缝"}).json()["zone"]
    assert made["area"] == EAST
    history = client.get(f"/api/zones/{made['id']}").json()["versions"]
    assert [one["reason"] for one in history] == ["巡查发现裂缝"]
    west = json.loads(square(116.541, 30.601, 0.01).json)
    assert list(posted(client, "/api/zones", {**DRAWN, "geometry": west}).json()["errors"]) == ["geometry"]


def test_an_outline_moved_elsewhere_takes_the_zone_there(world: World, client_of: Any) -> None:
    zone, client = drawn(world), client_of("bureau")
    body = {
        **DRAWN,
        "geometry": json.loads(square(116.541, 30.601, 0.01).json),
        "version": 1,
        "reason": "复核",
    }
    moved = client.put(f"/api/zones/{zone.pk}", json.dumps(body), content_type="application/json").json()[
        "zone"
    ]
    assert moved["area"] == WEST


def test_the_choices_are_told_in_the_reader_s_language(world: World, client_of: Any) -> None:
    told = client_of("jia_a").get("/api/zones/choices").json()
    assert {"key": "landslide", "name": "滑坡"} in told["kinds"]
    assert [one["key"] for one in told["levels"]] == ["red", "orange", "yellow", "blue"]
