"""Hazard zones on the map: drawn and counted, changed upon a version, lifted, seen as of any moment."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Site
from tests.e2e.map_journey import opened_by_tap
from tests.e2e.zone_steps import (
    SQUARE,
    Point,
    corners,
    counted,
    drag,
    draw,
    fill,
    mode,
    on,
    save,
    start,
    swipe,
    until_counted_other,
)

pytestmark = [pytest.mark.e2e, pytest.mark.slow]
SHOTS = os.environ.get("ZAIQING_SHOTS")
BEIJING = ZoneInfo("Asia/Shanghai")
SMALL = [(120, 120), (200, 120), (200, 190), (120, 190)]
"""Corners on a phone's map, in pixels."""


def shot(page: Page, name: str) -> None:
    if SHOTS:
        page.screenshot(path=f"{SHOTS}/{name}.png")


def at_the_map(page: Page) -> Page:
    page.wait_for_selector("html[data-map=ready][data-light=live]", timeout=60_000)
    return page


def drawn(page: Page, name: str, points: Sequence[Point] = SQUARE) -> None:
    """A zone drawn and saved, its panel open."""
    start(page)
    draw(page, points)
    fill(page, name)
    save(page)
    expect(page.locator("#detail h2")).to_have_text(name)


def zones(page: Page) -> int:
    return int(page.locator("html").get_attribute("data-zones") or -1)


def expect_zones(page: Page, count: int) -> None:
    expect(page.locator("html")).to_have_attribute("data-zones", str(count))


def known(live: Site, name: str) -> list[Any]:
    with live.database.connect() as connection:
        return connection.execute(
            "SELECT id::text, version, lifted_at IS NOT NULL, ST_NPoints(boundary), ST_NumInteriorRings(ST_GeometryN(boundary, 1)),"
            " area_code FROM places_hazardzone WHERE name = %s",
            [name],
        ).fetchall()


def sent(page: Page, method: str, path: str, body: dict[str, Any]) -> Any:
    """What another program of the same person sends."""
    token = next(one["value"] for one in page.context.cookies() if one["name"] == "csrftoken")
    answer = page.context.request.fetch(path, method=method, data=body, headers={"X-CSRFToken": token})
    assert answer.ok, answer.text()
    return answer.json()


def test_drawing_counts_whom_it_threatens_and_another_map_sees_it(
    live: Site, desk: Callable[..., Page]
) -> None:
    other = at_the_map(desk("leader"))
    page = at_the_map(desk())
    before = zones(other)
    expect(other.locator("[data-tool=zones]")).to_have_count(0)

    start(page)
    page.locator("[data-draw=polygon]").click()
    corners(page, SQUARE[:3])
    triangle = counted(page)
    people = counted(page, "people")
    assert people > 0
    expect(page.locator("[data-role=threat]")).to_contain_text("人口按村界内面积比例估算")
    corners(page, SQUARE[3:])
    square = until_counted_other(page, triangle)
    assert square == pytest.approx(2 * triangle, rel=0.02)
    assert counted(page, "people") > people

    page.keyboard.press("Control+z")
    assert until_counted_other(page, square) == triangle
    page.keyboard.press("Control+y")
    assert until_counted_other(page, triangle) == square
    page.locator("[data-draw=undo]").click()
    assert until_counted_other(page, square) == triangle
    page.locator("[data-draw=redo]").click()
    page.mouse.dblclick(*on(page, SQUARE[3]))
    mode(page, "rest")
    page.locator("[name=distance]").fill("500")
    page.keyboard.press("Tab")
    assert until_counted_other(page, square) > square
    shot(page, "zones-drawn")

    save(page)
    for field in ("kind", "level", "name"):
        expect(page.locator(f"[data-error={field}]")).to_be_visible()
    fill(page, "甲岭滑坡")
    save(page)

    expect(page.locator("#detail h2")).to_have_text("甲岭滑坡")
    expect(page.locator("#detail")).to_contain_text("滑坡")
    expect_zones(other, before + 1)
    opened_by_tap(other, *on(other, (580, 380)), "甲岭滑坡")
    expect(other.locator("#detail").get_by_role("button", name="修改")).to_have_count(0)
    shot(other, "zones-other")
    assert known(live, "甲岭滑坡")[0][1:5] == (1, False, 5, 0)


def test_corners_are_moved_added_and_taken_away_and_holes_cut(live: Site, desk: Callable[..., Page]) -> None:
    page = at_the_map(desk())
    start(page)
    draw(page, SQUARE)
    square = counted(page)
    drag(page, SQUARE[0], (510, 250))
    larger = until_counted_other(page, square)
    assert larger > square
    drag(page, (660, 350), (700, 350))  # the middle of the eastern edge becomes a corner
    largest = until_counted_other(page, larger)
    assert largest > larger
    page.mouse.click(*on(page, (700, 350)))
    page.keyboard.press("Shift+ArrowRight")
    assert until_counted_other(page, largest) > largest
    page.keyboard.press("Control+z")
    assert until_counted_other(page, 0) == largest
    page.mouse.click(*on(page, (700, 350)))
    page.locator("[data-draw=corner]").click()
    assert until_counted_other(page, largest) == larger
    page.locator("[data-draw=hole]").click()
    corners(page, [(600, 320), (640, 320), (620, 360)])
    page.mouse.click(*on(page, (600, 320)))  # on the first corner: closed
    mode(page, "rest")
    holed = until_counted_other(page, larger)
    assert holed < larger
    page.locator("[data-draw=hole]").click()
    corners(page, [(800, 320), (840, 320), (820, 360)])
    page.keyboard.press("Enter")
    expect(page.locator(".hint")).to_have_text("洞要画在已有的块里面。")
    page.locator("[data-draw=polygon]").click()
    expect(page.locator("[data-draw=polygon]")).to_have_text("加一块")
    corners(page, [(720, 420), (780, 420), (780, 480)])
    page.keyboard.press("Enter")
    assert until_counted_other(page, holed) > holed
    fill(page, "两块一洞")
    shot(page, "zones-hole")
    save(page)
    expect(page.locator("#detail h2")).to_have_text("两块一洞")
    assert known(live, "两块一洞")[0][3:5] == (5 + 4 + 4, 1)


def test_the_latest_count_wins_over_a_slow_earlier_one(live: Site, desk: Callable[..., Page]) -> None:
    page = at_the_map(desk())
    start(page)
    held: list[Any] = []

    def hold_the_first(route: Any) -> None:
        if held:
            route.continue_()
        else:
            held.append(route)

    page.route("**/api/zones/threat", hold_the_first)
    page.locator("[data-draw=polygon]").click()
    with page.expect_request("**/api/zones/threat") as first:
        corners(page, SQUARE[:3])
    with page.expect_event("requestfailed", lambda request: request == first.value):
        corners(page, SQUARE[3:])
    square = counted(page)
    page.locator("[data-draw=undo]").click()
    assert until_counted_other(page, square) == pytest.approx(square / 2, rel=0.02)


def test_a_crossing_outline_is_told_with_its_place_and_its_repair(
    live: Site, desk: Callable[..., Page]
) -> None:
    page = at_the_map(desk())
    start(page)
    draw(page, [SQUARE[0], SQUARE[2], SQUARE[1], SQUARE[3]])
    wrong = page.locator(".repair")
    expect(wrong).to_contain_text("自相交")
    expect(wrong).to_contain_text("116.")
    fill(page, "蝴蝶")
    save(page)
    expect(page.locator(".zone-form button.main")).to_be_enabled()
    expect(wrong).to_contain_text("自相交")
    expect(wrong).to_be_in_viewport()
    shot(page, "zones-crossing")
    page.locator("[data-role=repair]").click()
    expect(wrong).to_be_hidden()
    save(page)
    expect(page.locator("#detail h2")).to_have_text("蝴蝶")
    assert len(known(live, "蝴蝶")) == 1


def test_a_zone_is_changed_upon_its_version_while_another_changes_it_and_lifted(
    live: Site, desk: Callable[..., Page]
) -> None:
    page, other = at_the_map(desk()), at_the_map(desk("leader"))
    drawn(page, "乙沟泥石流")
    expect(page.locator("#detail .versions li")).to_have_count(1)
    count = zones(page)
    [(key, *_)] = known(live, "乙沟泥石流")
    page.locator("#detail").get_by_role("button", name="修改").click()
    page.locator("[name=snap]").uncheck()
    square = counted(page)
    expect_zones(page, count - 1)  # it is drawn as what is being changed, not twice
    drag(page, SQUARE[0], (520, 260))
    mine = until_counted_other(page, square)

    zone = sent(page, "GET", f"/api/zones/{key}", {})["zone"]
    changed = {**zone, "level": "blue", "reason": "会商降级"}
    sent(page, "PUT", f"/api/zones/{key}", changed)

    meanwhile = page.locator(".meanwhile")
    expect(meanwhile).to_contain_text("版本 2")
    expect(meanwhile).to_contain_text("会商降级")
    expect(meanwhile).to_contain_text("红色(一级) → 蓝色(四级)")
    expect(page.locator("html")).to_have_attribute("data-compared", re.compile("版本 2"))
    assert counted(page) == mine  # the drawing is untouched
    shot(page, "zones-conflict")
    page.locator(".zone-form [name=reason]").fill("现场复核扩大")
    save(page)  # upon version 1 still: refused, both are shown again
    expect(page.locator("[data-role=refused]")).to_be_visible()
    page.locator("[data-role=rebase]").click()
    save(page)

    expect(page.locator("#detail .versions li")).to_have_count(3)
    expect(page.locator("#detail .versions")).to_contain_text("现场复核扩大")
    page.locator("[data-version='1']").click()
    expect(page.locator("html")).to_have_attribute("data-compared", re.compile("版本 1"))
    shot(page, "zones-versions")
    page.locator("[data-version='1']").click()
    expect(page.locator("html")).to_have_attribute("data-compared", "")

    expect_zones(other, count)
    page.locator("#detail").get_by_role("button", name="解除", exact=True).click()
    page.get_by_role("button", name="确认解除").click()
    expect(page.locator("#detail .problem")).to_have_text("请写明解除原因。")
    page.get_by_role("textbox", name="解除原因").fill("险情排除")
    page.get_by_role("button", name="确认解除").click()
    expect(page.locator("#detail")).to_contain_text("已解除")
    expect_zones(other, count - 1)
    assert known(live, "乙沟泥石流")[0][1:3] == (4, True)


def test_what_is_lifted_meanwhile_can_be_kept_as_a_new_zone(live: Site, desk: Callable[..., Page]) -> None:
    page = at_the_map(desk())
    drawn(page, "丙坡崩塌")
    [(key, *_)] = known(live, "丙坡崩塌")
    page.locator("#detail").get_by_role("button", name="修改").click()
    page.locator("[name=snap]").uncheck()
    drag(page, SQUARE[0], (530, 270))
    sent(page, "POST", f"/api/zones/{key}/lift", {"reason": "误划"})
    expect(page.locator(".meanwhile")).to_contain_text("解除了它")
    page.locator("[data-role=detach]").click()
    page.locator(".zone-form [name=note]").fill("重新划定")
    save(page)
    expect(page.locator("#detail h2")).to_have_text("丙坡崩塌")
    assert sorted(row[2] for row in known(live, "丙坡崩塌")) == [False, True]


def test_a_reload_loses_nothing_and_giving_up_is_asked_for(live: Site, desk: Callable[..., Page]) -> None:
    page = at_the_map(desk())
    start(page)
    page.locator("[data-draw=polygon]").click()
    corners(page, SQUARE)
    page.locator(".zone-form [name=name]").fill("没画完")
    area = counted(page)
    page.reload()
    at_the_map(page)
    expect(page.locator("[data-role=resumed]")).to_be_visible()
    expect(page.locator(".zone-form [name=name]")).to_have_value("没画完")
    mode(page, "polygon")
    assert counted(page) == area
    page.locator("[data-draw=undo]").click()
    smaller = until_counted_other(page, area)
    page.locator("[data-tool=moment]").click()  # another tool: kept as well
    page.locator("[data-tool=zones]").click()
    expect(page.locator("[data-role=resumed]")).to_be_visible()
    assert counted(page) == smaller

    page.locator("#map canvas").focus()
    page.keyboard.press("Escape")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("放弃这次绘制")
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    assert counted(page) == smaller
    page.locator("#map canvas").focus()
    page.keyboard.press("Escape")
    dialog.get_by_role("button", name="放弃", exact=True).click()
    expect(page.locator("#tool-panel")).to_be_hidden()
    start(page)
    expect(page.locator("[data-role=resumed]")).to_have_count(0)
    expect(page.locator(".zone-form [name=name]")).to_have_value("")


def test_a_circle_can_be_drawn_by_the_keyboard_alone(live: Site, desk: Callable[..., Page]) -> None:
    page = at_the_map(desk())
    page.locator("[data-tool=zones]").focus()
    page.keyboard.press("Enter")
    page.locator("[data-draw=circle]").focus()
    page.keyboard.press("Enter")
    for name, value in (("lon", "116.57"), ("lat", "30.63"), ("radius", "1000")):
        page.locator(f"[name=circle-{name}]").focus()
        page.keyboard.type(value) if name != "radius" else page.locator("[name=circle-radius]").fill(value)
    page.keyboard.press("Tab")
    assert counted(page) == pytest.approx(3.1415926, rel=0.01)
    fill(page, "圆形火险", kind="fire", level="yellow")
    page.keyboard.press("Enter")
    page.locator(".zone-form [name=name]").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#detail h2")).to_have_text("圆形火险")
    assert known(live, "圆形火险")[0][3] == 65


def test_lines_on_the_map_catch_the_pointer(live: Site, desk: Callable[..., Page]) -> None:
    page = at_the_map(desk())
    drawn(page, "先画的", [(700, 300), (780, 300), (780, 380), (700, 380)])
    page.locator("#detail .close").click()
    start(page)
    page.locator("[name=snap]").check()
    draw(page, [(704, 304), (640, 300), (640, 384), (703, 377)])
    fill(page, "贴着画的")
    save(page)
    expect(page.locator("#detail h2")).to_have_text("贴着画的")
    with live.database.connect() as connection:
        [(shared,)] = connection.execute(
            "SELECT ST_NPoints(ST_Intersection(ST_Points(a.boundary), ST_Points(b.boundary)))"
            " FROM places_hazardzone a, places_hazardzone b WHERE a.name = '先画的' AND b.name = '贴着画的'"
        ).fetchall()
    assert shared == 2


LINES = {
    "boundary": "SELECT ST_Collect(ST_Boundary(boundary::geometry)) FROM places_area WHERE level = 'township'",
    "road": "SELECT ST_Collect(line::geometry) FROM places_road WHERE kind = (SELECT kind FROM places_road LIMIT 1)",
}


@pytest.mark.parametrize("what", LINES)
def test_boundaries_and_roads_catch_the_pointer(live: Site, desk: Callable[..., Page], what: str) -> None:
    """A tap a few pixels beside a line, hundreds of metres away at the county's zoom, lands on it."""
    page = at_the_map(desk())
    start(page)
    shift = 6

    def place(point: Point) -> tuple[float, float]:
        page.locator("[data-draw=circle]").click()
        page.mouse.click(*on(page, point))
        lon, lat = (page.locator(f"[name=circle-{name}]").input_value() for name in ("lon", "lat"))
        page.locator("[data-draw=undo]").click()  # or the circle itself would catch the next
        return float(lon), float(lat)

    (west, north), (east, south) = place((560, 300)), place((760, 500))
    with live.database.connect() as connection:
        # A place on a line well inside, away from the corners where two lines meet.
        [(x, y)] = connection.execute(
            f"WITH lines AS ({LINES[what]}), part AS (SELECT (ST_Dump(ST_Intersection(st_collect,"
            " ST_MakeEnvelope(%s, %s, %s, %s, 4326)))).geom FROM lines)"
            " SELECT ST_X(p), ST_Y(p) FROM (SELECT ST_LineInterpolatePoint(geom, 0.5) p FROM part"
            " WHERE ST_GeometryType(geom) = 'ST_LineString' ORDER BY ST_Length(geom) DESC LIMIT 1) there",
            [west, south, east, north],
        ).fetchall()
        beside = (560 + 200 * (x - west) / (east - west) + shift, 300 + 200 * (y - north) / (south - north))

        def metres(found: tuple[float, float]) -> float:
            [(far,)] = connection.execute(
                f"WITH lines AS ({LINES[what]})"
                " SELECT ST_Distance(ST_SetSRID(ST_MakePoint(%s, %s), 4326)::geography, st_collect::geography) FROM lines",
                found,
            ).fetchall()
            return float(far)

        loose = metres(place(beside))
        page.locator("[name=snap]").check()
        caught = metres(place(beside))
    assert caught < loose / 3


def test_the_map_shows_the_zones_of_another_moment_and_says_so(live: Site, desk: Callable[..., Page]) -> None:
    page = at_the_map(desk())
    start(page)
    draw(page, SQUARE)
    fill(page, "短时山洪", kind="flash_flood")
    until = datetime.now(BEIJING) + timedelta(hours=2)
    page.locator(".zone-form [name=valid_to]").fill(f"{until:%Y-%m-%dT%H:%M}")
    save(page)
    expect(page.locator("#detail h2")).to_have_text("短时山洪")
    expect(page.locator("html")).to_have_attribute("data-zones", re.compile(r"\d+"))
    count = zones(page)
    page.locator("[data-tool=moment]").click()
    banner = page.locator(".not-now")
    expect(banner).to_be_hidden()
    page.locator("[data-hours='1']").click()
    expect(banner).to_contain_text(f"共 {count} 个")
    page.locator("[data-hours='24']").click()
    expect(banner).to_contain_text(f"共 {count - 1} 个")
    expect_zones(page, count - 1)
    shot(page, "zones-moment")
    page.locator("[name=moment]").fill("2020-01-01T00:00")
    expect(banner).to_contain_text("2020-01-01 00:00")
    expect_zones(page, 0)
    banner.get_by_role("button").click()
    expect(banner).to_be_hidden()
    expect_zones(page, count)


def test_a_township_draws_within_its_own_area(live: Site, desk: Callable[..., Page]) -> None:
    page = at_the_map(desk("t202"))
    start(page)
    page.locator("[data-draw=circle]").click()
    page.locator("[name=circle-lon]").fill("116.2")
    page.locator("[name=circle-lat]").fill("30.2")
    page.keyboard.press("Tab")
    fill(page, "外乡")
    save(page)
    expect(page.locator(".repair [data-error=geometry]")).to_contain_text("不在您负责的地区内")
    with live.database.connect() as connection:
        [(code, lon, lat)] = connection.execute(
            "SELECT code, ST_X(point), ST_Y(point) FROM places_area WHERE level = 'village' AND parent_id = '340882202000'"
            " AND point IS NOT NULL ORDER BY code LIMIT 1"
        ).fetchall()
    assert code
    page.locator("[name=circle-lon]").fill(str(lon))
    page.locator("[name=circle-lat]").fill(str(lat))
    page.locator("[name=circle-radius]").fill("200")
    page.keyboard.press("Tab")
    fill(page, "本乡")
    save(page)
    expect(page.locator("#detail h2")).to_have_text("本乡")
    assert known(live, "本乡")[0][5] == "340882202000"


def test_fingers_draw_on_a_phone_and_nothing_overlaps(live: Site, phone: Callable[..., Page]) -> None:
    page = at_the_map(phone("bureau", "/map/"))
    page.locator("#tool-bar .more summary").tap()
    page.locator("[data-tool=zones]").tap()
    page.locator(".drawing-bar").wait_for()
    page.locator("[name=snap]").uncheck()
    page.locator("[data-draw=polygon]").tap()
    for point in SMALL:
        page.touchscreen.tap(*on(page, point))
    page.locator("[data-draw=finish]").tap()
    mode(page, "rest")
    area = counted(page)
    page.touchscreen.tap(*on(page, SMALL[2]))
    shot(page, "zones-phone")
    page.locator("[data-draw=corner]").tap()
    triangle = until_counted_other(page, area)
    assert triangle < area
    swipe(page, SMALL[3], (SMALL[3][0] - 30, SMALL[3][1] + 30))
    assert until_counted_other(page, triangle) > triangle
    page.locator("[data-draw=undo]").tap()
    assert until_counted_other(page, 0) == triangle
    swipe(page, (260, 200), (230, 180))  # beside it: the map moves, the shape does not change
    assert counted(page) == triangle
    page.locator("[data-draw=polygon]").tap()
    page.touchscreen.tap(*on(page, (250, 180)))
    page.touchscreen.tap(*on(page, (290, 180)))
    page.touchscreen.tap(*on(page, (290, 220)))
    page.touchscreen.tap(*on(page, (250, 180)))  # on the first: closed
    mode(page, "rest")
    assert until_counted_other(page, triangle) > triangle
    page.locator("[data-draw=undo]").tap()
    expect(page.locator("[data-draw=redo]")).to_be_enabled()
    while page.locator("html[data-drawing=polygon]").count():
        page.locator("[data-draw=undo]").tap()
    assert until_counted_other(page, 0) == triangle
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    boxes = {name: page.locator(name).bounding_box() for name in ("#map", "#tool-panel", "#tool-bar", ".bar")}
    tops: Any = [boxes[name] for name in (".bar", "#map", "#tool-panel")]
    for above, below in pairwise(tops):
        assert above["y"] + above["height"] <= below["y"] + 1
    assert boxes["#tool-panel"]["y"] + boxes["#tool-panel"]["height"] <= 741  # type: ignore[index]
    page.locator(".zone-form button.main").tap()
    missing = page.locator("[data-error=kind]")
    expect(missing).to_be_in_viewport()
    shot(page, "zones-phone-missing")
    fill(page, "手机画的")
    page.locator(".zone-form button.main").tap()
    expect(page.locator("#detail h2")).to_have_text("手机画的")
    shot(page, "zones-phone-saved")
