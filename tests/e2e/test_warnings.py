"""A warning's way: from the feeder onto an open map, to the officer's phone, and back to the desk."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.disaster.warnings.written import SENDER, area, cap, polygon, stamp
from tests.e2e.conftest import Site
from tests.e2e.field_steps import ready
from tests.e2e.map_journey import Village, a_village, opened_by_tap, settled, until_position

pytestmark = [pytest.mark.e2e, pytest.mark.slow]
SIDE = 0.001


@pytest.fixture(scope="module")
def token(live: Site) -> str:
    """A feeder's token, made by the administrator of the sample county."""
    code = (
        "from django.utils import timezone; from disaster.people.models import Person; "
        "from disaster.people.scope import Held, Rights; from disaster.warnings import tokens; "
        "by = Rights(Person.objects.first().pk, '管理', (Held('administrator', '340882000000'),)); "
        "print(tokens.make(name='潜山市气象台', area_code='340882000000', by=by, now=timezone.now()).text)"
    )
    return live.manage("shell", "--no-imports", "-c", code).strip().splitlines()[-1]


def ring_of(live: Site, village: Village, side: float = SIDE) -> str:
    """A small square around a village's point, latitude first."""
    with live.database.connect() as connection:
        lon, lat = connection.execute(
            "SELECT ST_X(point::geometry), ST_Y(point::geometry) FROM places_area WHERE code = %s",
            [village.code],
        ).fetchone() or (0, 0)
    corners = [(-side, -side), (-side, side), (side, side), (side, -side), (-side, -side)]
    return " ".join(f"{lat + dy:.6f},{lon + dx:.6f}" for dy, dx in corners)


def bring(live: Site, token: str, data: bytes) -> dict[str, Any]:
    request = urllib.request.Request(
        f"{live.url}/api/alerts",
        data,
        {"Authorization": f"Bearer {token}", "Content-Type": "application/xml"},
    )
    with urllib.request.urlopen(request, timeout=30) as response:
        answer: dict[str, Any] = json.load(response)
        return answer


def position_of(live: Site, verb: str, object_id: str) -> int:
    """Where a change stands in the feed, once it is sealed."""
    with live.database.connect() as connection:
        while True:
            row = connection.execute(
                "SELECT seal.position FROM journal_entry entry JOIN journal_seal seal ON seal.entry_id = entry.id"
                " WHERE entry.verb = %s AND entry.object_id = %s ORDER BY 1 DESC",
                [verb, object_id],
            ).fetchone()
            if row:
                return int(row[0])


def test_an_alert_is_painted_on_an_open_map_with_its_issuer(
    live: Site, desk: Callable[..., Page], token: str
) -> None:
    village = a_village(live)
    page = settled(desk())
    page.evaluate("window.opened = 'before'")
    headline = "潜山市气象台发布暴雨橙色预警信号"
    # Over all that the map shows, so that any point of it is inside.
    told = bring(
        live, token, cap("e2e-map", areas=area(polygon(ring_of(live, village, 2.0))), headline=headline)
    )
    position = position_of(live, "alert.received", told["alert"]["id"])

    until_position(page, position)
    assert page.evaluate("window.opened") == "before"
    if page.locator("html").get_attribute("data-map") == "ready":
        box = page.locator("#map").bounding_box()
        assert box is not None
        opened_by_tap(page, box["x"] + box["width"] - 30, box["y"] + box["height"] / 2, headline)
        panel = page.locator("#detail")
        expect(panel).to_contain_text("发布单位")
        expect(panel).to_contain_text("潜山市气象台")
    bring(live, token, cap("e2e-map-over", msgType="Cancel", references=refers("e2e-map"), info=""))


def refers(identifier: str) -> str:
    from datetime import UTC, datetime

    return f"{SENDER},{identifier},{stamp(datetime.now(UTC))}"


def test_a_village_is_told_confirms_and_the_desk_sees_it(
    live: Site, desk: Callable[..., Page], phone: Callable[..., Page], token: str
) -> None:
    village = a_village(live)
    office = desk("bureau", "/warnings/")
    mobile = phone(village.officer)
    ready(mobile)
    expect(mobile.locator("[data-notice]")).to_have_count(0)

    ring = ring_of(live, village)
    bring(
        live,
        token,
        cap("e2e-told", areas=area(polygon(ring)), severity="Extreme", headline="山洪红色预警", code="11A06"),
    )

    tile = office.locator(f"#warnings [data-area='{village.code}'].tile")
    expect(tile).to_contain_text("未回复")
    card = mobile.locator("[data-notice]")
    expect(card).to_contain_text("红色预警")
    expect(card).to_contain_text("还没有回复")
    card.click()
    expect(mobile.locator(".warning")).to_contain_text("危险地带人员立即转移")
    mobile.click("#say-received")
    expect(mobile.locator("#answer-state")).to_contain_text("已到市局")
    expect(tile).to_contain_text("已收到")

    mobile.click("#say-moved")
    mobile.click("#send-moved")
    expect(mobile.locator(".fault")).to_contain_text("请填转移了多少人")
    mobile.fill("#persons", "37")
    mobile.click("#send-moved")
    expect(mobile.locator("#answer-state")).to_contain_text("已转移 37 人")
    expect(tile).to_contain_text("37")
    expect(tile).to_contain_text("已转移")

    bring(live, token, cap("e2e-told-over", msgType="Cancel", references=refers("e2e-told"), info=""))
    expect(mobile.locator(".warning")).to_contain_text("这条预警已结束")
    expect(tile).to_have_count(0)


def test_an_answer_given_without_a_network_arrives_afterwards(
    live: Site, desk: Callable[..., Page], phone: Callable[..., Page], token: str
) -> None:
    village = a_village(live)
    mobile = phone(village.officer)
    ready(mobile)
    bring(live, token, cap("e2e-off", areas=area(polygon(ring_of(live, village)))))
    expect(mobile.locator("[data-notice]")).to_be_visible()

    mobile.context.set_offline(True)
    mobile.locator("[data-notice]").click()
    mobile.click("#say-help")
    mobile.fill("#help-words", "冲锋舟一艘")
    mobile.click("#send-help")
    expect(mobile.locator("#answer-state")).to_contain_text("已存手机")
    mobile.reload()
    expect(mobile.locator("#answer-state")).to_contain_text("需要支援")
    expect(mobile.locator("#answer-state")).to_contain_text("已存手机")
    mobile.context.set_offline(False)

    expect(mobile.locator("#answer-state")).to_contain_text("已到市局", timeout=30_000)
    office = desk("bureau", "/warnings/")
    expect(office.locator(f"#warnings [data-area='{village.code}'].tile")).to_contain_text("冲锋舟一艘")
    bring(live, token, cap("e2e-off-over", msgType="Cancel", references=refers("e2e-off"), info=""))


def test_the_desk_tells_the_villages_of_a_drawn_zone(
    live: Site, desk: Callable[..., Page], phone: Callable[..., Page], token: str
) -> None:
    village = a_village(live)
    told = bring(
        live, token, cap("e2e-desk", areas=area(polygon(ring_of(live, village))), severity="Moderate")
    )
    mobile = phone(village.officer)
    ready(mobile)
    expect(mobile.locator("[data-notice]")).to_have_count(0)

    office = desk("bureau", "/warnings/")
    zone = office.locator(f"[data-zone='{told['zones'][0]}']")
    zone.locator("[name=instruction]").fill("夜间安排专人值守")
    zone.get_by_role("button", name="通知区内各村").click()

    expect(zone.locator(f"[data-area='{village.code}']")).to_contain_text("未回复")
    expect(mobile.locator("[data-notice]")).to_contain_text("黄色预警")
    row = office.locator(f".call-list [data-area='{village.code}']")
    row.get_by_role("button", name="电话确认已收到").click()
    expect(zone.locator(f"[data-area='{village.code}']")).to_contain_text("电话确认")
    expect(row).to_have_count(0)
    bring(live, token, cap("e2e-desk-over", msgType="Cancel", references=refers("e2e-desk"), info=""))
