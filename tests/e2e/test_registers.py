"""The registers in a real browser: a missing person, then dead, then shown in full for a reason."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from playwright.sync_api import Page, expect

from disaster.rules.book import BEIJING
from tests.disaster.registers.filled import a_number
from tests.e2e.conftest import Site
from tests.e2e.looks import camera, fits

pytestmark = pytest.mark.e2e
shot = camera("registers")


def fill(page: Page, number: str) -> None:
    entry = page.locator("#entry")
    entry.locator("[name=event]").select_option(index=1)
    entry.locator("[name=area]").select_option(index=1)
    entry.locator("[name=status]").select_option("missing")
    entry.locator("[name=name]").fill("张三丰")
    entry.locator("[name=identity]").fill(number)
    entry.locator("[name=sex]").select_option("male")
    entry.locator("[name=hazard]").select_option("flood.flash")
    entry.locator("[name=cause]").select_option("drowning")
    entry.locator("[name=capacity]").select_option("villager")
    entry.locator("[name=place]").fill("龙湾组小河边")
    entry.locator("[name=phone]").fill("13812345678")
    entry.locator("[name=occurred_at]").fill(f"{datetime.now(BEIJING):%Y-%m-%dT00:00}")


def test_a_missing_person_is_entered_found_dead_and_shown_whole_for_a_reason(
    live: Site, desk: Callable[..., Page]
) -> None:
    number = a_number()
    page = desk("bureau", "/registers/")
    shot(page, "empty")
    page.get_by_role("link", name="登记").click()
    fill(page, number[:17] + ("0" if number[17] != "0" else "1"))
    page.get_by_role("button", name="保存").click()
    expect(page.locator(".field-error")).to_contain_text("校验码")
    shot(page, "refused")
    page.locator("[name=identity]").fill(number)
    page.get_by_role("button", name="保存").click()
    expect(page.locator("#state")).to_have_text("失踪")
    expect(page.locator("[data-whole=identity]")).to_have_text(f"340824********{number[-4:]}")
    assert number not in page.content()

    page.locator("#status [name=status]").select_option("dead")
    page.locator("#status [name=why]").fill("下游两公里处找到遗体")
    page.get_by_role("button", name="变更状态").click()
    expect(page.locator("#state")).to_have_text("死亡")
    expect(page.locator("#history")).to_contain_text("失踪 → 死亡")

    page.locator("#reveal [name=why]").fill("与公安户籍核对")
    page.get_by_role("button", name="查看完整信息").click()
    expect(page.locator("[data-whole=identity]")).to_have_text(number)
    expect(page.locator("[data-whole=phone]")).to_have_text("13812345678")
    page.reload()
    expect(page.locator("[data-whole=identity]")).to_have_text(f"340824********{number[-4:]}")
    expect(page.locator("#history")).to_contain_text("与公安户籍核对")
    shot(page, "row")
    assert fits(page)

    page.get_by_role("link", name="回到台账").click()
    page.locator("input[name='f.dead']").fill("2")
    page.get_by_role("button", name="核对").click()
    expect(page.locator("main details")).to_contain_text("台账缺 1 条")
    expect(page.locator(".folds").last).to_contain_text("张三丰")
    shot(page, "list")
    assert fits(page)


def test_on_a_phone_the_table_folds_into_cards(live: Site, signed_in: Callable[..., Page]) -> None:
    page = signed_in("bureau", "/registers/", viewport={"width": 390, "height": 844}, is_mobile=True)
    page.get_by_role("link", name="倒塌损坏住房").click()
    page.get_by_role("link", name="登记").click()
    entry = page.locator("#entry")
    for name in ("event", "area"):
        entry.locator(f"[name={name}]").select_option(index=1)
    entry.locator("[name=name]").fill("李四光")
    entry.get_by_label("低保户").check()
    entry.locator("[name=hazard]").select_option("flood")
    entry.locator("[name=structure]").select_option("brick_wood")
    entry.locator("[name=members]").fill("4")
    entry.locator("[name=rooms_collapsed]").fill("3")
    entry.locator("[name=occurred_at]").fill(f"{datetime.now(BEIJING):%Y-%m-%dT00:00}")
    assert fits(page)
    shot(page, "phone-form")
    page.get_by_role("button", name="保存").click()
    expect(page.locator("#state")).to_have_text("倒塌")
    assert fits(page)
    shot(page, "phone-row")
    page.get_by_role("link", name="回到台账").click()
    expect(page.locator("td[data-label=户主]")).to_have_text("李四光")
    expect(page.locator("tr", has=page.locator("td[data-label=户主]"))).not_to_have_css(
        "display", "table-row"
    )
    shot(page, "phone-list")
    assert fits(page)
