"""Goods that came short are traced: the phone says so, the batch's page and an open map tell where they stopped."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Site
from tests.e2e.field_steps import at, officer_of
from tests.e2e.looks import camera, fits
from tests.e2e.map_journey import settled
from tests.e2e.relief_steps import a_winter_village, write_name

pytestmark = [pytest.mark.e2e, pytest.mark.slow]
shot = camera("custody")


def test_thirteen_missing_on_the_way_are_found_where_they_stopped(
    live: Site, desk: Callable[..., Page], phone: Callable[..., Page]
) -> None:
    account, area = officer_of(live, 30)
    made = a_winter_village(live, area, ["欧阳修远", "张守田"])
    board = settled(desk("bureau", "/map/?relief=quilt"))
    expect(board.locator("html")).to_have_attribute("data-relief", "quilt")
    page = phone(account, "/receive/", **at(live, area))
    page.locator("#coming .paper").click()
    page.locator("input[name^='received.']").fill("7")
    page.locator("#why textarea").fill("车上只有 7 床")
    write_name(page)
    shot(page, "short")
    page.get_by_role("button", name="确认签收").click()
    expect(page.locator(".told[data-state=sent]")).to_have_count(1)
    shot(page, "told")

    expect(board.locator("html")).to_have_attribute("data-cases", "1")
    shot(board, "map")
    stopped = board.locator(".relief-stopped")
    stopped.locator("summary").click()
    stopped.get_by_role("button", name="短少 13 床").click()
    expect(board.locator(".relief-about")).to_contain_text("短少 13 床")
    shot(board, "map-case")
    board.get_by_role("link", name="看这一批的每一程").click()
    expect(board.locator("#way .message.bad")).to_contain_text("有 13 床 停在下面几程,没有下落")
    expect(board.locator("#way .message.bad li")).to_contain_text(made["number"])
    shot(board, "batch")
    assert fits(board)
    board.get_by_role("link", name="CY", exact=False).click()
    expect(board.locator("#open .case")).to_contain_text("车上只有 7 床")
    shot(board, "cases")

    board.goto("/vouchers/")
    board.locator("#keys summary").click()
    shot(board, "vouchers")
    board.locator("#keys [name=reason]").fill("年度更换")
    board.get_by_role("button", name="更换密钥").click()
    expect(board.locator("#keys li")).to_have_count(2)
    board.locator("#keys").evaluate("(box) => { box.open = true; }")
    shot(board, "vouchers-anew")
