"""Households and applications, from 申请 to 归档: whose act each is, what it waits for, what it leaves."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from disaster.relief.needs import queries, services
from disaster.relief.needs.models import Application, Grant, Step
from gis.scope import AreaScope
from tests.disaster.relief.disclosure.made import on_the_wall
from tests.disaster.relief.needs.made import a_programme, act, applied, brought, many
from tests.world import COUNTY, World

pytestmark = pytest.mark.django_db


def test_an_application_goes_its_ordinary_way_to_the_household(world: World) -> None:
    programme = a_programme(world)
    one = applied(world, programme)
    brought(world, [one.pk], "approve", goods={"quilt": 1})
    now = timezone.now()
    services.settle(one.pk, "quilt", 1, by=world.rights("jia_a"), now=now)
    money = Grant.objects.get(application=one, item=None)
    assert money.quantity == 2 * 180_00  # two persons of a key household
    done = services.settle(one.pk, None, money.quantity, by=world.rights("bureau"), now=now, happened=True)
    assert done.state == "issued"
    on_the_wall(world, [one.pk], now, "issued")
    act(world, "disclose", [one.pk], "jia_a", now + timedelta(days=15))
    act(world, "archive", [one.pk], "east")
    assert Application.objects.get(pk=one.pk).state == "archived"
    assert [step.act for step in Step.objects.filter(application=one)] == [
        *("apply", "verify", "assess", "post", "submit", "pass", "approve"),
        *("settle", "settle", "issue", "disclose", "archive"),
    ]


def test_what_a_village_needs_is_one_statement(world: World, django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    programme = a_programme(world)
    ids = [one.pk for one in many(world, programme, 5)]
    brought(world, ids[:3], "approve", goods={"quilt": 2})
    services.settle(ids[0], "quilt", 2, by=world.rights("jia_a"), now=timezone.now())
    with django_assert_num_queries(1):
        (village,) = queries.village_needs(AreaScope.of([COUNTY]), programme.pk)
    assert (village.households, village.persons, village.key_persons) == (3, 6, 6)
    assert village.states == {"approved": 3, "applied": 2}
    assert village.granted == {"quilt": 6, "money": 3 * 2 * 180_00}
    assert village.settled == {"quilt": 2, "money": 0}
    assert village.need["heating_yuan"] == 600
