"""A trip from plan to home: the desk plans it, the driver's phone moves the lorry on an open map, a road closes."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.api_steps import sent
from tests.e2e.conftest import Site
from tests.e2e.map_journey import settled
from tests.e2e.trip_steps import a_transfer, place_of_lorry, store_of


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
    sent(page, "POST", "/api/vehicles", {**lorry, "id": str(uuid.uuid4()), "driver": driver[0]})

    # The desk plans: the order by word of mouth shows its clock; both plans stand side by side.
    page.goto("/trips/")
    expect(page.locator("#waiting")).to_contain_text("口头指令,书面手续还剩 47 小时")
    page.get_by_role("button", name="编排车次").click()
    expect(page.locator("#refused")).to_have_text("没有保存:请先勾选要运的调拨单。")
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
    heights = mobile.evaluate(
        "['#place', '#line'].map((one) => document.querySelector(one).getBoundingClientRect().height)"
    )
    assert heights[0] < 40, "the page's name stands in one line, however long the other is"
    ahead = line[2 * len(line) // 3]
    closed = {"geometry": {"type": "Point", "coordinates": ahead}, "reason": "山体塌方", "radius_m": 40}
    sent(page, "POST", "/api/closures", closed)
    board.wait_for_function("(was) => document.documentElement.dataset.tripWays !== was", arg=ways)
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
