"""Proposing events: reports near in space and time are pointed at once, and a person decides."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.gis.geos import Point

from disaster.events.models import Proposal
from disaster.journal.models import Entry
from disaster.problems import Problem
from disaster.reports import proposals
from disaster.reports.models import Report
from tests.disaster.reports.morning import NOW, at, row, total
from tests.world import BING, COUNTY, JIA, YI, World

pytestmark = pytest.mark.django_db


def loose(world: World, area: str, lon: float, minutes: float = 0, **fields: Any) -> Report:
    point = {"point": Point(lon, 30.61, srid=4326), "raw_lon": lon, "raw_lat": 30.61, "datum": "wgs84"}
    return row(world, None, area, 5, minutes, method="gps", **point, **fields)


def test_reports_near_in_space_and_time_are_proposed_once_and_confirmed(world: World) -> None:
    near = [
        loose(world, area, lon, n)
        for n, (area, lon) in enumerate([(JIA, 116.51), (YI, 116.53), (BING, 116.55)])
    ]
    bureau = world.rights("bureau")
    (made,) = proposals.look(by=bureau, now=at(60))
    assert (made.hazard, set(made.reports)) == ("flood", {str(one.id) for one in near})
    assert proposals.look(by=bureau, now=at(61)) == []
    event = proposals.confirm(made.id, name="7月5日洪涝", by=bureau, now=at(62))
    assert (event.origin, event.started_at, total(event, 62)) == ("proposed", at(0), 15)
    with pytest.raises(Problem):
        proposals.dismiss(made.id, by=bureau, now=at(63))


def test_the_server_looks_by_itself_and_nobody_is_named_as_its_author(world: World) -> None:
    for n, area in enumerate([JIA, YI, BING]):
        loose(world, area, 116.51 + n / 50, n)
    (made,) = proposals.look_everywhere(now=at(60))
    assert (made.area_code, len(made.reports)) == (COUNTY, 3)
    assert proposals.look_everywhere(now=at(61)) == []
    assert Entry.objects.get(verb="event.proposed").actor == ""


@pytest.mark.parametrize("why", ["too few", "far apart", "days apart", "other hazards", "in an event"])
def test_what_is_no_cluster_is_not_proposed(world: World, why: str) -> None:
    event = world.event(started_at=NOW)
    for n, area in enumerate([JIA, YI, BING]):
        if why == "too few" and n == 2:
            continue
        fields: dict[str, Any] = {"hazard": ["flood", "drought", "snow"][n]} if why == "other hazards" else {}
        lon = 116.51 + n * (0.5 if why == "far apart" else 0.02)
        made = loose(world, area, lon, n * (60 * 20 if why == "days apart" else 1), **fields)
        if why == "in an event":
            Report.objects.filter(pk=made.pk).update(event=event)
    assert proposals.look(by=world.rights("bureau"), now=at(60 * 48)) == []


def test_a_dismissed_proposal_comes_back_only_when_it_has_grown(world: World) -> None:
    bureau = world.rights("bureau")
    for n, area in enumerate([JIA, YI, BING]):
        loose(world, area, 116.51 + n / 50, n)
    (made,) = proposals.look(by=bureau, now=at(60))
    proposals.dismiss(made.id, by=bureau, now=at(61))
    loose(world, JIA, 116.512, 10)
    assert proposals.look(by=bureau, now=at(62)) == []
    loose(world, YI, 116.532, 11)
    assert len(proposals.look(by=bureau, now=at(63))) == 1
    assert Proposal.objects.count() == 2


@pytest.mark.parametrize("dismissed", [True, False])
def test_newer_versions_of_the_same_reports_are_no_new_proposal(world: World, dismissed: bool) -> None:
    bureau = world.rights("bureau")
    first = [loose(world, area, 116.51 + n / 50, n) for n, area in enumerate([JIA, YI, BING])]
    (made,) = proposals.look(by=bureau, now=at(60))
    if dismissed:
        proposals.dismiss(made.id, by=bureau, now=at(61))
    for n, old in enumerate(first):
        newer = loose(
            world, old.area_id, 116.51 + n / 50, 20 + n, corrects=old.id, series=old.series, kind="followup"
        )
        Report.objects.filter(pk=old.pk).update(superseded_by=newer.id)
    assert proposals.look(by=bureau, now=at(62)) == []
    assert Proposal.objects.count() == 1
