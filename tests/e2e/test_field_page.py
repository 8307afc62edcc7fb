"""What the officer's page is made of: kept whole by its worker, all of it our own."""

from __future__ import annotations

import io
import json
import re
import urllib.request
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Site
from tests.e2e.field_steps import at, officer_of, ready, stored, until

pytestmark = [pytest.mark.e2e, pytest.mark.slow]


def read(live: Site, path: str) -> bytes:
    with urllib.request.urlopen(live.url + path, timeout=20) as answer:
        return bytes(answer.read())


def test_everything_the_worker_keeps_is_there(live: Site) -> None:
    first_line = read(live, "/field/worker.js").decode().splitlines()[0]
    kept = json.loads(first_line.removeprefix("const KEPT = ").removesuffix(";"))
    assert re.fullmatch(r"[0-9a-f]{16}", kept["version"])
    paths = [kept["page"], *kept["files"], *kept["later"]]
    assert "/static/field/screens/write.js" in paths
    assert all(read(live, path) for path in paths)


def test_the_manifest_names_real_icons(live: Site) -> None:
    manifest = json.loads(read(live, "/field/manifest.webmanifest"))
    assert manifest["start_url"] == manifest["scope"] == "/field/"
    for icon in manifest["icons"]:
        with Image.open(io.BytesIO(read(live, icon["src"]))) as image:
            assert f"{image.width}x{image.height}" == icon["sizes"]


def test_the_page_asks_nobody_but_our_server_and_works_offline_on_every_screen(
    live: Site, phone: Callable[..., Page]
) -> None:
    account, area = officer_of(live, 10)
    page = phone(account, **at(live, area))
    ready(page)
    asked: set[str] = set()
    broken: list[str] = []
    page.on("request", lambda request: asked.add(urlsplit(request.url).netloc))
    page.on("pageerror", lambda error: broken.append(str(error)))
    page.context.set_offline(True)
    page.reload()
    for address, landmark in [
        ("write", "#send"),
        ("zero", "#confirm-zero"),
        ("more", "#sign-out"),
        ("", "#write"),
    ]:
        page.goto(f"/field/#/{address}")
        expect(page.locator(landmark)).to_be_visible()
    assert asked <= {urlsplit(live.url).netloc}
    assert broken == []


def test_two_quick_taps_are_one_report(live: Site, phone: Callable[..., Page]) -> None:
    account, area = officer_of(live, 11)
    page = phone(account, **at(live, area))
    ready(page)
    page.click("#zero")
    page.dblclick("#confirm-zero")
    expect(page.locator(".card-row")).to_have_count(1)
    expect(page.locator(".card-row")).to_contain_text("已到市局")
    until(page, "Promise.resolve(document.querySelector('#waiting').textContent === '没有待发送的报告')")
    assert [row[2] for row in stored(live, area)] == ["zero"]


def test_a_full_screen_of_faults_fits_the_narrowest_phone(live: Site, phone: Callable[..., Page]) -> None:
    account, area = officer_of(live, 12)
    page = phone(account, **at(live, area), viewport={"width": 320, "height": 640})
    ready(page)
    page.click("#write")
    page.click("#full-table")
    page.fill("#figure-affected", "3")
    page.fill("#figure-dead", "5")
    page.fill("#figure-houses_collapsed_homes_rooms", "2.5")
    page.click("#send")
    expect(page.locator(".entry.wrong").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    small = page.evaluate(
        """() => [...document.querySelectorAll("#screen button, #screen select, #screen input:not(.unseen), #screen textarea")]
            .filter((one) => one.offsetParent && Math.min(one.offsetWidth, one.offsetHeight) < 48)
            .map((one) => one.id || one.textContent)"""
    )
    assert small == []
    assert stored(live, area) == []
