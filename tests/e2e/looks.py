"""What journeys ask of how a page looks."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page

LOOK = """new Promise((done) => {
  const look = (left) => {
    const fits = document.readyState === "complete" && document.documentElement.scrollWidth <= innerWidth;
    if (fits || left === 0) done(fits);
    else setTimeout(look, 50, left - 1);
  };
  look(200);
})"""


def camera(prefix: str) -> Callable[[Page, str], None]:
    """Give what keeps pictures of a file's journeys in the folder ``ZAIQING_SHOTS``, where one is asked for."""

    def shot(page: Page, name: str) -> None:
        if folder := os.environ.get("ZAIQING_SHOTS"):
            page.screenshot(path=Path(folder) / f"{prefix}-{name}.png", full_page=True)

    return shot


def fits(page: Page) -> bool:
    """Say whether the page is no wider than its window, once its sheets and code have arrived."""
    page.wait_for_load_state()
    return bool(page.evaluate(LOOK))
