"""Working with the live map: narrowing, reading, returning, by mouse and by keyboard."""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Callable
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import BrowserContext, Page, Route, expect

from tests.e2e.api_steps import sent
from tests.e2e.conftest import Site
from tests.e2e.map_journey import (
    LIVE,
    a_village,
    expect_value,
    file,
    opened_by_tap,
    row,
    settled,
    until_painted,
    value,
)


def test_a_filter_narrows_list_and_totals_and_stays_in_the_address(
    live: Site, desk: Callable[..., Page]
) -> None:
    village = a_village(live)
    receipt = file(live, village, hazard="geological.landslide", figures={"affected": 41})
    page = settled(desk())
    county = value(page, "affected")

    page.get_by_label("灾种").select_option("geological")
    page.get_by_label("乡镇").select_option(village.township)

    expect(page.locator("#list li")).to_have_count(1)
    expect(row(page, receipt)).to_be_visible()
    expect_value(page, "affected", 41)
    expect(page).to_have_url(re.compile(r"#township=\d{12}&hazard=geological$"))
    page.reload()
    settled(page)
    expect_value(page, "affected", 41)
    page.get_by_role("button", name="全部显示").click()
    expect_value(page, "affected", county)


def test_a_report_that_arrives_outside_the_filter_is_not_shown(live: Site, desk: Callable[..., Page]) -> None:
    village = a_village(live)
    page = settled(desk())
    page.get_by_label("状态").select_option("returned")
    shown = page.locator("#list li").count()

    receipt = file(live, village)

    until_painted(page, receipt)
    expect(page.locator("#list li")).to_have_count(shown)
    page.get_by_role("button", name="全部显示").click()
    expect(row(page, receipt)).to_be_visible()


def test_opening_a_report_shows_it_whole_and_marks_it_read(live: Site, desk: Callable[..., Page]) -> None:
    village = a_village(live)
    receipt = file(
        live, village, text="河水漫过堤顶", figures={"affected": 300, "relocated": 40, "crops_affected": 12.5}
    )
    other = settled(desk("leader"))
    page = settled(desk())

    row(page, receipt).click()

    detail = page.locator("#detail")
    expect(detail).to_contain_text(receipt["number"])
    expect(detail).to_contain_text("河水漫过堤顶")
    expect(detail.locator("[data-key=relocated]")).to_contain_text(re.compile(r"紧急转移安置人口.*40\s*人"))
    expect(detail.locator("[data-key=crops_affected]")).to_contain_text(re.compile(r"12\.5\s*公顷"))
    for moment in ("发生", "发现", "提交", "接收", "审核"):
        expect(detail).to_contain_text(moment)
    expect(detail).to_have_attribute("data-state", "seen")
    expect(row(other, receipt)).to_contain_text("已阅")


def test_reading_by_a_leader_changes_nothing(live: Site, desk: Callable[..., Page]) -> None:
    village = a_village(live)
    receipt = file(live, village)
    page = settled(desk("leader"))

    row(page, receipt).click()

    detail = page.locator("#detail")
    expect(detail).to_contain_text("来源")
    expect(detail.get_by_role("button", name="退回")).to_have_count(0)
    expect(detail).to_have_attribute("data-state", "stored")


def test_a_return_needs_a_remark_and_takes_the_report_out_of_the_totals(
    live: Site, desk: Callable[..., Page]
) -> None:
    village = a_village(live)
    page = settled(desk())
    affected = value(page, "affected")
    receipt = file(live, village, figures={"affected": 66})
    expect_value(page, "affected", affected + 66)
    row(page, receipt).click()
    detail = page.locator("#detail")
    expect(detail).to_have_attribute("data-state", "seen")

    detail.get_by_role("button", name="退回").click()
    detail.get_by_role("button", name="确认退回").click()
    expect(detail.get_by_role("alert")).to_be_visible()
    detail.get_by_role("textbox", name="退回意见").fill("受灾人口与户数不符")
    detail.get_by_role("button", name="确认退回").click()

    expect(detail).to_have_attribute("data-state", "returned")
    expect(detail).to_contain_text("受灾人口与户数不符")
    expect(row(page, receipt)).to_contain_text("已退回")
    expect_value(page, "affected", affected)


def test_an_answer_that_comes_late_does_not_wipe_out_a_remark(live: Site, desk: Callable[..., Page]) -> None:
    page = settled(desk())
    receipt = file(live, a_village(live))
    address, held = f"**/api/reports/{receipt['id']}", list[Route]()
    expect(row(page, receipt)).to_be_visible()
    page.route(address, lambda route: held.append(route))
    with page.expect_request(address):
        row(page, receipt).click()
    detail = page.locator("#detail")
    detail.get_by_role("button", name="退回").click()
    remark = detail.get_by_role("textbox", name="退回意见")
    remark.fill("受灾人口与户数不符")

    with page.expect_response(address) as answered:
        held[0].continue_()
    answered.value.finished()
    page.evaluate("() => new Promise(requestAnimationFrame)")
    expect(remark).to_have_value("受灾人口与户数不符")


def test_everything_can_be_reached_by_keyboard(live: Site, desk: Callable[..., Page]) -> None:
    village = a_village(live)
    older = file(live, village)
    newer = file(live, village, kind="followup", corrects=older["id"])
    page = settled(desk("leader"))
    top = row(page, newer).get_by_role("button")
    top.focus()

    page.keyboard.press("ArrowDown")
    expect(row(page, older).get_by_role("button")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#detail")).to_contain_text(older["number"])
    page.keyboard.press("Escape")

    expect(page.locator("#detail")).to_be_hidden()
    expect(row(page, older).get_by_role("button")).to_be_focused()


def test_the_page_asks_nobody_but_our_server_and_breaks_no_policy(
    live: Site, desk: Callable[..., Page]
) -> None:
    village = a_village(live)
    page = desk(path="/briefings/")
    asked: list[str] = []
    told: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: told.extend([message.text] * (message.type == "error")))
    page.on("pageerror", lambda error: told.append(str(error)))
    page.goto("/map/")
    settled(page)
    file(live, village)

    page.locator("#list li").first.click()
    expect(page.locator("#detail")).to_be_visible()

    assert page.locator("html").get_attribute("data-map") == "ready"
    assert [url for url in asked if not url.startswith((live.url, "blob:", "data:"))] == []
    assert told == []


def test_without_webgl_the_list_and_the_totals_go_on(live: Site, desk: Callable[..., Page]) -> None:
    village = a_village(live)
    page = desk(path="/briefings/")
    page.add_init_script(
        "const real = HTMLCanvasElement.prototype.getContext;"
        "HTMLCanvasElement.prototype.getContext = function (kind, ...rest) {"
        "  return kind.startsWith('webgl') ? null : real.call(this, kind, ...rest); };"
    )
    page.goto("/map/")
    page.locator(f"{LIVE}[data-map=missing]").wait_for(state="attached", timeout=30_000)
    affected = value(page, "affected")

    receipt = file(live, village, figures={"affected": 55})

    expect(page.locator("#notice")).to_contain_text("WebGL")
    expect(row(page, receipt)).to_be_visible()
    expect_value(page, "affected", affected + 55)


@pytest.mark.parametrize("viewport", [{"width": 390, "height": 844}, {"width": 1366, "height": 768}])
def test_nothing_sticks_out_of_the_screen(
    live: Site, desk: Callable[..., Page], viewport: dict[str, Any]
) -> None:
    page = settled(desk(viewport=viewport))

    width = page.evaluate("document.documentElement.scrollWidth")

    assert width <= viewport["width"]
    for part in ("#map", "#counters", "#list", "#light"):
        box = page.locator(part).bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= viewport["width"] + 1


def test_a_dot_on_the_map_opens_its_report(live: Site, desk: Callable[..., Page]) -> None:
    village = a_village(live)
    receipt = file(live, village)
    page = settled(desk(village.officer))  # who sees one village finds it in the middle of the map
    row(page, receipt).wait_for()
    box = page.locator("#map").bounding_box()
    assert box is not None

    opened_by_tap(page, box["x"] + box["width"] / 2, box["y"] + box["height"] / 2, receipt["number"])


def test_photos_stand_in_the_report_as_soon_as_they_are_stored(
    live: Site, desk: Callable[..., Page], signed_in_context: Callable[..., BrowserContext]
) -> None:
    village = a_village(live)
    photo = _a_photo()
    name = hashlib.sha256(photo).hexdigest()
    receipt = file(live, village, photos=[name])
    page = settled(desk())
    row(page, receipt).click()
    expect(page.locator("#detail .photos")).to_contain_text("照片在路上")

    path = f"/api/reports/{receipt['id']}/photos/{name}"
    sent(signed_in_context(village.officer), "PUT", path, photo, kind="image/jpeg", status=(201,))

    thumb = page.locator("#detail .photos img")
    expect(thumb).to_be_visible()
    assert thumb.evaluate("async (image) => { await image.decode(); return image.naturalWidth; }") > 0
    assert page.locator("#detail .photos a").get_attribute("href") == f"/api/photos/{name}?size=full"


def _a_photo() -> bytes:
    held = io.BytesIO()
    Image.effect_noise((640, 480), 60).convert("RGB").save(held, "JPEG")
    return held.getvalue()
