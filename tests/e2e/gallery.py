"""Pictures of every page: phone, laptop and wall, by day and by night, to be looked at; never committed.

Pages are found as people find them: from each role's menu, one of every kind of address.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Error, Page

from tests.e2e.api_steps import sign_in
from tests.e2e.conftest import Site
from tests.live import ROOT

FOLDER = ROOT / ".data" / "pictures"
SIZES = {"phone": (360, 740), "laptop": (1366, 768), "wall": (1920, 1080)}
LOOKS = ("light", "dark")
STARTS = {
    "bureau": ["/", "/map/", "/tokens/", "/nowhere/", "/public/"],
    "keeper": ["/", "/receive/"],
    "leader": ["/"],
    "v202205a": ["/field/", "/receive/", "/driver/", "/relief/"],
    "admin": ["/admin/", "/admin/people/person/"],
    "": ["/sign-in/"],
}
"""Account → where it begins; "" is not signed in."""
FOLLOWED = "html[data-light=live][data-map][data-reports]"
OPENED = "body:has(#line[data-state=open]):not(:has(#screen > .wait))"
COMES = {
    "/map/": FOLLOWED,
    "/wall/": f"{FOLLOWED}:has(#event:not(:empty))",
    "/field/": OPENED,
    "/receive/": OPENED,
    "/driver/": OPENED,
}
"""Page that draws itself from what it asks for → how it says that all of that has come."""
DRAWN = """async () => {
  await document.fonts.ready;
  const frame = () => new Promise(requestAnimationFrame);
  const moving = () => [...document.querySelectorAll(".maplibregl-map:not([data-still])")].some((map) => map.checkVisibility());
  do { await frame(); await frame(); } while (moving());
}"""
"""Resolves when letters and maps are drawn."""
FILES = re.compile(r"^/(api|static|tiles|ogc|i18n)/|\.\w{2,4}$")
ID = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|(?<=/)[A-Z]+-?\d[\w-]*|(?<=/)\d+(?=/)|(?<=/figures/)[\w.]+")


def take(browser: Browser, site: Site, folder: Path = FOLDER) -> int:
    """Take all pictures into ``folder``, and give how many pages there are."""
    folder.mkdir(parents=True, exist_ok=True)
    seen: set[str] = set()
    for account, starts in STARTS.items():
        context = browser.new_context(base_url=site.url, locale="zh-CN", service_workers="block")
        if account:
            sign_in(context, account)
        page = context.new_page()
        waiting = list(starts)
        while waiting:
            path = waiting.pop(0)
            shape = ID.sub("-", urlsplit(path).path)
            if shape in seen or (account != "admin" and shape.startswith("/admin/")):
                continue
            seen.add(shape)
            waiting += _pictures(page, path, folder / f"{account or 'nobody'}{shape.replace('/', '_')}")
        context.close()
    return len(seen)


def arrived(page: Page) -> None:
    """Wait until all that a page shows is there: its data, letters and maps."""
    state = COMES.get(urlsplit(page.url).path)
    if state:
        page.locator(state).wait_for(state="attached", timeout=60_000)
    page.evaluate(DRAWN)


def _pictures(page: Page, path: str, name: Path) -> list[str]:
    """Take a page's pictures, and give what it links to; a live page opens anew at each size, as its readers open it."""
    for look in LOOKS:
        page.emulate_media(color_scheme=look)
        for size, (width, height) in SIZES.items():
            page.set_viewport_size({"width": width, "height": height})
            if size == "phone" or urlsplit(page.url).path in COMES:
                try:
                    page.goto(path, wait_until="load")
                except Error:  # a file, which is no page
                    return []
            arrived(page)
            page.screenshot(path=f"{name}.{size}.{look}.png", animations="disabled")
    sys.stdout.write(f"{path}\n")
    links = page.evaluate(
        "[...document.querySelectorAll('a[href]')].map((link) => link.pathname + link.search)"
    )
    if urlsplit(path).path.startswith("/admin/"):
        return []
    return [link for link in links if link.startswith("/") and not FILES.search(urlsplit(link).path)]
