"""What journeys ask of how a page looks."""

from __future__ import annotations

from playwright.sync_api import Page

LOOK = """new Promise((done) => {
  const look = (left) => {
    const fits = document.readyState === "complete" && document.documentElement.scrollWidth <= innerWidth;
    if (fits || left === 0) done(fits);
    else setTimeout(look, 50, left - 1);
  };
  look(200);
})"""


def fits(page: Page) -> bool:
    """Say whether the page is no wider than its window, once its sheets and code have arrived."""
    page.wait_for_load_state()
    return bool(page.evaluate(LOOK))
