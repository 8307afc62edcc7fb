"""The reports of a printed window are those the live map shows with the same choice, then as now."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from disaster.atlas import ground
from disaster.atlas.ground import Narrowed
from disaster.reports.services import assign_reports, merge_events
from tests.rows import report_row, store_rows
from tests.world import BING, EAST, JIA, WEST, YI, World

pytestmark = pytest.mark.django_db
BOX = (116.4, 30.5, 116.7, 30.7)
NOON = datetime(2026, 7, 5, 4, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def gravities(world: World, moment: datetime = NOON + 9 * HOUR, **narrowed: str | UUID) -> list[int]:
    """The spots a bureau prints, each by its gravity."""
    wanted = Narrowed(**narrowed)  # type: ignore[arg-type]
    view = ground.at(BOX, moment, frozenset(["reports"]), wanted, by=world.rights("bureau"))
    return sorted(spot.gravity for spot in view.reports)


def test_what_stands_is_found_first_and_then_narrowed(world: World) -> None:
    event = world.event(started_at=NOON)
    store_rows(
        [
            report_row(world, event=event, area=JIA, at=NOON, figures={"dead": 1}),
            report_row(
                world, event=event, area=JIA, at=NOON + HOUR, kind="followup", hazard="flood", figures={}
            ),
            report_row(world, event=event, area=BING, at=NOON, figures={"affected": 9}),
        ]
    )
    assert gravities(world) == [0, 1]
    assert gravities(world, kind="first") == [1], "the first report of 甲 is superseded"
    assert gravities(world, kind="followup") == [0]
    assert gravities(world, hazard="flood.flash") == [1]
    assert gravities(world, hazard="flood") == [0, 1]
    assert (gravities(world, township=EAST), gravities(world, township=WEST)) == ([0], [1])
    assert gravities(world, NOON, kind="first") == [1, 3], "as it was at noon"


def test_at_a_past_moment_reports_stand_in_the_event_of_that_time(world: World) -> None:
    one, other = (world.event(started_at=NOON, name=name) for name in ("甲河", "乙河"))
    stray = report_row(world, area=BING, at=NOON, figures={"relocated": 3})
    store_rows(
        [
            report_row(world, event=one, area=JIA, at=NOON, figures={"dead": 1}),
            report_row(world, event=other, area=JIA, at=NOON + HOUR, figures={"affected": 1}),
            report_row(world, event=one, area=YI, at=NOON, figures={"affected": 1}),
            stray,
        ]
    )
    by = world.rights("bureau")
    assign_reports([stray.id], one, by=by, now=NOON + 2 * HOUR)
    merge_events(one, other, by=by, now=NOON + 3 * HOUR)

    assert gravities(world, event=one.pk) == []
    assert gravities(world, event=other.pk) == [1, 1, 2], "甲 twice: the newest counts"
    before, between = NOON + HOUR, NOON + 2 * HOUR
    assert gravities(world, before, event=one.pk) == [1, 3]
    assert gravities(world, between, event=one.pk) == [1, 2, 3]
    assert gravities(world, between, event=other.pk) == [1]
    assert gravities(world, between) == [1, 1, 2, 3]
