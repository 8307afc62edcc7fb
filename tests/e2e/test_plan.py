"""The bureau plans by two policies, compares, pins and plans anew; another reviews, the leader approves; orders exist."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Site

pytestmark = pytest.mark.slow


def test_from_two_policies_to_orders(live: Site, desk: Callable[..., Page], tmp_path: Path) -> None:
    live.manage("sample_winter", "--villages", "24", "-v", "0")
    page = desk("bureau", "/plan/")
    for policy in ("fairest", "priority"):
        page.goto("/plan/")
        page.select_option("#make select[name=policy]", policy)
        page.click("#make button[type=submit]")
        page.wait_for_url(re.compile(r"/plan/[0-9a-f-]{36}/"), timeout=60_000)
    page.goto("/plan/")
    expect(page.locator(".plan-compare thead th")).to_have_count(3)
    expect(page.locator(".plan-map circle").first).to_be_attached()
    page.screenshot(path=str(tmp_path / "plans.png"), full_page=True)

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
