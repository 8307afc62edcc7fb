"""What a page weighs, for whoever wants to know whether it grows."""

from __future__ import annotations

from playwright.sync_api import Page


class Scales:
    """A page's heap and nodes, weighed after forced collections."""

    def __init__(self, page: Page) -> None:
        self._line = page.context.new_cdp_session(page)
        self._line.send("HeapProfiler.enable")
        self._line.send("Performance.enable")

    def weigh(self) -> tuple[float, int]:
        """Give the megabytes of JavaScript heap and the nodes of the page."""
        for _ in range(2):
            self._line.send("HeapProfiler.collectGarbage")
        told = self._line.send("Performance.getMetrics")["metrics"]
        counted = {one["name"]: one["value"] for one in told}
        return counted["JSHeapUsedSize"] / 1e6, int(counted["Nodes"])
