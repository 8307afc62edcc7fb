"""A winter programme with applications and grants for tests."""

from __future__ import annotations

import random
from datetime import date
from typing import Any

from django.utils import timezone

from disaster.relief.needs.models import Application, Grant, Household, Programme, Step
from tests.world import COUNTY


def a_programme(**fields: Any) -> Programme:
    values = {
        "number": f"DC{Programme.objects.count() + 1:03d}",
        "name": "冬春救助",
        "kind": "DC",
        "area_id": COUNTY,
        "starts_on": date(2026, 12, 1),
        "ends_on": date(2027, 5, 31),
        "opened_at": timezone.now(),
        "opened_by": "市局",
    }
    return Programme.objects.create(**{**values, **fields})


def an_application(programme: Programme, area: str, **fields: Any) -> Application:
    now = timezone.now()
    household = Household.objects.create(
        area_id=area, name="演练户", members=3, entered_at=now, entered_by="甲一", changed_at=now
    )
    values = {
        "number": f"{programme.number}-{Application.objects.count() + 1:05d}",
        "state": "approved",
        "persons": 2,
        "applied_at": now,
        "changed_at": now,
    }
    made = Application.objects.create(
        programme=programme, household=household, area_id=area, **{**values, **fields}
    )
    stepped(made, "apply")
    return made


def stepped(application: Application, act: str) -> None:
    """Leave the step behind that every act leaves."""
    Step.objects.create(
        application=application, act=act, after=application.state, at=timezone.now(), by_name="市局"
    )


def granted(application: Application, item: str | None, quantity: int, settled: int = 0) -> Grant:
    made = Grant.objects.create(
        application=application,
        item_id=item,
        quantity=quantity,
        settled=settled,
        decided_at=timezone.now(),
        decided_by="市局",
    )
    stepped(application, "grant")
    return made


def at_random(programme: Programme, areas: list[str], chance: random.Random, count: int) -> None:
    """Applications in every state, with grants that have arrived in part."""
    states = list(Application.State.values)
    for _ in range(count):
        one = an_application(
            programme,
            chance.choice(areas),
            state=chance.choice(states),
            persons=chance.randint(1, 5),
            clothing=chance.randint(0, 3),
            heating_yuan=chance.randint(0, 300),
            water_yuan=chance.randint(0, 50),
        )
        for item in chance.sample(["quilt", "coat", "tent_12", None], chance.randint(0, 3)):
            quantity = chance.randint(1, 40)
            granted(one, item, quantity, chance.randint(0, quantity))
