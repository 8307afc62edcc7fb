"""Advice on the level of a response, and responses started and ended by people."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from disaster.events import decide
from disaster.events import services as events
from disaster.events.models import Response
from disaster.problems import Problem
from disaster.reports import advice
from gis.models import Area
from tests.disaster.reports.morning import NOW, at
from tests.rows import report_row, store_rows
from tests.world import COUNTY, EAST, ELSEWHERE, JIA, World

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("figures", "level"),
    [
        ({}, None),
        ({"relocated": 499}, None),
        ({"relocated": 500}, 4),
        ({"relocated": 300, "need_relief": 200}, 4),
        ({"dead": 2, "missing": 1}, 3),
        ({"houses_collapsed_rooms": 400, "houses_severe_rooms": 600}, 2),
        ({"dead": 10, "relocated": 600}, 1),
    ],
)
def test_the_level_advised_follows_the_table(
    world: World, figures: dict[str, int], level: int | None
) -> None:
    told = advice.advise({k: Decimal(v) for k, v in figures.items()}, cutoff=NOW, area=COUNTY)
    assert told.level == level
    assert "示例" in told.source
    if level:
        assert str(told.hits[0].limit) in told.hits[0].told("zh-hans")
        assert f"level {level}" in told.hits[0].told("en")


@pytest.mark.parametrize(
    ("figures", "people", "level"),
    [
        ({"drought_relief": 29}, 1000, None),
        ({"drought_relief": 30}, 1000, 4),
        ({"drought_relief": 150}, 1000, 1),
        ({"drought_relief": 150}, 0, None),  # nobody knows how many live there
    ],
)
def test_a_drought_is_advised_by_its_share_of_residents(
    world: World, figures: dict[str, int], people: int, level: int | None
) -> None:
    given = {key: Decimal(value) for key, value in figures.items()}
    assert advice.advise(given, cutoff=NOW, area=COUNTY, people=people).level == level


@pytest.mark.parametrize(
    ("figures", "level"),
    [
        ({"dead": 19}, None),
        ({"dead": 15, "missing": 5}, 4),
        ({"houses_collapsed_homes": 20000, "houses_severe_homes": 10000}, 3),
        ({"drought_relief": 3_000_000}, 2),
        ({"relocated": 2_000_000}, 1),
    ],
)
def test_the_national_conditions_are_those_of_2024(
    world: World, figures: dict[str, int], level: int | None
) -> None:
    given = {key: Decimal(value) for key, value in figures.items()}
    told = advice.advise(given, cutoff=NOW, area=COUNTY, rule=advice.NATION)
    assert told.level == level
    assert "国办函〔2024〕11号" in told.source


def test_a_response_is_started_and_ended_by_people_on_record(world: World) -> None:
    event, bureau = world.event(started_at=NOW), world.rights("bureau")
    options: dict[str, Any] = {
        "area_code": COUNTY,
        "level": 4,
        "number": "潜防减救〔2026〕3号",
        "started_at": at(5),
    }
    made = decide.start_response(event.id, **options, by=bureau, now=at(6), basis={"level": 4})
    for wrong, field in (
        ({}, "area"),
        ({"area_code": EAST, "level": 5}, "level"),
        ({"area_code": EAST, "number": ""}, "number"),
        ({"area_code": EAST, "started_at": at(60)}, "started_at"),
    ):
        with pytest.raises(Problem) as caught:
            decide.start_response(event.id, **{**options, **wrong}, by=bureau, now=at(6))
        assert list(caught.value.errors) == [field]
    with pytest.raises(Problem):
        decide.start_response(event.id, **options, by=world.rights("leader"), now=at(6))
    with pytest.raises(Problem) as caught:
        decide.end_response(made.id, number="x", ended_at=at(1), by=bureau, now=at(9))
    assert list(caught.value.errors) == ["ended_at"]
    ended = decide.end_response(made.id, number="潜防减救〔2026〕4号", ended_at=at(8), by=bureau, now=at(9))
    assert (ended.end_number, ended.ended_by) == ("潜防减救〔2026〕4号", "市局")


def test_a_response_rests_on_the_advice_by_residents_too(
    world: World, client_of: Callable[[str], Client]
) -> None:
    event = world.event(started_at=timezone.now() - timedelta(hours=4), hazard="drought")
    store_rows([report_row(world, event=event, area=JIA, figures={"drought_relief": 60})])
    Area.objects.filter(pk=COUNTY).update(population=1000)
    body = {"area": COUNTY, "level": 3, "number": "1号", "started_at": timezone.now().isoformat()}
    answer = client_of("bureau").post(f"/api/events/{event.pk}/responses", body, "application/json")
    assert answer.status_code == 201, answer.content
    assert Response.objects.get().basis["level"] == 3


def test_a_response_outside_the_event_is_refused(world: World) -> None:
    event = world.event(started_at=NOW, area_code=EAST)
    with pytest.raises(Problem) as caught:
        decide.start_response(
            event.id,
            area_code=COUNTY,
            level=4,
            number="x",
            started_at=NOW,
            by=world.rights("bureau"),
            now=NOW,
        )
    assert list(caught.value.errors) == ["area"]
    with pytest.raises(Problem):
        decide.start_response(
            event.id,
            area_code=ELSEWHERE,
            level=4,
            number="x",
            started_at=NOW,
            by=world.rights("bureau"),
            now=NOW,
        )


def test_a_response_of_a_township_that_ends_in_a_nought_keeps_to_it(world: World) -> None:
    """340882100000 is a township: its noughts at the end are not all padding."""
    event = world.event(started_at=NOW, area_code="340882100000")
    with pytest.raises(Problem) as caught:
        decide.start_response(
            event.id, area_code=EAST, level=4, number="x", started_at=NOW, by=world.rights("bureau"), now=NOW
        )
    assert list(caught.value.errors) == ["area"]


def test_an_event_is_stable_and_then_not_after_all(world: World) -> None:
    event, bureau = world.event(started_at=NOW), world.rights("bureau")
    assert events.change_event(event, stable_at=at(9), by=bureau, now=at(9)).stable_at == at(9)
    assert events.change_event(event, unstable=True, by=bureau, now=at(10)).stable_at is None
    with pytest.raises(Problem) as caught:
        events.change_event(event, stable_at=at(-5), by=bureau, now=at(10))
    assert list(caught.value.errors) == ["stable_at"]
