"""The roll-up in a real browser: look, drill, export, change a cell as a clerk, import, see why it changed."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from disaster.rules.book import BEIJING
from tests.e2e.conftest import Site
from tests.e2e.looks import camera, fits

pytestmark = pytest.mark.e2e
shot = camera("table")


def an_event(live: Site) -> str:
    """Open an event as the administration pages would, and give its id."""
    with live.database.connect() as connection:
        return str(
            connection.execute(
                "INSERT INTO events_event (id, name, hazard, area_code, started_at, origin, warning)"
                " VALUES (gen_random_uuid(), '汇总演练', 'flood.flash', '340882000000',"
                " now() - interval '1 hour', 'hand', '') RETURNING id"
            ).fetchone()[0]
        )


def cell_of(sheet: Any, code: str, key: str) -> Any:
    column = next(cell.column for cell in sheet[11] if cell.value == key)
    row = next(
        row
        for row in range(12, sheet.max_row + 1)
        if sheet.cell(row, 1).value == code and sheet.cell(row, 3).value != "合计"
    )
    return sheet.cell(row, column)


def test_a_table_is_read_exported_changed_and_explained(
    live: Site, desk: Callable[..., Page], phone: Callable[..., Page], tmp_path: Path
) -> None:
    event = an_event(live)
    village, name, township = live.villages()[0]
    receipt = live.file_report("bureau", village, event=event, figures={"affected": 41})
    page = desk("bureau", "/table/")
    page.locator("[name=event]").select_option(event)
    page.get_by_role("button", name="查看").click()
    county = page.locator("#sums tr.city a").first
    expect(county).to_have_text("41")
    village_row = page.locator(f"#sums tr.village[data-code='{village}']")
    expect(village_row).to_be_hidden()
    page.wait_for_load_state()  # what unfolds does so once the page's code is there
    page.locator(f"[data-unfold='{township[:9]}']").click()
    expect(village_row).to_be_visible()
    expect(village_row).to_contain_text(name)
    shot(page, "unfolded")
    assert fits(page)

    county.click()
    expect(page.locator("#sources")).to_contain_text(receipt["number"])
    shot(page, "sources")
    page.get_by_role("link", name="回到汇总").click()

    # The field knows whole seconds: one at which the first report is there, whatever the machine's speed.
    before = datetime.fromisoformat(receipt["received_at"]).astimezone(BEIJING) + timedelta(seconds=1)
    with page.expect_download() as download:
        page.get_by_role("link", name="导出分乡镇表").click()
    form = tmp_path / "form.xlsx"
    download.value.save_as(form)
    book = load_workbook(form)
    cell = cell_of(book.worksheets[0], village, "affected")
    cell.value = "四十五"
    book.save(form)
    page.locator("#import [name=file]").set_input_files(form)
    page.get_by_role("button", name="导入").click()
    expect(page.locator("#import-errors")).to_contain_text(f"{cell.coordinate}: 受灾人口 须为非负整数")
    shot(page, "errors")
    cell.value = 45
    book.save(form)
    page.locator("#import [name=file]").set_input_files(form)
    page.get_by_role("button", name="导入").click()
    expect(page.locator("#imported")).to_contain_text("已报 1 份续报")

    later = datetime.now(BEIJING) + timedelta(seconds=1)
    page.locator("[name=before]").fill(f"{before:%Y-%m-%dT%H:%M:%S}")
    page.locator("[name=cutoff]").fill(f"{later:%Y-%m-%dT%H:%M:%S}")
    page.get_by_role("button", name="查看").click()
    expect(page.locator("#sums tr.city a").first).to_have_text("45")
    expect(page.locator("#sums tr.city td", has_text="续报 +4").first).to_be_visible()
    expect(page.locator(f"#sums tr.village[data-code='{village}']")).to_contain_text("续报 +4")
    expect(page.locator("#changes")).to_contain_text("+4")
    expect(page.locator("#changes")).to_contain_text("续报")
    expect(page.locator("#bulletin")).to_contain_text(re.compile("1个乡镇.街道.45人受灾"))
    shot(page, "changed")
    assert fits(page)

    small = phone("bureau", "/table/")
    small.locator("[name=event]").select_option(event)
    small.get_by_role("button", name="查看").click()
    expect(small.locator("#sums tr.city a").first).to_have_text("45")
    shot(small, "360")
    assert fits(small)
