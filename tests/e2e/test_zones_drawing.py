"""Drawing a hazard zone: corners, holes, circles and lines that catch; by mouse, by keyboard and by fingers."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Site
from tests.e2e.looks import camera
from tests.e2e.zone_steps import (
    SQUARE,
    Point,
    at_the_map,
    corners,
    counted,
    drag,
    draw,
    drawn,
    fill,
    known,
    mode,
    on,
    save,
    start,
    swipe,
    until_counted_other,
)

pytestmark = [pytest.mark.e2e, pytest.mark.slow]
shot = camera("zones", whole=False)
SMALL = [(120, 120), (200, 120), (200, 190), (120, 190)]
"""Corners on a phone's map, in pixels."""


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
    shot(page, "hole")
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
    shot(page, "crossing")
    page.locator("[data-role=repair]").click()
    expect(wrong).to_be_hidden()
    save(page)
    expect(page.locator("#detail h2")).to_have_text("蝴蝶")
    assert len(known(live, "蝴蝶")) == 1


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
    shot(page, "phone")
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
    shot(page, "phone-missing")
    fill(page, "手机画的")
    page.locator(".zone-form button.main").tap()
    expect(page.locator("#detail h2")).to_have_text("手机画的")
    shot(page, "phone-saved")
