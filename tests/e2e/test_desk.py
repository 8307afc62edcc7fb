"""The desk at work in a real browser: review with two desks, the duty board, an event's course."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from playwright.sync_api import Page, expect

from disaster.rules.book import BEIJING
from tests.e2e.conftest import Site
from tests.e2e.looks import fits
from tests.e2e.map_journey import a_village, file, settled, until_painted

PHONE = {"viewport": {"width": 360, "height": 740}}


def reviewer(township: str) -> str:
    return f"t{township[6:9]}"


def local(moment: datetime) -> str:
    """A moment as a datetime-local field takes it: all clocks are Beijing's."""
    return moment.astimezone(BEIJING).strftime("%Y-%m-%dT%H:%M")


def test_the_township_passes_and_the_bureau_approves(live: Site, desk: Callable[..., Page]) -> None:
    village = a_village(live)
    receipt = file(live, village, figures={"affected": 30})
    page = desk(reviewer(village.township), "/review/")
    page.locator(f"a[href$='/review/{receipt['id']}/']").click()
    expect(page.locator("#lease")).to_contain_text("您正在审核")
    page.click("#pass")
    page.wait_for_url("**/review/")
    expect(page.locator("tr", has_text=receipt["number"])).to_have_count(0)  # it waits for the county now

    bureau = desk("bureau", f"/review/{receipt['id']}/")
    expect(bureau.locator("h1")).to_contain_text("乡镇已审")
    expect(bureau.locator("#lease")).to_contain_text("您正在审核")
    bureau.click("#approve")
    bureau.wait_for_url("**/review/")
    bureau.goto(f"/review/{receipt['id']}/")
    expect(bureau.locator("h1")).to_contain_text("县级核定")
    expect(bureau.locator("#approve")).to_have_count(0)


def test_the_bureau_says_why_it_approves_what_no_township_has_passed(
    live: Site, desk: Callable[..., Page]
) -> None:
    receipt = file(live, a_village(live), figures={"affected": 31})
    page = desk("bureau", f"/review/{receipt['id']}/")
    expect(page.locator("#lease")).to_contain_text("您正在审核")
    page.click("#approve")
    expect(page.locator("#decide .field-error")).to_contain_text("须说明原因")
    assert fits(page)
    page.fill("#decide [name=note]", "乡镇通信中断")
    page.click("#approve")
    page.wait_for_url("**/review/")


def test_many_are_passed_together_and_what_is_refused_is_told(live: Site, desk: Callable[..., Page]) -> None:
    village = a_village(live)
    receipt = file(live, village, figures={"affected": 33})
    page = desk(reviewer(village.township), "/review/")
    line = page.locator("tr", has_text=receipt["number"])
    line.locator("input[name=ids]").check()
    page.get_by_role("button", name="通过所选").click()
    expect(line).to_have_count(0)
    page.goto("/review/?state=passed")
    expect(line).to_contain_text("乡镇已审")
    line.locator("input[name=ids]").check()
    page.get_by_role("button", name="通过所选").click()
    expect(page.locator("#refused")).to_contain_text("状态不允许")


def test_a_review_is_held_and_can_be_taken_over(live: Site, desk: Callable[..., Page]) -> None:
    village = a_village(live)
    receipt = file(live, village, figures={"affected": 32})
    first = desk(reviewer(village.township), f"/review/{receipt['id']}/")
    expect(first.locator("#lease")).to_contain_text("您正在审核")

    second = desk("bureau", f"/review/{receipt['id']}/", **PHONE)
    expect(second.locator("#lease")).to_contain_text("正在审核,至")
    expect(second.locator("#approve")).to_be_disabled()
    assert fits(second)
    second.get_by_role("button", name="接手").click()
    expect(second.locator("#lease")).to_contain_text("您正在审核")
    expect(second.locator("#approve")).to_be_enabled()

    first.click("#pass")
    expect(first.locator("#refused")).to_contain_text("正在审核")


def test_a_return_reaches_the_phone_with_its_reason(
    live: Site, desk: Callable[..., Page], phone: Callable[..., Page]
) -> None:
    village = a_village(live)
    receipt = file(live, village, figures={"affected": 3300})
    page = desk(reviewer(village.township), f"/review/{receipt['id']}/")
    expect(page.locator("#lease")).to_contain_text("您正在审核")
    page.locator("#return").get_by_role("button", name="退回给信息员").click()
    expect(page.locator("#return .field-error")).to_contain_text("退回意见不能为空")
    page.locator("#return [data-quick]").first.click()
    page.locator("#return label", has_text="受灾人口").locator("input").check()
    page.locator("#return").get_by_role("button", name="退回给信息员").click()
    page.wait_for_url("**/review/")
    mine = phone(village.officer)
    expect(mine.get_by_text("数字与上次差距大,请核实").first).to_be_visible()


def test_the_queue_is_worked_by_keys(live: Site, desk: Callable[..., Page]) -> None:
    village = a_village(live)
    receipts = [file(live, village, figures={"affected": 33 + n}) for n in range(2)]
    page = desk(reviewer(village.township), "/review/")
    expect(page.locator("tr", has_text=receipts[0]["number"])).to_have_count(1)
    page.keyboard.press("j")
    page.keyboard.press("j")
    chosen = page.locator(".queue tbody tr").nth(1)
    expect(chosen.locator("a")).to_be_focused()
    number = chosen.locator("td").nth(2).inner_text()
    # News makes the queue anew; who works by keys stays where they were.
    news = file(live, village, figures={"affected": 40})
    expect(page.locator("tr", has_text=news["number"])).to_have_count(1)
    chosen = page.locator(".queue tbody tr", has=page.locator("a:focus"))
    expect(chosen.locator("td").nth(2)).to_have_text(number, use_inner_text=True)
    page.keyboard.press("x")
    expect(chosen.locator("input[name=ids]")).to_be_checked()
    page.keyboard.press("k")
    page.keyboard.press("Enter")
    expect(page.locator("#lease")).to_contain_text("您正在审核")


def test_the_board_follows_the_feed_and_a_call_is_one_tap(live: Site, desk: Callable[..., Page]) -> None:
    village = a_village(live)
    with live.database.connect() as connection:  # an event in which every village is late
        event = str(uuid4())
        connection.execute(
            "INSERT INTO events_event (id, name, hazard, area_code, started_at, origin, warning)"
            " VALUES (%s, '值班演练', 'flood', '340882000000', now() - interval '50 minutes', 'hand', '')",
            [event],
        )
    page = desk(reviewer(village.township), "/duty/")
    page.goto(f"/duty/?event={event}&township={village.code[:9]}000")
    tile = page.locator(f".duty-township .tile[data-area='{village.code}']")
    expect(tile).to_contain_text("初报")
    assert fits(page)
    called = page.locator(f".call-list [data-area='{village.code}']")
    line = page.locator(".call-list li", has=page.locator(f"[data-area='{village.code}']"))
    expect(line).to_contain_text(re.compile(r"100\*{4}\d{4}"))
    called.get_by_role("button", name="查看电话").click()
    expect(called.locator("[data-role=numbers]")).to_contain_text(re.compile(r"100\d{8}"))
    called.get_by_role("button", name="无人接听").click()
    expect(tile).to_have_class(re.compile("unreachable"))
    file(live, village, event=event, figures={"affected": 5})
    expect(tile).to_contain_text("续报")
    page.set_viewport_size(PHONE["viewport"])
    assert fits(page)


def test_silent_villages_are_rings_on_the_map(live: Site, desk: Callable[..., Page]) -> None:
    page = settled(desk("leader"))
    page.locator("#legend summary").click()
    page.get_by_label("沉默村(应报未报)").check()
    canvas = page.locator("canvas[data-silent]")
    expect(canvas).to_have_attribute("data-silent", re.compile(r"\d+"))
    village = a_village(live)
    until_painted(page, file(live, village, figures={"affected": 6}))


def test_an_event_is_opened_changed_answered_and_merged(live: Site, desk: Callable[..., Page]) -> None:
    page = desk("bureau", "/events/")
    hour_ago = datetime.now(BEIJING) - timedelta(hours=1)
    opening = page.locator("#open-event")
    opening.locator("[name=name]").fill(" ")
    opening.locator("[name=started_at]").fill(local(hour_ago))
    opening.get_by_role("button", name="启动").click()
    expect(opening.locator(".field-error")).to_contain_text("须填写名称")
    opening.locator("[name=name]").fill("演练冰雹")
    opening.locator("[name=hazard]").select_option("storm.hail")
    opening.get_by_role("button", name="启动").click()
    page.get_by_role("link", name="演练冰雹").click()

    start = page.locator("#start-response")
    start.locator("[name=started_at]").fill(local(hour_ago))
    start.get_by_role("button", name="启动响应").click()
    expect(start.locator(".field-error")).to_contain_text("文号")
    start.locator("[name=number]").fill("潜防减救〔2026〕9号")
    start.get_by_role("button", name="启动响应").click()
    expect(page.locator(".response")).to_contain_text("潜防减救〔2026〕9号")

    change = page.locator("#change-event")
    change.locator("[name=stable_at]").fill(local(datetime.now(BEIJING)))
    change.get_by_role("button", name="保存").click()
    expect(page.locator(".soft", has_text="灾情稳定时间").first).to_be_visible()
    page.set_viewport_size(PHONE["viewport"])
    assert fits(page)

    page.locator("#merge-event [name=into]").first.check()
    page.locator("#merge-event").get_by_role("button", name="合并").click()
    expect(page.locator("h1")).to_contain_text("已并入")
    page.get_by_role("button", name="撤销合并").click()
    expect(page.locator("h1")).to_contain_text("进行中")


def test_a_desk_page_that_is_not_theirs_says_so(
    live: Site, desk: Callable[..., Page], phone: Callable[..., Page]
) -> None:
    page = desk("leader", "/review/")
    expect(page.locator("h1")).to_contain_text("不能做这件事")
    village: Any = a_village(live)
    other = phone(village.officer, "/duty/")
    expect(other.locator("h1")).to_contain_text("不能做这件事")
