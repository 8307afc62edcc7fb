"""The officer's page without a network: nothing is lost, nothing arrives twice."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Site
from tests.e2e.field_steps import at, jpeg, officer_of, ready, stored, write_report

pytestmark = [pytest.mark.e2e, pytest.mark.slow]


def test_two_reports_written_offline_arrive_once_after_the_tab_was_closed(
    live: Site, phone: Callable[..., Page]
) -> None:
    account, area = officer_of(live, 3)
    page = phone(account, **at(live, area))
    ready(page)
    context = page.context
    context.set_offline(True)
    page.reload()
    expect(page.locator("#place")).not_to_have_text("报灾情")
    expect(page.locator("#line")).to_have_text("没连上市局")

    write_report(page, jpeg("teal"), affected="30", relocated="4")
    expect(page.locator("[data-state=queued], [data-state=sending]")).to_have_count(1)
    write_report(page, affected="45")
    cards = page.locator(".card-row")
    expect(cards).to_have_count(2)
    for card in cards.all():
        expect(card).not_to_contain_text("已到市局")
    assert stored(live, area) == []
    page.close()

    context.set_offline(False)
    again = context.new_page()
    again.goto("/field/")
    expect(again.locator(".card-row[data-state=stored]")).to_have_count(2)
    for card in again.locator(".card-row").all():
        expect(card).to_contain_text("已到市局")
        expect(card).to_contain_text("编号 340882-")
    expect(again.locator(".card-row").last).to_contain_text("照片 1/1 已传")
    expect(again.locator("#waiting")).to_have_text("没有待发送的报告")

    first, second = stored(live, area)
    assert [row[3]["affected"] for row in (first, second)] == [30, 45]
    assert second[3]["relocated"] == 4, "the second opened on the first one's cumulative figures"
    assert [row[2] for row in (first, second)] == ["first", "followup"]
    assert (first[4], first[5]) == (1, 1)
    assert second[7] is None, "the second named the first, though neither had been sent"


def test_the_button_sends_at_once_when_the_line_is_back(live: Site, phone: Callable[..., Page]) -> None:
    account, area = officer_of(live, 4)
    page = phone(account, **at(live, area))
    ready(page)
    live.stop()
    try:
        write_report(page, affected="7")
        expect(page.locator(".card-row")).to_contain_text("已存手机", timeout=30_000)
        assert "已到市局" not in page.locator(".card-row").inner_text()
    finally:
        live.start()
    page.click("#send-now")
    expect(page.locator(".card-row")).to_contain_text("已到市局")
    assert len(stored(live, area)) == 1
