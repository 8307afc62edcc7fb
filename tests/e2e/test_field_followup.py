"""续报 as a difference on the officer's phone: what changed, why it fell, what was asked for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, expect

from tests.e2e.conftest import Site
from tests.e2e.field_steps import ready
from tests.e2e.map_journey import Village, a_village


def the_event(live: Site) -> str:
    with live.database.connect() as connection:
        (event,) = connection.execute(
            "SELECT id FROM events_event WHERE closed_at IS NULL ORDER BY started_at DESC LIMIT 1"
        ).fetchone() or ("",)
    return str(event)


def filed(live: Site, village: Village, **fields: Any) -> dict[str, Any]:
    return live.file_report(village.officer, village.code, event=the_event(live), **fields)


def send_back(live: Site, receipt: dict[str, Any], remark: str, desk: Callable[..., Page]) -> None:
    page = desk("bureau", f"/review/{receipt['id']}/")
    expect(page.locator("#lease")).to_contain_text("您正在审核")
    page.fill("#return [name=remark]", remark)
    page.locator("#return input[value=affected]").check()
    page.get_by_role("button", name="退回给信息员").click()
    page.wait_for_url("**/review/")


def change_of(page: Page, key: str) -> Any:
    return page.locator(f"[data-field='figures.{key}'] .change")


def test_a_follow_up_shows_its_difference_and_a_fall_asks_why(live: Site, phone: Callable[..., Page]) -> None:
    village = a_village(live)
    filed(live, village, figures={"affected": 38, "relocated": 4})
    page = phone(village.officer)
    ready(page)
    page.click("#write")
    expect(page.locator("#figure-affected")).to_have_value("38")
    page.fill("#figure-affected", "41")
    expect(change_of(page, "affected")).to_have_text("+3")
    page.fill("#figure-affected", "38")
    expect(change_of(page, "affected")).to_have_text("")
    page.fill("#figure-affected", "")
    page.click("[data-restore=affected]")
    expect(page.locator("#figure-affected")).to_have_value("38")

    page.fill("#figure-affected", "30")
    expect(change_of(page, "affected")).to_have_text("−8")
    why = page.locator("[data-field='figures.affected'] .why input")
    expect(why).to_be_visible()
    why.fill("重复统计8人")
    page.click("#send")
    expect(page.locator("[data-state=stored]").first).to_be_visible()


def test_the_same_as_last_time_is_one_tap(live: Site, phone: Callable[..., Page]) -> None:
    village = a_village(live)
    filed(live, village, figures={"affected": 12})
    page = phone(village.officer)
    ready(page)
    page.click("#write")
    page.click("#same")
    expect(page.locator("[data-state=stored]", has_text="零报告")).to_be_visible()


def test_a_returned_report_opens_on_the_remark_and_has_to_be_changed(
    live: Site, phone: Callable[..., Page], desk: Callable[..., Page]
) -> None:
    village = a_village(live)
    receipt = filed(live, village, figures={"affected": 900}, text="倒房三户")
    page = phone(village.officer)
    ready(page)
    send_back(live, receipt, "全村只有八百人", desk)
    card = page.locator(f"[data-report='{receipt['id']}']")
    expect(card).to_contain_text("全村只有八百人")
    card.click()
    page.click("#go-on")
    expect(page.locator("#returned")).to_contain_text("全村只有八百人")
    expect(page.locator("[data-field='figures.affected'] .lit")).to_contain_text("全村只有八百人")
    expect(page.locator("#text")).to_have_value("倒房三户")
    page.click("#send")
    expect(page.locator("[data-field='figures.affected'] .fault")).to_contain_text("没有改动")
    page.fill("#figure-affected", "90")
    page.click("#send")
    expect(page.locator("[data-state=stored]").first).to_be_visible()
    expect(page.locator("#write")).to_be_visible()
