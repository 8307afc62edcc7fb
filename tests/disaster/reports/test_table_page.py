"""The roll-up page's statements do not grow, and the doors of the forms keep to the policy."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import load_workbook

from disaster.registers import services as registers
from gis.models import Area
from tests.disaster.registers.filled import a_casualty, a_number
from tests.rows import report_row, store_rows
from tests.world import BING, COUNTY, EAST, JIA, World

pytestmark = pytest.mark.django_db


def many(world: World, event: Any, villages: int, reports: int) -> None:
    """Villages of the eastern township, each with a chain of reports."""
    start = timezone.now() - timedelta(hours=1)
    codes = [f"340882101{300 + n}" for n in range(villages)]
    Area.objects.bulk_create(Area(code=c, name=f"村{c}", level="village", parent_id=EAST) for c in codes)
    rows = []
    for code in codes:
        for n in range(reports):
            at = start + timedelta(minutes=n)
            rows.append(
                report_row(world, area=code, event=event, at=at, kind="followup", figures={"affected": n})
            )
    store_rows(rows)


def statements(client: Client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(
        connection,
    ) as caught:
        assert client.get(address).status_code == 200
    return len(caught)


OF_A_COUNTY = [
    "/table/?event={event}&before={before}&group=people",
    "/table/sources/?event={event}&area=340882000000&key=affected",
    "/api/forms/detail?event={event}",
    "/api/forms/fast?event={event}",
]


def test_a_county_of_reports_costs_no_more_statements(
    world: World, client_of: Callable[[str], Client]
) -> None:
    event = world.event(started_at=timezone.now() - timedelta(hours=2))
    store_rows([report_row(world, area=JIA, event=event, figures={"affected": 1})])
    before = (timezone.now() - timedelta(minutes=45)).isoformat().replace("+", "%2B")
    addresses = [address.format(event=event.id, before=before) for address in OF_A_COUNTY]
    client = client_of("bureau")
    few = {address: statements(client, address) for address in addresses}
    many(world, event, 183, 30)
    assert {address: statements(client, address) for address in addresses} == few


@pytest.mark.parametrize(
    ("account", "status"),
    [
        ("bureau", 200),
        ("east", 200),
        ("leader", 200),
        ("auditor", 200),
        ("jia_a", 403),
        ("keeper", 403),
        ("admin", 403),
        ("foreign", 400),
    ],
)
def test_who_may_take_a_form(
    world: World, client_of: Callable[[str], Client], account: str, status: int
) -> None:
    event = world.event()
    assert client_of(account).get(f"/api/forms/detail?event={event.id}").status_code == status


def test_the_registers_leave_masked(world: World, client_of: Callable[[str], Client]) -> None:
    event, number = world.event(), a_number()
    entry = a_casualty(event, identity=number)
    registers.enter("casualties", entry, by=world.rights("east"), now=timezone.now())
    address = f"/api/forms/registers?event={event.id}"
    assert client_of("leader").get(address).status_code == 403
    assert client_of("jia_a").get(address).status_code == 403
    for account, count in (("bureau", 1), ("east", 1), ("west", 0)):
        forms = load_workbook(io.BytesIO(client_of(account).get(address).content))
        told = [row for row in forms["应急统表8"].iter_rows(min_row=6, values_only=True) if row[2]]
        assert len(told) == count
        assert number not in str(told)
        assert not count or f"340824********{number[-4:]}" in told[0]


def test_a_township_never_sees_another(world: World, client_of: Callable[[str], Client]) -> None:
    event = world.event(started_at=timezone.now() - timedelta(hours=2))
    store_rows([report_row(world, area=BING, event=event, figures={"affected": 5})])
    page = client_of("east").get(f"/table/?event={event.id}").content.decode()
    assert "西乡" not in page
    for area, status in ((EAST, 200), (BING, 404), (COUNTY, 404)):
        answer = client_of("east").get(f"/table/sources/?event={event.id}&area={area}&key=affected")
        assert answer.status_code == status
