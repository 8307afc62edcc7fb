"""A winter's relief in real browsers: the bureau opens it, a village enters a household by phone, both desks act on many."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.disaster.registers.filled import a_number
from tests.e2e.conftest import Site
from tests.e2e.looks import camera, fits

pytestmark = pytest.mark.e2e
shot = camera("needs")


def fill(page: Page, number: str, **figures: str) -> None:
    values = {
        "group": "龙湾组",
        "name": "汪长根",
        "identity": number,
        "phone": "13855601234",
        "members": "3",
        "card": "6217001234567890124",
        "persons": "2",
        "clothing": "2",
        "heating_yuan": "1200",
    }
    for name, value in {**values, **figures}.items():
        page.locator(f"#entry [name={name}]").fill(value)
    page.locator("#entry [name=types][value=minimum_living]").check()


def the_notice_is_over(live: Site, number: str) -> None:
    """Eight days later the village has submitted: time is not waited for here."""
    with live.database.connect() as connection:
        connection.execute(
            "UPDATE needs_application SET state = 'submitted', posted_on = current_date - 9,"
            " notice_until = current_date - 2 WHERE number = %s",
            [number],
        )


def a_member_is_entered_and_corrected(village: Page) -> None:
    """By phone: a wrong check digit is refused at its field, then the page counts who is entered."""
    number = a_number()  # the head's own: the page tells of it
    people = village.locator("#members")
    expect(people.locator(".badge").first).to_have_text("已登记 1 / 3 人")
    people.get_by_text("登记成员", exact=True).click()
    form = people.locator("#new-member")
    form.locator("[name=name]").fill("李秀英")
    form.locator("[name=relation]").select_option("spouse")
    form.locator("[name=marks][value=severe_disability]").check()
    form.locator("[name=identity]").fill(number[:17] + ("0" if number[17] != "0" else "1"))
    form.get_by_role("button", name="保存成员").click()
    expect(form.locator(".field-error")).to_contain_text("校验码")
    assert fits(village)
    shot(village, "phone-member-refused")
    form.locator("[name=identity]").fill(number)
    form.get_by_role("button", name="保存成员").click()
    expect(people.locator("h2 .badge")).to_have_text("已登记 2 / 3 人")
    expect(people.locator(".finding")).to_have_text("本户 汪**、李** 登记了同一个身份证号")
    expect(people).to_contain_text(f"340824********{number[-4:]}")
    people.get_by_text("修改", exact=True).click()
    change = people.locator("form[data-api^=PUT]")
    change.locator("[name=relation]").select_option("daughter")
    assert fits(village)
    shot(village, "phone-member-change")
    change.get_by_role("button", name="保存").click()
    expect(people).to_contain_text("女")
    expect(village.locator("#history")).to_contain_text("家庭成员")


def more_than_there_is_waits_to_be_confirmed(county: Page) -> None:
    """Sent as soon as it is typed: it is told what is short, and nothing is approved before that was seen."""
    county.locator("[name='goods.quilt']").fill("900")
    county.get_by_role("button", name="办理").click()
    expect(county.locator("#cover .short").first).to_contain_text("缺")
    expect(county.locator("#cover p.short")).to_contain_text("库存不够:棉被:本次核准 900 床")
    expect(county.locator("#answers")).to_be_hidden()
    assert fits(county)
    shot(county, "county-short")
    county.set_viewport_size({"width": 360, "height": 740})
    assert fits(county)
    shot(county, "county-short-360")
    county.set_viewport_size({"width": 1366, "height": 768})


def test_a_household_goes_from_a_phone_in_the_village_to_the_countys_approval(
    live: Site, phone: Callable[..., Page], desk: Callable[..., Page]
) -> None:
    bureau = desk("bureau", "/relief/")
    bureau.get_by_role("link", name="设立批次").click()
    bureau.locator("[name=name]").fill("冬春救助(演练)")
    shot(bureau, "new")
    bureau.get_by_role("button", name="设立").click()
    expect(bureau.locator("h1")).to_contain_text("冬春救助(演练)")
    programme = bureau.url

    village = phone("v202205a", programme.removeprefix(live.url))
    village.get_by_role("link", name="登记一户").click()
    number = a_number()
    fill(village, number[:17] + ("0" if number[17] != "0" else "1"))
    village.get_by_role("button", name="保存").click()
    expect(village.locator(".field-error").first).to_contain_text("校验码")
    expect(village.locator("[name=over_limit_why] + .field-error")).to_contain_text("超过限额")
    assert fits(village)
    shot(village, "phone-refused")
    fill(village, number, over_limit_why="户主重病,取暖时间长")
    village.get_by_role("button", name="保存").click()
    expect(village.locator("[data-whole=identity]")).to_have_text(f"340824********{number[-4:]}")
    assert number not in village.content()
    a_member_is_entered_and_corrected(village)
    for act, state in (("核实", "待评议"), ("村级评议", "待公示")):
        village.get_by_role("button", name=act, exact=True).click()
        expect(village.locator(".application h2 .badge").first).to_have_text(state)
    assert fits(village)
    shot(village, "phone-file")
    told = village.locator(".application > p").first.inner_text().split(" ")[0]
    the_notice_is_over(live, told)

    township = desk("t202", programme.removeprefix(live.url) + "?state=submitted")
    assert fits(township)
    shot(township, "township")
    township.locator("#all").check()
    expect(township.locator("#chosen")).to_have_text("1")
    township.locator("[name=act]").select_option("return")
    expect(township.locator("#batch [name=why]")).to_have_attribute("required", "")
    township.locator("[name=act]").select_option("pass")
    township.get_by_role("button", name="办理").click()
    expect(township.locator("#answers")).to_contain_text("已办理 1 户")

    county = desk("bureau", programme.removeprefix(live.url) + "?state=passed")
    county.locator("[name=act]").select_option("approve")
    county.get_by_role("button", name="办理").click()
    expect(county.locator("#refused")).to_have_text("没有保存:请先勾选要办理的户。")
    county.locator("#everyone").check()
    more_than_there_is_waits_to_be_confirmed(county)
    county.locator("[name='goods.quilt']").fill("1")
    expect(county.locator("#cover tbody td").nth(1)).to_have_text("1")
    shot(county, "county")
    county.get_by_role("button", name="办理").click()
    expect(county.locator("#answers")).to_contain_text("已办理 1 户")
    county.goto(programme.removeprefix(live.url))
    expect(county.locator("tr[data-state=approved]")).to_contain_text("360 元")
    expect(county.locator("tr[data-state=approved]")).to_contain_text("棉被")
    shot(county, "programme")
    county.locator("tr[data-state=approved] a").first.click()
    county.locator("#reveal [name=why]").fill("与银行核对账号")
    county.get_by_role("button", name="查看完整信息").click()
    expect(county.locator("[data-whole=identity]")).to_have_text(number)
    county.reload()
    expect(county.locator("#history")).to_contain_text("与银行核对账号")
    shot(county, "file")
    county.goto("/relief/")
    shot(county, "programmes")
    assert fits(county)
