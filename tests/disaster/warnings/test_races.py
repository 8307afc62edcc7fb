"""The same alert by several doors at once, and an update beside a cancellation: one after the other."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import permutations

import pytest
from django.db import connection
from django.utils import timezone

from disaster.warnings import tokens
from disaster.warnings.alerts.receive import receive
from disaster.warnings.models import Alert, Notice
from gis.models import HazardZone
from tests.disaster.warnings.written import SENDER, cap, stamp
from tests.world import COUNTY, World

pytestmark = pytest.mark.django_db(transaction=True)


def take(data: bytes) -> bool:
    try:
        by = tokens.feeder("气象台", COUNTY)
        return receive(data, way="post", by=by, now=timezone.now()).is_new
    finally:
        connection.close()


def test_one_alert_brought_many_times_at_once_is_one(world: World) -> None:
    data = cap("a-1")
    with ThreadPoolExecutor(6) as doors:
        assert sorted(doors.map(take, [data] * 6)) == [False] * 5 + [True]
    assert (Alert.objects.count(), HazardZone.objects.count(), Notice.objects.count()) == (1, 1, 1)


def chain() -> list[bytes]:
    """An alert, its update and its cancellation, as they were sent."""
    now = timezone.now()
    refers = f"{SENDER},a-1,{stamp(now)}"
    return [
        cap("a-1", now=now - timedelta(minutes=3)),
        cap("a-2", now=now - timedelta(minutes=2), msgType="Update", references=refers, severity="Extreme"),
        cap("a-3", now=now - timedelta(minutes=1), msgType="Cancel", references=refers, info=""),
    ]


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_in_whatever_order_they_come_the_end_is_the_same(world: World, order: tuple[int, ...]) -> None:
    messages = chain()
    for at in order:
        take(messages[at])
    all_is_over()


def test_at_once_the_end_is_the_same(world: World) -> None:
    with ThreadPoolExecutor(3) as doors:
        list(doors.map(take, chain()))
    all_is_over()


def all_is_over() -> None:
    assert not HazardZone.objects.filter(lifted_at=None).exists()
    assert not Notice.objects.filter(closed_at=None).exists()
    assert not Alert.objects.filter(state="active").exists()
