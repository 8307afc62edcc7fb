"""Replay: the state of a moment is what the feed had told, its totals are the roll-up's, pages lose nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from disaster.briefings.replay import moments, since
from disaster.events import zones
from disaster.events.models import Event
from disaster.journal import append, replay, snapshot
from disaster.reports import rollup
from disaster.reports.models import Report
from disaster.reports.services import merge_events, review, submit
from gis.scope import AreaScope
from tests.disaster.briefings.made import FIGURES, a_briefing, a_storm
from tests.rows import report_row, store_rows
from tests.sealing import seal_everything
from tests.world import BING, COUNTY, EAST, JIA, WEST, YI, World, a_report, square, submission

pytestmark = pytest.mark.django_db(transaction=True)
EVERYWHERE = AreaScope.of([COUNTY])


def told(objects: list[msgspec.Raw]) -> dict[tuple[str, str], dict[str, Any]]:
    read = [msgspec.json.decode(one) for one in objects]
    return {(one["object"], one["id"]): one for one in read}


def a_followup(world: World, event: Event, affected: int) -> Report:
    """Village 甲 files anew, upon what it filed first."""
    first = Report.objects.get(area=JIA, superseded_by=None)
    report = a_report(
        JIA,
        event=event.id,
        kind="followup",
        corrects=first.id,
        figures={key: Decimal(value) for key, value in (FIGURES[JIA] | {"affected": affected}).items()},
    )
    submit(submission(report, world.rights("jia_a")))
    seal_everything()
    return Report.objects.get(id=report.id)


def a_zone(world: World) -> Any:
    return zones.draw_zone(
        name="龙湾滑坡",
        kind="landslide",
        level="red",
        area_code=EAST,
        boundary=square(116.40, 30.60),
        source="",
        valid_from=timezone.now(),
        valid_to=None,
        note="",
        by=world.rights("bureau"),
        now=timezone.now(),
    )


def test_the_newest_moment_is_what_the_snapshot_shows(world: World) -> None:
    event = a_storm(world)
    a_followup(world, event, affected=140)
    a_zone(world)
    seal_everything()
    now = told(replay.state(timezone.now(), scope=EVERYWHERE, event=event.id))
    encoder = msgspec.json.Encoder(decimal_format="number")
    live = told([msgspec.Raw(encoder.encode(one)) for one in snapshot.take(EVERYWHERE)["objects"]])

    assert {key: now[key] for key in live if key[0] in ("report", "zone")} == {
        key: one for key, one in live.items() if key[0] in ("report", "zone")
    }


def test_a_replaced_report_stood_before_it_was_replaced_and_the_pages_lead_from_then_to_now(
    world: World,
) -> None:
    event = a_storm(world)
    seal_everything()
    before = timezone.now()
    after = a_followup(world, event, affected=140)
    then = told(replay.state(before, scope=EVERYWHERE, event=event.id))
    assert then["report", str(after.corrects)]["superseded_by"] is None
    assert ("report", str(after.id)) not in then

    rows, cursor = [], (before, None)
    while page := replay.changes(cursor[0], timezone.now(), scope=EVERYWHERE, after=cursor[1], limit=1):
        rows += page
        cursor = (page[-1].at, page[-1].id)
    for row in rows:
        then |= told(msgspec.json.decode(row.put, type=list[msgspec.Raw]))
    assert then == told(replay.state(timezone.now(), scope=EVERYWHERE, event=event.id))


def test_a_township_is_told_of_its_own_only(world: World) -> None:
    event = a_storm(world)
    seal_everything()
    east = AreaScope.of([EAST])
    seen = told(replay.state(timezone.now(), scope=east, event=event.id))
    assert {one["area"] for (kind, _), one in seen.items() if kind == "report"} <= {JIA, YI}
    assert all(
        east.touches(row.area_code) for row in replay.changes(event.started_at, timezone.now(), scope=east)
    )
    assert set(moments.totals(event.id, east, at=timezone.now())["areas"]) <= {JIA, YI}


def test_totals_are_the_roll_ups_at_each_moment(world: World) -> None:
    event = a_storm(world)
    middle = timezone.now()
    a_followup(world, event, affected=140)
    for at in (event.started_at, middle, timezone.now()):
        table = rollup.table(event=event.id, cutoff=at, scope=EVERYWHERE)
        expected = table[COUNTY].figures if COUNTY in table else {}
        assert moments.totals(event.id, EVERYWHERE, at=at)["figures"] == expected


def test_the_time_line_marks_zones_and_sums_that_cross_a_mark(world: World) -> None:
    event = a_storm(world)
    a_zone(world)
    seal_everything()
    line = moments.time_line(event, EVERYWHERE, now=timezone.now())
    assert sum(line["density"]) == Report.objects.count()
    crossed = [(one["key"], one["value"]) for one in line["jumps"] if one["what"] == "crossed"]
    assert crossed == [("affected", 1000)]
    assert [one["what"] for one in line["jumps"] if one["what"] == "zone.drawn"] == ["zone.drawn"]
    moment = next(one for one in line["jumps"] if one["what"] == "crossed")["at"]
    assert moments.totals(event.id, EVERYWHERE, at=moment)["figures"]["affected"] >= 1000
    just_before = moments.totals(event.id, EVERYWHERE, at=moment - timedelta(microseconds=1))
    assert just_before["figures"].get("affected", 0) < 1000


def test_each_figures_way_since_the_briefing_is_the_sum_of_its_causes(world: World) -> None:
    event = a_storm(world)
    briefing = a_briefing(world, event)
    a_followup(world, event, affected=140)
    a_zone(world)
    returned = Report.objects.get(area=BING)
    review.send_back(returned.id, remark="请核对", by=world.rights("bureau"), now=timezone.now())
    seal_everything()
    now = timezone.now()
    found = since.changes(event.id, EVERYWHERE, now=now, language="zh-hans")

    assert found["briefing"]["id"] == briefing.pk
    figures = {one["key"]: one for one in found["figures"]}
    assert (figures["affected"]["before"], figures["affected"]["after"]) == (1365, 1340)
    assert {one["cause"]: one["delta"] for one in figures["affected"]["causes"]} == {
        "followup": 20,
        "returned": -45,
    }
    table = rollup.table(event=event.id, cutoff=now, scope=EVERYWHERE)
    for one in found["figures"]:
        assert one["after"] == table[COUNTY].figures.get(one["key"], 0)
        assert one["delta"] == sum(cause["delta"] for cause in one["causes"])
    assert found["areas"][JIA] == {"affected": 20} | {
        key: value for key, value in found["areas"][JIA].items() if key != "affected"
    }
    assert "受灾人口由1,365变为1,340人(−25:退回 −45、续报 +20)" in found["text"]
    assert "现场变化:划定危险区1次" in found["text"]


def passed_by(world: World, event: Event, hours: int, area: str, **fields: Any) -> Report:
    return report_row(world, event=event, area=area, at=event.started_at + timedelta(hours=hours), **fields)


@pytest.mark.parametrize("areas", [[COUNTY], [EAST], [JIA, WEST], [EAST, BING]])
def test_the_trend_is_the_roll_up_at_each_moment(world: World, areas: list[str]) -> None:
    start = timezone.now() - timedelta(hours=20)
    one, other = (world.event(started_at=start, name=name) for name in ("甲河", "乙河"))
    flooded = {"affected": 5, "townships_flooded": 1}
    store_rows(
        [
            passed_by(world, one, 1, JIA, figures=flooded),
            passed_by(world, one, 4, JIA, kind="followup", figures={"affected": 9, "dead": 1}),
            passed_by(world, one, 5, YI, figures=flooded, returned_at=start + timedelta(hours=9)),
            passed_by(world, one, 6, EAST, figures={"relocated": 7}),
            passed_by(world, one, 7, BING, figures=flooded | {"affected": 20}),
            passed_by(world, other, 8, YI, figures={"affected": 2}),
            passed_by(world, other, 9, BING, figures=flooded),
        ]
    )
    merge_events(other, one, by=world.rights("bureau"), now=start + timedelta(hours=11))
    scope, cutoffs = AreaScope.of(areas), [start + timedelta(hours=hours) for hours in range(3, 14)]
    trend = moments.trend(one.pk, scope, cutoffs=cutoffs)
    assert [point["at"] for point in trend] == cutoffs
    for point in trend:
        expected = moments.totals(one.pk, scope, at=point["at"])["figures"]
        assert {key: value for key, value in point["figures"].items() if value} == {
            key: value for key, value in expected.items() if value
        }


def test_a_village_that_says_again_its_township_is_flooded_adds_nothing(world: World) -> None:
    event = world.event(started_at=timezone.now() - timedelta(hours=20))
    flooded = {"townships_flooded": 1}
    store_rows([passed_by(world, event, hours, area, figures=flooded) for hours, area in ((1, JIA), (3, YI))])
    cutoffs = [event.started_at + timedelta(hours=hours) for hours in (2, 4)]
    trend = moments.trend(event.pk, EVERYWHERE, cutoffs=cutoffs)
    assert [point["figures"] for point in trend] == [flooded, flooded]


def in_the_journal(verbs: Sequence[str], begin: datetime) -> None:
    """Rows a second apart, as they would stand after many such acts."""
    row = append.Row("", "zone", "", COUNTY, begin, "[]", None, "")
    with transaction.atomic():
        append.many(
            [
                msgspec.structs.replace(row, verb=verb, object_id=str(at), at=begin + timedelta(seconds=at))
                for at, verb in enumerate(verbs, start=1)
            ]
        )
    seal_everything()


def test_of_too_many_marks_the_newest_are_given_in_order(world: World) -> None:
    begin = timezone.now() - timedelta(hours=1)
    in_the_journal(["zone.drawn"] * 5, begin)
    marks = replay.marks(begin, timezone.now(), scope=EVERYWHERE, verbs=["zone.drawn"], limit=3)
    assert [mark.object_id for mark in marks] == ["3", "4", "5"]


def test_what_happened_on_the_ground_is_counted_to_the_last(world: World) -> None:
    event = a_storm(world)
    a_briefing(world, event)
    begin = timezone.now()
    in_the_journal(["zone.drawn"] * 1_001 + ["road.closed"] * 2, begin)
    until = begin + timedelta(hours=1)
    found = since.changes(event.id, EVERYWHERE, now=until, language="zh-hans")
    assert {one["verb"]: one["count"] for one in found["ground"]} == {"zone.drawn": 1_001, "road.closed": 2}
    verbs = ["zone.drawn", "road.closed", "road.opened"]
    middle = begin + timedelta(seconds=1_002)
    assert replay.counts(middle, until, scope=EVERYWHERE, verbs=verbs) == {"road.closed": 1}, "after, not at"
    assert replay.counts(begin, until, scope=AreaScope.of([EAST]), verbs=verbs) == {}


def test_without_a_briefing_it_says_so(world: World) -> None:
    event = a_storm(world)
    found = since.changes(event.id, EVERYWHERE, now=timezone.now(), language="en")
    assert (found["briefing"], found["text"]) == (None, since.NO_BRIEFING.en)


def test_the_doors_cost_the_same_statements_however_many_report(
    world: World, client_of: Callable[[str], Client]
) -> None:
    event = a_storm(world)
    seal_everything()
    client, now = client_of("bureau"), timezone.now()

    def statements(path: str, at: datetime) -> int:
        with CaptureQueriesContext(
            connection,
        ) as asked:
            answer = client.get(
                f"/api/replay/{event.id}{path}",
                {"at": at.isoformat(), "since": event.started_at.isoformat(), "until": at.isoformat()},
            )
        assert answer.status_code == 200, answer.content
        return len(asked)

    paths = ("", "/state", "/changes", "/totals", "/since-briefing")
    few = {path: statements(path, now) for path in paths}
    for number in range(6):
        a_followup(world, event, affected=125 + number)
    assert {path: statements(path, timezone.now()) for path in paths} == few


def test_a_page_of_changes_names_where_the_next_begins(
    world: World, client_of: Callable[[str], Client]
) -> None:
    event = a_storm(world)
    seal_everything()
    client, until = client_of("leader"), timezone.now().isoformat()
    asked: dict[str, Any] = {"since": event.started_at.isoformat(), "until": until, "limit": 1}
    seen: list[int] = []
    while True:
        page = client.get(f"/api/replay/{event.id}/changes", asked).json()
        if page["next"] is None:
            break
        seen += [row["id"] for row in page["rows"]]
        asked |= page["next"]
    assert (
        len(seen) == len(set(seen)) == len(replay.changes(event.started_at, timezone.now(), scope=EVERYWHERE))
    )
