"""A clerk's day with goods: a transfer ordered and sent, expired goods scrapped, a stock-take, on desk and phone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Site
from tests.e2e.looks import camera, fits

pytestmark = pytest.mark.e2e
shot = camera("stock")
STORE = """
import uuid
from datetime import date, timedelta
from django.utils import timezone
from disaster.people.sample import person
from disaster.people.scope import rights_of
from disaster.relief.stock import services
from tests.disaster.relief.stock.made import a_place, goods
by = rights_of(person("keeper"), on=timezone.localdate())
store = a_place("演练储备库", "340882000000")
a_place("演练储备点", "{village}")
batches = [goods("quilt", 300), goods("coat", 40, made_on=date(2020, 1, 1), expires_on=date(2025, 1, 1))]
services.take_in(uuid.uuid4(), kind="purchase", place=store.pk, batches=batches, by=by, now=timezone.now())
"""

LEFT = """void new MutationObserver(() => {
  const buttons = [...document.querySelectorAll("form[method=dialog] button")];
  sessionStorage.left = JSON.stringify(buttons.map((one) => getComputedStyle(one).pointerEvents));
}).observe(document.documentElement, { attributes: true, attributeFilter: ["data-desk"] })"""
"""Keep how the buttons of a page take a press once it is left."""


def test_goods_are_ordered_sent_scrapped_and_counted(
    live: Site, desk: Callable[..., Page], phone: Callable[..., Page]
) -> None:
    village, _, _ = live.villages()[40]
    live.manage("shell", "-v", "0", "-c", STORE.format(village=village))
    bureau = desk("bureau", "/stock/order/")
    bureau.locator("[name=source]").select_option(label="演练储备库")
    target = bureau.locator("[name=target] option").filter(has_text="演练储备点").get_attribute("value")
    bureau.locator("[name=target]").select_option(target)
    bureau.locator("[name='goods.quilt']").fill("60")
    shot(bureau, "order")
    bureau.get_by_role("button", name="开单").click()
    bureau.wait_for_url("**/stock/documents/*-*/")
    shot(bureau, "ordered")
    bureau.get_by_role("button", name="确认发出").click()
    expect(bureau.get_by_role("heading", name="下一步:签收")).to_be_visible()
    shot(bureau, "sent")

    bureau.goto("/stock/")
    shot(bureau, "stock")
    assert fits(bureau)
    bureau.get_by_role("link", name="演练储备库", exact=True).click()
    shot(bureau, "place")
    bureau.get_by_role("button", name="全部报废").click()
    expect(bureau.locator("#batches tbody tr")).to_have_count(1)
    bureau.locator("#count input[name^=counted]").fill("238")
    bureau.locator("#count [name=reason]").fill("鼠咬两床")
    bureau.evaluate(LEFT)
    bureau.get_by_role("button", name="登记盘点").click()
    expect(bureau.locator("#batches tbody tr")).to_contain_text("238")
    # What was pressed on the page that is left would be done twice, or not at all.
    expect(bureau.locator("html")).to_have_attribute("data-desk", "ready")
    assert set(bureau.evaluate("JSON.parse(sessionStorage.left)")) == {"none"}

    officer = phone("keeper", "/stock/")
    shot(officer, "stock-phone")
    assert fits(officer)
    officer.get_by_role("link", name="演练储备库", exact=True).click()
    shot(officer, "place-phone")
    assert fits(officer)
