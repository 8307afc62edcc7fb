"""What every desk page takes from the shared sheet holds on a phone: forms have room, rows become cards, lists are plain."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.e2e.pages import County, addresses, one_county

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.django_db]

PAGES = [
    "/events/",
    "/evacuation/",
    "/shelters/{shelter}/",
    "/briefings/",
    "/briefings/subscriptions/",
    "/relief/",
    "/relief/new/",
    "/tokens/",
    "/review/",
]
LEAST = 8
"""Pixels between a field and the button below it."""
WRONG = """(least) => {
  const seen = (one) => one.checkVisibility() && one.getBoundingClientRect().height > 0;
  const told = [];
  for (const button of document.querySelectorAll("form > .buttons, form > .button")) {
    const above = button.previousElementSibling;
    if (!above || !seen(above) || !seen(button)) continue;
    const gap = button.getBoundingClientRect().top - above.getBoundingClientRect().bottom;
    if (gap > -1 && gap < least) told.push(`${gap} px above ${button.textContent.trim()}`);
  }
  for (const cell of document.querySelectorAll("table.folds td[data-label]")) {
    const left = cell.getBoundingClientRect().left + 90;
    const inside = document.createRange();
    inside.selectNodeContents(cell);
    for (const part of inside.getClientRects()) {
      if (part.width > 0 && part.left < left) told.push(`${cell.dataset.label}: ${cell.textContent.trim()} lies under its name`);
    }
  }
  for (const list of document.querySelectorAll(".plain-list")) {
    const { listStyleType, paddingLeft } = getComputedStyle(list);
    if (listStyleType !== "none" || paddingLeft !== "0px") told.push(`a list with ${listStyleType}, ${paddingLeft} in`);
  }
  for (const meter of document.querySelectorAll("meter")) {
    if (getComputedStyle(meter).appearance !== "none") told.push("the browser's own meter");
  }
  const rules = [...document.styleSheets].flatMap((sheet) => [...sheet.cssRules]);
  if (!rules.some(({ selectorText }) => selectorText?.includes("meter-optimum-value"))) told.push("a meter of the browser's colours");
  return told;
}"""


@pytest.fixture(scope="module")
def county(django_db_setup: None, django_db_blocker: Any) -> Iterator[County]:
    """One county for all pages, taken back at the end."""
    yield from one_county(django_db_blocker)


@pytest.mark.parametrize("address", PAGES)
def test_a_desk_page_on_a_phone(county: County, browser: Browser, address: str) -> None:
    with county.browser(browser, addresses().get(address, "bureau")) as context:
        page = context.new_page()
        page.set_viewport_size({"width": 360, "height": 740})
        page.goto(county.path(address))
        assert page.evaluate(WRONG, LEAST) == []
