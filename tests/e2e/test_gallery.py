"""The gallery takes a live page's picture only when its data has come."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, Route

from tests.e2e import gallery, pages
from tests.e2e.conftest import Site
from tests.e2e.map_journey import a_village, file

pytestmark = [pytest.mark.e2e, pytest.mark.slow]

LAST = {
    "/map/": ("/api/feed/snapshot", "html[data-map]", "#list li"),
    "/wall/": ("/api/wall", gallery.FOLLOWED, "#countdowns .countdown"),
    "/field/": ("/api/areas", "#screen > .wait", "#write"),
    "/receive/": ("/api/receive", "#screen > .wait", ".door"),
    "/driver/": ("/api/driver", "#screen > .wait", "#none"),
}
"""Page → what it asks for last of all, how it stands until that comes, and what it shows only then."""


@pytest.mark.parametrize("path", LAST)
def test_a_live_page_is_awaited_until_it_shows_what_it_asked_for(
    live: Site, signed_in: Callable[..., Page], path: str
) -> None:
    file(live, a_village(live))
    asked, before, after = LAST[path]
    # A phone that has been there shows at once what it remembers: here it has not.
    account = "bureau" if path in ("/map/", "/wall/") else "v202205a"
    page = signed_in(account, "/tokens/", service_workers="block")
    held: list[Route] = []
    page.route(lambda url: urlsplit(url).path == asked, lambda route: held.append(route))
    with page.expect_request(lambda request: urlsplit(request.url).path == asked):
        page.goto(path)
    page.locator(before).wait_for(state="attached")
    assert page.locator(gallery.COMES[path]).count() == 0
    for route in held:
        route.continue_()
    page.unroute_all()
    gallery.arrived(page)
    assert page.locator(after).count() > 0
    assert page.locator(".maplibregl-map:not([data-still])").count() == 0


def test_every_live_page_is_known() -> None:
    assert set(gallery.COMES) == set(pages.LIVE) == set(LAST)
