"""Briefings in a real browser: by the code on paper, and as a map with no network at all."""

from __future__ import annotations

import io
import json
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Request, expect
from pypdf import PdfReader

from tests.e2e.conftest import Site
from tests.e2e.looks import camera
from tests.live import ROOT

pytestmark = pytest.mark.e2e
shot = camera("briefings")
DECODE = """
const jsQR = require("jsqr");
const fs = require("fs");
const [file, width, height] = process.argv.slice(1);
const raw = fs.readFileSync(file);
const pixels = new Uint8ClampedArray(width * height * 4);
for (let at = 0; at < width * height; at++) pixels.set([raw[at], raw[at], raw[at], 255], at * 4);
console.log(jsQR(pixels, Number(width), Number(height))?.data ?? "");
"""


def decoded(pdf: bytes, folder: Path) -> set[str]:
    """What a phone reads from each printed page: drawn in grey, read by the library our own pages scan with."""
    (folder / "it.pdf").write_bytes(pdf)
    pages = range(1, len(PdfReader(io.BytesIO(pdf)).pages) + 1)
    found = set()
    for page in pages:
        command = ["pdftoppm", "-gray", "-r", "110", "-f", str(page), "-l", str(page), "it.pdf", f"p{page}"]
        subprocess.run(command, cwd=folder, check=True)
        (drawn,) = folder.glob(f"p{page}-*.pgm")
        _, size, _, raw = drawn.read_bytes().split(b"\n", 3)
        drawn.write_bytes(raw)
        read = subprocess.run(
            ["node", "-e", DECODE, str(drawn), *size.decode().split()],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
        )
        found.add(read.stdout.strip())
    return found - {""}


def test_a_briefing_from_the_button_to_paper_and_to_a_map_without_a_network(
    live: Site, desk: Callable[..., Page], browser: Browser, tmp_path: Path
) -> None:
    page = desk("bureau", "/briefings/")
    event = page.locator("[name=event] option").first.get_attribute("value")
    live.file_report("v202205a", "340882202205", event=event, figures={"affected": 240})
    live.file_report("v202201a", "340882202201", event=event, figures={"affected": 1240})
    page.get_by_role("button", name="编制", exact=True).first.click()
    page.locator(".briefings li a", has_text="灾情").first.click()
    expect(page.get_by_role("heading", name="主要数字").or_(page.locator(".figures")).first).to_be_visible()
    address = page.url
    shot(page, "desk")

    with page.expect_download() as paper:
        page.get_by_role("link", name="PDF").click()
    assert address in decoded(Path(paper.value.path()).read_bytes(), tmp_path), (
        "the code opens the drill-down"
    )

    without_a_network(browser, saved_map(page, tmp_path), "event")


def test_the_map_of_a_relief_goes_through_its_days_without_a_network(
    live: Site, desk: Callable[..., Page], browser: Browser, tmp_path: Path
) -> None:
    live.manage("sample_winter", "--villages", "12", "-v", "0")
    live.sealed()
    page = desk("bureau", "/briefings/")
    page.get_by_role("button", name="编制", exact=True).last.click()
    page.locator(".briefings li a", has_text="救助").first.click()
    expect(page.locator(".figures").first).to_be_visible()
    without_a_network(browser, saved_map(page, tmp_path), "relief")

    page.locator(".figures a", has_text="需救助人口").click()
    expect(page.locator("#position")).to_have_text(re.compile(r"^\d+$"))
    told = page.locator("tbody td:last-child").filter(has_text=re.compile(r"^\d+$"))
    expect(told.first).to_be_visible()
    shot(page, "figure")


def saved_map(page: Page, folder: Path) -> Path:
    """Download the map in one file."""
    with page.expect_download() as saved:
        page.get_by_role("link", name="交互地图(单个文件)").first.click()
    file = folder / "map.html"
    saved.value.save_as(file)
    assert file.stat().st_size < 5_000_000
    return file


VILLAGE = """() => {
  const map = Object.values(window).find((one) => one instanceof L.Map);
  let found;
  map.eachLayer((one) => { if (one.feature?.properties.code && one.feature.properties.position > 0) found ??= one; });
  const { x, y } = map.latLngToContainerPoint(found.getBounds().getCenter());
  return { x, y, ...found.feature.properties };
}"""
"""A village with a figure that the journal tells of, and where it is on the screen."""
COLOURS = """() => {
  const map = Object.values(window).find((one) => one instanceof L.Map);
  const found = {};
  map.eachLayer((one) => { if (one.feature?.properties.code) found[one.feature.properties.code] = one.options.fillColor; });
  return found;
}"""


def without_a_network(browser: Browser, file: Path, name: str) -> None:
    """Open the map from a stick: layers, popups, legend and slider work, and nothing is asked of anybody."""
    context = browser.new_context(offline=True, locale="zh-CN", viewport={"width": 1366, "height": 768})
    asked: list[str] = []

    def note(request: Request) -> None:
        if not request.url.startswith(("file:", "data:", "blob:")):
            asked.append(request.url)

    context.on("request", note)
    page = context.new_page()
    failures: list[str] = []
    page.on("pageerror", lambda error: failures.append(str(error)))
    page.goto(file.as_uri())
    layers = page.locator(".leaflet-control-layers-overlays label")
    expect(layers.first).to_be_visible()
    names = [one.strip() for one in layers.all_inner_texts()]
    assert {"乡镇界", "道路", "危险区"} <= set(names), names
    expect(page.locator("#panel li")).to_have_count(6)
    shot(page, f"offline-{name}")

    drawn = page.locator(".folium-map")
    for layer in names[1:]:
        before = drawn.screenshot()
        page.locator(".leaflet-control-layers-overlays label", has_text=layer).locator("input").uncheck()
        assert drawn.screenshot() != before, f"{layer} is gone"

    a_village_tells_of_itself(page)
    the_slider_goes_through_time(page, file, names[0])
    assert failures == []
    assert asked == [], "nothing left the machine"
    context.close()


def a_village_tells_of_itself(page: Page) -> None:
    """A click opens what is known of a village: its figure, its place in the journal, the way to its sources."""
    village = page.evaluate(VILLAGE)
    page.mouse.click(village["x"], village["y"])
    popup = page.locator(".leaflet-popup-content")
    for part in (village["name"], village["code"], str(village["value"]), str(village["position"])):
        expect(popup).to_contain_text(part)
    assert str(village["position"]).isdigit()
    href = popup.get_by_role("link", name="逐项来源").get_attribute("href") or ""
    assert re.search(rf"/briefings/[0-9a-f-]+/figures/\w+/#a{village['code']}$", href), href


def the_slider_goes_through_time(page: Page, file: Path, what: str) -> None:
    """Each moment shows its own time, sum and colours; the first is not the last."""
    moments = json.loads(re.search(r"const moments = (\[.*?\]);\n", file.read_text(encoding="utf-8"))[1])  # type: ignore[index]
    assert len(moments) > 3
    slider, colours = page.locator("#slider"), []
    for at in range(len(moments)):
        slider.evaluate("(it, at) => { it.value = at; it.dispatchEvent(new Event('input')); }", at)
        expect(page.locator("#when")).to_have_text(moments[at]["when"])
        expect(page.locator("#sum")).to_have_text(f"{sum(moments[at]['values'].values()):g}")
        colours.append(page.evaluate(COLOURS))
    assert colours[0] != colours[-1], what
    # By hand as well: one step back with the key.
    slider.focus()
    slider.press("ArrowLeft")
    expect(page.locator("#when")).to_have_text(moments[-2]["when"])
