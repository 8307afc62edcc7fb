"""What lies under the map, in a real browser: a local server plays the outside world."""

from __future__ import annotations

import io
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from PIL import Image, ImageChops, ImageDraw, ImageStat
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.e2e.api_steps import PASSWORD
from tests.e2e.conftest import Site
from tests.e2e.looks import camera
from tests.e2e.map_journey import settled

shot = camera("basemap", whole=False)
NOTICE = "测试图 审图号:GS(2026)0001号"


class World:
    """A tile server on an origin of its own; remembers what it was asked."""

    def __init__(self) -> None:
        asked = self.asked = []

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                asked.append((self.path, self.headers.get("Referer"), self.headers.get("Cookie")))
                content = picture(self.path)
                self.send_response(200)
                self.send_header("Content-Type", "image/png")
                self.send_header("Access-Control-Allow-Origin", "*")
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *_: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.origin = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


def picture(text: str) -> bytes:
    """A sand-coloured tile with a road."""
    image = Image.new("RGB", (256, 256), (238, 226, 196))
    ImageDraw.Draw(image).line((0, 60, 256, 190), fill=(214, 150, 90), width=6)
    ImageDraw.Draw(image).text((8, 8), text, fill=(120, 100, 60))
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


@pytest.fixture(scope="module")
def outside() -> Iterator[World]:
    world = World()
    yield world
    world.server.shutdown()


@pytest.fixture(scope="module")
def site(outside: World, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A server with an XYZ map and a DEM."""
    from tests.gis.relief_file import hill

    dem = hill(tmp_path_factory.mktemp("dem") / "dem.tif")
    with Site(
        "basemap",
        ZAIQING_BASEMAP_VECTOR=outside.origin + "/{z}/{x}/{y}.png",
        ZAIQING_BASEMAP_CREDIT="测试图",
        ZAIQING_BASEMAP_APPROVAL="GS(2026)0001号",
        ZAIQING_DEM=str(dem),
    ) as site:
        yield site


@pytest.fixture
def bureau(site: Site, browser: Browser) -> Iterator[Callable[..., Page]]:
    contexts: list[BrowserContext] = []

    def open_page(width: int = 1366, height: int = 768) -> Page:
        context = browser.new_context(
            locale="zh-CN", base_url=site.url, viewport={"width": width, "height": height}
        )
        contexts.append(context)
        page = context.new_page()
        page.goto("/sign-in/?next=/map/")
        page.fill("input[name=account]", "bureau")
        page.fill("input[name=password]", PASSWORD)
        page.click("main button")
        page.wait_for_url("**/map/")
        return settled(page)

    yield open_page
    for context in contexts:
        context.close()


def choose(page: Page, title: str) -> None:
    page.get_by_role("group", name="底图").get_by_label(title).check()


def test_the_configured_host_alone_is_asked_and_its_credit_shown(
    outside: World, site: Site, bureau: Callable[[], Page]
) -> None:
    page = bureau()
    foreign: list[str] = []
    page.on(
        "request",
        lambda request: (
            foreign.append(request.url) if not request.url.startswith((site.url, "data:", "blob:")) else None
        ),
    )
    expect(page.locator("#map")).to_have_attribute("data-basemap", "vector")
    expect(page.locator(".maplibregl-ctrl-attrib")).to_contain_text(NOTICE)
    with page.expect_request(lambda request: request.url.startswith(outside.origin)):
        page.locator(".maplibregl-ctrl-zoom-in").click()
    shot(page, "xyz")
    assert foreign
    assert all(url.startswith(outside.origin) for url in foreign)
    assert all(cookie is None for _, _, cookie in outside.asked)
    # The host learns which site asks, not what is looked at there.
    assert {referer for _, referer, _ in outside.asked} == {site.url + "/"}


def test_another_host_is_refused_by_the_browser(outside: World, bureau: Callable[[], Page]) -> None:
    page = bureau()
    stranger = outside.origin.replace("127.0.0.1", "localhost")
    refused = page.evaluate(
        "(url) => fetch(url).then(() => 'asked', (error) => error.name)", f"{stranger}/secret"
    )
    assert refused == "TypeError"
    assert not any(path == "/secret" for path, *_ in outside.asked)


def test_the_switch_changes_the_ground_and_is_remembered(
    outside: World, site: Site, bureau: Callable[[], Page]
) -> None:
    page = bureau()
    with page.expect_response(lambda response: "/basemap/relief/" in response.url) as relief:
        choose(page, "地形")
    assert relief.value.status == 200
    expect(page.locator("#map")).to_have_attribute("data-basemap", "terrain")
    expect(page.locator(".maplibregl-ctrl-attrib")).not_to_contain_text(NOTICE)
    shot(page, "relief")
    choose(page, "无")
    expect(page.locator("#map")).to_have_attribute("data-basemap", "none")
    shot(page, "none")
    before = len(outside.asked)
    page.reload()
    settled(page)
    expect(page.get_by_role("group", name="底图").get_by_label("无")).to_be_checked()
    expect(page.locator("#map")).to_have_attribute("data-basemap", "none")
    page.locator(".maplibregl-ctrl-zoom-in").click()
    choose(page, "矢量")
    expect(page.locator(".maplibregl-ctrl-attrib")).to_contain_text(NOTICE)
    assert all("/secret" not in path for path, *_ in outside.asked[before:])


def test_on_a_phone_the_switch_is_clear_of_the_tools(bureau: Callable[..., Page]) -> None:
    page = bureau(360, 740)
    switch, tools = page.locator("fieldset.basemap"), page.locator("#tool-bar")
    below, above = switch.bounding_box(), tools.bounding_box()
    assert below
    assert above
    assert above["y"] + above["height"] <= below["y"]
    for title in ("无", "地形", "矢量"):
        choose(page, title)
    shot(page, "phone")


def relief_of(page: Page) -> float:
    """How much the relief lightens or darkens the map, of 255, on the mean."""
    seen = []
    for title in ("地形", "无"):
        choose(page, title)
        page.locator("#map[data-still]").wait_for()
        seen.append(Image.open(io.BytesIO(page.locator("#map canvas").screenshot())).convert("L"))
    return ImageStat.Stat(ImageChops.difference(*seen)).mean[0]


def test_relief_is_as_plain_by_night_as_by_day(bureau: Callable[..., Page]) -> None:
    page = bureau()
    by_day = relief_of(page)
    page.emulate_media(color_scheme="dark")
    page.locator("html[data-map-painted=dark]").wait_for()
    assert by_day > 2
    assert relief_of(page) > by_day / 2


def test_with_nothing_set_there_is_no_switch(desk: Callable[..., Page]) -> None:
    page = settled(desk())
    expect(page.get_by_role("group", name="底图")).to_have_count(0)
