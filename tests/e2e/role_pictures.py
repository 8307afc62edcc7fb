"""The pictures of the guides by role: the wall, briefings, a leader's phone, a keeper's pages, a driver's."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from playwright.sync_api import Page, expect

if TYPE_CHECKING:
    from tests.e2e.screenshots import Camera

DESK = {"viewport": {"width": 1366, "height": 768}}
WALL = {"viewport": {"width": 1920, "height": 1080}}
PHONE = {
    "viewport": {"width": 360, "height": 740},
    "device_scale_factor": 2,
    "has_touch": True,
    "is_mobile": True,
}


def leader(camera: Camera) -> None:
    """A briefing as the bureau makes it and as a leader reads it on the phone."""
    with camera.page("bureau", "/briefings/", **DESK) as page:
        made = page.locator(".briefings li a b")
        before = made.count()
        page.locator("form[data-api='POST /api/briefings'] button").first.click()
        expect(made).to_have_count(before + 1)
        made.first.click()
        page.wait_for_url(re.compile(r"/briefings/[0-9a-f-]{36}/$"))
        settled_page(page)
        camera.take(page, "bureau-briefing")
        path = page.url.removeprefix(camera.site.url)
    with camera.page("leader", path, **PHONE) as page:
        settled_page(page)
        camera.take(page, "leader-phone")


def wall(camera: Camera) -> None:
    """The duty room's board."""
    with camera.page("bureau", "/wall/", **WALL) as page:
        page.locator("html[data-map=ready]").wait_for(state="attached")
        camera.take(page, "wall")


def warehouse(camera: Camera) -> None:
    """What the stores hold, one paper, the lorries; and the driver's phone."""
    with camera.page("keeper", "/stock/", **DESK) as page:
        settled_page(page)
        camera.take(page, "warehouse-stock")
        page.locator(
            "details summary", has_text=re.compile("已办结|Closed papers", re.IGNORECASE)
        ).last.click()
        page.locator(".papers a[href*='/stock/documents/']").first.click()
        settled_page(page)
        camera.take(page, "warehouse-document")
    with camera.page("bureau", "/trips/", **DESK) as page:
        settled_page(page)
        camera.take(page, "warehouse-trips")
    with camera.page("v202205a", "/driver/", **PHONE) as page:
        expect(page.locator("main")).to_be_visible()
        camera.take(page, "driver")


def settled_page(page: Page) -> None:
    """Wait until a desk page stands."""
    page.wait_for_load_state()
    expect(page.locator("h1").first).to_be_visible()
