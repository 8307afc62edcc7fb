"""A paper no lorry holds: its loads in the draft and on the print, and the printed trip's code before a real camera."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.api_steps import sent
from tests.e2e.camera import hold_on, hold_print, seeing
from tests.e2e.conftest import CHROMIUM, Site
from tests.e2e.field_steps import at, officer_of
from tests.e2e.looks import camera, fits
from tests.e2e.relief_steps import write_name
from tests.e2e.trip_steps import store_of

pytestmark = [pytest.mark.e2e, pytest.mark.slow]
shot = camera("loads")
FULL = 83
"""Quilts of 3.6 kg that a lorry of 300 kg holds."""


def point_of(live: Site, page: Page, area: str) -> str:
    where = at(live, area)["geolocation"]
    made = {
        "id": str(uuid.uuid4()),
        "kind": "point",
        "name": "装载储备点",
        "area": area,
        "lon": where["longitude"],
        "lat": where["latitude"],
    }
    return str(sent(page, "POST", "/api/stock/places", made)["place"]["id"])


def an_order(page: Page, source: str, target: str, quilts: int) -> None:
    made = {"id": str(uuid.uuid4()), "kind": "purchase", "place": source}
    sent(page, "POST", "/api/stock/incoming", {**made, "goods": {"quilt": {"quantity": quilts}}})
    order = {"id": str(uuid.uuid4()), "source": source, "target": target, "goods": {"quilt": quilts}}
    sent(page, "POST", "/api/stock/orders", {**order, "reference": "潜应急〔2026〕8号"})


def lorries(live: Site, page: Page, home: str) -> None:
    for plate, account in (("皖H30001", "v202205a"), ("皖H30002", "v202206a")):
        with live.database.connect() as connection:
            (driver,) = connection.execute(
                "SELECT id FROM people_person WHERE username = %s", [account]
            ).fetchone() or (None,)
        lorry = {"id": str(uuid.uuid4()), "plate": plate, "kind": "小货车", "capacity_kg": 300}
        sent(page, "POST", "/api/vehicles", {**lorry, "capacity_m3": "20", "home": home, "driver": driver})


def tokens(live: Site) -> list[tuple[str, str]]:
    """Each trip's id and token, in the order they leave."""
    with live.database.connect() as connection:
        rows = connection.execute("SELECT id::text, token FROM dispatch_trip ORDER BY starts_at, number")
        return rows.fetchall()


def test_two_loads_and_a_rest_are_planned_printed_and_found_by_the_printed_code(
    live: Site,
    desk: Callable[..., Page],
    phone: Callable[..., Page],
    launch_browser: Callable[..., Browser],
    tmp_path: Path,
) -> None:
    account, area = officer_of(live, 30)
    page = desk("bureau", "/trips/")
    source = store_of(live, page, "黄铺镇", "装载转运库")
    an_order(page, source, point_of(live, page, area), 2 * FULL + 10)
    lorries(live, page, source)

    page.goto("/trips/")
    page.locator("#waiting input[name=documents]").first.check()
    page.get_by_role("button", name="编排车次").click()
    expect(page.locator("#draft [data-aim]")).to_have_count(2)
    for plan in page.locator("#draft [data-aim]").all():
        loads = plan.locator("ol b", has_text="车(另有余量):棉被")
        expect(loads).to_have_count(2)
        assert [one.split(" 车")[0] for one in loads.all_inner_texts()] == ["第 1", "第 2"]
        expect(plan.locator(".message.bad")).to_contain_text("余 棉被 10 床")
    shot(page, "draft")
    assert fits(page)
    page.locator("[data-aim=soonest]").get_by_role("button", name="采用这一种").click()
    expect(page.locator("#open [data-trip]")).to_have_count(2)
    shot(page, "planned")

    # The printed waybill says which load it is, before anything was sent.
    printed = []
    for number, (trip, _) in enumerate(tokens(live), start=1):
        page.goto(f"/trips/{trip}/")
        expect(page.locator("#trip .hops")).to_contain_text(f"第 {number} 车")
        page.goto(f"/trips/{trip}/waybill/")
        expect(page.locator("table").first).to_contain_text(f"第 {number} 车")
        expect(page.locator("h2")).to_contain_text(f"第 {number} 车")
        shot(page, f"waybill-{number}")
        printed.append(page.locator("svg.code").first.screenshot())
        act = {"id": str(uuid.uuid4()), "kind": "depart", "at": datetime.now().astimezone().isoformat()}
        sent(page, "POST", f"/api/trips/{trip}/acts", act)

    # The camera of whoever receives sees the second lorry's print: its load alone is signed for.
    video = tmp_path / "seen.y4m"
    hold_print(video, printed[1])
    others = [one for one in CHROMIUM if "fake-device" not in one]
    with launch_browser(args=[*others, *seeing(video)]) as eyes:
        mobile = phone(account, "/receive/", **at(live, area), through=eyes)
        mobile.context.grant_permissions(["geolocation", "camera"])
        expect(mobile.locator("#coming h2")).to_have_text("待签收 2")
        mobile.locator(".door", has_text="扫码").click()
        mobile.get_by_role("button", name="打开摄像头扫码").click()
        expect(mobile.locator("#sign")).to_be_visible()
        expect(mobile.locator("main")).to_contain_text("第 2 车")
        shot(mobile, "camera-trip")
        write_name(mobile)
        mobile.get_by_role("button", name="确认签收").click()
        expect(mobile.locator("#coming h2")).to_have_text("待签收 1")
        expect(mobile.locator(".told[data-state=sent]")).to_have_count(1)

        # Scanned again, before the list is asked anew, there is nothing of it to sign for; nor on a stranger's trip.
        for again in (f"ZQ1:T:{tokens(live)[1][1]}", f"ZQ1:T:{16 * 'A'}"):
            hold_on(video, again)
            mobile.evaluate("location.hash = '#/scan'")
            mobile.get_by_role("button", name="打开摄像头扫码").click()
            expect(mobile.get_by_role("alert")).to_have_text("这趟车上没有要您签收的物资,或清单还没有刷新。")
        shot(mobile, "camera-signed")
        mobile.context.close()
    with live.database.connect() as connection:
        loads = connection.execute(
            "SELECT number, signed_at IS NOT NULL FROM stock_load ORDER BY number"
        ).fetchall()
    assert loads == [(1, False), (2, True)]
