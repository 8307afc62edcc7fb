"""The bureau's map as a tool: found, measured, kept, shared, charted, printed, and all of it by keyboard."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from pypdf import PdfReader

from tests.e2e.api_steps import sent
from tests.e2e.conftest import Site
from tests.e2e.field_steps import until
from tests.e2e.looks import camera, folder
from tests.e2e.map_journey import a_village, file, settled

LONGWAN = "340882202205"
shot = camera("command", whole=False)


def tool(page: Page, name: str) -> None:
    """Open a tool from the menu."""
    page.locator("#tool-bar .more summary").click()
    page.locator(f"[data-tool={name}]").click()


def middle(page: Page) -> tuple[float, float]:
    box = page.locator("#map").bounding_box()
    assert box is not None
    return box["x"] + box["width"] * 0.6, box["y"] + box["height"] * 0.55


@pytest.fixture
def storm(live: Site, signed_in_context: Callable[..., BrowserContext]) -> str:
    """An event with reports of three villages."""
    started = (datetime.now(UTC) - timedelta(hours=2)).isoformat()
    body = {
        "name": f"暴雨{datetime.now(UTC):%H%M%S%f}",
        "hazard": "flood.flash",
        "area": "340882000000",
        "started_at": started,
    }
    event = sent(signed_in_context("bureau"), "POST", "/api/events", body)
    found = event.get("event", event)["id"]
    for affected in (120, 800, 45):
        file(live, a_village(live), event=found, figures={"affected": affected})
    return str(found)


def test_a_village_is_found_by_its_initials_and_the_map_flies_there(desk: Callable[..., Page]) -> None:
    page = settled(desk())
    page.keyboard.press("/")
    box = page.get_by_role("combobox", name="在地图上检索")
    expect(box).to_be_focused()
    page.keyboard.type("lwc")
    options = page.locator("#found [role=option]")
    expect(options.first).to_contain_text("龙湾村")
    shot(page, "search")
    page.keyboard.press("Enter")
    expect(page.locator("#detail h2")).to_have_text("龙湾村")
    expect(page.locator("#detail")).to_contain_text("灾害信息员A角")
    expect(page.locator("#detail .people")).to_contain_text("****")
    expect(page.locator("html")).to_have_attribute("data-found", f"village:{LONGWAN}")
    shot(page, "search-card")
    page.keyboard.press("/")
    page.keyboard.type("中心学校")
    expect(options.nth(1)).to_be_visible()
    page.keyboard.press("ArrowDown")
    expect(options.nth(1)).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Escape")
    expect(page.locator("#found")).to_be_hidden()
    box.fill("zzzz")
    expect(page.locator(".found-note")).to_contain_text("没有找到")


def test_a_township_finds_nothing_of_another(desk: Callable[..., Page], live: Site) -> None:
    page = settled(desk("v202205a"))
    page.locator("#find").fill("潜山")
    expect(page.locator(".found-note")).to_contain_text("没有找到")
    page.locator("#find").fill("lwc")
    expect(page.locator("#found [role=option]")).to_have_count(1)


def test_a_distance_and_an_area_are_measured_and_who_lies_around(desk: Callable[..., Page]) -> None:
    page = settled(desk())
    page.keyboard.press("m")
    x, y = middle(page)
    page.mouse.click(x, y)
    page.mouse.click(x + 80, y + 60)
    until(page, "Number(document.documentElement.dataset.measured) > 1000")
    expect(page.locator(".measured")).to_contain_text("公里")
    page.locator("[name=mode][value=area]").check()
    for dx, dy in ((0, 0), (90, 0), (90, 90)):
        page.mouse.click(x + dx, y + dy)
    expect(page.locator(".measured")).to_contain_text(re.compile(r"平方公里 · [\d,.]+ 亩"))
    shot(page, "measure")
    page.locator("[name=mode][value=around]").check()
    page.locator("[name=middle]").click()
    page.locator("[name=distance]").fill("3000")
    page.locator("[name=distance]").press("Tab")
    expect(page.locator(".threatened [data-key=villages]")).to_have_attribute(
        "data-value", re.compile(r"^[1-9]")
    )
    expect(page.locator(".threatened [data-key=road_km]")).to_be_visible()
    shot(page, "around")
    for dx, dy in ((40, 0), (80, 40), (120, 0)):  # a line that grows is asked about anew
        with page.expect_response("**/api/map/around"):
            page.mouse.click(x + dx, y + dy)
    page.locator("#map canvas").focus()
    page.keyboard.press("Escape")  # what was drawn goes first
    expect(page.locator("#tool-panel")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#tool-panel")).to_be_hidden()


def test_a_lasso_selects_what_goes_out(desk: Callable[..., Page]) -> None:
    page = settled(desk())
    page.locator("[data-tool=select]").click()
    page.locator("[name=where]").select_option("lasso")
    x, y = middle(page)
    page.mouse.move(x - 120, y - 100)
    page.mouse.down()
    for dx, dy in ((120, -110), (140, 90), (0, 130), (-130, 80), (-120, -95)):
        page.mouse.move(x + dx, y + dy, steps=4)
    page.mouse.up()
    expect(page.locator("[data-role=shape]")).to_contain_text(re.compile(r"村 [1-9]\d* 个"))
    shot(page, "lasso")
    with page.expect_download() as done:
        page.get_by_role("button", name="导出文件").click()
    assert done.value.suggested_filename.endswith((".geojson", ".zip"))


def test_a_shared_view_opens_with_the_readers_own_scope(desk: Callable[..., Page]) -> None:
    page = settled(desk())
    page.get_by_label("乡镇", exact=True).select_option(label="黄铺镇")
    page.locator("#legend summary").click()
    page.locator("[name=layer][value=shelters]").uncheck()
    tool(page, "views")
    page.get_by_label("视图名称").fill("黄铺值班")
    page.get_by_role("button", name="保存当前视图").click()
    share = page.get_by_role("button", name="分享", exact=True)
    said = page.locator("#tool-panel [role=status]")
    page.route("**/api/map/views/*", lambda route: route.abort())
    share.click()
    expect(said).to_have_text("网络不通")
    page.unroute("**/api/map/views/*")
    page.evaluate("void (navigator.clipboard.writeText = () => Promise.reject(new Error()))")
    share.click()
    expect(said).to_contain_text("请自己复制")
    link = page.locator("#tool-panel [role=status] a").get_attribute("href") or ""
    shot(page, "views")

    other = settled(desk("v202205a", link[link.index("/map/") :]))
    note = other.locator("#view-note")
    expect(note).to_contain_text("黄铺值班")
    expect(note).to_contain_text("不在您的范围内")
    expect(other.locator("html")).to_have_attribute("data-hidden-layers", "shelters")
    assert len(other.request.get("/api/areas").json()["areas"]) < 10
    shot(other, "views-shared")


def test_layers_are_remembered_on_the_device(desk: Callable[..., Page]) -> None:
    page = settled(desk())
    page.keyboard.press("l")
    shot(page, "layers")
    page.locator("[name=layer][value=roads]").uncheck()
    page.reload()
    settled(page)
    expect(page.locator("html")).to_have_attribute("data-hidden-layers", "roads")


def test_a_chart_grows_and_its_bar_leads_to_the_place(desk: Callable[..., Page], storm: str) -> None:
    page = settled(desk())
    page.keyboard.press("c")
    page.locator("#tool-panel [name=event]").select_option(storm)
    expect(page.locator(".charts")).to_have_attribute("data-total", "965")
    expect(page.get_by_role("img", name=re.compile("受灾人口.*965"))).to_be_visible()
    shot(page, "charts")
    page.get_by_text("各时刻的数字").click()
    expect(page.locator(".charts table tbody tr").last).to_contain_text("965")
    page.locator(".ranking button").first.click()
    expect(page.locator("html")).to_have_attribute("data-found", re.compile(r"^area:\d{12}$"))


def printed(page: Page, keep: Path) -> str:
    """Print as it stands, and give the words of the sheet."""
    with page.expect_download() as done:
        page.get_by_role("button", name="生成图纸").click()
    done.value.save_as(keep)
    (sheet,) = PdfReader(keep).pages
    return sheet.extract_text()


def figures(page: Page, cells: str) -> dict[str, str]:
    """The totals beside the map, as they are written."""
    return dict(
        page.locator(cells).evaluate_all(
            "(cells) => cells.map((cell) => [cell.closest('[data-key]').dataset.key, cell.textContent])"
        )
    )


def test_a_window_is_printed_as_it_stands_on_the_screen(
    live: Site, desk: Callable[..., Page], storm: str, tmp_path: Path
) -> None:
    read = file(live, a_village(live), event=storm, figures={"affected": 1300, "relocated": 20})
    file(live, a_village(live), figures={"affected": 77})
    page = settled(desk())
    sent(page, "POST", f"/api/reports/{read['id']}/seen", {})
    page.locator("select[name=event]").select_option(storm)
    page.keyboard.press("p")
    page.locator("#tool-panel [name=title]").fill("潜山市值班形势图")
    shot(page, "print-tool")
    cells = ".counters .value"
    folder_ = folder() or tmp_path
    for field, value, affected, told in (
        ("state", "seen", "1,300", "状态:已阅"),
        ("state", "", "2,265", "灾害过程:暴雨"),
        ("event", "none", "77", "未归入过程"),
    ):
        page.locator(f"select[name={field}]").select_option(value)
        shown = page.locator(f"{cells}[data-key=affected]")
        expect(shown).to_have_text(affected)
        words = printed(page, folder_ / f"command-printed-{field}{value}.pdf")
        assert told in words.replace("\n", "")
        for text in (
            "潜山市值班形势图",
            "图例",
            f"{affected} 人",
            f"{figures(page, cells)['relocated']} 人",
            "内部资料",
        ):
            assert text in words, text


def test_the_map_follows_the_look_of_the_page(desk: Callable[..., Page]) -> None:
    page = settled(desk())
    expect(page.locator("html")).to_have_attribute("data-map-painted", "light")
    page.locator("[data-theme-switch]").select_option("dark")
    expect(page.locator("html")).to_have_attribute("data-map-painted", "dark")
    shot(page, "dark")


def test_the_keys_are_told_and_can_be_switched_off(desk: Callable[..., Page]) -> None:
    page = settled(desk())
    page.keyboard.press("?")
    sheet = page.get_by_role("dialog", name="快捷键")
    expect(sheet).to_be_visible()
    shot(page, "keys")
    sheet.get_by_label("启用单键快捷键").uncheck()
    page.keyboard.press("Escape")
    page.keyboard.press("m")
    expect(page.locator("#tool-panel")).to_be_hidden()
    page.locator("#tool-bar .more summary").click()
    shot(page, "menu")


def test_the_keys_stay_off_where_nothing_can_be_kept_and_rest_while_the_past_is_shown(
    live: Site, desk: Callable[..., Page], storm: str
) -> None:
    page = desk()
    page.add_init_script(
        "Object.defineProperty(window, 'localStorage', { get() { throw new Error('forbidden'); } })"
    )
    page.reload()
    settled(page)
    page.locator("[data-tool=replay]").click()
    theatre = page.locator(".theatre")
    expect(theatre).to_have_attribute("data-ready", "replay")
    page.keyboard.press("m")
    page.keyboard.press("?")
    expect(page.locator("dialog[open]")).to_have_count(0)
    expect(theatre).to_be_visible()
    page.locator(".to-now").click()
    expect(theatre).to_have_count(0)
    page.keyboard.press("?")
    page.get_by_label("启用单键快捷键").uncheck()
    page.keyboard.press("Escape")
    page.keyboard.press("m")
    expect(page.locator("#tool-panel")).to_be_hidden()


def test_on_a_phone_all_tools_stand_in_one_menu(phone: Callable[..., Page]) -> None:
    page = settled(phone("bureau", "/map/"))
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    shot(page, "phone")
    page.locator("#tool-bar .more summary").tap()
    shot(page, "phone-menu")
    page.locator("[data-tool=measure]").tap()
    shot(page, "phone-measure")
    page.get_by_role("combobox", name="在地图上检索").fill("lwc")
    page.locator("#found [role=option]").first.tap()
    expect(page.locator("#detail h2")).to_have_text("龙湾村")
    shot(page, "phone-found")


def test_by_keyboard_whatever_was_opened_closes_and_gives_the_place_back(desk: Callable[..., Page]) -> None:
    page = settled(desk())
    for name in ("#legend", ".pages"):
        page.locator(f"{name} summary").press("Enter")
        expect(page.locator(name)).to_have_attribute("open", "")
        page.keyboard.press("Tab")
        page.keyboard.press("Escape")
        expect(page.locator(name)).not_to_have_attribute("open", "")
        expect(page.locator(f"{name} summary")).to_be_focused()
    page.locator("[data-tool=moment]").press("Enter")
    expect(page.locator("#tool-panel h2")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.locator("#tool-panel button").first).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("[data-tool=moment]")).to_be_focused()
    page.locator("#tool-bar .more summary").press("Enter")
    page.locator("[data-tool=print]").press("Enter")
    expect(page.locator("#tool-panel h2")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#tool-bar .more summary")).to_be_focused()


def test_the_past_keeps_the_keyboard_and_gives_it_back(desk: Callable[..., Page], storm: str) -> None:
    page = settled(desk())
    page.locator("[data-tool=replay]").press("Enter")
    expect(page.locator(".theatre")).to_have_attribute("data-ready", "replay")
    expect(page.locator(".theatre .to-now")).to_be_focused()
    beneath = (
        "document.activeElement === document.body || Boolean(document.activeElement.closest('.theatre'))"
    )
    for _ in range(30):
        page.keyboard.press("Tab")
        assert page.evaluate(beneath), "the live map beneath took the keyboard"
    page.locator(".theatre .to-now").press("Escape")
    expect(page.locator("[data-tool=replay]")).to_be_focused()


def test_a_new_report_is_told_to_who_hears_the_page(
    live: Site, desk: Callable[..., Page], storm: str
) -> None:
    page = settled(desk())
    expect(page.locator("#heard")).to_have_text("")
    village = a_village(live)
    # Of an event: what is printed of no event in this file is what its own journey filed.
    file(live, village, event=storm, figures={"affected": 31})
    expect(page.locator("#heard")).to_have_text(re.compile(rf"新报告:.*{village.name},受灾人口 31 人"))
