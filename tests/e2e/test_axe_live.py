"""The live pages hold to WCAG 2.2 AA as far as axe-core can tell, by day and by night, with what they open."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.map_journey import settled
from tests.e2e.test_axe import AXE, LOOK, TAGS

pytestmark = [pytest.mark.e2e, pytest.mark.slow]

LOOKS: tuple[Literal["light", "dark"], ...] = ("light", "dark")
TOOLS = ("zones", "closures", "routes", "relief", "moment", "select", "measure", "charts", "views", "print")


def violations(page: Page) -> list[str]:
    """What axe-core says of a page as it stands; the map's own canvas is a picture to it."""
    page.evaluate(AXE)
    found: list[str] = page.evaluate(LOOK, {"tags": TAGS, "only": None})
    return found


def by_day_and_night(page: Page) -> dict[str, list[str]]:
    found = {}
    for look in LOOKS:
        page.emulate_media(color_scheme=look)
        page.locator(f"html[data-theme={look}]").wait_for()
        found[look] = violations(page)
    return {look: told for look, told in found.items() if told}


@pytest.mark.parametrize("look", LOOKS)
def test_the_map_and_each_of_its_tools(desk: Callable[..., Page], look: str) -> None:
    page = settled(desk("bureau", color_scheme=look))
    found = {"map": violations(page)}
    page.locator("#find").fill("lw")
    page.locator("#found [role=option]").first.wait_for()
    found["found"] = violations(page)
    page.locator("#find").press("Escape")
    page.locator("#legend summary").click()
    found["legend"] = violations(page)
    for name in TOOLS:
        button = page.locator(f"[data-tool={name}]")
        if not button.is_visible():
            page.locator("#tool-bar .more summary").click()
        button.click()
        expect(page.locator("#tool-panel")).to_be_visible()
        found[name] = violations(page)
    assert {name: told for name, told in found.items() if told} == {}


def test_the_wall(desk: Callable[..., Page]) -> None:
    page = desk("bureau", "/wall/", viewport={"width": 1920, "height": 1080})
    page.locator("html[data-map=ready]").wait_for()
    page.keyboard.press("Space")
    found = {}
    for at in ("1", "2", "3", "4"):
        page.keyboard.press(at)
        found[at] = violations(page)
    assert {at: told for at, told in found.items() if told} == {}


def test_the_officers_page(phone: Callable[..., Page]) -> None:
    page = phone("v202205a")
    page.locator("main button, main a").first.wait_for()
    assert by_day_and_night(page) == {}


def test_the_receivers_page(phone: Callable[..., Page]) -> None:
    page = phone("v202205a", "/receive/")
    page.locator("main h1, main h2, main button").first.wait_for()
    assert by_day_and_night(page) == {}


def test_the_drivers_page(phone: Callable[..., Page]) -> None:
    page = phone("keeper", "/driver/")
    page.locator("main").wait_for()
    assert by_day_and_night(page) == {}
