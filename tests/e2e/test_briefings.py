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
    page.get_by_role("button", name="编制", exact=True).first.click()
    expect(page.locator(".briefings li a b").first).to_be_visible()
    page.locator(".briefings li a").first.click()
    expect(page.get_by_role("heading", name="主要数字").or_(page.locator(".figures")).first).to_be_visible()
    address = page.url
    shot(page, "desk")

    with page.expect_download() as paper:
        page.get_by_role("link", name="PDF").click()
    assert address in decoded(Path(paper.value.path()).read_bytes(), tmp_path), (
        "the code opens the drill-down"
    )

    with page.expect_download() as saved:
        page.get_by_role("link", name="交互地图(单个文件)").first.click()
    file = tmp_path / "map.html"
    saved.value.save_as(file)
    assert file.stat().st_size < 5_000_000
    without_a_network(browser, file)


def without_a_network(browser: Browser, file: Path) -> None:
    """Open the map from a stick: its layers, legend and slider work, and nothing is asked of anybody."""
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
    names = [name.strip() for name in layers.all_inner_texts()]
    assert {"乡镇界", "道路", "危险区"} <= set(names), names
    expect(page.locator("#panel li")).to_have_count(6)
    shot(page, "offline")

    moments = json.loads(re.search(r"const moments = (\[.*?\]);\n", file.read_text(encoding="utf-8"))[1])  # type: ignore[index]
    slider = page.locator("#slider")
    for at in range(len(moments)):
        slider.evaluate("(it, at) => { it.value = at; it.dispatchEvent(new Event('input')); }", at)
        expect(page.locator("#when")).to_have_text(moments[at]["when"])
    assert failures == []
    assert asked == [], "nothing left the machine"
    context.close()
