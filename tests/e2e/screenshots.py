"""The pictures of the user guides, taken from the real product after a short storm.

Run by ``script/screenshots``. Each picture is taken in Chinese (``name.zh.png``) and English.
"""

from __future__ import annotations

import argparse
import io
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from PIL import Image
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.e2e import gallery, role_pictures, zone_steps
from tests.e2e.api_steps import PASSWORD, sent, sign_in
from tests.e2e.conftest import CHROMIUM, Site
from tests.e2e.field_steps import at, officer_of, until
from tests.e2e.map_journey import settled
from tests.live import ROOT

IMAGES = ROOT / "docs" / "guide" / "images"
MOST_BYTES = 150_000
LANGUAGES = {"zh": "zh-hans", "en": "en"}
PHONE = {
    "viewport": {"width": 360, "height": 740},
    "device_scale_factor": 2,
    "has_touch": True,
    "is_mobile": True,
}
DESK = {"viewport": {"width": 1366, "height": 768}}
STORM_VILLAGES = 170
"""The villages after these have not reported yet: the guide's officers work there."""
OFFICERS = {"zh": 176, "en": 177}
REMARK = {
    "zh": "受灾人口与户数不符,请核对后再报。",
    "en": "People and households do not fit. Please check and report again.",
}
TEXT = {
    "zh": "河水漫过堤顶,低处两户已转移。",
    "en": "The river ran over the dyke. Two households in the low part have moved.",
}


class Camera:
    """Takes pictures in one language."""

    def __init__(self, browser: Browser, site: Site, language: str) -> None:
        self.browser = browser
        self.site = site
        self.language = language

    @contextmanager
    def page(self, account: str, path: str, **options: Any) -> Iterator[Page]:
        """Open a page for an account; without one, the sign-in page."""
        context = self.browser.new_context(base_url=self.site.url, locale="zh-CN", **options)
        cookie = {"name": "django_language", "value": LANGUAGES[self.language], "url": self.site.url}
        context.add_cookies([cookie])  # type: ignore[list-item]
        page = context.new_page()
        page.goto("/sign-in/?next=" + path)
        if account:
            page.fill("input[name=account]", account)
            page.fill("input[name=password]", PASSWORD)
            page.click("main button")
            page.wait_for_url("**" + path)
        yield page
        context.close()

    def take(self, page: Page, name: str) -> None:
        """Write a picture in 256 colours; an octree keeps rare ones, and on maps they have a meaning."""
        page.evaluate("document.fonts.ready.then(() => new Promise(requestAnimationFrame)).then(() => null)")
        picture = Image.open(io.BytesIO(page.screenshot(animations="disabled"))).convert("RGB")
        path = IMAGES / f"{name}.{self.language}.png"
        few = picture.quantize(256, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
        few.save(path, optimize=True)
        size = path.stat().st_size
        sys.stdout.write(f"{path.name} {size // 1024} KB\n")
        assert size < MOST_BYTES, f"{path.name} is too large for a guide"


def officer(camera: Camera) -> None:
    """An officer's day: sign in, write, be corrected, report without a network, be returned."""
    account, area = officer_of(camera.site, OFFICERS[camera.language])
    with camera.page("", "/field/", **PHONE) as page:
        page.fill("input[name=account]", account)
        camera.take(page, "officer-sign-in")
    with camera.page(account, "/field/", **PHONE, **at(camera.site, area)) as page:
        until(page, "navigator.serviceWorker.controller")
        page.locator("#line[data-state=open]").wait_for()
        camera.take(page, "officer-home")
        page.click("#write")
        page.locator("#figure-affected").wait_for()
        camera.take(page, "officer-write")
        page.fill("#figure-affected", "3")
        page.fill("#figure-dead", "5")
        page.fill("#text", TEXT[camera.language])
        page.click("#send")
        page.locator(".fault:not(:empty)").first.wait_for()
        camera.take(page, "officer-check")
        page.fill("#figure-affected", "36")
        page.fill("#figure-dead", "")
        page.fill("#figure-relocated", "8")
        page.context.set_offline(True)
        page.click("#send")
        page.locator("[data-state=queued]").first.wait_for()
        camera.take(page, "officer-offline")
        page.context.set_offline(False)
        page.locator("[data-state=stored]").wait_for(timeout=60_000)
        camera.take(page, "officer-stored")
        give_back(camera, page.locator("[data-state=stored]").get_attribute("data-report") or "")
        page.locator("[data-state=returned]").click()
        page.locator("#go-on").wait_for()
        camera.take(page, "officer-returned")
        page.go_back()
        page.click("#zero")
        page.locator("#confirm-zero").wait_for()
        camera.take(page, "officer-zero")


def give_back(camera: Camera, report: str) -> None:
    """The bureau returns a report."""
    context = camera.browser.new_context(base_url=camera.site.url)
    sign_in(context, "bureau")
    sent(context, "POST", f"/api/reports/{report}/return", {"remark": REMARK[camera.language]})
    context.close()


def bureau(camera: Camera) -> None:
    """The county's map, one report, a return, and a township's own map."""
    with camera.page("bureau", "/map/", **DESK) as page:
        settled(page)
        camera.take(page, "bureau-map")
        page.locator("#list li button").nth(2).click()
        page.locator("#detail[data-state=seen] .verbs").wait_for()
        camera.take(page, "bureau-report")
        page.locator("#detail .verbs > div button").last.click()
        page.fill("textarea[name=remark]", REMARK[camera.language])
        page.locator("#detail form.return button").scroll_into_view_if_needed()
        camera.take(page, "bureau-return")
        page.keyboard.press("Escape")
        page.locator("select[name=township]").select_option("340882106000")
        expect(page).to_have_url(re.compile("township=340882106000"))
        camera.take(page, "bureau-filter")
    with camera.page("t202", "/map/", **DESK) as page:
        settled(page)
        camera.take(page, "bureau-township")


def desk(camera: Camera) -> None:
    """The desk's pages after the storm: review, duty, an event, the roll-up, registers, filing for a village."""
    for account, path, name, ready in (
        ("bureau", "/review/", "desk-review", "#queue tbody tr"),
        ("t202", "/duty/", "desk-duty", ".tile"),
        ("bureau", "/events/", "desk-events", "#events tbody tr"),
        ("bureau", "/table/", "desk-table", "table tbody tr"),
        ("bureau", "/registers/", "desk-registers", "main"),
        ("t202", "/file/", "desk-file", "main form"),
    ):
        with camera.page(account, path, **DESK) as page:
            page.locator(ready).first.wait_for()
            camera.take(page, name)
    with camera.page("bureau", "/review/", **DESK) as page:
        page.locator("#queue tbody tr a").first.click()
        page.locator("#lease[data-mine=yes]").wait_for()
        camera.take(page, "desk-report")


ZONE = {"zh": "潜河梅城段", "en": "Qian River at Meicheng"}
OUTLINE = [(535, 478), (575, 468), (590, 508), (560, 548), (530, 528)]


def zones(camera: Camera) -> None:
    """A hazard zone: drawn with whom it threatens, its panel, and the map of another day."""
    with camera.page("bureau", "/map/", **DESK) as page:
        settled(page)
        page.locator("html[data-map=ready]").wait_for()
        zone_steps.start(page)
        zone_steps.draw(page, OUTLINE)
        zone_steps.fill(page, ZONE[camera.language], kind="flood", level="orange")
        zone_steps.counted(page)
        page.locator("#tool-panel").evaluate("(panel) => panel.scrollTo(0, 0)")
        camera.take(page, "zones-draw")
        zone_steps.save(page)
        expect(page.locator("#detail")).to_contain_text(re.compile(r"区内: \d|Inside: \d"))
        page.locator("#detail .versions button").wait_for()
        camera.take(page, "zones-panel")
        page.locator("#detail .close").click()
        page.locator("[data-tool=moment]").click()
        page.locator("[data-hours='-24']").click()
        expect(page.locator(".not-now")).to_contain_text(re.compile(r"共|zones of"))
        camera.take(page, "zones-moment")


def space(camera: Camera) -> None:
    """A route round the dangers, the shelters, and an evacuation plan."""
    with camera.page("bureau", "/map/", **DESK) as page:
        settled(page)
        page.locator("html[data-map=ready]").wait_for()
        page.locator("[data-tool=routes]").click()
        page.locator("select[name=start]").select_option(label="黄铺村")
        page.locator("select[name=end]").select_option(label="余井镇中心学校(示例)")
        page.locator("html[data-route]").wait_for(state="attached")
        camera.take(page, "map-routes")
    with camera.page("bureau", "/shelters/", **DESK) as page:
        page.locator(".shelter-card").first.wait_for()
        camera.take(page, "desk-shelters")
    with camera.page("bureau", "/evacuation/", **DESK) as page:
        zone = page.locator("#by-zone option", has_text="皖河圩区").get_attribute("value")
        page.locator("#by-zone select").select_option(zone)
        page.locator("#by-zone button").click()
        page.locator("svg.sketch").wait_for()
        camera.take(page, "desk-evacuation")


def relief(camera: Camera) -> None:
    """The winter's board, the map of what has arrived, and a warehouse on it."""
    with camera.page("bureau", "/relief/board/", **DESK) as page:
        page.locator(".board-tile").first.wait_for()
        camera.take(page, "relief-board")
    with camera.page("bureau", "/map/?relief=quilt", **DESK) as page:
        settled(page)
        page.locator("html[data-relief-drawn]").wait_for(state="attached")
        page.wait_for_function("document.querySelector('#tool-panel .relief-head p')")
        camera.take(page, "relief-map")
    with camera.page("v202205a", "/relief/board/", **PHONE) as page:
        page.locator(".board-tile").first.wait_for()
        camera.take(page, "relief-phone")


def main() -> None:
    """Take all pictures, or those of one guide."""
    guides = {
        "officer": officer,
        "bureau": bureau,
        "desk": desk,
        "zones": zones,
        "space": space,
        "relief": relief,
        "leader": role_pictures.leader,
        "warehouse": role_pictures.warehouse,
        "wall": role_pictures.wall,
    }
    parser = argparse.ArgumentParser(prog="script/screenshots", description="Take the guides' pictures anew.")
    parser.add_argument(
        "guide",
        nargs="?",
        choices=[*guides, "pages"],
        help="only those of one guide; pages: every page at every size, into .data/pictures/",
    )
    chosen = parser.parse_args().guide
    IMAGES.mkdir(parents=True, exist_ok=True)
    with Site("pictures") as site, sync_playwright() as playwright:
        storm = ["--url", site.url, "--minutes", "0.3", "--villages", str(STORM_VILLAGES)]
        if chosen != "relief":
            sys.stdout.write(site.manage("replay_storm", *storm))
        if chosen in (None, "relief", "warehouse", "wall", "pages"):
            sys.stdout.write(site.manage("sample_winter", "--through"))
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=CHROMIUM)
        if chosen == "pages":
            sys.stdout.write(f"{gallery.take(browser, site)} pages\n")
        for language in LANGUAGES:
            for name, guide in guides.items():
                if chosen in (None, name):
                    guide(Camera(browser, site, language))
        browser.close()


if __name__ == "__main__":
    main()
