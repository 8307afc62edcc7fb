"""What the phone asks before sending, what the bureau answers, and how an officer goes on from there."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.e2e.api_steps import PASSWORD, sent
from tests.e2e.conftest import Site
from tests.e2e.field_steps import at, jpeg, officer_of, ready, stored, write_report

pytestmark = [pytest.mark.e2e, pytest.mark.slow]


@pytest.fixture
def officer(request: pytest.FixtureRequest, live: Site) -> tuple[str, str]:
    """An officer of a village that no other test here reports for."""
    names = sorted(name for name in globals() if name.startswith("test_"))
    return officer_of(live, 110 + names.index(request.function.__name__))


def card(page: Page, state: str) -> Locator:
    return page.locator(f".card-row[data-state={state}]")


def fault(page: Page, field: str) -> Locator:
    return page.locator(f"[data-field='{field}'] .fault")


def test_a_broken_relation_is_told_at_its_field_and_nothing_is_lost(
    live: Site, phone: Callable[..., Page], officer: tuple[str, str]
) -> None:
    account, area = officer
    page = phone(account, **at(live, area))
    ready(page)
    write_report(page, affected="3", dead="5", crops_affected="12.5.1")
    expect(fault(page, "figures.crops_affected")).to_contain_text("农作物受灾面积要填数字")
    page.fill("#figure-crops_affected", "45")
    expect(fault(page, "figures.dead")).to_contain_text("因灾死亡人口(5人)不能大于受灾人口(3人)")

    page.reload()
    expect(page.locator("#figure-dead").or_(page.locator("#write"))).to_be_visible()
    if page.locator("#write").is_visible():
        card(page, "draft").click()
    expect(page.locator("#figure-dead")).to_have_value("5")
    assert stored(live, area) == []
    page.fill("#figure-affected", "9")
    page.click("#send")
    expect(card(page, "stored")).to_contain_text("已到市局")
    assert stored(live, area)[0][3] == {"affected": 9, "dead": 5, "crops_affected": 3}


def test_a_doubt_is_settled_by_a_reason(
    live: Site, phone: Callable[..., Page], officer: tuple[str, str]
) -> None:
    account, area = officer
    page = phone(account, **at(live, area))
    ready(page)
    write_report(page, affected="999999")
    expect(fault(page, "figures.affected")).to_contain_text("请核实")
    while page.locator("[data-note]").count():
        for note in page.locator("[data-note]").all():
            note.fill("庙会期间外来人员多")
        page.click("#send")
        page.locator(".card-row").or_(page.locator("[data-note]").first).first.wait_for()
    expect(card(page, "stored")).to_be_visible()
    assert stored(live, area)[0][3] == {"affected": 999999}


def test_a_refused_report_comes_back_with_its_field_and_goes_out_corrected(
    live: Site, phone: Callable[..., Page], officer: tuple[str, str]
) -> None:
    account, area = officer
    page = phone(
        account, **{**at(live, area), "geolocation": {"longitude": 2.35, "latitude": 48.85, "accuracy": 9}}
    )
    ready(page)
    write_report(page, affected="4")
    expect(fault(page, "fix")).to_contain_text("定位不在本乡镇范围内")
    page.fill("[data-note=position_outside_township]", "在外办事")
    page.click("#send")

    expect(card(page, "refused")).to_contain_text("位置不在中国境内")
    expect(card(page, "refused")).to_contain_text("需改正")
    assert stored(live, area) == []
    page.reload()
    card(page, "refused").click()
    expect(fault(page, "fix")).to_contain_text("位置不在中国境内")
    expect(page.locator("#figure-affected")).to_have_value("4")
    page.click("#at-village")
    page.click("#send")
    expect(card(page, "stored")).to_contain_text("已到市局")
    assert len(stored(live, area)) == 1


def test_a_refused_one_does_not_hold_up_the_next(
    live: Site, phone: Callable[..., Page], officer: tuple[str, str]
) -> None:
    account, area = officer
    page = phone(
        account, **{**at(live, area), "geolocation": {"longitude": 2.35, "latitude": 48.85, "accuracy": 9}}
    )
    ready(page)
    page.context.set_offline(True)
    write_report(page, affected="4")
    page.fill("[data-note=position_outside_township]", "在外办事")
    page.click("#send")
    expect(card(page, "queued")).to_be_visible()
    page.click("#write")
    page.fill("#figure-affected", "6")
    page.click("#at-village")
    page.click("#send")
    expect(card(page, "queued")).to_have_count(2)

    page.context.set_offline(False)

    expect(card(page, "stored")).to_be_visible()
    expect(card(page, "refused")).to_be_visible()
    [row] = stored(live, area)
    assert (row[3]["affected"], row[6]) == (6, None), "it no longer follows a version that never was"


def test_seen_and_returned_arrive_by_themselves_and_the_remark_leads(
    live: Site,
    phone: Callable[..., Page],
    signed_in_context: Callable[..., BrowserContext],
    officer: tuple[str, str],
) -> None:
    account, area = officer
    page = phone(account, **at(live, area))
    ready(page)
    write_report(page, affected="60", relocated="12")
    expect(card(page, "stored")).to_contain_text("已到市局")
    first = page.locator(".card-row").get_attribute("data-report")
    assert first is not None
    bureau = signed_in_context("bureau")

    sent(bureau, "POST", f"/api/reports/{first}/seen", {})
    # A writer anywhere in the database cluster may hold the sealer up for a moment.
    expect(card(page, "seen")).to_contain_text("已阅")
    sent(bureau, "POST", f"/api/reports/{first}/return", {"remark": "转移人数和昨天电话里说的不一样"})
    expect(card(page, "returned")).to_be_visible()
    told = card(page, "returned").locator(".body").inner_text().split("\n")
    assert told[0] == "退回意见:转移人数和昨天电话里说的不一样"
    assert told[1] == "退回"

    card(page, "returned").click()
    page.click("#go-on")
    expect(page.locator("#figure-relocated")).to_have_value("12")
    page.fill("#figure-relocated", "21")
    page.click("#send")
    expect(card(page, "stored")).to_contain_text("已到市局")
    _, second = stored(live, area)
    assert (second[3]["relocated"], str(second[6]), second[7]) == (21, first, None)


def test_two_corrections_that_cross_are_shown(
    live: Site, phone: Callable[..., Page], officer: tuple[str, str]
) -> None:
    account, area = officer
    page = phone(account, **at(live, area))
    ready(page)
    write_report(page, affected="10")
    expect(card(page, "stored")).to_be_visible()
    first = page.locator(".card-row").get_attribute("data-report")
    page.context.set_offline(True)
    write_report(page, affected="12")
    expect(card(page, "queued")).to_be_visible()
    with live.database.connect() as connection:
        event = connection.execute(
            "SELECT event_id::text FROM reports_report WHERE id = %s", [first]
        ).fetchone()
    assert event is not None
    live.file_report(
        account[:-1] + "b", area, kind="followup", event=event[0], corrects=first, figures={"affected": 11}
    )

    page.context.set_offline(False)

    expect(page.locator(".card-row", has_text="与另一份报告同时修改,两份都保留")).to_be_visible()
    assert [row[3]["affected"] for row in stored(live, area)] == [10, 11, 12]
    assert stored(live, area)[2][7] is not None


def test_zero_report_takes_two_taps(live: Site, phone: Callable[..., Page], officer: tuple[str, str]) -> None:
    account, area = officer
    page = phone(account, **at(live, area))
    ready(page)
    write_report(page, affected="7", crops_affected="30")
    expect(card(page, "stored")).to_be_visible()

    page.click("#zero")
    page.click("#confirm-zero")

    expect(card(page, "stored").first).to_contain_text("零报告")
    expect(card(page, "stored")).to_have_count(2)
    first, second = stored(live, area)
    assert (second[2], second[3]) == ("zero", first[3])


def test_a_file_that_is_no_photo_is_named_and_the_report_goes_on(
    live: Site, phone: Callable[..., Page], officer: tuple[str, str]
) -> None:
    account, area = officer
    page = phone(account, **at(live, area))
    page.click("#write")
    page.fill("#figure-affected", "2")
    page.set_input_files(
        "#photo-input",
        {"name": "花名册.jpg", "mimeType": "image/jpeg", "buffer": b"PK\x03\x04 not a picture"},
    )
    expect(page.locator("#photo-words")).to_contain_text("“花名册.jpg”不是照片")
    page.set_input_files("#photo-input", jpeg("maroon", (4000, 3000)))
    expect(page.locator("[data-photo]")).to_have_count(1)
    page.click("#send")
    expect(card(page, "stored")).to_contain_text("照片 1/1 已传")
    assert stored(live, area)[0][4:6] == (1, 1)


def test_unsent_work_goes_to_another_phone_in_a_file_and_arrives_once(
    live: Site, phone: Callable[..., Page], officer: tuple[str, str], tmp_path: Path
) -> None:
    account, area = officer
    page = phone(account, **at(live, area))
    ready(page)
    page.context.set_offline(True)
    write_report(page, jpeg("olive"), affected="14")
    expect(card(page, "queued")).to_be_visible()
    page.click("#more")
    with page.expect_download() as saved:
        page.click("#export")
    saved.value.save_as(tmp_path / "carried.json")

    other = phone(account, **at(live, area))
    ready(other)
    other.click("#more")
    other.set_input_files(
        "#import-file", {"name": "别的.json", "mimeType": "application/json", "buffer": b"{}"}
    )
    expect(other.locator("#said")).to_contain_text("“别的.json”不是本页导出的文件")
    other.set_input_files("#import-file", tmp_path / "carried.json")
    expect(other.locator("#said")).to_contain_text("读入 1 份")
    other.goto("/field/")
    expect(card(other, "stored")).to_contain_text("照片 1/1 已传")

    page.context.set_offline(False)
    page.goto("/field/")
    expect(card(page, "stored")).to_contain_text("照片 1/1 已传")
    assert [row[3:6] for row in stored(live, area)] == [({"affected": 14}, 1, 1)]


def test_nobody_signs_out_of_unsent_reports(
    live: Site, phone: Callable[..., Page], officer: tuple[str, str]
) -> None:
    account, area = officer
    page = phone(account, **at(live, area))
    ready(page)
    page.context.set_offline(True)
    write_report(page, affected="9")
    expect(card(page, "queued")).to_be_visible()
    page.click("#more")
    page.click("#sign-out")
    expect(page.locator("#said")).to_contain_text("不能退出")

    page.context.set_offline(False)
    page.goto("/field/")
    expect(card(page, "stored")).to_be_visible()
    page.click("#more")
    page.click("#sign-out")
    page.wait_for_url("**/sign-in/**")
    assert len(stored(live, area)) == 1


def test_a_report_is_never_filed_in_another_officers_name(
    live: Site, phone: Callable[..., Page], officer: tuple[str, str]
) -> None:
    """The A 角 wrote it offline; the B 角 signs in on the same phone before it was sent."""
    account, area = officer
    page = phone(account, **at(live, area))
    ready(page)
    page.context.set_offline(True)
    write_report(page, affected="16")
    expect(card(page, "queued")).to_be_visible()
    page.close()
    page.context.set_offline(False)

    def sign_in(who: str) -> Page:
        fresh = page.context.new_page()
        fresh.goto("/sign-in/?next=/field/")
        if not fresh.locator("input[name=account]").count():
            fresh.context.clear_cookies()
            fresh.goto("/sign-in/?next=/field/")
        fresh.fill("input[name=account]", who)
        fresh.fill("input[name=password]", PASSWORD)
        fresh.click("main button")
        fresh.wait_for_url("**/field/")
        return fresh

    page.context.clear_cookies()
    partner = sign_in(account[:-1] + "b")
    ready(partner)
    write_report(partner, affected="15")
    expect(card(partner, "stored")).to_have_count(1)
    assert [row[3]["affected"] for row in stored(live, area)] == [15]
    partner.close()

    page.context.clear_cookies()
    back = sign_in(account)
    expect(back.locator(".card-row", has_text="已到市局")).to_have_count(2)
    with live.database.connect() as connection:
        names = connection.execute(
            """SELECT person.username, report.figures->>'affected' FROM reports_report report
               JOIN people_person person ON person.id = report.author_id WHERE report.area_code = %s ORDER BY serial""",
            [area],
        ).fetchall()
    assert names == [(account[:-1] + "b", "15"), (account, "16")]
