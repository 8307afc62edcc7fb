"""A trip from plan to home: the desk plans it, the driver's phone moves the lorry on an open map, a road closes."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Site
from tests.e2e.map_journey import settled

POST = """async ([method, address, body]) => {
    const token = document.cookie.match(/csrftoken=([^;]+)/)[1];
    const answer = await fetch(address, { method, headers: { "Content-Type": "application/json", "X-CSRFToken": token },
        body: JSON.stringify(body) });
    return [answer.status, await answer.json()];
}"""


def ask(page: Page, address: str, body: dict[str, Any], method: str = "POST") -> dict[str, Any]:
    status, answer = page.evaluate(POST, [method, address, body])
    assert status in (200, 201), answer
    return answer


@pytest.fixture
def all_open(live: Site) -> Iterator[None]:
    """Leave no road closed behind."""
    yield
    with live.database.connect() as connection:
        connection.execute("UPDATE places_closure SET lifted_at = now() WHERE lifted_at IS NULL")


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
    return ask(page, "/api/stock/places", made)["place"]["id"]


def a_transfer(live: Site, page: Page, source: str, target: str) -> None:
    goods = {
        "id": str(uuid.uuid4()),
        "kind": "purchase",
        "place": source,
        "goods": {"quilt": {"quantity": 60}},
    }
    ask(page, "/api/stock/incoming", goods)
    order = {
        "id": str(uuid.uuid4()),
        "source": source,
        "target": target,
        "goods": {"quilt": 30},
        "verbal": True,
    }
    ask(page, "/api/stock/orders", order)


def place_of_lorry(page: Page, trip: str) -> str | None:
    told = page.locator("html").get_attribute("data-trips") or ""
    return next((one for one in told.split(" ") if one.startswith(trip)), None)


@pytest.mark.usefixtures("all_open")
def test_a_lorry_is_planned_driven_seen_and_led_around_a_closed_road(
    live: Site, desk: Callable[..., Page], phone: Callable[..., Page]
) -> None:
    page = desk("bureau", "/trips/")
    source = store_of(live, page, "黄铺镇", "黄铺转运库")
    target = store_of(live, page, "源潭镇", "源潭储备点")
    a_transfer(live, page, source, target)
    driver = (
        live.database.connect().execute("SELECT id FROM people_person WHERE username = 'v202205a'").fetchone()
    )
    lorry = {
        "plate": "皖H88888",
        "kind": "厢式货车",
        "capacity_kg": 5000,
        "capacity_m3": "20",
        "home": source,
    }
    ask(page, "/api/vehicles", {**lorry, "id": str(uuid.uuid4()), "driver": driver[0]})

    # The desk plans: the order by word of mouth shows its clock; both plans stand side by side.
    page.goto("/trips/")
    expect(page.locator("#waiting")).to_contain_text("口头指令,书面手续还剩 47 小时")
    page.locator("#waiting input[name=documents]").first.check()
    page.get_by_role("button", name="编排车次").click()
    expect(page.locator("#draft [data-aim]")).to_have_count(2)
    page.locator("[data-aim=soonest]").get_by_role("button", name="采用这一种").click()
    row = page.locator("#open [data-trip]")
    expect(row).to_contain_text("皖H88888")
    address = row.locator("a").first.get_attribute("href")
    assert address
    trip = address.strip("/").split("/")[-1]
    legs = page.evaluate("async (id) => (await (await fetch(`/api/trips/${id}`)).json()).legs", trip)
    line = legs[0]["line"]

    # The driver's phone departs; the lorry is on the open map.
    board = settled(desk("leader"))
    start = {"longitude": line[0][0], "latitude": line[0][1], "accuracy": 8}
    mobile = phone("v202205a", "/driver/", geolocation=start, permissions=["geolocation"])
    mobile.get_by_role("button", name="发车").click()
    expect(mobile.locator(".head .state")).to_have_text("运输中")
    board.wait_for_function(
        "(id) => document.documentElement.dataset.trips?.includes(`${id}:away`)", arg=trip
    )
    expect(board.locator("html")).to_have_attribute("data-trip-ways", re.compile(trip))
    before = place_of_lorry(board, trip)
    quarter = line[len(line) // 4]
    mobile.context.set_geolocation({"longitude": quarter[0], "latitude": quarter[1], "accuracy": 8})
    board.wait_for_function(
        "([id, was]) => !document.documentElement.dataset.trips.includes(was)", arg=[trip, before]
    )
    ways = board.locator("html").get_attribute("data-trip-ways")

    # No network on the phone: what it does is kept. Meanwhile a road on the way closes.
    mobile.context.set_offline(True)
    expect(mobile.locator("#line")).to_contain_text("没有网络,照常行车")
    half = line[len(line) // 3]
    mobile.context.set_geolocation({"longitude": half[0], "latitude": half[1], "accuracy": 8})
    expect(mobile.locator("#line")).to_contain_text("条待发送")
    ahead = line[2 * len(line) // 3]
    closed = {"geometry": {"type": "Point", "coordinates": ahead}, "reason": "山体塌方", "radius_m": 40}
    ask(page, "/api/closures", closed)
    board.wait_for_function(
        "(was) => document.documentElement.dataset.tripWays !== was", arg=ways, timeout=15_000
    )
    page.goto(address)
    expect(page.locator("#trip")).to_contain_text("路况有变,已改线")

    # The network is back: what waited is sent, and the driver is told of the new way.
    mobile.context.set_offline(False)
    expect(mobile.locator("#line")).to_have_attribute("data-waiting", "0")
    expect(mobile.locator("#changed")).to_contain_text("山体塌方")
    with live.database.connect() as connection:
        (fixes,) = connection.execute(
            "SELECT count(*) FROM dispatch_fix WHERE trip_id = %s", [trip]
        ).fetchone()
        (kept,) = connection.execute("SELECT count(DISTINCT id) FROM dispatch_fix").fetchone()
    assert fixes == kept >= 3
    mobile.get_by_role("button", name="知道了").click()
    expect(mobile.locator("#changed")).to_have_count(0)

    # It is at the stop by its position alone.
    end = {"longitude": line[-1][0], "latitude": line[-1][1], "accuracy": 8}
    mobile.context.set_geolocation(end)
    board.wait_for_function(
        "(id) => document.documentElement.dataset.trips?.includes(`${id}:arrived`)", arg=trip
    )
    expect(mobile.locator("button.next")).to_have_text("回场")
    page.locator("a", has_text="在地图上看").click()
    expect(page.locator("#detail")).to_contain_text("皖H88888")
    expect(page.locator("html")).to_have_attribute("data-trip-ways", re.compile(trip))
    page.goto(f"{address}waybill/")
    expect(page.locator("svg.code")).to_have_count(2)


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
    made = ask(page, "/api/vehicles", {**lorry, "id": str(uuid.uuid4())})["vehicle"]
    standing = page.evaluate("async () => (await fetch('/api/trips')).json()")
    waiting = [one["id"] for one in standing["waiting"]]
    now = datetime.now(UTC)
    hours = {"starts_at": now.isoformat(), "ends_at": (now + timedelta(hours=12)).isoformat()}
    plan = ask(page, "/api/trips/plans", {"documents": waiting, "vehicles": [made["id"]], **hours})["draft"]
    (trip,) = ask(page, f"/api/trips/plans/{plan['id']}/confirm", {"aim": "soonest"})["trips"]
    first, second = trip["stops"]
    mobile = phone("v202205b", "/driver/")
    mobile.get_by_role("button", name="发车").click()
    expect(mobile.locator(".head .state")).to_have_text("运输中")

    # A slide at the first stop: the desk sees which is better, why, and accepts it.
    page.goto(f"/trips/{trip['id']}/")
    at = {"type": "Point", "coordinates": [first["lon"], first["lat"]]}
    ask(page, "/api/closures", {"geometry": at, "reason": "山体塌方", "radius_m": 1000})
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
    ask(page, f"/api/trips/{trip['id']}/acts", home)
