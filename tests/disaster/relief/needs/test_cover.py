"""Whether the stock reaches: an approval by hand is held against what there is before it is confirmed."""

from __future__ import annotations

import random
import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import numpy as np
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from scipy.sparse import csr_array
from scipy.sparse.csgraph import maximum_flow

from disaster.relief.needs import cover, services
from disaster.relief.needs.models import Application, Programme
from disaster.relief.needs.services import Row
from gis.scope import prefix_of
from tests.disaster.relief.needs.made import a_programme, brought, many
from tests.disaster.relief.stock.made import a_place, east_point, goods, on, ordered, send, taken_in
from tests.world import BING, COUNTY, EAST, JIA, WEST, YI, World

pytestmark = pytest.mark.django_db


def passed(world: World, programme: Programme, number: int, area: str = JIA) -> list[uuid.UUID]:
    """Applications that wait for the county's approval."""
    ids = [one.pk for one in many(world, programme, number, area)]
    Application.objects.filter(pk__in=ids).update(state="passed", notice_until=None)
    return ids


def told(ids: list[uuid.UUID], **granted: int) -> dict[str, tuple[int, int, int, int, int]]:
    found = cover.of(ids, granted, on=timezone.localdate())
    return {row.item.pk: (row.now, row.before, row.available, row.elsewhere, row.short) for row in found}


def granted(world: World, ids: list[uuid.UUID], item: str, each: int) -> None:
    services.grant_many([Row(one, item, each) for one in ids], by=world.rights("bureau"), now=timezone.now())


def test_what_is_granted_and_waits_is_held_against_all_places_and_what_is_on_its_way(world: World) -> None:
    programme = a_programme(world)
    store, point = a_place(), east_point()
    taken_in(world, store, goods(quantity=10))
    taken_in(world, store, goods("water", 50, expires_on=on(2020)))
    send(world, ordered(world, store, point, 4))
    waiting = passed(world, programme, 3)
    granted(world, waiting, "quilt", 2)
    services.settle(waiting[0], "quilt", 2, by=world.rights("bureau"), now=timezone.now())
    ids = passed(world, programme, 5)
    # 6 in the warehouse and 4 on the way; of the six granted before two are with their household.
    assert told(ids, quilt=1) == {"quilt": (5, 4, 10, 0, 0)}
    assert told(ids, quilt=2, water=1) == {"quilt": (10, 4, 10, 0, 4), "water": (5, 0, 0, 0, 5)}
    (row,) = cover.of(ids, {"quilt": 2}, on=timezone.localdate())
    assert row.say("zh-hans").endswith("本次核准 10 床,此前已核准未到户 4 床,可用 10 床(现有和在途),缺 4 床")
    assert row.say("en").endswith("4 short")


def test_who_was_stopped_waits_for_nothing_and_another_programme_counts(world: World) -> None:
    taken_in(world, a_place(), goods(quantity=10))
    ids = passed(world, a_programme(world), 1)
    others = passed(world, a_programme(world, name="应急", kind="YJ"), 2)
    granted(world, others, "quilt", 3)
    assert told(ids, quilt=1) == {"quilt": (1, 6, 10, 0, 0)}
    Application.objects.filter(pk=others[0]).update(state="stopped")
    assert told(ids, quilt=1) == {"quilt": (1, 3, 10, 0, 0)}


def test_a_gift_for_another_township_does_not_reach_here(world: World) -> None:
    store, programme = a_place(), a_programme(world)
    taken_in(world, store, goods(quantity=5))
    taken_in(world, store, goods(quantity=30, intent=WEST, intent_words="给西乡"), kind="donation")
    ids = passed(world, programme, 6)
    assert told(ids, quilt=1) == {"quilt": (6, 0, 5, 30, 1)}
    (row,) = cover.of(ids, {"quilt": 1}, on=timezone.localdate())
    assert row.say("zh-hans").endswith("缺 1 床;另有 30 床是捐赠定向其他地区的,不能用")
    # What waits in that township takes its own gift, not what is free.
    granted(world, passed(world, programme, 4, BING), "quilt", 2)
    assert told(ids[:5], quilt=1) == {"quilt": (5, 8, 13, 22, 0)}
    taken_in(world, store, goods(quantity=9, intent=EAST, intent_words="给东乡"), kind="donation")
    assert told(ids, quilt=2) == {"quilt": (12, 8, 22, 22, 0)}


def test_the_narrowest_wish_first_leaves_no_more_than_any_plan() -> None:
    chance = random.Random(7)
    villages, wishes = [JIA, YI, BING], ["", COUNTY, EAST, WEST, JIA, BING]
    for _ in range(200):
        wanted = {one: chance.randrange(9) for one in villages}
        lots = {one: chance.randrange(9) for one in wishes}
        size = len(wishes) + len(villages) + 2
        ways = np.zeros((size, size), dtype=np.int32)
        for at, wish in enumerate(wishes):
            ways[0, 1 + at] = lots[wish]
            for to, village in enumerate(villages, start=1 + len(wishes)):
                ways[1 + at, to] = 99 * village.startswith(prefix_of(wish) if wish else "")
                ways[to, size - 1] = wanted[village]
        most = maximum_flow(csr_array(ways), 0, size - 1).flow_value
        assert sum(lots.values()) - sum(cover.left_over(wanted, lots).values()) == most


def test_the_clerk_is_told_before_and_with_the_answer_and_may_approve_all_the_same(
    world: World, client_of: Callable[[str], Client]
) -> None:
    taken_in(world, a_place(), goods(quantity=1))
    programme = a_programme(world)
    ids = [one.pk for one in many(world, programme, 3)]
    brought(world, ids, "pass")
    gone = Application.objects.get(pk=ids[2])
    gone.household.state = "moved"
    gone.household.save(update_fields=["state"])
    Application.objects.filter(pk__in=ids).update(notice_until=timezone.localdate() - timedelta(days=1))
    client = client_of("bureau")
    body = {"act": "approve", "ids": [str(one) for one in ids], "goods": {"quilt": 1}}

    def post(address: str) -> dict[str, Any]:
        return client.post(f"/api/relief/{address}", body, content_type="application/json").json()

    before = post("act/cover")
    assert before["households"] == 2  # who moved away would be refused
    assert [(one["now"], one["before"], one["available"], one["short"]) for one in before["items"]] == [
        (2, 0, 1, 1)
    ]
    assert set(Application.objects.filter(pk__in=ids).values_list("state", flat=True)) == {"passed"}
    after = post("act")
    assert (after["done"], after["refused"]) == (2, 1)
    assert after["cover"] == before["items"]
    assert "缺 1 床" in after["cover"][0]["words"]


def test_a_thousand_households_cost_the_statements_of_one(world: World) -> None:
    taken_in(world, a_place(), goods(quantity=1))
    few, more = (
        passed(world, a_programme(world, name=name), number) for name, number in (("一", 1), ("百", 100))
    )
    costs = []
    for ids in (few, more):
        with CaptureQueriesContext(connection) as cost:
            cover.of(ids, {"quilt": 1, "coat": 1}, on=timezone.localdate())
        costs.append(len(cost))
    assert costs[0] == costs[1] <= 7
