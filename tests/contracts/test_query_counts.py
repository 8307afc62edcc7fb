"""Lists cost the same number of statements whatever their length."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from disaster.journal import seal
from disaster.reports.services import submit_many
from gis import tally, tiles
from tests.world import BING, JIA, YI, World, a_report, submission

pytestmark = pytest.mark.django_db
LISTS = [
    "/api/feed/snapshot",
    "/api/totals",
    "/api/areas",
    "/api/me",
    "/tiles/",
    "/tiles/reports/8/210/105.mvt",
]


def file(world: World, count: int) -> None:
    event = world.event()
    for area, account in ((JIA, "jia_a"), (YI, "yi_a"), (BING, "bing_a")):
        by = world.rights(account)
        batch = [a_report(area, event=event.id, figures={"affected": Decimal(n + 1)}) for n in range(count)]
        submit_many([submission(report, by) for report in batch])


def cost(client: Client, path: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(path).status_code == 200
    return len(captured)


@pytest.mark.parametrize("path", LISTS)
def test_a_list_costs_the_same_at_three_and_at_three_hundred_rows(
    world: World, client_of: Callable[[str], Client], path: str
) -> None:
    client = client_of("bureau")
    seal.current_life()  # begun once for all
    tally.refresh()
    file(world, 1)
    tiles.forget()
    few = cost(client, path)
    file(world, 100)
    tiles.forget()
    assert cost(client, path) == few
    assert few <= 20  # a snapshot asks a question or two for each kind of object


@pytest.mark.parametrize("count", [1, 30])
def test_a_report_with_its_history_costs_the_same(
    world: World, client_of: Callable[[str], Client], count: int
) -> None:
    event, by = world.event(), world.rights("jia_a")
    last = None
    for n in range(count):
        report = a_report(JIA, event=event.id, corrects=last, figures={"affected": Decimal(n + 1)})
        submit_many([submission(report, by)])
        last = report.id
    assert cost(client_of("bureau"), f"/api/reports/{last}") == 4
