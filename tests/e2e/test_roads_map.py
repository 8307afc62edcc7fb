"""Roads on the live map: a way is found, a road is closed, and the way changes by itself."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.api_steps import sent
from tests.e2e.conftest import Site
from tests.e2e.map_journey import a_village, file, row, settled

REASON = "山体塌方,双向中断"


def tool(page: Page, name: str) -> None:
    page.locator(f"[data-tool={name}]").click()


def ask_way(page: Page) -> None:
    """From 黄铺镇's own village to 源潭镇's: two ends without a zone around them."""
    tool(page, "routes")
    page.locator("select[name=start]").select_option(label="黄铺村")
    page.locator("select[name=end]").select_option(label="源潭镇第二小学(示例)")
    expect(page.locator("[data-role=verdict]")).to_have_text("全程避开危险区和断路")


def middle_of_way(live: Site, page: Page) -> list[float]:
    """A place in the middle of the way that is shown, as the server found it."""
    found = page.evaluate(
        """async () => {
            const value = (name) => document.querySelector(`select[name=${name}]`).value;
            const answer = await fetch(`/api/routes?start=${value("start")}&end=${value("end")}`);
            return (await answer.json()).routes[0].geometry.coordinates;
        }"""
    )
    return found[len(found) // 2]


def close_at(page: Page, place: list[float]) -> None:
    closure = {"geometry": {"type": "Point", "coordinates": place}, "reason": REASON}
    sent(page, "POST", "/api/closures", closure, status=(201,))


@pytest.mark.usefixtures("all_open")
def test_a_closed_road_changes_the_way_on_an_open_map(live: Site, desk: Callable[..., Page]) -> None:
    page, other = settled(desk("leader")), settled(desk())
    ask_way(page)
    expect(page.locator("ol.routes li").first).to_contain_text("分钟")
    before = page.locator("html").get_attribute("data-route")

    close_at(other, middle_of_way(live, page))

    verdict = page.locator("[data-role=verdict]")
    expect(verdict).to_contain_text(re.compile(r"路况有变,已重新规划:原 \d+ 分钟,现 \d+ 分钟。"))
    assert page.locator("html").get_attribute("data-route") != before
    expect(page.locator("html")).to_have_attribute("data-closures", "1")

    tool(other, "closures")
    expect(other.locator("ol.closures li")).to_contain_text(REASON)
    other.get_by_role("button", name="恢复通行").click()
    expect(other.locator("ol.closures")).to_contain_text("目前没有登记的断路。")
    expect(page.locator("html")).to_have_attribute("data-route", str(before))


@pytest.mark.usefixtures("all_open")
def test_a_road_is_closed_by_a_tap_and_a_mark_beside_every_road_is_told(
    live: Site, desk: Callable[..., Page]
) -> None:
    page = settled(desk())
    tool(page, "closures")
    page.locator("[data-role=begin]").click()
    page.get_by_role("button", name="登记断路").click()
    expect(page.locator("[data-error=geometry]")).to_be_hidden()  # the browser asks for the reason first
    page.get_by_label("断路原因").fill(REASON)
    page.get_by_role("button", name="登记断路").click()
    expect(page.locator("[data-error=geometry]")).to_have_text("请在地图上点出断路的位置。")
    box = page.locator("#map").bounding_box()
    assert box
    page.mouse.click(box["x"] + box["width"] * 0.6, box["y"] + box["height"] * 0.8)
    expect(page.locator("[data-role=place]")).to_have_text("已标出一处;继续点,连成一段路。")
    page.get_by_label("影响半径(米)").fill("1")
    page.get_by_role("button", name="登记断路").click()
    expect(page.locator("#tool-panel [role=status]")).to_contain_text("标记附近没有道路")
    expect(page.locator("ol.closures li")).to_contain_text(REASON)


@pytest.mark.usefixtures("all_open")
def test_a_report_of_a_closed_road_is_entered_with_its_place(live: Site, desk: Callable[..., Page]) -> None:
    receipt = file(live, a_village(live), text="县道塌方,车过不去", figures={"affected": 2})
    page = settled(desk())
    row(page, receipt).click()
    page.locator("[data-role=close-road]").click()
    expect(page.get_by_label("断路原因")).to_have_value(f"灾情报告 {receipt['number']}")
    if page.locator("[data-role=place]").text_content() == "请在地图上点出断路的位置;继续点,连成一段路。":
        box = page.locator("#map").bounding_box()
        assert box
        page.mouse.click(box["x"] + box["width"] * 0.6, box["y"] + box["height"] * 0.5)
    page.get_by_label("断路原因").fill("县道塌方")
    page.get_by_role("button", name="登记断路").click()
    entry = page.locator("ol.closures li")
    expect(entry).to_contain_text("县道塌方")
    entry.get_by_role("button", name="看报告").click()
    expect(page.locator("#detail")).to_contain_text(receipt["number"])
