"""The desk pages ask the database the same number of questions for 3 reports and for 183 villages × 5."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.contrib.gis.geos import Point
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from disaster.events.models import Event
from disaster.rules import book
from gis.models import Area, HazardZone
from tests.rows import report_row, store_rows
from tests.world import BING, EAST, JIA, YI, World, square

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

PAGES = (
    "/review/",
    "/review/?flagged=1",
    "/duty/",
    "/events/",
    "/events/{event}/",
    "/map/",
    "/registers/",
    "/shelters/",
    "/evacuation/",
)


def fill(world: World, event: Event, villages: list[str], versions: int) -> None:
    rows = []
    begin = timezone.now() - timedelta(hours=20)
    for number, area in enumerate(villages):
        before = None
        for turn in range(versions):
            row = report_row(
                world,
                event=event,
                area=area,
                at=begin + timedelta(minutes=turn, seconds=number),
                kind="followup" if before else "first",
                corrects=before and before.id,
                figures={"affected": 5 + turn, "relocated": turn},
                method="gps",
                datum="wgs84",
                point=Point(116.5 + number % 20 / 100, 30.6 + number // 20 / 100, srid=4326),
                raw_lon=116.5,
                raw_lat=30.6,
            )
            if before is not None:
                before.superseded_by = row.id
            before = row
            rows.append(row)
    store_rows(rows)


def more_villages(count: int) -> list[str]:
    codes = [f"340882101{n:03d}" for n in range(300, 300 + count)]
    Area.objects.bulk_create(
        Area(
            code=code,
            name=f"村{code[9:]}",
            level="village",
            parent_id=EAST,
            population=900,
            point=Point(116.5 + n % 20 / 100, 30.6 + n // 20 / 100, srid=4326),
        )
        for n, code in enumerate(codes)
    )
    return codes


def counts(client: Client, event: Event) -> dict[str, int]:
    found = {}
    for page in PAGES:
        client.get(page.format(event=event.id))  # rules and sessions are read once
        with CaptureQueriesContext(connection) as asked:
            answer = client.get(page.format(event=event.id))
        assert answer.status_code == 200, page
        found[page] = len(asked)
    return found


def test_a_county_in_a_storm_costs_no_more_questions_than_three_villages(
    world: World, client_of: Callable[[str], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        book, "BELIEVED_S", 3600.0
    )  # filling takes a while; the rules are not read anew in it
    event = world.event(started_at=timezone.now() - timedelta(days=1))
    HazardZone.objects.create(
        name="河",
        kind="flood",
        level="red",
        area_id=JIA,
        boundary=square(116.50, 30.60),
        valid_from=event.started_at,
    )
    fill(world, event, [JIA, YI, BING], 1)
    client = client_of("bureau")
    few = counts(client, event)
    fill(world, event, more_villages(180), 5)
    assert counts(client, event) == few
    assert max(few.values()) <= 20, few
