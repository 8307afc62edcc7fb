"""Two officers of one village write at once: both reports stay, and both are told."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Site
from tests.e2e.field_steps import at, kept_on_phone, officer_of, ready, stored, until, write_report

pytestmark = [pytest.mark.e2e, pytest.mark.slow]

CROSSED = "与另一份报告同时修改,两份都保留"


def test_two_corrections_that_cross_are_shown_and_both_kept(live: Site, phone: Callable[..., Page]) -> None:
    first_officer, area = officer_of(live, 6)
    here = at(live, area)
    first, second = phone(first_officer, **here), phone(first_officer.removesuffix("a") + "b", **here)
    ready(first)
    ready(second)
    write_report(first, affected="10")
    expect(first.locator(".card-row[data-state=stored]")).to_have_count(1)
    expect(second.locator(".card-row[data-state=stored]")).to_have_count(1)

    # B 角 opens the form on the first version; A 角 sends another before B 角 does.
    second.click("#write")
    expect(second.locator("#figure-affected")).to_have_value("10")
    second.fill("#figure-affected", "25")
    write_report(first, affected="18")
    expect(first.locator(".card-row[data-state=stored]")).to_have_count(2)
    second.click("#send")

    expect(second.locator(".crossed")).to_have_text(CROSSED)
    expect(first.locator(".crossed")).to_have_text(CROSSED)
    reports = stored(live, area)
    assert [row[3]["affected"] for row in reports] == [10, 18, 25]
    assert [row[7] is None for row in reports] == [True, True, False]


def test_the_draft_stays_when_the_phone_goes_dark(live: Site, phone: Callable[..., Page]) -> None:
    account, area = officer_of(live, 7)
    page = phone(account, **at(live, area))
    ready(page)
    page.click("#write")
    page.fill("#figure-affected", "12")
    page.fill("#text", "村部进水")
    kept_on_phone(page, "村部进水")
    context = page.context
    page.close()
    context.set_offline(True)
    again = context.new_page()
    again.goto("/field/")
    again.click("#write")
    expect(again.locator("#figure-affected")).to_have_value("12")
    expect(again.locator("#text")).to_have_value("村部进水")
    assert stored(live, area) == []


def test_the_map_pin_works_without_a_network_and_is_not_moved_by_the_satellites(
    live: Site, phone: Callable[..., Page]
) -> None:
    account, area = officer_of(live, 8)
    page = phone(account, **at(live, area))
    ready(page)
    page.locator("h2").first.tap()
    until(page, "caches.match('/static/vendor/leaflet/leaflet.js')")
    page.context.set_offline(True)
    page.click("#write")
    expect(page.locator("#fix")).to_contain_text("误差约 12 米")
    page.click("#pin")
    page.click(".pin-choose")
    expect(page.locator("#fix")).to_have_text("地图上选的位置")
    page.context.set_geolocation({"longitude": 116.0, "latitude": 30.5, "accuracy": 5})
    page.fill("#figure-affected", "2")
    expect(page.locator("#fix")).to_have_text("地图上选的位置")
    page.click("#send")
    page.context.set_offline(False)
    expect(page.locator(".card-row")).to_contain_text("已到市局")
    with live.database.connect() as connection:
        method = connection.execute(
            "SELECT method FROM reports_report WHERE area_code = %s", [area]
        ).fetchone()
    assert method == ("pin",)
