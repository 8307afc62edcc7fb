"""Need against delivered on an open map: a household signs for its goods, and the number changes by itself."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.e2e.api_steps import sent
from tests.e2e.conftest import Site
from tests.e2e.map_journey import settled

SET_UP = """
import uuid
from datetime import date
from django.contrib.gis.geos import Point
from django.utils import timezone
from disaster.people import sample
from disaster.people.scope import rights_of
from disaster.relief.needs.models import Application, Grant, Household, Programme
from disaster.relief.stock import services
from disaster.relief.stock.checks import Coming
from disaster.relief.stock.models import Place
from gis.models import Area
now, today = timezone.now(), timezone.localdate()
village = Area.objects.get(pk="{village}")
place = Place.objects.create(kind="point", name="旅程储备点", area=village, point=village.point)
keeper = rights_of(sample.person("keeper"), on=today)
services.take_in(uuid.uuid4(), kind="purchase", place=place.pk, batches=[Coming(item="quilt", quantity=9)], by=keeper, now=now)
programme = Programme.objects.create(number="LC-1", name="旅程冬春救助", kind="DC", area_id=sample.COUNTY,
    starts_on=date(today.year, 1, 1), ends_on=date(today.year + 1, 12, 31), opened_at=now, opened_by="市局")
home = Household.objects.create(area=village, name="演练户", members=3, entered_at=now, entered_by="甲", changed_at=now)
one = Application.objects.create(number="LC-1-1", programme=programme, household=home, area=village, state="approved",
    persons=3, clothing=3, applied_at=now, changed_at=now)
Grant.objects.create(application=one, item_id="quilt", quantity=2, decided_at=now, decided_by="市局")
print("made", one.pk, place.pk)
"""


@pytest.fixture
def village(live: Site) -> str:
    """A village that waits for two quilts which lie at its point."""
    return live.villages()[70][0]


@pytest.fixture
def waiting(live: Site, village: str) -> tuple[str, str]:
    """The application that waits, and the place where its goods lie."""
    words = live.manage("shell", "-c", SET_UP.format(village=village)).split("made")[-1].split()
    return words[0], words[1]


def test_a_signature_changes_the_number_on_an_open_map(
    desk: Callable[..., Page],
    signed_in_context: Callable[..., BrowserContext],
    village: str,
    waiting: tuple[str, str],
) -> None:
    page = settled(desk(path="/map/?relief=quilt"))
    expect(page.locator("html")).to_have_attribute("data-relief-settled", "0")
    panel = page.locator("#tool-panel")
    expect(panel).to_contain_text("到户 0 / 核准 2 / 需求 2")
    drawn = int(page.locator("html").get_attribute("data-relief-drawn") or 0)
    page.evaluate("window.kept = true")

    signed_for(signed_in_context(f"v{village[6:]}a"), waiting)

    expect(panel).to_contain_text("到户 2 / 核准 2 / 需求 2")
    expect(page.locator("html")).to_have_attribute("data-relief-settled", "2")
    # The village and its township alone were coloured anew.
    expect(page.locator("html")).to_have_attribute("data-relief-drawn", str(drawn + 2))
    assert page.evaluate("window.kept") is True  # nobody reloaded the page

    page.locator("#tool-panel [data-item=clothing]").click()
    expect(page.locator("html")).to_have_attribute("data-relief", "clothing")
    page.locator("[data-tool=relief]").click()
    expect(page.locator("html")).not_to_have_attribute("data-relief", "clothing")

    board = desk(path="/relief/board/")
    expect(board.locator("[data-item=quilt] [data-role=settled]")).to_have_text("2")


def signed_for(officer: BrowserContext, waiting: tuple[str, str]) -> None:
    """Sign for both quilts, as the village's officer."""
    issue = {
        "id": str(uuid.uuid4()),
        "application": waiting[0],
        "place": waiting[1],
        "goods": {"quilt": 2},
        "signer": "演练户",
        "taken_at": datetime.now(UTC).isoformat(),
    }
    sent(officer, "POST", "/api/issues", issue, status=(201,))
