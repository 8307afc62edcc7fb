"""What an officer typed outlives the browser, and two tabs send it once."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, Playwright, expect

from tests.e2e.api_steps import PASSWORD
from tests.e2e.conftest import CHROMIUM, Site
from tests.e2e.field_steps import at, officer_of, ready, stored, write_report

pytestmark = [pytest.mark.e2e, pytest.mark.slow]

DRAFTED_34 = """() => new Promise((resolve) => {
    const open = indexedDB.open("zaiqing-field");
    open.onsuccess = () => {
        const look = () => {
            const drafts = open.result.transaction("drafts").objectStore("drafts").getAll();
            drafts.onsuccess = () => drafts.result.some(({ figures }) => figures.affected === "34") ? resolve(open.result.close()) : look();
        };
        look();
    };
})"""
"""Wait until the typed figure is in the phone's memory."""


def killed(profile: Path) -> None:
    """End a browser as an empty battery would: the one that was started on this profile."""
    for process in Path("/proc").glob("[0-9]*"):
        try:
            command = (process / "cmdline").read_bytes().decode().split("\0")
        except OSError:
            continue
        if f"--user-data-dir={profile}" in command and not any(
            part.startswith("--type=") for part in command
        ):
            os.kill(int(process.name), signal.SIGKILL)


def test_reports_and_drafts_survive_the_death_of_the_browser(
    live: Site, playwright: Playwright, tmp_path: Path
) -> None:
    account, area = officer_of(live, 100)

    def opened() -> BrowserContext:
        return playwright.chromium.launch_persistent_context(
            tmp_path, executable_path="/usr/bin/chromium", args=CHROMIUM, base_url=live.url, **at(live, area)
        )

    def sign_in() -> None:
        page.fill("input[name=account]", account)
        page.fill("input[name=password]", PASSWORD)
        page.click("main button")

    context = opened()
    page = context.new_page()
    page.goto("/sign-in/?next=/field/")
    sign_in()
    ready(page)
    context.set_offline(True)
    write_report(page, affected="33")
    expect(page.locator(".card-row")).to_contain_text("已存手机")
    page.click("#write")
    page.fill("#figure-affected", "34")
    page.evaluate(DRAFTED_34)
    with context.expect_event("close"):
        killed(tmp_path)

    context = opened()
    page = context.new_page()
    page.goto("/field/")
    expect(page.locator(".card-row")).to_have_count(2)
    asked, arrived = page.locator("#sign-in a"), page.locator(".card-row[data-state=stored]")
    expect(asked.or_(arrived)).to_be_visible()
    if asked.is_visible():  # Chromium writes cookies down every half minute: this one was forgotten
        asked.click()
        sign_in()
    expect(page.locator(".card-row .state")).to_have_text(["草稿", "已到市局"])
    assert [row[3] for row in stored(live, area)] == [{"affected": 33}]
    page.locator(".card-row[data-state=draft]").click()
    expect(page.locator("#figure-affected")).to_have_value("34")
    context.close()


def test_two_tabs_send_once(live: Site, phone: Callable[..., Page]) -> None:
    account, area = officer_of(live, 101)
    page = phone(account, **at(live, area))
    ready(page)
    page.context.set_offline(True)
    write_report(page, affected="5")
    other = page.context.new_page()
    other.goto("/field/")
    for tab in (page, other):
        expect(tab.locator(".card-row")).to_contain_text("已存手机")

    page.context.set_offline(False)

    for tab in (page, other):
        expect(tab.locator(".card-row")).to_contain_text("已到市局")
        expect(tab.locator(".card-row")).to_have_count(1)
    assert len(stored(live, area)) == 1
