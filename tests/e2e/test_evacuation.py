"""Shelters and evacuation in the browser: planned, outdated by a closed shelter, made anew, printed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Site

CLOSE = "async (body) => (await import('/static/shared/api.js')).post('/api/closures', body)"


@pytest.fixture
def empty_shelters(live: Site) -> Iterator[None]:
    """Leave nobody and nothing behind."""
    yield
    with live.database.connect() as connection:
        connection.execute("UPDATE places_shelter SET state = 'standby', occupancy = 0, is_filling = false")
        connection.execute("DELETE FROM refuge_passage")
        connection.execute("DELETE FROM refuge_household")
        connection.execute("UPDATE refuge_plan SET ended_at = now()")
        connection.execute("UPDATE places_closure SET lifted_at = now() WHERE lifted_at IS NULL")


@pytest.mark.usefixtures("empty_shelters")
def test_a_plan_is_made_outdated_and_made_anew(desk: Callable[..., Page]) -> None:
    page = desk(path="/evacuation/")
    zone = page.locator("#by-zone option", has_text="皖河圩区洪水危险区").get_attribute("value")
    page.locator("#by-zone select").select_option(zone)
    page.locator("#by-zone button").click()
    expect(page.get_by_text("方案仍然有效")).to_be_visible()
    expect(page.locator("#rows tbody tr")).not_to_have_count(0)
    expect(page.locator("svg.sketch path.way")).not_to_have_count(0)
    expect(page.locator("#rows tbody tr .way-words").first).to_contain_text("公里")
    expect(page.get_by_text("已证明为最短")).to_be_visible()
    used = page.locator("#rows tbody tr td:nth-child(2)").first.inner_text().split(" ")[0].split("\n")[0]
    address = page.url

    other = desk(path="/shelters/")
    other.get_by_role("link", name=used).first.click()
    other.locator("#state button").click()  # opened …
    expect(other.locator("h1 .badge").first).to_have_text("已启用")
    other.locator("#state [name=reason]").fill("屋顶漏水")
    other.get_by_role("button", name="关闭").click()  # … and closed
    expect(other.locator("h1 .badge").first).to_have_text("已关闭")

    expect(page.locator("#outlook")).to_contain_text(f"{used}已关闭")
    expect(page.locator("#proposal tbody tr")).not_to_have_count(0)
    expect(page.locator("#proposal")).to_contain_text(used)
    page.get_by_role("button", name="采用新方案").click()
    expect(page).to_have_url(address)
    expect(page.get_by_text("方案仍然有效")).to_be_visible()
    expect(page.locator("#rows")).not_to_contain_text(re.compile(f"^{re.escape(used)}"))
    page.get_by_role("link", name="打印").click()
    expect(page.locator("h1")).to_contain_text("转移安置方案")
    expect(page.locator("th", has_text="责任人签字").first).to_be_visible()


@pytest.mark.usefixtures("empty_shelters")
def test_a_road_closed_lengthens_a_way_and_the_open_plan_says_by_how_much(
    live: Site, desk: Callable[..., Page]
) -> None:
    page = desk(path="/evacuation/")
    zone = page.locator("#by-zone option", has_text="皖河圩区洪水危险区").get_attribute("value")
    page.locator("#by-zone select").select_option(zone)
    page.locator("#by-zone button").click()
    expect(page.get_by_text("方案仍然有效")).to_be_visible()
    answer = page.request.get(f"/api/evacuations/{page.url.rstrip('/').rsplit('/', 1)[1]}").json()
    row = max(answer["rows"], key=lambda one: one["km"])
    line = row["way"]["line"]
    lon, lat = line[len(line) // 2]
    page.evaluate(CLOSE, {"geometry": {"type": "Point", "coordinates": [lon, lat]}, "reason": "山体塌方"})
    expect(page.locator("#outlook")).to_contain_text("方案已过时")
    told = page.locator(".detours tr", has_text=row["name"]).first
    expect(told).to_contain_text(re.compile("山体塌方"))
    page.get_by_role("button", name="采用新方案").scroll_into_view_if_needed()
    expect(page.locator("#proposal tbody td").last).not_to_be_empty()
    page.get_by_role("link", name="打印").click()
    expect(page.locator(".outdated")).to_contain_text("山体塌方")
    expect(page.locator(".paper-shelter svg path.way").first).to_be_visible()
    assert page.pdf(prefer_css_page_size=True).startswith(b"%PDF")


@pytest.mark.usefixtures("empty_shelters")
def test_people_are_counted_at_the_door_once_though_the_line_broke(
    live: Site, phone: Callable[..., Page], desk: Callable[..., Page]
) -> None:
    with live.database.connect() as connection:
        shelter, name = connection.execute(
            "UPDATE places_shelter SET state = 'open' WHERE id = (SELECT id FROM places_shelter ORDER BY name LIMIT 1)"
            " RETURNING id, name"
        ).fetchone() or ("", "")
    watching = desk("leader", path="/shelters/")
    page = phone("bureau", path=f"/shelters/{shelter}/")
    page.locator("#come [name=persons]").fill("12")
    page.locator("#come [name=head]").fill("王大山")
    page.route(
        "**/api/shelters/*/in", lambda route: (route.fetch(), route.abort())
    )  # taken, but the answer is lost
    page.get_by_role("button", name="登记入住").click()
    expect(page.locator("#refused")).to_be_visible()
    page.unroute("**/api/shelters/*/in")
    page.reload()  # the phone ran out of power
    expect(page.locator("#kept")).to_contain_text("还没有存上")
    expect(page.locator("#come [name=persons]")).to_have_value("12")
    page.get_by_role("button", name="登记入住").click()
    expect(page.locator("#kept")).to_have_text("已登记,现在住 12 人。")
    expect(page.locator(".door-count strong")).to_have_text("12")
    expect(page.locator("#inside .household")).to_have_count(1)
    expect(page.locator("#inside")).to_contain_text("王**")
    card = watching.locator(".shelter-card", has_text=name)
    expect(card.locator(".room-words b")).to_have_text("12")
    page.get_by_role("button", name="全户离开").click()
    expect(page.locator(".door-count strong")).to_have_text("0")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
