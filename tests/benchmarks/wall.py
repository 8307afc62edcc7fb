"""The wall's memory: a board that runs for days, its heap weighed after forced collections.

    script/bench wall [--days 7] [--entries 20000]

A real server and a real browser; the feed's entries and the turns of the views come by the page's own ear and
beat (tests/e2e/wall_run.js), so that days pass in minutes. Printed for each day: megabytes of JavaScript heap,
nodes of the page. The first day fills what is kept (150 villages' standing reports); from then on the heap
may grow by no more than 4 MB in all (aim: ratio of the last day to the first 1.1).
"""

from __future__ import annotations

import argparse
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from tests.e2e.conftest import CHROMIUM, PASSWORD
from tests.e2e.heap import Scales
from tests.live import Live

RUN = (Path(__file__).parent.parent / "e2e" / "wall_run.js").read_text()
TURN_S = 70
"""Simulated seconds between two beats of the run."""


def main() -> None:
    """Run the days, weigh each, print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--days", type=int, default=7)
    parser.add_argument("--entries", type=int, default=20_000, help="entries of the feed a day")
    given = parser.parse_args()
    site = Live("bench_wall")
    try:
        site.prepare()
        site.start()
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=CHROMIUM)
            page = browser.new_page(base_url=site.url, viewport={"width": 1920, "height": 1080})
            _run(page, site, given.days, given.entries)
            browser.close()
    finally:
        site.__exit__()


def _run(page: Page, site: Live, days: int, entries: int) -> None:
    page.goto("/sign-in/?next=/wall/")
    page.fill("input[name=account]", "bureau")
    page.fill("input[name=password]", PASSWORD)
    page.click("main button")
    page.locator("html[data-map=ready][data-light=live]").wait_for(state="attached", timeout=60_000)
    page.locator("#time:not(:empty)").wait_for()
    scales = Scales(page)
    with site.database.connect() as connection:
        found = connection.execute(
            "SELECT code FROM places_area WHERE level = 'village' ORDER BY code"
        ).fetchone()
    assert found
    heaps: list[float] = []
    for day in range(1, days + 1):
        turns = 86_400 // TURN_S
        page.evaluate(RUN, {"entries": entries, "turns": turns, "area": found[0]})
        heap, nodes = scales.weigh()
        heaps.append(heap)
        print(f"day {day}: {heap:.1f} MB, {nodes} nodes", flush=True)
    print(
        f"last day ÷ first day: {heaps[-1] / heaps[0]:.2f} (aim 1.1), grown by {heaps[-1] - heaps[0]:.1f} MB (aim 4)"
    )


if __name__ == "__main__":
    main()
