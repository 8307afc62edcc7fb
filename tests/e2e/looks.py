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


def folder() -> Path | None:
    """Give the folder for pictures of journeys, ``ZAIQING_SHOTS``, where somebody asks for them."""
    named = os.environ.get("ZAIQING_SHOTS")
    return Path(named) if named else None


def camera(prefix: str, *, whole: bool = True) -> Callable[[Page, str], None]:
    """Give what keeps pictures of a file's journeys where they are asked for: of the whole page, or of its window."""

    def shot(page: Page, name: str) -> None:
        if kept := folder():
            page.screenshot(path=kept / f"{prefix}-{name}.png", full_page=whole)

    return shot


def fits(page: Page) -> bool:
    """Say whether the page is no wider than its window, once its sheets and code have arrived."""
    page.wait_for_load_state()
    return bool(page.evaluate(LOOK))
