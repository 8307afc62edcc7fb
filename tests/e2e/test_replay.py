"""The past on the map: played, jumped through, compared, held against the last briefing; never taken for the present."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from playwright.sync_api import Browser, Page, Route, expect
from pypdf import PdfReader

from tests.e2e import storm_steps
from tests.e2e.conftest import Site
from tests.e2e.field_steps import until
from tests.e2e.looks import camera, folder
from tests.e2e.map_journey import settled
from tests.e2e.storm_steps import Desk

shot = camera("replay", whole=False)


class Storm:
    """What happened, and when: three reports, a briefing and a zone, then three reports more."""

    def __init__(self, live: Site, bureau: Desk) -> None:
        self.bureau = bureau
        self.event = storm_steps.an_event(bureau)
        storm_steps.reports(live, self.event, first=3, many=3)
        self.middle = datetime.now(UTC)
        self.zones = len(bureau.get("/api/zones")["features"])
        briefing = {"event": self.event, "area": storm_steps.COUNTY}
        self.briefing = bureau.post("/api/briefings", briefing)["briefing"]
        storm_steps.a_zone(bureau)
        storm_steps.reports(live, self.event, first=30, many=3, affected=400)
        live.sealed()

    def affected(self, at: datetime) -> float:
        """People affected by the server's own roll-up."""
        path = f"/api/replay/{self.event}/totals?at={quote(at.isoformat())}"
        return float(self.bureau.get(path)["figures"].get("affected", 0))


@pytest.fixture(scope="module")
def storm(live: Site, browser: Browser) -> Iterator[Storm]:
    bureau = Desk(live, browser)
    yield Storm(live, bureau)
    bureau.close()


def theatre(page: Page, mode: str = "replay") -> Page:
    settled(page).locator("[data-tool=replay]").click()
    expect(page.locator(".theatre")).to_have_attribute("data-ready", "replay")
    if mode != "replay":
        page.locator(f"[data-mode={mode}]").click()
        expect(page.locator(".theatre")).to_have_attribute("data-ready", mode)
    return page


def slide(page: Page, moment: datetime, which: int = 0) -> None:
    page.locator(".line input").nth(which).evaluate(
        "(input, ms) => { input.value = ms; input.dispatchEvent(new Event('input')); }",
        moment.timestamp() * 1000,
    )


def test_the_map_stands_at_a_moment_with_the_totals_of_that_moment(
    desk: Callable[..., Page], storm: Storm
) -> None:
    page = theatre(desk())
    stage, affected = page.locator(".stage"), page.locator(".sums [data-key=affected] td")
    expect(page.locator(".past")).to_contain_text("历史回放")
    expect(stage).to_have_attribute("data-reports", "0")

    slide(page, storm.middle)
    expect(stage).to_have_attribute("data-reports", "3")
    assert stage.get_attribute("data-zones") == str(storm.zones)
    expect(affected).to_have_attribute("data-value", f"{storm.affected(storm.middle):.0f}")
    assert storm.affected(storm.middle) == 210

    page.locator("[data-do=report-after]").click()
    expect(stage).to_have_attribute("data-reports", "4")
    expect(stage).to_have_attribute("data-zones", str(storm.zones + 1))
    expect(affected).to_have_attribute("data-value", "610")
    page.locator(".tick[data-what='zone.drawn']").first.press("Enter")
    expect(stage).to_have_attribute("data-reports", "3")
    expect(page.locator(".line-told")).to_contain_text("划定隐患区")
    shot(page, "one")

    page.locator(".theatre .to-now").click()
    expect(page.locator(".theatre")).to_have_count(0)
    expect(page.locator("[data-key=affected]")).to_have_attribute("data-value", "1500")


def test_the_moment_shown_is_printed_with_its_totals(
    desk: Callable[..., Page], storm: Storm, tmp_path: Path
) -> None:
    page = theatre(desk())
    slide(page, storm.middle)
    expect(page.locator(".sums [data-key=affected] td")).to_have_text("210")
    page.locator(".print-then summary").click()
    shot(page, "print")
    with page.expect_download() as done:
        page.get_by_role("button", name="生成图纸").click()
    kept = (folder() or tmp_path) / "replay-printed.pdf"
    done.value.save_as(kept)
    words = PdfReader(kept).pages[0].extract_text()
    shown = page.locator(".sums").inner_text()
    for text in ("历史回放", "210 人", "有其他损失(3)"):
        assert text in words
    assert "有效报告 3 份" in shown
    assert "3 份" in words


def test_it_plays_to_the_end(desk: Callable[..., Page], storm: Storm) -> None:
    page = theatre(desk("leader"))
    page.locator(".player select").select_option("3600")
    page.locator("[data-do=play]").click()
    expect(page.locator("[data-do=play]")).to_have_text("暂停")
    expect(page.locator("[data-do=play]")).to_have_text("播放")
    expect(page.locator(".stage")).to_have_attribute("data-reports", "6")
    expect(page.locator(".sums [data-key=affected] td")).to_have_attribute("data-value", "1500")


def test_two_moments_stand_side_by_side_with_their_difference(
    desk: Callable[..., Page], storm: Storm
) -> None:
    page = theatre(desk(), "compare")
    slide(page, storm.middle, 0)
    expect(page.locator(".stage").nth(0)).to_have_attribute("data-reports", "3")
    expect(page.locator(".stage").nth(1)).to_have_attribute("data-reports", "6")
    cells = page.locator(".sums [data-key=affected] td")
    for at, value in enumerate(["210", "1500", "1290"]):
        expect(cells.nth(at)).to_have_attribute("data-value", value)
    expect(cells.nth(2)).to_have_text("+1,290")
    shot(page, "two")


def test_what_has_changed_since_the_last_briefing_is_told_with_its_causes(
    desk: Callable[..., Page], storm: Storm
) -> None:
    page = theatre(desk(), "since")
    expect(page.locator(".since-text")).to_contain_text("受灾人口由210变为1,500人(+1,290:新报 +1,290)")
    expect(page.locator(".since-text")).to_contain_text("划定危险区1次")
    expect(page.locator(".stage")).to_have_attribute("data-reports", "3")
    expect(page.locator(".since-row[data-key=affected] strong")).to_have_text("+1,290")
    expect(page.locator(".since-steps li")).to_have_count(3)
    shot(page, "since")


DRAWN = """
  window.drawn = [];
  const { getContext } = HTMLCanvasElement.prototype;
  HTMLCanvasElement.prototype.getContext = function (kind, ...rest) {
    const context = getContext.call(this, kind, ...rest);
    if (context && kind.startsWith("webgl") && !window.drawn.includes(context)) window.drawn.push(context);
    return context;
  };
"""
"""Remembers every map's graphics."""


def test_a_theatre_left_while_its_map_is_drawn_gives_the_graphics_back(
    desk: Callable[..., Page], storm: Storm
) -> None:
    page = desk()
    page.add_init_script(DRAWN)
    page.reload()
    settled(page)
    before = page.evaluate("window.drawn.length")
    held: list[Route] = []
    left = False

    def until_left(route: Route) -> None:
        if left:
            route.continue_()
        else:
            held.append(route)

    page.route("**/tiles/**", until_left)
    page.locator("[data-tool=replay]").click()
    page.locator(".then-map canvas").wait_for(state="attached")
    page.keyboard.press("Escape")
    expect(page.locator(".theatre")).to_have_count(0)
    left = True
    for route in held:
        route.continue_()
    until(page, f"window.drawn.slice({before}).every((one) => one.isContextLost())")
    assert page.evaluate("window.drawn.length") > before


def test_a_replay_that_loses_the_network_stops_and_says_so(desk: Callable[..., Page], storm: Storm) -> None:
    page = settled(desk())
    begun: list[str] = []

    def first_pages_only(route: Route) -> None:
        """Fill the tape with a minute of nothing: what lies behind it is asked for on the way."""
        asked = parse_qs(urlsplit(route.request.url).query)
        begun.append(asked["since"][0])
        at = (datetime.fromisoformat(begun[0]) + timedelta(minutes=1)).isoformat(timespec="milliseconds")
        rows = [{"at": at, "id": n, "verb": "report.seen", "put": []} for n in range(8_000)]
        route.fulfill(json={"rows": rows, "next": {"since": at, "after": len(rows)}})

    page.route("**/api/replay/*/changes*", first_pages_only)
    page.locator("[data-tool=replay]").click()
    expect(page.locator(".theatre")).to_have_attribute("data-ready", "replay")
    painted = page.locator(".then").inner_text()
    page.route("**/api/replay/*/state*", lambda route: route.abort())
    slide(page, storm.middle)
    expect(page.locator(".line-told")).to_have_text("网络不通")
    expect(page.locator(".then")).to_have_text(painted)
    expect(page.locator(".moment")).to_have_text(painted)
    page.locator(".player select").select_option("3600")
    page.locator("[data-do=play]").click()
    expect(page.locator("[data-do=play]")).to_have_text("播放")
