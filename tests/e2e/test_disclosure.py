"""A village's list on the wall and on the web; somebody objects by its QR code; payment waits for the answer."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, expect

from disaster.people.sample import officer_name
from tests.disaster.relief.disclosure.made import jpeg
from tests.e2e.conftest import Site
from tests.e2e.looks import camera, fits, folder

pytestmark = pytest.mark.e2e
shot = camera("disclosure")
PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}
HOMES = """
from tests.disaster.relief.disclosure.made import a_programme, applied
from gis.models import Area
village = Area.objects.get(pk="{village}")
batch = a_programme(number="{number}", area_id=village.pk[:6] + "000000")
for n, (name, kinds) in enumerate({homes!r}, start=1):
    applied(batch, area=village.pk, name=name, group=f"第{{n % 3 + 1}}组", types=kinds, members=n % 5 + 1)
"""
FAMILIES = [
    ("欧阳修远", ["extreme_poverty"]),
    ("张三丰", ["minimum_living", "disabled_poor"]),
    ("李四", ["ordinary"]),
    ("王小二", ["watched_edge"]),
    ("赵铁柱", ["disabled_poor"]),
    ("钱多多", ["other_hardship"]),
]


def held(live: Site, number: str) -> int:
    with live.database.connect() as connection:
        (count,) = connection.execute(
            "SELECT count(*) FROM needs_application one JOIN needs_programme batch ON batch.id = one.programme_id"
            " WHERE batch.number = %s AND one.held_at IS NOT NULL",
            [number],
        ).fetchone()
    return count


def submit(page: Page) -> None:
    """Send the form; what is sent faster than a hand is sent again, as it says."""
    for _ in range(200):
        with page.expect_navigation():
            page.get_by_role("button", name="提交").click()
        if page.locator("#number").count():
            return


def test_a_villager_objects_to_the_list_and_payment_waits_for_the_answer(
    live: Site, phone: Callable[..., Page], desk: Callable[..., Page], browser: Browser
) -> None:
    village, _, _ = live.villages()[3]
    number = "DCE2E001"
    live.manage("shell", "-v", "0", "-c", HOMES.format(village=village, number=number, homes=FAMILIES))

    officer = phone(officer_name(village, "a"), "/complaints/notices/")
    shot(officer, "to-post-phone")
    officer.get_by_role("button", name="张贴评议公示").first.click()
    officer.wait_for_url("**/complaints/notices/*-*/")
    officer.locator("[name=file]").set_input_files(
        {"name": "wall.jpg", "mimeType": "image/jpeg", "buffer": jpeg()}
    )
    officer.get_by_role("button", name="上传").click()
    expect(officer.locator("#refused")).to_contain_text("请填写拍摄日期")
    officer.locator("[name=taken_on]").fill(officer.locator("[name=taken_on]").get_attribute("max") or "")
    officer.get_by_role("button", name="上传").click()
    expect(officer.locator(".photos img")).to_have_count(1)
    shot(officer, "notice-phone")
    assert fits(officer)

    stranger = browser.new_context(locale="zh-CN", base_url=live.url, **PHONE).new_page()
    stranger.goto("/public/")
    shot(stranger, "programmes-phone")
    stranger.get_by_role("link", name="2025—2026年度冬春救助").first.click()
    shot(stranger, "programme-phone")
    stranger.goto(f"/public/{number}/{village}/?lang=en")
    expect(stranger.locator("main")).to_contain_text("Complaint telephone")
    shot(stranger, "village-phone-en")
    stranger.goto(f"/public/{number}/{village}/")
    rows = stranger.locator("table.rows tbody tr")
    expect(rows).to_have_count(len(FAMILIES))
    expect(stranger.locator("table.rows")).to_contain_text("欧***")
    assert not any(name in stranger.content() for name, _ in FAMILIES)
    expect(stranger.locator("figure.code svg")).to_be_visible()
    shot(stranger, "village-phone")
    assert fits(stranger)

    paper = browser.new_context(
        locale="zh-CN", base_url=live.url, viewport={"width": 900, "height": 1200}
    ).new_page()
    paper.goto(f"/public/{number}/{village}/?print")
    expect(paper.locator(".public-bar")).to_be_hidden()
    shot(paper, "village-print")
    if kept := folder():
        paper.pdf(path=kept / "disclosure-village.pdf", format="A4", prefer_css_page_size=True)

    rows.nth(1).get_by_role("link", name="异议").click()
    stranger.locator("[name=words]").fill("他家有小轿车,不该享受")
    shot(stranger, "objection-phone")
    assert fits(stranger)
    submit(stranger)
    case, code = stranger.locator("#number").inner_text(), stranger.locator("#code").inner_text()
    shot(stranger, "received-phone")
    assert held(live, number) == 1

    bureau = desk("bureau", "/complaints/")
    expect(bureau.locator("#cases tbody tr").filter(has_text=case)).to_contain_text("暂停发放")
    shot(bureau, "cases")
    bureau.get_by_role("link", name=case).click()
    shot(bureau, "case")
    bureau.get_by_role("button", name="我来受理").click()
    expect(bureau.get_by_role("heading", name="下一步:答复")).to_be_visible()
    bureau.locator("[name=words]").fill("经查,车辆去年已报废,符合条件。")
    bureau.get_by_role("button", name="答复").click()
    expect(bureau.get_by_role("heading", name="下一步:办结")).to_be_visible()
    bureau.locator("[name=words]").fill("不属实")
    shot(bureau, "case-answered")
    bureau.get_by_role("button", name="不成立,办结").click()
    expect(bureau.locator("#case .badge").first).to_have_text("办结:不成立")
    shot(bureau, "case-settled")
    assert held(live, number) == 0

    stranger.get_by_role("link", name="查办理结果").first.click()
    stranger.locator("[name=number]").fill(case)
    stranger.locator("[name=code]").fill(code.lower())
    stranger.get_by_role("button", name="查询").click()
    expect(stranger.locator("#case")).to_contain_text("车辆去年已报废")
    shot(stranger, "answer-phone")
    assert fits(stranger)
    bureau.goto("/complaints/notices/")
    shot(bureau, "notices")
    bureau.locator("#notices tbody a").first.click()
    shot(bureau, "notice")
    bureau.goto("/complaints/new/")
    shot(bureau, "enter")
    stranger.context.close()
    paper.context.close()
