"""What the map's journeys share: a village of one's own, and waiting on the page's own state."""

from __future__ import annotations

from contextlib import suppress
from itertools import count
from typing import Any, NamedTuple

from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import Site
from tests.e2e.field_steps import until

LIVE = "html[data-light=live]"
_taken = count(20)  # the villages before belong to the journeys of officers


class Village(NamedTuple):
    """A village by code and name, the code of its township, and its officer's account (A 角)."""

    code: str
    name: str
    township: str

    @property
    def officer(self) -> str:
        return f"v{self.code[6:]}a"


def a_village(live: Site) -> Village:
    """A village no other journey files for."""
    return Village(*live.villages()[next(_taken)])


def file(live: Site, village: Village, **fields: Any) -> dict[str, Any]:
    """File a report of a village as its officer; the receipt."""
    return live.file_report(village.officer, village.code, **fields)


def settled(page: Page) -> Page:
    """The page once everything is here and painted: the line live, the map drawn or known to be missing."""
    page.locator(f"{LIVE}[data-map]").wait_for(state="attached", timeout=60_000)
    until_position(page, page.request.get("/api/feed/snapshot").json()["position"])
    return page


def until_position(page: Page, position: int) -> None:
    """Wait until a position of the feed is painted; the page's policy forbids wait_for_function's evaluated strings."""
    until(page, f"Number(document.documentElement.dataset.position ?? -1) >= {position}")


def opened_by_tap(page: Page, x: float, y: float, told: str) -> None:
    """Tap a place of the page until the panel tells of what lies there.

    Software graphics draw what is known a moment later, and a tap meets only what is drawn.
    """
    panel = page.locator("#detail")
    tries = count()
    while not panel.filter(has_text=told).is_visible():
        assert next(tries) < 20, f"tapping opens no {told}: {panel.inner_text()[:80]!r}"
        page.mouse.click(x, y)
        with suppress(AssertionError):
            expect(panel).to_contain_text(told, timeout=1_500)


def row(page: Page, receipt: dict[str, Any]) -> Locator:
    """A report's row in the list."""
    return page.locator(f"#list li[data-report='{receipt['id']}']")


def value(page: Page, key: str) -> float:
    """A counter's true figure, not its running drawing."""
    return float(page.locator(f"#counters [data-key={key}]").get_attribute("data-value") or 0)


def expect_value(page: Page, key: str, figure: float) -> None:
    """Wait for a counter's figure."""
    written = repr(round(figure, 2)).removesuffix(".0")  # as the page writes a number
    expect(page.locator(f"#counters [data-key={key}]")).to_have_attribute("data-value", written)


def until_painted(page: Page, receipt: dict[str, Any]) -> None:
    """Wait for a report to be painted; the page's policy forbids wait_for_function's evaluated strings."""
    page.evaluate(
        """(id) => new Promise((done) => {
            const painted = () => performance.getEntriesByName("zaiqing.painted").some(({ detail }) => detail.reports.includes(id));
            const look = () => (painted() ? done() : requestAnimationFrame(look));
            look();
        })""",
        receipt["id"],
    )
