"""Entering households and their applications by the hundred or ten thousand: all of them or none."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec
from django.db import transaction

from disaster import problems
from disaster.journal import bulk
from disaster.people import private
from disaster.people.scope import Rights
from disaster.problems import FieldError, Words
from disaster.registers import identity
from disaster.relief.needs import checks, marks, standards
from disaster.relief.needs.entries import ApplicationEntry, HouseholdEntry, MemberEntry
from disaster.relief.needs.marks import Mark
from disaster.relief.needs.models import Application, Household, Programme
from disaster.relief.needs.services import applying, households, members
from disaster.rules import book
from gis.models import Area

NOT_YOURS = Words("不在您的辖区", "This is not in your area")
NOT_A_VILLAGE = Words("请选到村(社区)", "Choose a village")
TWICE = Words("这个身份证号在表中出现两次", "This identity number stands here twice")
TAKEN = Words("这个身份证号已登记在{area}的一户", "A household of {area} has this identity number")
CHUNK = 5000


class Loaded(msgspec.Struct, frozen=True, kw_only=True):
    """A household with its members and what it applies for; without an application it is only registered."""

    household: HouseholdEntry
    application: ApplicationEntry | None = None
    id: UUID | None = None
    members: Sequence[MemberEntry] = ()


@transaction.atomic
def enter_many(
    rows: Sequence[Loaded], *, programme: UUID, by: Rights, now: datetime, is_sample: bool = False
) -> list[Application]:
    """Enter households with their applications; gives the applications in the order of the rows that have one.

    Statements grow with every 5000 rows, not with each.

    Raises
    ------
    Problem
        403.1/404.1; 409.22; 400.2 naming every error under ``<row>.household.<field>`` or
        ``<row>.application.<field>``, a member's under ``<row>.members.<number>.<field>``, counted from 0.
    """
    if not by.where("need.village").prefixes:
        raise problems.NOT_ALLOWED()
    found = Programme.objects.filter(pk=programme).first()
    if found is None:
        raise problems.NOT_FOUND()
    if found.closed_at:
        raise problems.PROGRAMME_CLOSED(name=found.name)
    households.refuse(errors_in(rows, found, by=by, now=now))
    homes = [households.new(row.id or uuid.uuid4(), row.household, by=by, now=now) for row in rows]
    for home in homes:
        home.is_sample = is_sample
    bulk.insert(homes)
    bulk.insert(
        members.new_member(home, entry, member_id=uuid.uuid4(), now=now)
        for home, row in zip(homes, rows, strict=True)
        for entry in row.members
    )
    applied = [
        (home, row.application) for home, row in zip(homes, rows, strict=True) if row.application is not None
    ]
    made = [
        applying.new(uuid.uuid4(), found, home, entry, number=number, now=now)
        for (home, entry), number in zip(applied, applying.numbers(found, len(applied)), strict=True)
    ]
    bulk.insert(made)
    for start in range(0, len(made), CHUNK):
        some = made[start : start + CHUNK]
        marks.note("apply", "need.applied", [Mark(one, "") for one in some], by=by, now=now)
    marks.tell_of("need.entered", "programme", str(found.pk), str(found.area_id), by=by, now=now)
    return made


def errors_in(
    rows: Sequence[Loaded], programme: Programme, *, by: Rights, now: datetime
) -> dict[str, FieldError]:
    """Name everything that is wrong with rows before any is written, in two statements."""
    errors: dict[str, FieldError] = {}
    limit = standards.limit_fen(programme, on=now.astimezone(book.BEIJING).date()) // standards.FEN
    codes = {row.household.area for row in rows}
    villages = set(Area.objects.filter(code__in=codes, level="village").values_list("code", flat=True))
    for at, row in enumerate(rows):
        home = checks.household_errors(row.household)
        if row.household.area not in villages:
            home["area"] = FieldError(NOT_A_VILLAGE)
        elif not by.may("need.village", row.household.area):
            home["area"] = FieldError(NOT_YOURS)
        errors |= checks.under(f"{at}.household.", home) | _member_errors(at, row)
        if row.application is not None:
            wrong = checks.application_errors(
                row.application, members=row.household.members, limit_yuan=limit
            )
            errors |= checks.under(f"{at}.application.", wrong)
    return errors | _doubles(rows)


def _member_errors(at: int, row: Loaded) -> dict[str, FieldError]:
    errors: dict[str, FieldError] = {}
    for number, one in enumerate(row.members):
        wrong = checks.member_errors(one)
        if number + 2 > row.household.members:
            wrong.setdefault("name", FieldError(checks.ALL_ENTERED, {"limit": row.household.members}))
        errors |= checks.under(f"{at}.members.{number}.", wrong)
    return errors


def _doubles(rows: Sequence[Loaded]) -> dict[str, FieldError]:
    """Name the identity numbers that stand here twice, or that a household has already."""
    hashes = {
        at: private.blind(number)
        for at, row in enumerate(rows)
        if (number := identity.plain(row.household.identity or ""))
    }
    times = Counter(hashes.values())
    known = dict(
        Household.objects.filter(
            identity_hash__in=set(hashes.values()), state=Household.State.LIVING
        ).values_list("identity_hash", "area__name")
    )
    return {
        f"{at}.household.identity": FieldError(TAKEN, {"area": known[hashed]})
        if hashed in known
        else FieldError(TWICE)
        for at, hashed in hashes.items()
        if hashed in known or times[hashed] > 1
    }
