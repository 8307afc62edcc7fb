"""The bureau's live map: what officers file appears by itself, and stays true through breaks."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.cable import Cable
from tests.e2e.conftest import Site
from tests.e2e.map_journey import LIVE, a_village, expect_value, file, row, settled, until_painted, value


def test_a_report_appears_without_a_reload_and_counts(live: Site, desk: Callable[..., Page]) -> None:
    village = a_village(live)
    page = settled(desk())
    page.evaluate("window.opened = 'before'")
    affected, relocated = value(page, "affected"), value(page, "relocated")

    receipt = file(live, village, figures={"affected": 321, "relocated": 21})

    expect(row(page, receipt)).to_contain_text(village.name)
    expect(row(page, receipt)).to_contain_text("未阅")
    expect_value(page, "affected", affected + 321)
    expect_value(page, "relocated", relocated + 21)
    assert page.evaluate("window.opened") == "before"
    until_painted(page, receipt)


def test_a_later_version_replaces_the_earlier_and_greys_it(live: Site, desk: Callable[..., Page]) -> None:
    village = a_village(live)
    page = settled(desk())
    affected = value(page, "affected")
    first = file(live, village, figures={"affected": 100})
    expect_value(page, "affected", affected + 100)

    later = file(live, village, kind="followup", corrects=first["id"], figures={"affected": 250})

    expect(row(page, later)).to_be_visible()
    expect(row(page, first)).to_contain_text("已被更新")
    expect_value(page, "affected", affected + 250)


def test_two_versions_that_cross_are_both_shown(live: Site, desk: Callable[..., Page]) -> None:
    village = a_village(live)
    page = settled(desk())
    first = file(live, village)
    one = file(live, village, kind="followup", corrects=first["id"], figures={"affected": 200})
    other = file(live, village, kind="followup", corrects=first["id"], figures={"affected": 220})

    expect(row(page, other)).to_contain_text("两版交叉")
    expect(row(page, one)).to_be_visible()


def test_the_totals_on_the_map_are_the_servers(live: Site, desk: Callable[..., Page]) -> None:
    village = a_village(live)
    page = settled(desk())
    receipt = file(live, village, figures={"affected": 77, "crops_affected": 12.34, "loss_total": 5.5})
    row(page, receipt).wait_for()

    totals = page.evaluate("fetch('/api/totals').then((answer) => answer.json())")

    for key in ("affected", "crops_affected", "loss_total"):
        assert value(page, key) == pytest.approx(float(totals["figures"][key]))
    note = page.locator(".counters-note")
    assert note.get_attribute("data-reports") == str(totals["reports"])
    assert note.get_attribute("data-villages") == str(totals["villages"])


def test_a_break_is_told_and_caught_up_from_the_position_had(live: Site, desk: Callable[..., Page]) -> None:
    village = a_village(live)
    page = desk(path="/briefings/")
    cable = Cable(page)
    snapshots: list[str] = []
    page.on("request", lambda request: snapshots.extend([request.url] * ("feed/snapshot" in request.url)))
    page.goto("/map/")
    settled(page)

    cable.cut()
    page.locator("html[data-light=down]").wait_for(state="attached")
    expect(page.locator("#light")).to_contain_text("已断开")
    missed = file(live, village, figures={"affected": 9})
    expect(row(page, missed)).to_have_count(0)

    cable.mend()
    page.locator(LIVE).wait_for(state="attached", timeout=30_000)
    expect(row(page, missed)).to_be_visible()
    assert len(snapshots) == 1


def test_a_restarted_server_is_told_and_followed_again(live: Site, desk: Callable[..., Page]) -> None:
    village = a_village(live)
    page = settled(desk())
    before = file(live, village)
    row(page, before).wait_for()

    live.kill()
    page.locator("html[data-light=down]").wait_for(state="attached")
    live.start()

    page.locator(LIVE).wait_for(state="attached", timeout=60_000)
    expect(row(page, before)).to_be_visible()
    after = file(live, village, kind="followup", corrects=before["id"], figures={"affected": 130})
    expect(row(page, after)).to_be_visible()


def test_an_officer_sees_only_the_own_village(live: Site, desk: Callable[..., Page]) -> None:
    village = a_village(live)
    elsewhere = a_village(live)
    own, foreign = file(live, village), file(live, elsewhere)

    page = settled(desk(village.officer))

    expect(row(page, own)).to_be_visible()
    expect(row(page, foreign)).to_have_count(0)
    later = file(live, elsewhere, kind="followup", corrects=foreign["id"])
    mine = file(live, village, kind="followup", corrects=own["id"])
    expect(row(page, mine)).to_be_visible()
    expect(row(page, later)).to_have_count(0)
