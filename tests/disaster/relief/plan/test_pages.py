"""The planner's pages as the bureau, a reviewer and the leader see them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.disaster.relief.plan.made import made, ready
from tests.world import World

pytestmark = pytest.mark.django_db


def test_plans_stand_side_by_side_and_say_why(world: World, client: Any) -> None:
    programme = ready(world)
    for policy in ("fairest", "priority"):
        scenario = made(world, programme, policy)
    client.force_login(world["bureau"])
    shown = client.get("/plan/").content.decode()
    assert "最差者优先" in shown
    assert "先重点后一般" in shown
    page = client.get(f"/plan/{scenario.pk}/").content.decode()
    assert "甲村" in page
    assert "人工指定" in page
    assert "等待复核:须由编制人以外的人办理" in page
    client.force_login(world["leader"])
    assert "人工指定</summary>" not in client.get(f"/plan/{scenario.pk}/").content.decode()


def test_a_page_costs_the_same_for_few_and_many_villages(
    world: World, client: Any, django_assert_max_num_queries: Any
) -> None:
    scenario = made(world, ready(world))
    client.force_login(world["bureau"])
    with django_assert_max_num_queries(24):
        client.get(f"/plan/{scenario.pk}/")
