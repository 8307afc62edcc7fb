"""A programme whose villages have passed applications, with goods and money for some of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone

from disaster.relief.needs.models import Programme
from disaster.relief.plan import services
from disaster.relief.plan.models import Scenario
from disaster.relief.stock.models import Place
from tests.disaster.relief.disclosure.made import on_the_wall
from tests.disaster.relief.funds.made import a_quota, second
from tests.disaster.relief.needs import made as needs
from tests.disaster.relief.stock.made import a_place, goods, taken_in
from tests.world import BING, JIA, YI, World

VILLAGES = {JIA: 6, YI: 4, BING: 2}


def ready(world: World, quilts: int = 7, coats: int = 5, yuan: int = 2000) -> Programme:
    """A programme with 12 households of three villages, a warehouse and a quota."""
    programme = needs.a_programme(world)
    for area, number in VILLAGES.items():
        passed(world, programme, area, number)
    taken_in(world, a_place(), goods("quilt", quilts), goods("coat", coats))
    a_quota(world, yuan * 100)
    return programme


def passed(world: World, programme: Programme, area: str, number: int) -> list[UUID]:
    """Enter households of a village and bring them as far as the township's pass."""
    ids = [one.pk for one in needs.many(world, programme, number, area)]
    now = timezone.now()
    for act in ("verify", "assess", "post", "submit", "pass"):
        if act == "submit":
            now += timedelta(days=15)
        account = ("west" if area == BING else "east") if act == "pass" else "bureau"
        answers = needs.act(world, act, ids, account, now)
        assert all(one.done for one in answers), [one.problem for one in answers]
        if act == "post":
            on_the_wall(world, ids, now)
    return ids


def made(world: World, programme: Programme, policy: str = "fairest", **fields: Any) -> Scenario:
    return services.make(programme.pk, policy=policy, by=world.rights("bureau"), now=timezone.now(), **fields)


def approved(world: World, scenario: Scenario) -> Scenario:
    services.review(scenario.pk, by=second(), now=timezone.now())
    return services.approve(scenario.pk, by=world.rights("leader"), now=timezone.now())


def warehouse() -> Place:
    return Place.objects.get(kind=Place.Kind.WAREHOUSE)
