"""A message from the group becomes a report: at the desk for a village, and on the officer's phone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Site
from tests.e2e.field_steps import officer_of, ready, stored

pytestmark = [pytest.mark.e2e, pytest.mark.slow]


def name_of(site: Site, area: str) -> str:
    return next(name for code, name, _ in site.villages() if code == area)


def listed(page: Page, area: str) -> str:
    value = page.locator(f'#places option[data-code="{area}"]').get_attribute("value")
    assert value
    return value


def test_the_bureau_takes_down_a_call(live: Site, desk: Callable[..., Page]) -> None:
    _, area = officer_of(live, 121)
    page = desk(path="/file/")
    expect(page.locator("#filing[data-ready]")).to_be_visible()
    page.fill("#text", "倒房3户5间,转移约41人,农作物受灾60亩,雨量120毫米,无人员伤亡")
    page.click("#read")

    expect(page.locator("#figure-houses_collapsed_homes")).to_have_value("3")
    expect(page.locator("#figure-evacuated_early")).to_have_value("41")
    expect(page.locator("#figure-dead")).to_have_value("0")
    expect(page.locator("#unit-crops_affected")).to_have_value("mu")
    expect(page.locator('[data-figure="evacuated_early"]')).to_have_class("figure-line doubt")
    expect(page.locator('#words mark[data-keys="houses_collapsed_homes"]')).to_have_text("倒房3户")
    expect(page.locator("#words mark.missed")).to_have_text("120")

    # The list was not touched: which village it is, a person says.
    page.click("#file")
    expect(page.locator(".field-error")).to_have_text("请从列表里选一个村(社区)或乡镇")
    page.fill("#area", listed(page, area))
    page.select_option("#event", "")
    page.select_option("#hazard", "flood")
    page.fill("#figure-affected", "150")
    page.fill("#figure-dead", "1")
    page.click("#file")
    expect(page.locator("#caller + .field-error, #caller ~ .field-error")).to_have_text(
        "电话速报请写明来电人"
    )
    page.fill("#caller", "村书记王某")
    page.click("#file")

    # A death without a photo or a position is asked about, and the answer is a note.
    note = page.locator("[data-note]")
    expect(note).to_have_count(1)
    note.fill("已与村书记电话核实")
    page.click("#file")
    expect(page.locator("#filed")).to_contain_text("已上报")
    ((_, state, kind, figures, *_),) = stored(live, area)
    assert (state, kind) == ("stored", "first")
    assert (figures["houses_collapsed_rooms"], figures["crops_affected"], figures["dead"]) == (5, 4, 1)


def test_an_officer_pastes_a_message_and_sends_it_after_a_look(
    live: Site, phone: Callable[..., Page]
) -> None:
    account, area = officer_of(live, 122)
    page = phone(account)
    ready(page)
    page.click("#paste")
    page.fill("#message", f"{name_of(live, area)}倒房3户5间,转移约41人,雨量120毫米")
    page.context.set_offline(True)
    page.click("#read")
    expect(page.locator("#paste-said")).to_contain_text("识别要用网络")
    page.context.set_offline(False)
    page.click("#read")

    expect(page.locator('[data-key="houses_collapsed_homes"]')).to_have_attribute("data-sure", "true")
    expect(page.locator('[data-key="evacuated_early"]')).to_have_attribute("data-sure", "false")
    expect(page.locator("#found")).to_contain_text("没看懂的数字:“雨量120毫米”")
    expect(page.locator("#elsewhere")).to_have_count(0)
    page.click("#open-draft")

    expect(page.locator("#figure-houses_collapsed_rooms")).to_have_value("5")
    expect(page.locator("#text")).to_have_value(f"{name_of(live, area)}倒房3户5间,转移约41人,雨量120毫米")
    assert stored(live, area) == []


def test_what_the_desk_files_continues_what_the_village_had_filed(
    live: Site, desk: Callable[..., Page]
) -> None:
    account, area = officer_of(live, 123)
    page = desk(path="/file/")
    expect(page.locator("#filing[data-ready]")).to_be_visible()
    event = page.locator("#event").input_value()
    receipt = live.file_report(account, area, event=event, figures={"affected": 90, "relocated": 12})

    page.fill("#area", listed(page, area))
    page.locator("#area").blur()
    expect(page.locator("#before")).to_contain_text(receipt["number"])
    expect(page.locator("#figure-relocated")).to_have_value("12")
    expect(page.locator("#kind")).to_have_value("followup")
    page.fill("#text", "现在累计受灾人口120人")
    page.click("#read")
    expect(page.locator("#figure-affected")).to_have_value("120")
    page.select_option("#why", "unreachable")
    page.click("#file")
    expect(page.locator("#filed")).to_contain_text("已上报")

    *_, (_, _, kind, figures, _, _, corrects, crosses) = stored(live, area)
    assert (kind, str(corrects), crosses) == ("followup", receipt["id"], None)
    assert (figures["affected"], figures["relocated"]) == (120, 12)
