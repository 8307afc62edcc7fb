"""Programmes, households and applications for tests."""

from __future__ import annotations

import random
import uuid
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone

from disaster.registers import identity
from disaster.relief.needs import services
from disaster.relief.needs.entries import ApplicationEntry, HouseholdEntry, MemberEntry
from disaster.relief.needs.models import Application, Household, Member, Programme
from disaster.relief.needs.services import Answer, Loaded, ProgrammeEntry
from tests.disaster.relief.disclosure.made import on_the_wall
from tests.world import COUNTY, JIA, World

_random = random.Random(5)


def a_number() -> str:
    """A valid identity number of nobody."""
    day = date(1940, 1, 1) + timedelta(days=_random.randrange(25_000))
    first = f"340824{day:%Y%m%d}{_random.randrange(1000):03d}"
    return first + identity.check_digit(first)


def a_programme(world: World, **fields: Any) -> Programme:
    year = timezone.localdate().year
    values = {
        "name": "冬春救助",
        "kind": "DC",
        "area": COUNTY,
        "starts_on": date(year, 12, 1),
        "ends_on": date(year + 1, 5, 31),
    }
    entry = ProgrammeEntry(**{**values, **fields})
    return services.open_programme(uuid.uuid4(), entry, by=world.rights("bureau"), now=timezone.now())


def home(area: str = JIA, **fields: Any) -> HouseholdEntry:
    values = {
        "area": area,
        "name": "张守田",
        "members": 3,
        "group": "一组",
        "identity": a_number(),
        "phone": "13805560001",
        "card": "6217001234567890124",
        "types": ("minimum_living",),
    }
    return HouseholdEntry(**{**values, **fields})


def need(persons: int = 2, **fields: Any) -> ApplicationEntry:
    return ApplicationEntry(**{"persons": persons, "clothing": 1, "heating_yuan": 200, **fields})


def a_household(world: World, account: str = "jia_a", **fields: Any) -> Household:
    return services.enter(uuid.uuid4(), home(**fields), by=world.rights(account), now=timezone.now())


def person(**fields: Any) -> MemberEntry:
    return MemberEntry(**{"name": "李秀英", "relation": "spouse", "identity": a_number(), **fields})


def a_member(world: World, household: Household, account: str = "bureau", **fields: Any) -> Member:
    """A member of a household, whose version goes on."""
    pk = uuid.uuid4()
    services.enter_member(household.pk, pk, person(**fields), by=world.rights(account), now=timezone.now())
    household.refresh_from_db()
    return Member.objects.get(pk=pk)


def applied(
    world: World, programme: Programme, household: Household | None = None, **fields: Any
) -> Application:
    return services.apply(
        uuid.uuid4(),
        programme=programme.pk,
        household=(household or a_household(world)).pk,
        entry=need(**fields),
        by=world.rights("bureau"),
        now=timezone.now(),
    )


def many(world: World, programme: Programme, number: int, area: str = JIA) -> list[Application]:
    rows = [
        Loaded(household=home(area, name=f"户{at}", card=f"62170012345{at:08d}"), application=need())
        for at in range(number)
    ]
    return services.enter_many(rows, programme=programme.pk, by=world.rights("bureau"), now=timezone.now())


WAY = (
    ("verify", "jia_a"),
    ("assess", "jia_a"),
    ("post", "jia_a"),
    ("submit", "jia_a"),
    ("pass", "east"),
    ("approve", "bureau"),
)
"""The ordinary way, and whose act each step is."""


def act(
    world: World,
    act: str,
    ids: Sequence[UUID],
    account: str = "bureau",
    now: datetime | None = None,
    **fields: Any,
) -> list[Answer]:
    return services.act_many(act, ids, by=world.rights(account), now=now or timezone.now(), **fields)


def brought(world: World, ids: Sequence[UUID], upto: str, **fields: Any) -> list[Answer]:
    """Bring applications along the ordinary way as far as an act; their notice hangs, and is waited for."""
    now = timezone.now()
    answers: list[Answer] = []
    for name, account in WAY:
        if name == "submit":
            now += timedelta(days=15)  # seven days, longer where they end in a festival
        answers = act(world, name, ids, account, now, **(fields if name == upto else {}))
        assert all(one.done for one in answers), [one.problem for one in answers]
        if name == upto:
            break
        if name == "post":
            on_the_wall(world, ids, now)
    return answers
