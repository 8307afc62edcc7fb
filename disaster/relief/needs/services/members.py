"""The members of a household: enter one, correct one, take one off; each act is one version of the household."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from disaster import problems
from disaster.people import private
from disaster.people.scope import Rights
from disaster.problems import FieldError
from disaster.registers import identity
from disaster.relief.needs import checks, marks
from disaster.relief.needs.entries import MemberEntry
from disaster.relief.needs.models import Change, Household, Member
from disaster.relief.needs.services import households


@transaction.atomic
def enter_member(
    household_id: UUID, member_id: UUID, entry: MemberEntry, *, by: Rights, now: datetime
) -> Household:
    """Enter a member (登记家庭成员); the id is the writer's own, a repeat is the same.

    Raises
    ------
    Problem
        403.1/404.1 by the rights; 409.26 if the household is no longer here; 400.2 with the
        fields, ``name`` when all persons stated are entered.
    """
    home = households.locked(household_id, by)
    known = Member.objects.filter(pk=member_id).first()
    if known is not None:
        if known.household_id != home.pk:
            raise problems.ID_REUSED()
        return home
    _require_living(home)
    errors = checks.member_errors(entry)
    if home.people.count() + 2 > home.members:
        errors.setdefault("name", FieldError(checks.ALL_ENTERED, {"limit": home.members}))
    households.refuse(errors)
    row = new_member(home, entry, member_id=member_id, now=now)
    row.save(force_insert=True)
    _keep(home, [None, told(row)], "", by, now)
    return home


def new_member(home: Household, entry: MemberEntry, *, member_id: UUID, now: datetime) -> Member:
    """Make a member of an entry that has no errors; the caller saves it."""
    row = Member(pk=member_id, household=home, entered_at=now)
    _fill(row, entry)
    return row


@transaction.atomic
def change_member(
    household_id: UUID, member_id: UUID, entry: MemberEntry, *, version: int, by: Rights, now: datetime
) -> Household:
    """Correct a member; a change that changes nothing leaves no trace.

    Raises
    ------
    Problem
        As for :func:`enter_member`; 404.1 if the household has no such member; 409.5 if somebody
        changed the household since ``version``.
    """
    home, row = _found(household_id, member_id, version, by)
    households.refuse(checks.member_errors(entry))
    if before := correct(row, entry):
        row.save()
        _keep(home, [before, told(row)], "", by, now)
    return home


def correct(row: Member, entry: MemberEntry) -> dict[str, Any] | None:
    """Write an entry that has no errors over a member; give what it said before, None if it says the same."""
    before, number = told(row), row.identity_hash
    _fill(row, entry)
    return before if told(row) != before or row.identity_hash != number else None


@transaction.atomic
def remove_member(
    household_id: UUID, member_id: UUID, *, why: str, version: int, by: Rights, now: datetime
) -> Household:
    """Take a member off the household (死亡、迁出、误登) for a reason that stays in its history.

    Raises
    ------
    Problem
        As for :func:`change_member`; 400.2 without a reason.
    """
    home, row = _found(household_id, member_id, version, by)
    households.refuse(households.why_errors(why, needed=True))
    before = told(row)
    row.delete()
    _keep(home, [before, None], why, by, now)
    return home


def _found(household_id: UUID, member_id: UUID, version: int, by: Rights) -> tuple[Household, Member]:
    home = households.locked(household_id, by)
    row = Member.objects.filter(pk=member_id, household=home).first()
    if row is None:
        raise problems.NOT_FOUND()
    if version != home.version:
        raise problems.CHANGED_MEANWHILE(name=households.last_hand(home))
    _require_living(home)
    return home, row


def _require_living(home: Household) -> None:
    if home.state != Household.State.LIVING:
        raise problems.HOUSEHOLD_GONE(state=home.get_state_display())


def _fill(row: Member, entry: MemberEntry) -> None:
    row.name, row.relation = entry.name.strip(), entry.relation
    row.marks = list(dict.fromkeys(entry.marks))
    if entry.identity is not None and (number := identity.plain(entry.identity)) != row.identity:
        row.identity = number


def told(row: Member) -> dict[str, Any]:
    """Tell a member as its household's history keeps it: the number masked."""
    number = private.mask_identity(row.identity)
    return {"name": row.name, "identity": number, "relation": row.relation, "marks": list(row.marks)}


def _keep(home: Household, both: list[Any], why: str, by: Rights, now: datetime) -> None:
    households.bump(home, Change.Act.CHANGED, why, {"member": both}, by, now)
    marks.tell("need.changed", home, by=by, now=now)
