"""The phone pages hold to WCAG 2.2 AA as far as axe-core can tell, by day and by night."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import pytest
from playwright.sync_api import Page

from tests.e2e.test_axe import AXE, LOOK, TAGS

pytestmark = [pytest.mark.e2e, pytest.mark.slow]

LOOKS: tuple[Literal["light", "dark"], ...] = ("light", "dark")


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
