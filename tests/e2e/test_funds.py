"""Money from the quota's paper to the household's card: two people, a file for the bank, a refusal paid anew."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Download, Page, expect

from disaster.people.sample import reviewer_name
from tests.e2e.conftest import Site
from tests.e2e.looks import camera, fits

pytestmark = pytest.mark.e2e
shot = camera("funds")
COUNTY = "340882000000"
HOMES = """
from tests.disaster.relief.funds.made import a_programme, granted
batch = a_programme(number="DCE2E009", name="资金演练批次")
for n, (village, name) in enumerate({homes!r}, start=1):
    granted(batch, 13000 * n, village, name=name)
granted(batch, 9900, {homes!r}[0][0], name="缺卡户", card="")
"""
CORRECTED = """
from disaster.relief.needs import services
from disaster.relief.needs.entries import HouseholdEntry
from disaster.relief.needs.models import Household
from disaster.people.sample import person
from disaster.people.scope import rights_of
from django.utils import timezone
it = Household.objects.get(name="=李四")
entry = HouseholdEntry(area=it.area_id, name="李四", members=3, types=["ordinary"], bank=it.bank, card=None)
by = rights_of(person("bureau"), on=timezone.localdate())
services.change(it.pk, entry, version=it.version, by=by, now=timezone.now())
"""


def answered(file: Download, refused: str) -> bytes:
    """The bank adds its columns and sends the file back in its own encoding."""
    rows = list(csv.reader(io.StringIO(Path(file.path()).read_text(encoding="utf-8-sig"))))
    rows[1] += ["结果", "原因"]
    for row in rows[2:-2]:
        row += ["失败", "户名不符"] if refused in row[2] else ["成功", ""]
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue().encode("gbk")


def take(page: Page) -> Download:
    page.locator("#take [name=why]").fill("送代发银行")
    with page.expect_download() as caught:
        page.get_by_role("button", name="下载 .csv").click()
    return caught.value


def upload(page: Page, data: bytes) -> None:
    page.locator("#answer [name=file]").set_input_files(
        {"name": "answer.csv", "mimeType": "text/csv", "buffer": data}
    )
    page.get_by_role("button", name="读入").click()


def make(page: Page, programme: str) -> str:
    """Make a batch of all that may be paid, and give its address."""
    page.goto("/funds/batches/new/")
    page.locator("[name=programme]").first.select_option(label=programme)
    page.get_by_role("button", name="查看").click()
    expect(page.locator("#chosen")).to_contain_text("已选")
    shot(page, "make")
    page.get_by_role("button", name="制单").click()
    page.wait_for_url("**/funds/batches/*-*/")
    return page.url.partition("/funds")[2]


def test_a_quota_reaches_the_cards_and_a_refusal_is_paid_anew(
    live: Site, desk: Callable[..., Page], phone: Callable[..., Page]
) -> None:
    (one, _, _), (two, _, _) = live.villages()[5], live.villages()[80]
    homes = [(one, "王五"), (one, "=李四"), (two, "赵六")]
    live.manage("shell", "-v", "0", "-c", HOMES.format(homes=homes))

    bureau = desk("bureau", "/funds/quotas/new/")
    bureau.locator("[name=number]").fill("财建〔2026〕245号")
    bureau.locator("[name=amount]").fill("1,000.00")
    shot(bureau, "quota-new")
    bureau.get_by_role("button", name="登记").click()
    bureau.wait_for_url("**/funds/quotas/*-*/")
    quota = bureau.url.partition("/funds")[2]
    expect(bureau.locator(".sums a").first).to_contain_text("1,000.00")

    batch = make(bureau, "资金演练批次 冬春救助")
    expect(bureau.locator("#paper")).to_contain_text("请另一位经办人复核放行")
    assert bureau.get_by_role("button", name="确认放行").count() == 0
    shot(bureau, "made")
    leader = desk("leader", f"/funds{batch}")
    shot(leader, "to-release")
    leader.get_by_role("button", name="确认放行").click()
    expect(leader.locator("#paper .badge").first).to_have_text("待银行回盘")

    bureau.reload()
    file = take(bureau)
    expect(bureau.locator("#take li")).to_contain_text("送代发银行")
    wrong = answered(file, "李四").replace(b"260.00", b"260.01", 1)
    upload(bureau, wrong)
    expect(bureau.locator("#wrong-rows li").first).to_contain_text("第 3 行 金额 260.01")
    upload(bureau, answered(file, "李四").replace("王五".encode("gbk"), "孙七".encode("gbk"), 1))
    expect(bureau.locator("#wrong-rows li").first).to_contain_text("户名“孙七”与送出的“王五”不符")
    shot(bureau, "wrong-rows")
    upload(bureau, answered(file, "李四"))
    expect(bureau.locator("#paper .badge").first).to_have_text("已办结")
    expect(bureau.locator("#lines tbody")).to_contain_text("户名不符")
    shot(bureau, "answered")

    live.manage("shell", "-v", "0", "-c", CORRECTED)
    again = make(bureau, "资金演练批次 冬春救助")
    expect(bureau.locator("#lines tbody tr")).to_have_count(1)
    leader.goto(f"/funds{again}")
    leader.get_by_role("button", name="确认放行").click()
    expect(leader.locator("#paper .badge").first).to_have_text("待银行回盘")
    bureau.reload()
    upload(bureau, answered(take(bureau), "nobody"))
    expect(bureau.locator("#paper .badge").first).to_have_text("已办结")

    bureau.goto(f"/funds{quota}?of=paid")
    expect(bureau.locator("#pieces")).to_contain_text("390.00")
    expect(bureau.locator(".sums .balance")).to_contain_text("220.00")
    shot(bureau, "quota")
    bureau.goto("/funds/")
    shot(bureau, "funds")
    assert fits(bureau)
    township = phone(reviewer_name(one), "/funds/")
    expect(township.locator(".papers li").nth(1)).to_contain_text("2 户")
    shot(township, "township-phone")
    assert fits(township)
    township.goto(f"/funds{batch}")
    expect(township.locator("#lines tbody")).not_to_contain_text("赵六")
    shot(township, "batch-phone")
    assert fits(township)
