"""The roads of a plan: told to every village, looked at again when a road closes, and what that costs it."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import pytest
import shapely
from django.contrib.gis.geos import MultiPolygon, Point, Polygon
from django.test import Client
from django.utils import timezone

from disaster.refuge.evacuation import draft, explain, model, outlook, plans, ways
from disaster.refuge.models import Plan
from gis.models import Closure, HazardZone, Road
from gis.routing import blocked, speeds
from tests.disaster.refuge.made import a_shelter
from tests.gis import grid
from tests.world import COUNTY, JIA, YI, World, square

pytestmark = pytest.mark.django_db
Browser = Callable[[str], Client]


@pytest.fixture
def town(world: World) -> World:
    """Streets around the villages, and a shelter at a crossing east of 甲."""
    grid.build(6)
    a_shelter(world, name="乙校", area=YI, lon=116.53, lat=30.61, usable_area_m2=4000)
    return world


def plan_of(world: World) -> Plan:
    return plans.make(villages={JIA: 50}, by=world.rights("bureau"), now=timezone.now())


def row_of(plan: Plan) -> dict[str, Any]:
    (row,) = plans.newest(plan).result["rows"]
    return dict(row)


def closed(place: tuple[float, float], **fields: Any) -> Closure:
    values = {
        "reason": "塌方",
        "radius_m": 30,
        "area_id": COUNTY,
        "by_name": "市局",
        "valid_from": timezone.now(),
    }
    return Closure.objects.create(shape=Point(*place, srid=4326), **{**values, **fields})


def changes(plan: Plan) -> list[dict[str, Any]]:
    return outlook.of(plan, plans.newest(plan), now=timezone.now())


def on_the_way(plan: Plan, share: float = 0.5) -> tuple[float, float]:
    """Give a place on a plan's only way, between two crossings."""
    line = shapely.LineString(row_of(plan)["way"]["line"][1:-1])
    spot = shapely.line_interpolate_point(line, share, normalized=True)
    return spot.x, spot.y


def test_a_plan_keeps_the_roads_behind_its_minutes(town: World) -> None:
    row = row_of(plan_of(town))
    way = row["way"]
    assert way["verdict"] == "dry"
    assert row["minutes"] == pytest.approx(way["minutes"], abs=0.11)
    assert set(way["roads"]) <= set(Road.objects.values_list("id", flat=True))
    assert (way["line"][0], way["line"][-1]) == (row["from"], row["to"])
    assert sum(one["metres"] for one in way["sections"]) == pytest.approx(way["metres"], abs=2)
    assert "路(乡道)向" in ways.words(way, "zh-hans")
    assert "公里" in ways.words(way, "zh-hans")


def test_a_closure_that_only_lengthens_a_way_makes_its_plan_outdated(town: World) -> None:
    plan = plan_of(town)
    assert changes(plan) == []
    closed(on_the_way(plan))
    (one,) = changes(plan)
    assert (one["key"], one["village"], one["by"]) == ("was_lengthened", JIA, ["塌方"])
    assert one["params"]["more"] == pytest.approx(one["after"] - one["before"], abs=0.05)
    assert one["after"] >= one["before"] + 1
    told = explain.say(one, "zh-hans")
    assert "塌方" in told
    assert f"多{one['params']['more']}分钟" in told


def test_a_closure_beside_the_way_leaves_the_plan_as_it_is(town: World) -> None:
    plan = plan_of(town)
    closed(grid.at(0.5, 5))
    assert changes(plan) == []


def test_a_zone_across_the_way_does_the_same_and_a_lifted_one_leaves_it(town: World) -> None:
    plan = plan_of(town)
    lon, lat = on_the_way(plan)
    zone = HazardZone.objects.create(
        name="内涝点",
        kind="waterlogging",
        level="yellow",
        area_id=COUNTY,
        boundary=square(lon - 0.0005, lat - 0.0005, 0.001),
        valid_from=timezone.now(),
    )
    (one,) = changes(plan)
    assert (one["key"], one["by"]) == ("was_lengthened", ["内涝点"])
    HazardZone.objects.filter(pk=zone.pk).update(lifted_at=timezone.now())
    assert changes(plan) == []


def test_a_way_with_another_as_short_beside_it_is_led_round(town: World) -> None:
    plan = plan_of(town)
    for _ in range(2):  # of equal ways one is chosen; the other is as quick
        closed(on_the_way(plan, 0.02), radius_m=1)
    assert {one["key"] for one in changes(plan)} <= {"was_rerouted", "was_lengthened"}
    assert all(one["way"]["roads"] for one in changes(plan))


def test_a_shelter_cut_off_has_no_safe_way_and_the_paper_says_so(town: World, client_of: Browser) -> None:
    plan = plan_of(town)
    closed((116.53, 30.61), radius_m=1200)
    (one,) = changes(plan)
    assert (one["key"], one["after"]) == ("was_cut", None)
    assert explain.say(one, "zh-hans").startswith("无安全路线")
    client = client_of("bureau")
    for page in ("", "print/"):
        assert "无安全路线" in client.get(f"/evacuation/{plan.pk}/{page}").content.decode()
    proposal = client.get(f"/api/evacuations/{plan.pk}/proposal").json()
    assert proposal["rows"] == []
    assert proposal["unplaced"][0]["why"].startswith("无安全路线")


def test_a_shelter_whose_door_lies_behind_a_zone_is_no_destination(world: World) -> None:
    grid.build(6)
    a_shelter(world, name="近", area=YI, lon=116.525, lat=30.6125, usable_area_m2=4000)  # between streets
    a_shelter(world, name="远", area=YI, lon=116.55, lat=30.61, usable_area_m2=4000)
    assert row_of(plan_of(world))["shelter_name"] == "近"
    _flood(around=0.0015)
    assert row_of(plan_of(world))["shelter_name"] == "远"


def a_plan_without_a_safe_way(world: World) -> Plan:
    """Plan for 甲 where the doors of as many shelters as are tried lie behind water."""
    grid.build(6)
    for number in range(draft.SOUGHT):
        a_shelter(world, name=f"近{number}", area=YI, lon=116.525, lat=30.6125, usable_area_m2=4000)
    _flood(around=0.0015)
    return plan_of(world)


def test_a_plan_with_a_row_that_has_no_safe_way_is_nowhere_called_good(
    world: World, client_of: Browser
) -> None:
    plan = a_plan_without_a_safe_way(world)
    assert row_of(plan)["way"]["verdict"] == "end_inside"
    assert changes(plan) == []
    page, paper = (
        client_of("bureau").get(f"/evacuation/{plan.pk}/{each}").content.decode() for each in ("", "print/")
    )
    assert "全部可走" not in paper
    assert "1 条无安全路线" in paper
    assert "仍然有效" not in page
    assert "方案中 1 条路线避不开危险区或断路" in page
    for each in (page, paper):
        assert "避开危险区和断路,并逐条核对过" not in each
        assert "其中 1 条避不开危险区或断路" in each


def test_all_rounds_of_a_plan_share_the_time_of_one(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    given = []
    solve, clock = model.solve, itertools.count(0.0, 4.0)

    def timed(*args: Any, **fields: Any) -> model.Answer:
        given.append(fields["seconds"])
        return solve(*args, **fields)

    monkeypatch.setattr(model, "solve", timed)
    monkeypatch.setattr(draft, "monotonic", lambda: next(clock))  # each look at it finds four seconds gone
    a_plan_without_a_safe_way(world)
    assert given == [6.0, 0.0]


def test_a_way_is_looked_at_once_however_often_a_plan_is_solved(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Any] = []
    along = ways.along

    def counted(pairs: Any, **fields: Any) -> Any:
        asked.extend(pairs)
        return along(pairs, **fields)

    monkeypatch.setattr(ways, "along", counted)
    grid.build(6)
    a_shelter(world, name="近", area=YI, lon=116.525, lat=30.6125, usable_area_m2=200)
    a_shelter(world, name="远", area=YI, lon=116.55, lat=30.61, usable_area_m2=4000)
    _flood(around=0.0015)
    plans.make(villages={JIA: 50, YI: 500}, by=world.rights("bureau"), now=timezone.now())
    assert len(asked) > 2
    assert len(asked) == len(set(asked))


def _flood(around: float) -> None:
    """Lay a ring of water around 近, so many degrees wide inside; every street stays dry."""
    rings = [
        Polygon.from_bbox((116.525 - r, 30.6125 - r / 2, 116.525 + r, 30.6125 + r / 2))[0]
        for r in (0.0035, around)
    ]
    HazardZone.objects.create(
        name="内涝",
        kind="waterlogging",
        level="yellow",
        area_id=COUNTY,
        boundary=MultiPolygon(Polygon(*rings), srid=4326),
        valid_from=timezone.now(),
    )


def test_made_anew_the_longer_way_is_told_with_its_reason(town: World, client_of: Browser) -> None:
    plan, client = plan_of(town), client_of("bureau")
    closed(on_the_way(plan))
    page = client.get(f"/evacuation/{plan.pk}/").content.decode()
    assert "方案已过时" in page
    (detour,) = client.get(f"/api/evacuations/{plan.pk}").json()["detours"]
    assert detour["directions"] in page
    (one,) = _renewed(client, plan)["difference"]
    assert one["after"][0]["minutes"] > one["before"][0]["minutes"]
    assert one["after"][0]["way"] == detour["directions"] != one["before"][0]["way"]
    assert "塌方" in one["why"][0]
    plan.refresh_from_db()
    assert changes(plan) == []
    line = shapely.to_wkb(shapely.LineString(row_of(plan)["way"]["line"]))
    assert blocked.touched([line], timezone.now()) == [[]]


def _renewed(client: Client, plan: Plan) -> dict[str, Any]:
    body = {"version": plan.version}
    answer: dict[str, Any] = client.post(
        f"/api/evacuations/{plan.pk}/renew", body, content_type="application/json"
    ).json()
    return answer


def test_roads_loaded_anew_are_looked_at_anew(town: World) -> None:
    plan = plan_of(town)
    grid.build(6, "track")
    assert [one["key"] for one in changes(plan)] == ["was_slowed"]


def test_speeds_in_force_anew_are_reckoned_with(town: World, monkeypatch: pytest.MonkeyPatch) -> None:
    plan = plan_of(town)
    assert changes(plan) == []
    halved = {kind: kmh / 2 for kind, kmh in speeds.now().items()}
    monkeypatch.setattr(speeds, "_given", lambda: halved)
    assert [one["key"] for one in changes(plan)] == ["was_slowed"]


def test_the_paper_tells_every_village_its_roads(town: World, client_of: Browser) -> None:
    plan = plan_of(town)
    words = ways.words(row_of(plan)["way"], "zh-hans")
    for page in ("", "print/"):
        content = client_of("leader").get(f"/evacuation/{plan.pk}/{page}").content.decode()
        assert words in content
        assert 'class="way"' in content
    assert "全部可走" in content
