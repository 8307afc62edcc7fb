"""A trend is the roll-up of each of its moments; the townships add up to it."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from disaster.atlas import trend
from disaster.problems import Problem
from disaster.reports import rollup
from disaster.reports.models import Report
from disaster.reports.services import submit
from gis.scope import AreaScope
from tests.world import BING, COUNTY, EAST, JIA, YI, World, a_report, submission

pytestmark = pytest.mark.django_db


def a_week(world: World) -> object:
    """Reports over a day, one of them replaced, one returned."""
    now = timezone.now()
    event = world.event(started_at=now - timedelta(hours=24))
    first = None
    for hours, area, account, affected in (
        (20, JIA, "jia_a", 100), (15, YI, "yi_a", 40), (10, JIA, "jia_a", 260), (5, BING, "bing_a", 7), (2, YI, "yi_a", 55),
    ):  # fmt: skip
        figures = {"affected": Decimal(affected), "townships_flooded": Decimal(1)}
        corrects = first if hours == 10 else None
        made = submit(
            submission(
                a_report(area, event=event.id, corrects=corrects, figures=figures), world.rights(account)
            )
        )
        first = first or made.id
        Report.objects.filter(pk=made.id).update(received_at=now - timedelta(hours=hours))
    Report.objects.filter(area_id=BING).update(
        state="returned", remark="核", returned_at=now - timedelta(hours=1)
    )
    return event


@pytest.mark.parametrize("indicator", ["affected", "townships_flooded"])
def test_a_trend_is_the_roll_up_at_each_moment(world: World, indicator: str) -> None:
    event, now = a_week(world), timezone.now()
    made = trend.of(
        event_id=event.id, indicator=indicator, area="", until=now, by=world.rights("bureau"), now=now
    )
    assert len(made.moments) == 24
    for moment, total in zip(made.moments, made.totals, strict=True):
        rows = rollup.table(event=event.id, cutoff=moment, scope=AreaScope.of([COUNTY]))
        expected = rows[COUNTY].figures.get(indicator, Decimal(0)) if COUNTY in rows else Decimal(0)
        assert total == expected, moment
    rows = rollup.table(event=event.id, cutoff=now, scope=AreaScope.of([COUNTY]))
    assert made.parts == {
        code: row.figures[indicator] for code, row in rows.items() if rollup.is_township(code)
    }
    assert len({*made.totals}) > 2


def test_a_township_is_ranked_by_village_and_sees_itself_alone(world: World) -> None:
    event, now = a_week(world), timezone.now()
    made = trend.of(
        event_id=event.id, indicator="affected", area="", until=now, by=world.rights("east"), now=now
    )
    assert (made.level, made.parts) == ("village", {JIA: Decimal(260), YI: Decimal(55)})
    same = trend.of(
        event_id=event.id, indicator="affected", area=EAST, until=now, by=world.rights("bureau"), now=now
    )
    assert same.parts == made.parts


@pytest.mark.parametrize(
    ("account", "fields", "status"),
    [
        ("keeper", {}, 403),
        ("foreign", {}, 404),
        ("east", {"area": BING}, 404),
        ("bureau", {"indicator": "nonsense"}, 400),
    ],
)
def test_what_cannot_be_asked(world: World, account: str, fields: dict[str, str], status: int) -> None:
    event, now = a_week(world), timezone.now()
    asked = {"indicator": "affected", "area": "", **fields}
    with pytest.raises(Problem) as caught:
        trend.of(event_id=event.id, until=now, by=world.rights(account), now=now, **asked)
    assert caught.value.kind.status == status
