"""A village officer without a network signs for a lorry's goods and gives them out; back online all of it counts once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.camera import hold_on, seeing
from tests.e2e.conftest import CHROMIUM, Site
from tests.e2e.field_steps import at, officer_of, until
from tests.e2e.looks import camera, fits
from tests.e2e.relief_steps import a_winter_village, scan, write_name

pytestmark = [pytest.mark.e2e, pytest.mark.slow]
shot = camera("receive")
NAMES = ["欧阳修远", "张守田", "李桂芳"]


def held(live: Site, point: str) -> tuple[int, int, int]:
    """Quilts at a point, receipts kept for its papers, and units that reached its households."""
    with live.database.connect() as connection:
        return connection.execute(
            """SELECT (SELECT sum(quantity) FROM stock_balance WHERE place_id = %(point)s::uuid),
                      count(DISTINCT receipt.id), coalesce(sum(issue.quantity), 0)
                 FROM receipts_receipt receipt JOIN stock_document paper ON paper.id = receipt.document_id
                 LEFT JOIN receipts_issue issue ON issue.receipt_id = receipt.id
                WHERE %(point)s::uuid IN (paper.source_id, paper.target_id)""",
            {"point": point},
        ).fetchone() or (0, 0, 0)


def given_back(live: Site, point: str) -> dict[str, int]:
    """Units that came back from households, by the kind of place they lie at now."""
    with live.database.connect() as connection:
        rows = connection.execute(
            """SELECT place.kind, sum(movement.quantity) FROM stock_movement movement
                 JOIN stock_document paper ON paper.id = movement.document_id
                 JOIN stock_place place ON place.id = movement.target_id
                WHERE paper.kind = 'back' AND paper.target_id = %s::uuid GROUP BY place.kind""",
            [point],
        ).fetchall()
    return {kind: int(units) for kind, units in rows}


def open_phone(live: Site, phone: Callable[..., Page], account: str, area: str, **options: Any) -> Page:
    page = phone(account, "/receive/", **at(live, area), **options)
    expect(page.locator(".door")).to_have_count(2)
    until(page, "navigator.serviceWorker.controller")
    # What reads codes where the browser can't is on the phone before the network goes.
    until(page, "caches.match('/static/vendor/jsqr/jsQR.js')")
    return page


def test_received_and_given_out_with_the_network_off_and_counted_once(
    live: Site, phone: Callable[..., Page]
) -> None:
    account, area = officer_of(live, 21)
    made = a_winter_village(live, area, NAMES)
    page = open_phone(live, phone, account, area)
    page.context.set_offline(True)
    page.reload()
    expect(page.locator("#line")).to_have_text("没有网络,照常签收")
    expect(page.locator("#coming h2")).to_have_text("待签收 1")
    shot(page, "home")

    scan(page, made["paper"])
    expect(page.locator("#sign")).to_be_visible()
    shot(page, "sign")
    assert fits(page)
    write_name(page)
    page.get_by_role("button", name="确认签收").click()
    expect(page.locator(".told[data-state=waiting]")).to_have_count(1)

    page.get_by_role("button", name="发放到户").click()
    expect(page.locator("#village")).to_contain_text("还有 3 户没领")
    shot(page, "village")
    page.locator(".household", has_text="张守田").click()
    expect(page.locator("input[name='goods.quilt']")).to_have_value("2")
    write_name(page)
    shot(page, "issue")
    assert fits(page)
    page.get_by_role("button", name="确认领取").click()
    expect(page.locator("#village")).to_contain_text("还有 2 户没领")

    # A neighbour comes with the voucher of another household: it is verified here and now.
    scan(page, made["vouchers"][0])
    expect(page.locator(".verdict[data-state=good]")).to_contain_text("凭证有效")
    expect(page.locator(".verdict")).to_contain_text("还可领 棉被 2 床")
    shot(page, "voucher")
    page.get_by_role("button", name="给这一户发放").click()
    page.select_option("select[name=relation]", "neighbour")
    page.get_by_role("button", name="确认领取").click()
    expect(page.locator("form [role=alert]")).to_be_visible()
    page.fill("input[name=signer]", "王邻居")
    write_name(page)
    page.get_by_role("button", name="确认领取").click()
    expect(page.locator("#village")).to_contain_text("还有 1 户没领")
    scan(page, made["vouchers"][0])
    expect(page.locator(".verdict[data-state=bad]")).to_contain_text("这张凭证已经领完")
    shot(page, "voucher-used")

    at_sign = made["vouchers"][2].index(".") - 20
    forged = made["vouchers"][2][:at_sign] + "AAAA" + made["vouchers"][2][at_sign + 4 :]
    scan(page, forged)
    expect(page.locator(".verdict[data-state=bad]")).to_contain_text("假凭证")

    assert held(live, made["point"])[1] == 0, "nothing has left the phone"
    page.close()
    page.context.set_offline(False)
    again = page.context.new_page()
    again.goto("/receive/")
    expect(again.locator(".told[data-state=sent]")).to_have_count(3)
    expect(again.locator(".told[data-state=waiting], .told[data-state=refused]")).to_have_count(0)
    # The newest stands first, whatever its id.
    expect(again.locator(".told").first).to_contain_text("王邻居")
    shot(again, "sent")
    assert held(live, made["point"]) == (16, 3, 4)
    again.reload()
    expect(again.locator(".door").nth(1)).to_contain_text("还有 1 户")
    assert held(live, made["point"]) == (16, 3, 4)


def test_two_phones_gave_the_same_grant_offline_and_the_second_is_told(
    live: Site, phone: Callable[..., Page]
) -> None:
    account, area = officer_of(live, 22)
    made = a_winter_village(live, area, NAMES[:1])
    pages = []
    for who in (account, account[:-1] + "b"):
        page = open_phone(live, phone, who, area)
        pages.append(page)
    first, second = pages
    first.locator("#coming .paper").click()
    write_name(first)
    first.get_by_role("button", name="确认签收").click()
    expect(first.locator(".told[data-state=sent]")).to_have_count(1)
    # Nothing was fetched since, and yet it asks for no second signature.
    expect(first.locator("#coming h2")).to_have_text("待签收 0")
    second.get_by_role("button", name="刷新").click()
    expect(second.locator("#coming h2")).to_have_text("待签收 0")
    for page in pages:
        page.context.set_offline(True)
        page.get_by_role("button", name="发放到户").click()
        page.locator(".household").click()
        write_name(page)
        page.get_by_role("button", name="确认领取").click()
        expect(page.locator("#village")).to_contain_text("还有 0 户没领")
        page.evaluate("location.hash = '#/'")
    first.context.set_offline(False)
    expect(first.locator(".told[data-state=sent]")).to_have_count(2)
    second.context.set_offline(False)
    refused = second.locator(".told[data-state=refused]")
    expect(refused).to_contain_text("欧*** 的棉被还可领 0 床")
    expect(refused).to_contain_text("发放过")
    shot(second, "told")
    assert held(live, made["point"]) == (18, 2, 2)


def test_what_a_household_gives_back_goes_by_its_condition_and_can_be_had_anew(
    live: Site, phone: Callable[..., Page]
) -> None:
    account, area = officer_of(live, 23)
    made = a_winter_village(live, area, NAMES[:1])
    page = open_phone(live, phone, account, area)
    page.locator("#coming .paper").click()
    write_name(page)
    page.get_by_role("button", name="确认签收").click()
    expect(page.locator(".told[data-state=sent]")).to_have_count(1)
    give(page)
    expect(page.locator("#village")).to_contain_text("还有 0 户没领")

    # Who has all it was granted is found by its name.
    page.context.set_offline(True)
    expect(page.locator(".household")).to_have_count(0)
    page.fill("input[name=search]", "欧阳")
    page.locator(".household").click()
    expect(page.locator("#done")).to_contain_text("已领完")
    shot(page, "given")
    page.get_by_role("button", name="这一户要退回物资").click()
    form = page.locator("form#back")
    expect(form.locator("legend").first).to_contain_text("领走 2 床")
    form.get_by_role("button", name="确认退回").click()
    expect(form.get_by_role("alert")).to_have_text("请填写退几件。")
    form.locator("input[name='whole.quilt']").fill("2")
    form.locator("input[name='damaged.quilt']").fill("1")
    form.locator("textarea[name=reason]").fill("一床多余,一床有霉斑")
    write_name(page)
    form.get_by_role("button", name="确认退回").click()
    expect(form.get_by_role("alert")).to_have_text("退回的比领走的多,请再数一遍。")
    form.get_by_role("button", name="完好 −1").click()
    shot(page, "back")
    assert fits(page)
    form.get_by_role("button", name="确认退回").click()

    # It is owed two again; the damaged one is not in the store.
    expect(page.locator("#village")).to_contain_text("还有 1 户没领")
    shot(page, "back-village")
    page.locator(".household").click()
    expect(page.locator("form#issue .stock")).to_have_text("还可领 2,库存 19")
    shot(page, "anew")
    page.evaluate("location.hash = '#/'")
    page.context.set_offline(False)
    expect(page.locator(".told[data-state=sent]")).to_have_count(3)
    shot(page, "back-sent")
    assert given_back(live, made["point"]) == {"point": 1, "scrap": 1}
    assert held(live, made["point"])[0] == 19

    give(page)
    expect(page.locator("#village")).to_contain_text("还有 0 户没领")
    page.evaluate("location.hash = '#/'")
    expect(page.locator(".told[data-state=sent]")).to_have_count(4)
    assert held(live, made["point"])[0] == 17


def give(page: Page) -> None:
    """Give the village's only household what it is owed."""
    page.evaluate("location.hash = '#/village'")
    page.locator(".household").click()
    write_name(page)
    page.get_by_role("button", name="确认领取").click()


def test_the_camera_reads_a_waybill_and_a_voucher(
    live: Site, phone: Callable[..., Page], launch_browser: Callable[..., Browser], tmp_path: Path
) -> None:
    account, area = officer_of(live, 24)
    made = a_winter_village(live, area, NAMES)
    video = tmp_path / "seen.y4m"
    hold_on(video, "https://example.com/")
    others = [one for one in CHROMIUM if "fake-device" not in one]
    with launch_browser(args=[*others, *seeing(video)]) as eyes:
        page = open_phone(live, phone, account, area, through=eyes)
        page.context.grant_permissions(["geolocation", "camera"])
        page.locator(".door", has_text="扫码").click()
        page.get_by_role("button", name="打开摄像头扫码").click()
        expect(page.get_by_role("alert")).to_have_text("这不是本系统的二维码。")
        shot(page, "camera-foreign")

        hold_on(video, made["paper"])
        page.get_by_role("button", name="打开摄像头扫码").click()
        expect(page.locator("#sign")).to_be_visible()
        expect(page.locator("main")).to_contain_text(made["number"])
        shot(page, "camera-paper")

        # Without a network, too; and whoever leaves the screen gives the camera back.
        page.context.set_offline(True)
        hold_on(video, made["vouchers"][1])
        page.evaluate("location.hash = '#/scan'")
        page.get_by_role("button", name="打开摄像头扫码").click()
        expect(page.locator(".verdict[data-state=good]")).to_contain_text("-00002 ")
        shot(page, "camera-voucher")
        page.context.close()
