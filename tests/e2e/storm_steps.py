"""A small storm for journeys that look at the whole county: an event, a zone, a few villages' reports."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from playwright.sync_api import Browser

from tests.e2e.api_steps import sent, sign_in
from tests.e2e.conftest import Site
from tests.e2e.map_journey import Village, file

COUNTY = "340882000000"


class Desk:
    """The bureau's own hand on the API, for what a journey needs but doesn't try."""

    def __init__(self, live: Site, browser: Browser) -> None:
        self.context = browser.new_context(base_url=live.url)
        sign_in(self.context, "bureau")

    def post(self, path: str, body: dict[str, Any]) -> Any:
        """Send a body and give the answer."""
        return sent(self.context, "POST", path, body)

    def get(self, path: str) -> Any:
        """Ask."""
        return sent(self.context, "GET", path)

    def close(self) -> None:
        """Leave."""
        self.context.close()


def square(west: float, south: float, side: float) -> dict[str, Any]:
    """A square as GeoJSON, in degrees."""
    east, north = west + side, south + side
    return {
        "type": "Polygon",
        "coordinates": [[[west, south], [east, south], [east, north], [west, north], [west, south]]],
    }


def an_event(desk: Desk, *, hours: float = 5) -> str:
    """Open a flood that began some hours ago, the only one that is open; its id."""
    for one in desk.get("/api/feed/snapshot")["objects"]:
        if one["object"] == "event" and one["state"] == "open":
            desk.post(f"/api/events/{one['id']}/close", {})
    began = (datetime.now(UTC) - timedelta(hours=hours)).isoformat()
    body = {"name": "7月5日暴雨洪涝", "hazard": "flood.flash", "area": COUNTY, "started_at": began}
    opened: str = desk.post("/api/events", body)["id"]
    return opened


def a_zone(desk: Desk, name: str = "潜水山洪危险区", level: str = "red", west: float = 116.42) -> str:
    """Draw a hazard zone; its id."""
    body = {"name": name, "kind": "flash_flood", "level": level, "geometry": square(west, 30.66, 0.12)}
    drawn: str = desk.post("/api/zones", body)["zone"]["id"]
    return drawn


def reports(live: Site, event: str, *, first: int, many: int, affected: int = 40) -> list[dict[str, Any]]:
    """Let villages file for an event, one after the other; the receipts."""
    return [
        file(
            live,
            Village(*live.villages()[first + number * 7]),
            event=event,
            figures={"affected": affected + 30 * number, "houses_collapsed_rooms": 0},
            text="河水漫过村道,低洼处人家正在转移。",
        )
        for number in range(many)
    ]
