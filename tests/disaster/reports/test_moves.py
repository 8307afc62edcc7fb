"""Merging and its undoing, splitting, assigning: no report is lost, and each counts where it should."""

from __future__ import annotations

import uuid
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from disaster.events import services as events
from disaster.events.models import Event
from disaster.problems import Problem
from disaster.registers import services as registers
from disaster.registers.entries import CasualtyEntry
from disaster.registers.queries import counts
from disaster.reports import rollup, services
from disaster.reports.models import Move, Report
from tests.disaster.registers.filled import a_number, casualty_body
from tests.disaster.reports.morning import EVERYWHERE, NOW, at, row, total
from tests.world import BING, COUNTY, ELSEWHERE, JIA, YI, World, a_report, submission

pytestmark = pytest.mark.django_db


def test_merged_reports_keep_their_past_and_the_newest_of_an_area_counts(world: World) -> None:
    rain, same = world.event(started_at=NOW), world.event(name="同一场", started_at=NOW)
    row(world, rain, JIA, 10, 1)
    newer = row(world, same, JIA, 12, 2)
    row(world, same, YI, 5, 3)
    services.merge_events(same, rain, by=world.rights("bureau"), now=at(10))
    assert (total(rain, 9), total(same, 9)) == (10, 17)
    assert (total(rain, 10), total(same, 10)) == (17, 0)
    assert Report.objects.get(pk=newer.pk).crosses is not None
    merged = Event.objects.get(pk=same.pk)
    assert (merged.merged_into, merged.is_open) == (rain, False)


def test_a_follow_up_after_the_merge_replaces_both(world: World) -> None:
    rain, same = world.event(started_at=timezone.now()), world.event(name="同一场", started_at=timezone.now())
    first = a_report(JIA, event=rain.id, figures={"affected": Decimal(10)})
    second = a_report(JIA, event=same.id, figures={"affected": Decimal(12)})
    for report in (first, second):
        services.submit(submission(report, world.rights("jia_a")))
    services.merge_events(same, rain, by=world.rights("bureau"), now=timezone.now())
    third = a_report(
        JIA, event=rain.id, kind="followup", corrects=second.id, figures={"affected": Decimal(20)}
    )
    services.submit(submission(third, world.rights("jia_a")))
    assert set(Report.objects.filter(superseded_by=third.id).values_list("id", flat=True)) == {
        first.id,
        second.id,
    }


def test_a_split_takes_the_chosen_reports_along_and_nothing_else(world: World) -> None:
    rain = world.event(started_at=NOW)
    hail, stays = row(world, rain, JIA, 10, 1), row(world, rain, YI, 5, 2)
    fresh = services.split_event(
        rain, name="冰雹", hazard="storm.hail", reports=[hail.id], by=world.rights("bureau"), now=at(9)
    )
    assert (total(rain, 9), total(fresh, 9), total(rain, 8)) == (5, 10, 15)
    assert Report.objects.get(pk=stays.pk).event == rain
    assert Move.objects.get().cause == "split"


def test_a_whole_chain_of_corrections_is_assigned_together(world: World) -> None:
    loose = row(world, None, JIA, 10, 1)
    newer = row(world, None, JIA, 12, 2, corrects=loose.id, series=loose.series)
    Report.objects.filter(pk=loose.pk).update(superseded_by=newer.id)
    rain = world.event(started_at=NOW)
    moved = services.assign_reports([newer.id], rain, by=world.rights("bureau"), now=at(5))
    assert moved == [loose.id, newer.id]
    assert total(rain, 5) == 12


@pytest.mark.parametrize("account", ["east", "leader", "jia_a"])
def test_only_the_bureau_moves_reports(world: World, account: str) -> None:
    rain, same = world.event(), world.event(name="同一场")
    with pytest.raises(Problem) as caught:
        services.merge_events(same, rain, by=world.rights(account), now=NOW)
    assert caught.value.kind.status in {403, 404}


def test_what_can_not_be_merged_says_why(world: World) -> None:
    rain, closed = world.event(), world.event(name="旧", started_at=NOW, closed_at=at(1))
    bureau = world.rights("bureau")
    for act, number in (
        (lambda: services.merge_events(rain, rain, by=bureau, now=NOW), "400.2"),
        (lambda: services.merge_events(closed, rain, by=bureau, now=NOW), "409.2"),
        (lambda: services.split_event(rain, name=" ", hazard="", reports=[], by=bureau, now=NOW), "400.2"),
        (lambda: services.assign_reports([uuid.uuid4()], rain, by=bureau, now=NOW), "400.2"),
    ):
        with pytest.raises(Problem) as caught:
            act()
        assert caught.value.kind.number == number


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["file", "merge", "split", "unmerge"]), st.integers(0, 2), st.integers(0, 9)
        ),
        max_size=12,
    )
)
def test_any_sequence_keeps_every_report_and_counts_the_newest_of_each_area(world: World, acts: Any) -> None:
    Move.objects.all().delete()
    Report.objects.all().delete()
    Event.objects.update(merged_into=None)
    Event.objects.all().delete()
    bureau, open_events = (
        world.rights("bureau"),
        [world.event(name=f"过程{n}", started_at=NOW) for n in range(3)],
    )
    filed: dict[uuid.UUID, tuple[uuid.UUID, str, int]] = {}
    merges: list[tuple[Event, Event, set[uuid.UUID]]] = []
    for turn, (act, which, number) in enumerate(acts):
        event = open_events[which % len(open_events)]
        if act == "file":
            made = row(world, event, [JIA, YI, BING][number % 3], number, turn)
            filed[made.id] = (event.id, made.area_id, number)
        elif act == "merge" and len(open_events) > 1:
            into = open_events[(which + 1) % len(open_events)]
            services.merge_events(event, into, by=bureau, now=at(turn))
            open_events.remove(event)
            merges.append((event, into, {k for k, (e, _, _) in filed.items() if e == event.id}))
            filed = {k: (into.id if e == event.id else e, a, n) for k, (e, a, n) in filed.items()}
        elif act == "unmerge":
            undo = next((one for one in reversed(merges) if one[1] in open_events), None)
            if undo is not None:
                merges.remove(undo)
                source, into, went = undo
                services.unmerge_event(source, by=bureau, now=at(turn))
                open_events.append(source)
                filed = {
                    k: (source.id if k in went and e == into.id else e, a, n)
                    for k, (e, a, n) in filed.items()
                }
        elif act == "split":
            mine = [key for key, (e, _, _) in filed.items() if e == event.id]
            if mine:
                fresh = services.split_event(
                    event, name="拆", hazard="flood", reports=[mine[-1]], by=bureau, now=at(turn)
                )
                open_events.append(fresh)
                filed[mine[-1]] = (fresh.id, *filed[mine[-1]][1:])
    assert set(Report.objects.values_list("id", flat=True)) == set(filed)
    for event in open_events:
        # In the order of filing: what was filed last stands in the dictionary.
        newest = {area: number for where, area, number in filed.values() if where == event.id}
        assert total(event, 99) == sum(newest.values())


def test_a_report_sent_to_an_event_that_was_merged_meanwhile_counts_in_the_other(world: World) -> None:
    now = timezone.now()
    rain, same, third = (world.event(name=name, started_at=now) for name in ("一", "二", "三"))
    services.merge_events(same, rain, by=world.rights("bureau"), now=now)
    services.merge_events(rain, third, by=world.rights("bureau"), now=now)
    late = a_report(JIA, event=same.id, figures={"affected": Decimal(7)})
    receipt = services.submit(submission(late, world.rights("jia_a")))
    assert Report.objects.get(pk=late.id).event == third
    assert services.submit(submission(late, world.rights("jia_a"))) == receipt


def test_a_split_that_parts_two_sides_takes_their_mark_away(world: World) -> None:
    rain, same = world.event(started_at=NOW), world.event(name="同一场", started_at=NOW)
    row(world, rain, JIA, 10, 1)
    newer = row(world, same, JIA, 12, 2)
    services.merge_events(same, rain, by=world.rights("bureau"), now=at(10))
    services.split_event(
        rain, name="又是两场", hazard="", reports=[newer.id], by=world.rights("bureau"), now=at(11)
    )
    assert Report.objects.get(pk=newer.pk).crosses is None
    assert total(rain, 12) == 10


def test_an_undone_merge_gives_back_what_came_and_what_followed_it(world: World) -> None:
    now = timezone.now()
    rain, hail = world.event(started_at=now), world.event(name="冰雹", started_at=now)
    mine = a_report(JIA, event=hail.id, figures={"affected": Decimal(12)})
    theirs = a_report(YI, event=rain.id, figures={"affected": Decimal(5)})
    for report, account in ((mine, "jia_a"), (theirs, "yi_a")):
        services.submit(submission(report, world.rights(account)))
    bureau = world.rights("bureau")
    services.merge_events(hail, rain, by=bureau, now=timezone.now())
    later = a_report(JIA, event=rain.id, kind="followup", corrects=mine.id, figures={"affected": Decimal(20)})
    services.submit(submission(later, world.rights("jia_a")))
    moved = services.unmerge_event(hail, by=bureau, now=timezone.now())
    assert set(moved) == {mine.id, later.id}
    table = {
        event: rollup.table(event=event.id, cutoff=timezone.now(), scope=EVERYWHERE) for event in (rain, hail)
    }
    assert [int(table[event][COUNTY].figures["affected"]) for event in (rain, hail)] == [5, 20]
    hail.refresh_from_db()
    assert (hail.is_open, hail.merged_into) == (True, None)


def test_a_follow_up_of_both_stays_and_what_it_had_replaced_stands_again(world: World) -> None:
    now = timezone.now()
    rain, hail = world.event(started_at=now), world.event(name="冰雹", started_at=now)
    first = a_report(JIA, event=rain.id, figures={"affected": Decimal(10)})
    second = a_report(JIA, event=hail.id, figures={"affected": Decimal(12)})
    for report in (first, second):
        services.submit(submission(report, world.rights("jia_a")))
    bureau = world.rights("bureau")
    services.merge_events(hail, rain, by=bureau, now=timezone.now())
    third = a_report(
        JIA, event=rain.id, kind="followup", corrects=second.id, figures={"affected": Decimal(20)}
    )
    services.submit(submission(third, world.rights("jia_a")))
    assert services.unmerge_event(hail, by=bureau, now=timezone.now()) == [second.id]
    assert set(Report.objects.filter(superseded_by__isnull=True).values_list("id", flat=True)) == {
        second.id,
        third.id,
    }
    assert services.shared_areas(hail, rain) == ["甲村"]


def test_what_was_filed_for_a_merged_event_goes_back_to_it(world: World) -> None:
    now = timezone.now()
    rain, hail, third = (world.event(name=name, started_at=now) for name in ("雨", "雹", "三"))
    bureau = world.rights("bureau")
    services.merge_events(hail, rain, by=bureau, now=timezone.now())
    services.merge_events(rain, third, by=bureau, now=timezone.now())
    late = a_report(JIA, event=hail.id, figures={"affected": Decimal(7)})
    services.submit(submission(late, world.rights("jia_a")))
    for event in (rain, hail):
        event.refresh_from_db()
        assert services.unmerge_event(event, by=bureau, now=timezone.now()) == [late.id]
    assert Report.objects.get(pk=late.id).event == hail


def test_a_split_takes_along_what_the_chosen_report_replaced(world: World) -> None:
    rain = world.event(started_at=timezone.now())
    first = a_report(JIA, event=rain.id, figures={"affected": Decimal(10)})
    second = a_report(
        JIA, event=rain.id, kind="followup", corrects=first.id, figures={"affected": Decimal(12)}
    )
    for report in (first, second):
        services.submit(submission(report, world.rights("jia_a")))
    fresh = services.split_event(
        rain, name="冰雹", hazard="", reports=[second.id], by=world.rights("bureau"), now=timezone.now()
    )
    assert not Report.objects.filter(event=rain).exists()
    table = rollup.table(event=fresh.id, cutoff=timezone.now(), scope=EVERYWHERE)
    assert table[COUNTY].figures["affected"] == 12


def test_only_who_may_change_both_events_undoes_their_merge(world: World) -> None:
    rain = world.event(name="雨", started_at=NOW, area_code=ELSEWHERE)
    hail = world.event(name="雹", started_at=NOW, closed_at=at(1), merged_into=rain)
    with pytest.raises(Problem) as caught:
        services.unmerge_event(hail, by=world.rights("bureau"), now=at(2))
    assert caught.value.kind.status in {403, 404}


def test_only_a_merge_into_an_open_event_is_undone(world: World) -> None:
    rain, same = world.event(started_at=NOW), world.event(name="同一场", started_at=NOW)
    bureau = world.rights("bureau")
    for prepare in (
        lambda: None,
        lambda: (
            services.merge_events(same, rain, by=bureau, now=at(1)),
            events.close_event(rain, by=bureau, now=at(2)),
        ),
    ):
        prepare()
        with pytest.raises(Problem) as caught:
            services.unmerge_event(same, by=bureau, now=at(3))
        assert caught.value.kind.number == "409.2"


def test_register_rows_go_with_the_reports_of_a_split_village(world: World) -> None:
    rain = world.event(started_at=timezone.now() - timedelta(hours=4))
    bureau, now = world.rights("bureau"), timezone.now()
    for area in (JIA, YI):
        body = casualty_body(rain, area=area, identity=a_number(1 if area == JIA else 5))
        registers.enter("casualties", CasualtyEntry(**body), by=bureau, now=now)
        services.submit(
            submission(a_report(area, event=rain.id), world.rights("jia_a" if area == JIA else "yi_a"))
        )
    before = timezone.now()
    fresh = services.split_event(
        rain,
        name="另一场",
        hazard="",
        reports=services.reports_of(rain, [YI]),
        by=bureau,
        now=before + timedelta(seconds=1),
    )
    assert counts([rain.id], scope=EVERYWHERE).keys() == {JIA}
    assert counts([fresh.id], scope=EVERYWHERE).keys() == {YI}
    assert counts([rain.id], scope=EVERYWHERE, cutoff=before).keys() == {JIA, YI}  # as it stood then
