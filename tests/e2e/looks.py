"""What journeys ask of how a page looks."""

from __future__ import annotations

from playwright.sync_api import Error, Page


def fits(page: Page) -> bool:
    """Say whether the page is no wider than its window, once its sheets and code have arrived."""
    try:
        page.wait_for_function(
            "document.readyState === 'complete' && document.documentElement.scrollWidth <= innerWidth",
            timeout=10_000,
        )
    except Error:
        return False
    return True
