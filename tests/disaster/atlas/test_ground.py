"""A printed window holds what the map shows with the same choice: of now from the snapshot, of a moment from the replay."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from disaster.atlas import ground, seen
from disaster.atlas.seen import Narrowed
from disaster.refuge import shelters
from disaster.reports.models import Report
from disaster.reports.services import review
from gis.models import Closure, Shelter
from tests.disaster.briefings.made import a_storm
from tests.rows import report_row, store_rows
from tests.sealing import seal_everything
from tests.world import BING, EAST, JIA, WEST, YI, World

pytestmark = pytest.mark.django_db(transaction=True)
BOX = (116.4, 30.5, 116.7, 30.7)
ALL = frozenset(["reports", "zones", "closures", "shelters", "trips"])
HOUR = timedelta(hours=1)


def noon() -> datetime:
    return timezone.now() - 12 * HOUR


def gravities(world: World, **narrowed: Any) -> list[int]:
    """The spots a bureau prints, each by its gravity."""
    by = world.rights("bureau")
    shown = seen.now(by.sees, Narrowed(**narrowed), clock=timezone.now())
    return sorted(spot.gravity for spot in ground.of(BOX, shown, ALL, by=by).reports)


def test_what_stands_is_narrowed_as_on_the_screen(world: World) -> None:
    event = world.event(started_at=noon())
    later = report_row(
        world, event=event, area=JIA, at=noon() + HOUR, kind="followup", hazard="flood", state="seen"
    )
    first = report_row(world, event=event, area=JIA, at=noon(), figures={"dead": 1}, superseded_by=later.id)
    stray = report_row(world, area=BING, at=noon(), figures={"relocated": 3})
    back = {"state": "returned", "returned_at": timezone.now(), "remark": "请核对"}
    store_rows(
        [
            first,
            later,
            report_row(world, event=event, area=BING, at=noon(), figures={"affected": 9}),
            report_row(world, event=event, area=YI, at=noon(), figures={"missing": 1}, **back),
            stray,
        ]
    )
    assert gravities(world) == [0, 1, 2, 3], "the first of 甲 is replaced; what was returned is drawn hollow"
    assert gravities(world, kind="first") == [1, 2, 3]
    assert gravities(world, hazard="flood.flash") == [1, 2, 3]
    assert gravities(world, hazard="flood") == [0, 1, 2, 3]
    assert (gravities(world, township=EAST), gravities(world, township=WEST)) == ([0, 3], [1, 2])
    assert (gravities(world, state="seen"), gravities(world, state="returned")) == ([0], [3])
    assert (gravities(world, event="none"), gravities(world, event=event.pk)) == ([2], [0, 1, 3])


def test_what_was_returned_is_drawn_and_does_not_count(world: World) -> None:
    event = world.event(started_at=noon())
    back = {"state": "returned", "returned_at": timezone.now(), "remark": "请核对"}
    store_rows(
        [
            report_row(world, event=event, area=JIA, at=noon(), figures={"affected": 7}),
            report_row(world, event=event, area=YI, at=noon(), figures={"affected": 50}, **back),
        ]
    )
    by = world.rights("bureau")
    shown = seen.now(by.sees, Narrowed(), clock=timezone.now())
    view = ground.of(BOX, shown, ALL, by=by)
    assert sorted((spot.gravity, spot.is_returned) for spot in view.reports) == [(1, False), (1, True)]
    assert seen.sums(shown.standing) == ({"affected": Decimal(7)}, 1, 1)
    assert seen.affected(shown.standing) == {EAST: Decimal(7)}


def test_a_past_moment_is_what_the_replay_shows_then(world: World) -> None:
    by = world.rights("bureau")
    shelter = Shelter.objects.create(
        name="小学", area_id=JIA, point="SRID=4326;POINT(116.51 30.61)", capacity=100
    )
    event = a_storm(world)
    Closure.objects.create(
        area_id=JIA,
        reason="塌方",
        shape="SRID=4326;POINT(116.51 30.61)",
        radius_m=50,
        valid_from=timezone.now(),
        valid_to=datetime(2099, 1, 1, tzinfo=UTC),
        by_name="市局",
    )
    before = timezone.now()
    report = Report.objects.get(area=JIA)
    review.send_back(report.id, remark="请核对", by=by, now=timezone.now())
    shelters.open_shelter(shelter, by=by, now=timezone.now())
    seal_everything()

    def at(moment: datetime) -> tuple[int, list[str], int]:
        view = ground.of(BOX, seen.then(by.sees, event.pk, moment=moment), ALL, by=by)
        states = [one.state for one in view.shelters]
        return sum(spot.is_returned for spot in view.reports), states, len(view.closures)

    assert at(before) == (0, ["standby"], 1)
    assert at(timezone.now()) == (1, ["open"], 1)
    assert at(before - 30 * HOUR) == (0, ["standby"], 0), "the road was open by then"


def test_lines_and_zones_end_by_the_clock(world: World) -> None:
    now = timezone.now()
    Closure.objects.create(
        area_id=JIA,
        reason="塌方",
        shape="SRID=4326;POINT(116.51 30.61)",
        radius_m=50,
        valid_from=now - 2 * HOUR,
        valid_to=now - HOUR,
        by_name="市局",
    )
    by = world.rights("bureau")
    assert seen.now(by.sees, Narrowed(), clock=now).closures == []
    assert [
        one.reason for one in seen.now(by.sees, Narrowed(), clock=now - 90 * timedelta(minutes=1)).closures
    ] == ["塌方"]
