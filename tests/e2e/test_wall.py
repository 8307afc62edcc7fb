"""The wall: a board nobody touches that shows the present, turns its views, heals itself, and does not grow for days."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e import storm_steps
from tests.e2e.cable import Cable
from tests.e2e.conftest import Site
from tests.e2e.heap import Scales
from tests.e2e.looks import camera
from tests.e2e.storm_steps import Desk

LONG_RUN = (Path(__file__).parent / "wall_run.js").read_text()
ENTRIES, TURNS = 3_000, 120
GROWS_MB = 4
"""What the heap of a wall may grow by between one long run and the next as long."""
shot = camera("wall", whole=False)


@pytest.fixture(scope="module")
def event(live: Site, browser: Browser) -> Iterator[str]:
    """A storm: five villages have reported, a red zone is in force."""
    bureau = Desk(live, browser)
    begun = storm_steps.an_event(bureau)
    storm_steps.a_zone(bureau)
    storm_steps.reports(live, begun, first=3, many=5)
    live.sealed()
    yield begun
    bureau.close()


def opened(desk: Callable[..., Page], path: str = "/wall/", **options: Any) -> Page:
    page = desk("bureau", path, **{"viewport": {"width": 1920, "height": 1080}, **options})
    expect(page.locator("html")).to_have_attribute("data-map", "ready")
    expect(page.locator("#light")).to_have_attribute("data-state", "live")
    return page


def test_it_shows_the_storm_in_four_views_and_a_new_report_at_once(
    live: Site, desk: Callable[..., Page], event: str
) -> None:
    page = opened(desk)
    expect(page.locator("#event")).to_have_text("7月5日暴雨洪涝")
    expect(page.locator("#figures [data-key=affected]")).to_have_attribute("data-value", "500")
    expect(page.locator("#warnings [data-state=red]", has_text="潜水山洪危险区")).to_be_visible()
    expect(page.locator("#countdowns")).to_contain_text("距除夕")
    shot(page, "map")

    storm_steps.reports(live, event, first=4, many=1, affected=111)
    expect(page.locator("#figures [data-key=affected]")).to_have_attribute("data-value", "611")
    expect(page.locator("#beside")).to_contain_text("受灾人口 111")

    page.keyboard.press("2")
    expect(page.locator("#view-reports .card:visible")).to_have_count(6)
    shot(page, "reports")
    page.keyboard.press("ArrowRight")
    expect(page.locator("#view-duty .late-line:visible").first).to_contain_text("已迟")
    cut = """(line) => {
      line.querySelector(".within").textContent = "安徽潜山经济开发区";
      const place = line.querySelector(".place");
      place.textContent = "彰法山社区";
      return place.scrollWidth > place.clientWidth;
    }"""
    assert not page.locator("#view-duty .late-line:visible").first.evaluate(cut), (
        "of a long name which village it is is read"
    )
    shot(page, "duty")
    page.keyboard.press("4")
    expect(page.locator("#view-relief")).to_be_visible()
    shot(page, "relief")


def test_it_turns_by_itself_and_a_key_holds_it(desk: Callable[..., Page], event: str) -> None:
    page = opened(desk)
    seen = []
    page.evaluate("window.at = Date.now()")
    for _ in range(5):
        page.evaluate("wall.beat(window.at += 21_000)")
        seen.append(page.locator("html").get_attribute("data-view"))
    assert seen == ["reports", "duty", "relief", "map", "reports"]
    page.keyboard.press("Space")
    expect(page.locator("#held")).to_be_visible()
    page.evaluate("wall.beat(window.at += 90_000)")
    expect(page.locator("html")).to_have_attribute("data-view", "reports")


def test_a_cut_line_is_told_and_healed(live: Site, desk: Callable[..., Page], event: str) -> None:
    page = opened(desk)
    cable = Cable(page)
    page.reload()
    expect(page.locator("#light")).to_have_attribute("data-state", "live")
    cable.cut()
    expect(page.locator("#light")).to_have_attribute("data-state", "down")
    cable.mend()
    expect(page.locator("#light")).to_have_attribute("data-state", "live")


def test_a_session_that_ended_is_waited_for(live: Site, desk: Callable[..., Page], event: str) -> None:
    page = opened(desk)
    page.clock.install()
    page.reload()
    expect(page.locator("#light")).to_have_attribute("data-state", "live")
    kept = page.context.cookies()
    page.context.clear_cookies()
    page.clock.run_for(61_000)
    expect(page.locator("#over")).to_contain_text("登录已失效")
    page.context.add_cookies([{key: one[key] for key in ("name", "value", "domain", "path")} for one in kept])
    with page.expect_event("load"):
        page.clock.run_for(16_000)
    expect(page.locator("#over")).to_be_hidden()


def test_facts_that_grow_old_are_told_until_there_are_new_ones(desk: Callable[..., Page], event: str) -> None:
    page = opened(desk)
    expect(page.locator("#countdowns")).to_contain_text("距除夕")
    page.route("**/api/wall", lambda route: route.abort())
    page.evaluate("wall.beat((window.at = Date.now() + 301_000))")
    expect(page.locator("#over")).to_contain_text("5 分钟没有更新")
    page.unroute("**/api/wall")
    page.evaluate("wall.beat(window.at + 61_000)")
    expect(page.locator("#over")).to_be_hidden()


def test_days_of_reports_and_turns_leave_nothing_behind(
    live: Site, desk: Callable[..., Page], event: str
) -> None:
    page = opened(desk)
    scales = Scales(page)
    area = live.villages()[40][0]

    def run() -> dict[str, Any]:
        told: dict[str, Any] = page.evaluate(LONG_RUN, {"entries": ENTRIES, "turns": TURNS, "area": area})
        return told

    run()
    before, nodes = scales.weigh()
    told = run()
    after, nodes_after = scales.weigh()
    assert told["turns"] >= 2 * TURNS
    assert told["reports"] < 400
    assert after - before < GROWS_MB
    assert nodes_after <= nodes + 200
