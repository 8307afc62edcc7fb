"""Steps of journeys that draw hazard zones: by pixels of the map, as a hand does."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from playwright.sync_api import Page, expect

from tests.e2e.conftest import Site

Point = tuple[float, float]
SQUARE = [(560, 300), (660, 300), (660, 400), (560, 400)]
"""Corners on a desk's map, in pixels: inside the county, beside the panel."""


def start(page: Page) -> None:
    """Open the tool, ready to draw."""
    page.locator("[data-tool=zones]").click()
    page.locator(".drawing-bar").wait_for()
    page.locator("[name=snap]").uncheck()


def on(page: Page, point: Point) -> Point:
    """A place of the map on the page."""
    box: Any = page.locator("#map").bounding_box()
    return box["x"] + point[0], box["y"] + point[1]


def corners(page: Page, points: Sequence[Point]) -> None:
    for point in points:
        page.mouse.click(*on(page, point))


def draw(page: Page, points: Sequence[Point]) -> None:
    page.locator("[data-draw=polygon]").click()
    corners(page, points)
    page.locator("[data-draw=finish]").click()
    mode(page, "rest")


def drag(page: Page, from_: Point, to: Point) -> None:
    page.mouse.move(*on(page, from_))
    page.mouse.down()
    page.mouse.move(*on(page, to), steps=5)
    page.mouse.up()


def mode(page: Page, name: str) -> None:
    expect(page.locator("html")).to_have_attribute("data-drawing", name)


def swipe(page: Page, from_: Point, to: Point) -> None:
    """Drag with one finger."""
    line = page.context.new_cdp_session(page)
    (x, y), (u, v) = on(page, from_), on(page, to)
    line.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]})
    for share in (0.25, 0.5, 0.75, 1):
        there = [{"x": x + (u - x) * share, "y": y + (v - y) * share}]
        line.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": there})
    line.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    line.detach()


def counted(page: Page, key: str = "area_km2") -> float:
    """A figure once the server has said it of the shape as it is."""
    expect(page.locator("dl.threat:not(.old) > div")).not_to_have_count(0)
    return float(page.locator(f"dl.threat [data-key={key}]").get_attribute("data-value") or "nan")


def until_counted_other(page: Page, before: float) -> float:
    figure = page.locator("dl.threat:not(.old) [data-key=area_km2]")
    expect(figure).not_to_have_attribute("data-value", re.compile(f"^{re.escape(f'{before:g}')}$"))
    return counted(page)


def fill(page: Page, name: str, **fields: str) -> None:
    form = page.locator(".zone-form")
    form.locator("[name=name]").fill(name)
    form.locator("[name=kind]").select_option(fields.get("kind", "landslide"))
    form.locator("[name=level]").select_option(fields.get("level", "red"))


def save(page: Page) -> None:
    page.locator(".zone-form button.main").click()


def at_the_map(page: Page) -> Page:
    """The page once its map is drawn and its line live."""
    page.wait_for_selector("html[data-map=ready][data-light=live]", timeout=60_000)
    return page


def drawn(page: Page, name: str, points: Sequence[Point] = SQUARE) -> None:
    """A zone drawn and saved, its panel open."""
    start(page)
    draw(page, points)
    fill(page, name)
    save(page)
    expect(page.locator("#detail h2")).to_have_text(name)


def known(live: Site, name: str) -> list[Any]:
    """A zone's rows by name: id, version, whether lifted, corners, holes, area."""
    with live.database.connect() as connection:
        return connection.execute(
            "SELECT id::text, version, lifted_at IS NOT NULL, ST_NPoints(boundary), ST_NumInteriorRings(ST_GeometryN(boundary, 1)),"
            " area_code FROM places_hazardzone WHERE name = %s",
            [name],
        ).fetchall()
