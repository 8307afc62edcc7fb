"""The bureau plans by two policies, compares, pins and plans anew; another reviews, the leader approves; orders exist."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Site

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module", autouse=True)
def winter(live: Site) -> None:
    """Some villages of the founding case."""
    live.manage("sample_winter", "--villages", "24", "-v", "0")


def _look_at_a_village(page: Page) -> None:
    """Click over the left map until a village answers."""
    ground = page.locator("[data-ground]").first
    ground.scroll_into_view_if_needed()
    box = ground.bounding_box()
    assert box
    for down in range(40, int(box["height"]) - 40, 14):
        for right in range(60, int(box["width"]) - 40, 14):
            page.mouse.click(box["x"] + right, box["y"] + down)
            if page.locator("[data-village] h3").count():
                return
    raise AssertionError("no village on the map")


def test_from_two_policies_to_orders(live: Site, desk: Callable[..., Page], tmp_path: Path) -> None:
    page = desk("bureau", "/plan/")
    for policy in ("fairest", "priority"):
        page.goto("/plan/")
        page.select_option("#make select[name=policy]", policy)
        page.click("#make button[type=submit]")
        page.wait_for_url(re.compile(r"/plan/[0-9a-f-]{36}/"), timeout=60_000)
    page.goto("/plan/")
    # The other journey of this file may have left one of its own.
    expect(page.locator(".plan-compare thead th").nth(2)).to_be_visible()
    expect(page.locator("[data-ground] canvas")).to_have_count(2)
    _look_at_a_village(page)
    expect(page.locator("[data-village] tbody tr")).to_have_count(2)
    expect(page.locator("[data-village]")).to_contain_text("占需求")
    page.screenshot(path=str(tmp_path / "plans.png"), full_page=True)
    page.get_by_role("button", name="差异(右减左)").click()
    expect(page.locator("[data-legend]")).to_contain_text("一样")
    page.select_option("[data-item]", "money")
    expect(page.locator("[data-village] h3")).to_contain_text("救助金")
    page.route("**/api/plans/**", lambda route: route.abort())
    page.select_option("[data-item]", index=0)
    expect(page.locator("[data-legend] [role=alert]")).to_have_text("网络不通")
    expect(page.locator("[data-village]")).to_have_text("网络不通")
    page.unroute("**/api/plans/**")
    page.select_option("[data-item]", "money")
    expect(page.locator("[data-village] h3")).to_contain_text("救助金")
    expect(page.locator("[data-legend]")).to_contain_text("一样")
    page.screenshot(path=str(tmp_path / "difference.png"), full_page=True)

    page.click(".plan-compare thead a >> nth=1")
    page.wait_for_url(re.compile(r"/plan/[0-9a-f-]{36}/"))
    first = page.url
    row = page.locator(".plan-villages tbody tr").first
    row.locator(".pin summary").click()
    row.locator("[data-quantity]").fill("1")
    row.locator("[data-why]").fill("已由红十字会发放")
    row.get_by_role("button", name="指定并重新测算").click()
    page.wait_for_url(lambda url: url != first and "/plan/" in url, timeout=60_000)
    expect(page.locator("#changes")).to_contain_text("人工指定为 1")
    page.screenshot(path=str(tmp_path / "plan.png"), full_page=True)
    address = page.url.replace(live.url, "").split("#")[0]

    other = desk("deputy", address)
    other.get_by_role("button", name="复核通过").click()
    expect(other.locator("h1 .badge")).to_have_text("待审批", timeout=30_000)
    leader = desk("leader", address)
    leader.get_by_role("button", name="批准").click()
    expect(leader.locator("h1 .badge")).to_have_text("已批准,待下单", timeout=30_000)
    page.goto(address)
    page.get_by_role("button", name="生成调拨单").click()
    expect(page.locator("#papers")).to_contain_text("待发出", timeout=120_000)
    page.screenshot(path=str(tmp_path / "ordered.png"), full_page=True)
    page.locator("#papers a").first.click()
    expect(page.locator("h1")).to_contain_text("调拨")


def test_a_limit_over_all_items_is_told_where_it_binds(
    live: Site, desk: Callable[..., Page], tmp_path: Path
) -> None:
    page = desk("bureau", "/plan/")
    page.locator(".plan-limits summary").click()
    page.fill("#make [name='params.person_yuan']", "1")
    page.click("#make button[type=submit]")
    expect(page.locator("#refused")).to_contain_text("每人不超过 1 元,超出", timeout=60_000)
    page.fill("#make [name='params.person_yuan']", "")
    page.fill("#make [name='params.spend_yuan']", "300000")
    page.select_option("#make [data-where]", index=1)
    page.fill("#make [data-kg]", "60")
    page.click("#make button[type=submit]")
    page.wait_for_url(re.compile(r"/plan/[0-9a-f-]{36}/"), timeout=60_000)
    expect(page.locator(".facts").first).to_contain_text("总支出最多 300,000 元")
    expect(page.locator(".facts").first).to_contain_text("最多接收 60 公斤")
    expect(page.locator(".plan-villages")).to_contain_text("总支出(物资折款加资金)不超过 300,000 元")
    page.screenshot(path=str(tmp_path / "limited.png"), full_page=True)
