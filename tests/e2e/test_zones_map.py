"""Hazard zones on the map: counted and seen by others, changed upon a version, lifted, seen as of any moment."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.api_steps import sent
from tests.e2e.conftest import Site
from tests.e2e.looks import camera
from tests.e2e.map_journey import opened_by_tap
from tests.e2e.zone_steps import (
    SQUARE,
    at_the_map,
    corners,
    counted,
    drag,
    draw,
    drawn,
    fill,
    known,
    mode,
    on,
    save,
    start,
    until_counted_other,
)

pytestmark = [pytest.mark.e2e, pytest.mark.slow]
shot = camera("zones", whole=False)
BEIJING = ZoneInfo("Asia/Shanghai")


def zones(page: Page) -> int:
    return int(page.locator("html").get_attribute("data-zones") or -1)


def expect_zones(page: Page, count: int) -> None:
    expect(page.locator("html")).to_have_attribute("data-zones", str(count))


def test_drawing_counts_whom_it_threatens_and_another_map_sees_it(
    live: Site, desk: Callable[..., Page]
) -> None:
    other = at_the_map(desk("leader"))
    page = at_the_map(desk())
    before = zones(other)
    expect(other.locator("[data-tool=zones]")).to_have_count(0)

    start(page)
    page.locator("[data-draw=polygon]").click()
    corners(page, SQUARE[:3])
    triangle = counted(page)
    people = counted(page, "people")
    assert people > 0
    expect(page.locator("[data-role=threat]")).to_contain_text("人口按村界内面积比例估算")
    corners(page, SQUARE[3:])
    square = until_counted_other(page, triangle)
    assert square == pytest.approx(2 * triangle, rel=0.02)
    assert counted(page, "people") > people

    page.keyboard.press("Control+z")
    assert until_counted_other(page, square) == triangle
    page.keyboard.press("Control+y")
    assert until_counted_other(page, triangle) == square
    page.locator("[data-draw=undo]").click()
    assert until_counted_other(page, square) == triangle
    page.locator("[data-draw=redo]").click()
    page.mouse.dblclick(*on(page, SQUARE[3]))
    mode(page, "rest")
    page.locator("[name=distance]").fill("500")
    page.keyboard.press("Tab")
    assert until_counted_other(page, square) > square
    shot(page, "drawn")

    save(page)
    for field in ("kind", "level", "name"):
        expect(page.locator(f"[data-error={field}]")).to_be_visible()
    fill(page, "甲岭滑坡")
    save(page)

    expect(page.locator("#detail h2")).to_have_text("甲岭滑坡")
    expect(page.locator("#detail")).to_contain_text("滑坡")
    expect_zones(other, before + 1)
    opened_by_tap(other, *on(other, (580, 380)), "甲岭滑坡")
    expect(other.locator("#detail").get_by_role("button", name="修改")).to_have_count(0)
    shot(other, "other")
    assert known(live, "甲岭滑坡")[0][1:5] == (1, False, 5, 0)


def test_a_zone_is_changed_upon_its_version_while_another_changes_it_and_lifted(
    live: Site, desk: Callable[..., Page]
) -> None:
    page, other = at_the_map(desk()), at_the_map(desk("leader"))
    drawn(page, "乙沟泥石流")
    expect(page.locator("#detail .versions li")).to_have_count(1)
    count = zones(page)
    [(key, *_)] = known(live, "乙沟泥石流")
    page.locator("#detail").get_by_role("button", name="修改").click()
    page.locator("[name=snap]").uncheck()
    square = counted(page)
    expect_zones(page, count - 1)  # it is drawn as what is being changed, not twice
    drag(page, SQUARE[0], (520, 260))
    mine = until_counted_other(page, square)

    zone = sent(page, "GET", f"/api/zones/{key}")["zone"]
    changed = {**zone, "level": "blue", "reason": "会商降级"}
    sent(page, "PUT", f"/api/zones/{key}", changed)

    meanwhile = page.locator(".meanwhile")
    expect(meanwhile).to_contain_text("版本 2")
    expect(meanwhile).to_contain_text("会商降级")
    expect(meanwhile).to_contain_text("红色(一级) → 蓝色(四级)")
    expect(page.locator("html")).to_have_attribute("data-compared", re.compile("版本 2"))
    assert counted(page) == mine  # the drawing is untouched
    shot(page, "conflict")
    page.locator(".zone-form [name=reason]").fill("现场复核扩大")
    save(page)  # upon version 1 still: refused, both are shown again
    expect(page.locator("[data-role=refused]")).to_be_visible()
    page.locator("[data-role=rebase]").click()
    save(page)

    expect(page.locator("#detail .versions li")).to_have_count(3)
    expect(page.locator("#detail .versions")).to_contain_text("现场复核扩大")
    page.locator("[data-version='1']").click()
    expect(page.locator("html")).to_have_attribute("data-compared", re.compile("版本 1"))
    shot(page, "versions")
    page.locator("[data-version='1']").click()
    expect(page.locator("html")).to_have_attribute("data-compared", "")

    expect_zones(other, count)
    page.locator("#detail").get_by_role("button", name="解除", exact=True).click()
    page.get_by_role("button", name="确认解除").click()
    expect(page.locator("#detail .problem")).to_have_text("请写明解除原因。")
    page.get_by_role("textbox", name="解除原因").fill("险情排除")
    page.get_by_role("button", name="确认解除").click()
    expect(page.locator("#detail")).to_contain_text("已解除")
    expect_zones(other, count - 1)
    assert known(live, "乙沟泥石流")[0][1:3] == (4, True)


def test_what_is_lifted_meanwhile_can_be_kept_as_a_new_zone(live: Site, desk: Callable[..., Page]) -> None:
    page = at_the_map(desk())
    drawn(page, "丙坡崩塌")
    [(key, *_)] = known(live, "丙坡崩塌")
    page.locator("#detail").get_by_role("button", name="修改").click()
    page.locator("[name=snap]").uncheck()
    drag(page, SQUARE[0], (530, 270))
    sent(page, "POST", f"/api/zones/{key}/lift", {"reason": "误划"})
    expect(page.locator(".meanwhile")).to_contain_text("解除了它")
    page.locator("[data-role=detach]").click()
    page.locator(".zone-form [name=note]").fill("重新划定")
    save(page)
    expect(page.locator("#detail h2")).to_have_text("丙坡崩塌")
    assert sorted(row[2] for row in known(live, "丙坡崩塌")) == [False, True]


def test_the_map_shows_the_zones_of_another_moment_and_says_so(live: Site, desk: Callable[..., Page]) -> None:
    page = at_the_map(desk())
    start(page)
    draw(page, SQUARE)
    fill(page, "短时山洪", kind="flash_flood")
    until = datetime.now(BEIJING) + timedelta(hours=2)
    page.locator(".zone-form [name=valid_to]").fill(f"{until:%Y-%m-%dT%H:%M}")
    save(page)
    expect(page.locator("#detail h2")).to_have_text("短时山洪")
    expect(page.locator("html")).to_have_attribute("data-zones", re.compile(r"\d+"))
    count = zones(page)
    page.locator("[data-tool=moment]").click()
    banner = page.locator(".not-now")
    expect(banner).to_be_hidden()
    page.locator("[data-hours='1']").click()
    expect(banner).to_contain_text(f"共 {count} 个")
    page.locator("[data-hours='24']").click()
    expect(banner).to_contain_text(f"共 {count - 1} 个")
    expect_zones(page, count - 1)
    shot(page, "moment")
    page.locator("[name=moment]").fill("2020-01-01T00:00")
    expect(banner).to_contain_text("2020-01-01 00:00")
    expect_zones(page, 0)
    banner.get_by_role("button").click()
    expect(banner).to_be_hidden()
    expect_zones(page, count)


def test_a_township_draws_within_its_own_area(live: Site, desk: Callable[..., Page]) -> None:
    page = at_the_map(desk("t202"))
    start(page)
    page.locator("[data-draw=circle]").click()
    page.locator("[name=circle-lon]").fill("116.2")
    page.locator("[name=circle-lat]").fill("30.2")
    page.keyboard.press("Tab")
    fill(page, "外乡")
    save(page)
    expect(page.locator(".repair [data-error=geometry]")).to_contain_text("不在您负责的地区内")
    with live.database.connect() as connection:
        [(code, lon, lat)] = connection.execute(
            "SELECT code, ST_X(point), ST_Y(point) FROM places_area WHERE level = 'village' AND parent_id = '340882202000'"
            " AND point IS NOT NULL ORDER BY code LIMIT 1"
        ).fetchall()
    assert code
    page.locator("[name=circle-lon]").fill(str(lon))
    page.locator("[name=circle-lat]").fill(str(lat))
    page.locator("[name=circle-radius]").fill("200")
    page.keyboard.press("Tab")
    fill(page, "本乡")
    save(page)
    expect(page.locator("#detail h2")).to_have_text("本乡")
    assert known(live, "本乡")[0][5] == "340882202000"
