"""Every page holds to WCAG 2.2 AA as far as axe-core can tell: wide and narrow, by day and by night."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.e2e.pages import County, addresses, expected, one_county
from tests.live import ROOT

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.django_db]

AXE = (ROOT / "node_modules" / "axe-core" / "axe.min.js").read_text()
WIDE, NARROW = {"width": 1366, "height": 768}, {"width": 360, "height": 740}
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
LOOK = """async ({ tags, only }) => {
  const chosen = only ? { runOnly: { type: "rule", values: only } } : { runOnly: { type: "tag", values: tags } };
  const found = await axe.run(document, { ...chosen, resultTypes: ["violations"] });
  return found.violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, any, all, none }) => `${id}: ${html.slice(0, 160)} ${[...any, ...all, ...none].map((one) => one.message)[0] ?? ""}`));
}"""


@pytest.fixture(scope="module")
def county(django_db_setup: None, django_db_blocker: Any) -> Iterator[County]:
    """One county for all pages, taken back at the end."""
    yield from one_county(django_db_blocker)


def violations(page: Page) -> dict[str, list[str]]:
    """Look at a page four ways; only colours change in the dark."""
    found = {}
    page.evaluate(AXE)
    for name, size in (("wide", WIDE), ("narrow", NARROW)):
        page.set_viewport_size(size)
        page.evaluate(
            "new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))).then(() => null)"
        )
        _in(page, "light")
        found[name] = page.evaluate(LOOK, {"tags": TAGS, "only": None})
        if page.locator("html[data-theme]").count():  # paper has but one look
            _in(page, "dark")
            found[f"{name}, dark"] = page.evaluate(LOOK, {"tags": None, "only": ["color-contrast"]})
        sideways = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        if sideways > 0:
            found[f"{name}, size"] = [f"{sideways} px to scroll sideways"]
    return {name: told for name, told in found.items() if told}


def _in(page: Page, look: str) -> None:
    """Have the page by day or by night, and wait until every colour has arrived."""
    page.emulate_media(color_scheme=look)
    if page.locator("html[data-theme]").count():
        page.locator(f"html[data-theme={look}]").wait_for()
    page.evaluate("Promise.allSettled(document.getAnimations().map((one) => one.finished)).then(() => null)")


@pytest.mark.parametrize("address", addresses())
def test_every_page_is_for_everybody(county: County, browser: Browser, address: str) -> None:
    with county.browser(browser, addresses()[address]) as context:
        page = context.new_page()
        answer = page.goto(county.path(address))
        assert answer is not None
        assert (answer.status, answer.request.redirected_from) == (expected(address), None)
        assert violations(page) == {}
