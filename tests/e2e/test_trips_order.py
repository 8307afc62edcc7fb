"""A lorry whose road closes is led to its other stop first: the desk accepts the better order."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.api_steps import sent
from tests.e2e.conftest import Site
from tests.e2e.trip_steps import a_transfer, store_of


@pytest.mark.usefixtures("all_open")
def test_a_road_closes_before_the_first_stop_and_the_other_is_driven_to_first(
    live: Site, desk: Callable[..., Page], phone: Callable[..., Page]
) -> None:
    page = desk("bureau", "/trips/")
    source = store_of(live, page, "黄铺镇", "黄铺中转库")
    for township in ("源潭镇", "余井镇"):
        a_transfer(live, page, source, store_of(live, page, township, f"{township}储备点"))
    with live.database.connect() as connection:
        (driver,) = connection.execute("SELECT id FROM people_person WHERE username = 'v202205b'").fetchone()
    lorry = {"plate": "皖H66666", "capacity_kg": 5000, "capacity_m3": "20", "home": source, "driver": driver}
    made = sent(page, "POST", "/api/vehicles", {**lorry, "id": str(uuid.uuid4())})["vehicle"]
    standing = page.evaluate("async () => (await fetch('/api/trips')).json()")
    waiting = [one["id"] for one in standing["waiting"]]
    now = datetime.now(UTC)
    hours = {"starts_at": now.isoformat(), "ends_at": (now + timedelta(hours=12)).isoformat()}
    plan = sent(page, "POST", "/api/trips/plans", {"documents": waiting, "vehicles": [made["id"]], **hours})[
        "draft"
    ]
    (trip,) = sent(page, "POST", f"/api/trips/plans/{plan['id']}/confirm", {"aim": "soonest"})["trips"]
    first, second = trip["stops"]
    mobile = phone("v202205b", "/driver/")
    mobile.get_by_role("button", name="发车").click()
    expect(mobile.locator(".head .state")).to_have_text("运输中")

    # A slide at the first stop: the desk sees which is better, why, and accepts it.
    page.goto(f"/trips/{trip['id']}/")
    at = {"type": "Point", "coordinates": [first["lon"], first["lat"]]}
    sent(page, "POST", "/api/closures", {"geometry": at, "reason": "山体塌方", "radius_m": 1000})
    order = page.locator("#order")
    expect(order).to_contain_text(f"先到{second['name']},再到{first['name']}")
    expect(order).to_contain_text("因为山体塌方")
    order.get_by_role("button", name="采用新顺序").click()
    expect(order).to_have_count(0)
    expect(page.locator(".hops li").nth(1)).to_contain_text(second["name"])

    # The driver is told as of every change, confirms it, and drives to the other first.
    mobile.reload()
    expect(mobile.locator("#changed")).to_contain_text(f"先到{second['name']}")
    mobile.get_by_role("button", name="知道了").click()
    expect(mobile.locator("#changed")).to_have_count(0)
    home = {"id": str(uuid.uuid4()), "kind": "back", "at": datetime.now(UTC).isoformat()}
    sent(page, "POST", f"/api/trips/{trip['id']}/acts", home)
