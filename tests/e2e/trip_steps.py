"""What the journeys of lorries do again and again."""

from __future__ import annotations

import uuid

from playwright.sync_api import Page

from tests.e2e.api_steps import sent
from tests.e2e.conftest import Site


def point_of(live: Site, township: str) -> tuple[str, float, float]:
    """Code and place of a township's first village."""
    with live.database.connect() as connection:
        row = connection.execute(
            """SELECT village.code, ST_X(village.point), ST_Y(village.point) FROM places_area village
                 JOIN places_area township ON township.code = village.parent_id
                WHERE township.name = %s ORDER BY village.code LIMIT 1""",
            [township],
        ).fetchone()
    assert row
    return row


def store_of(live: Site, page: Page, township: str, title: str) -> str:
    code, lon, lat = point_of(live, township)
    made = {"id": str(uuid.uuid4()), "name": title, "area": code, "lon": lon, "lat": lat}
    return sent(page, "POST", "/api/stock/places", made)["place"]["id"]


def a_transfer(live: Site, page: Page, source: str, target: str) -> None:
    goods = {
        "id": str(uuid.uuid4()),
        "kind": "purchase",
        "place": source,
        "goods": {"quilt": {"quantity": 60}},
    }
    sent(page, "POST", "/api/stock/incoming", goods)
    order = {
        "id": str(uuid.uuid4()),
        "source": source,
        "target": target,
        "goods": {"quilt": 30},
        "verbal": True,
    }
    sent(page, "POST", "/api/stock/orders", order)


def place_of_lorry(page: Page, trip: str) -> str | None:
    told = page.locator("html").get_attribute("data-trips") or ""
    return next((one for one in told.split(" ") if one.startswith(trip)), None)
