"""Members of many registered households at once (a sheet of 家庭成员): all of them or none.

A line corrects the member it names, by identity number or else by name, and adds who is not there yet;
nobody is taken off, as that needs a reason, and a number left out stays. The same lines again therefore
change nothing.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from django.db import transaction
from django.db.models import F
from msgspec.structs import replace

from disaster import problems
from disaster.journal import bulk
from disaster.people import private
from disaster.people.scope import Rights
from disaster.problems import FieldError
from disaster.registers import identity
from disaster.relief.needs import checks, marks
from disaster.relief.needs.entries import MemberEntry
from disaster.relief.needs.models import Change, Household, Member
from disaster.relief.needs.services import households, members
from disaster.relief.needs.services.loading import NOT_YOURS


class Listed(msgspec.Struct, frozen=True):
    """A member of a household that is registered already."""

    household: UUID
    entry: MemberEntry


@transaction.atomic
def enter_members(rows: Sequence[Listed], *, by: Rights, now: datetime) -> int:
    """Add members to households and correct those they have; gives how many lines changed anything.

    Each change is a version of the household, a line of its history and a journal row, as if entered one by
    one; statements do not grow with the lines.

    Raises
    ------
    Problem
        403.1 for whoever works with no village; 400.2 naming every error under ``<row>.<field>``, counted from
        0: under ``head`` if the household is no longer here or not in the area, under ``name`` above the
        persons stated.
    """
    if not by.where("need.village").prefixes:
        raise problems.NOT_ALLOWED()
    homes = {
        one.pk: one
        for one in Household.objects.select_for_update()
        .filter(pk__in={row.household for row in rows}, state=Household.State.LIVING)
        .order_by("pk")
    }
    errors: dict[str, FieldError] = {}
    for at, row in enumerate(rows):
        home = homes.get(row.household)
        is_here = home is not None and by.may("need.village", str(home.area_id))
        wrong = checks.member_errors(row.entry) if is_here else {"head": FieldError(NOT_YOURS)}
        errors |= checks.under(f"{at}.", wrong)
    households.refuse(errors)
    roster = _Roster(homes, now)
    for at, row in sorted(enumerate(rows), key=lambda one: not one[1].entry.identity):
        errors |= checks.under(f"{at}.", roster.take(row))
    households.refuse(errors)
    return roster.keep(by)


class _Roster:
    """The members of some locked households as they stand, and what lines make of them."""

    def __init__(self, homes: dict[UUID, Household], now: datetime) -> None:
        self.homes, self.now = homes, now
        self.free: dict[UUID, list[Member]] = defaultdict(list)
        for one in Member.objects.filter(household__in=list(homes)):
            self.free[one.household_id].append(one)
        self.many = {key: 1 + len(self.free[key]) for key in homes}
        self.new: list[Member] = []
        self.corrected: list[Member] = []
        self.told: dict[UUID, list[list[Any]]] = defaultdict(list)
        """What changed of each household's members, as its history keeps it: [before, after]."""

    def take(self, row: Listed) -> dict[str, FieldError]:
        """Correct whom a line names or add a new one; says so if the household has no room for it."""
        home, entry = self.homes[row.household], replace(row.entry, identity=row.entry.identity or None)
        if known := self._met(home.pk, entry):
            # A member answers for one line: who stands in the sheet twice is two.
            self.free[home.pk].remove(known)
            if before := members.correct(known, entry):
                self.corrected.append(known)
                self.told[home.pk].append([before, members.told(known)])
            return {}
        self.many[home.pk] += 1
        if self.many[home.pk] > home.members:
            return {"name": FieldError(checks.ALL_ENTERED, {"limit": home.members})}
        made = members.new_member(home, entry, member_id=uuid.uuid4(), now=self.now)
        self.new.append(made)
        self.told[home.pk].append([None, members.told(made)])
        return {}

    def _met(self, home: UUID, entry: MemberEntry) -> Member | None:
        """Find whom a line names: who has its number, else its namesake unless both have numbers."""
        number = identity.plain(entry.identity or "")
        hashed, name = private.blind(number) if number else "", entry.name.strip()
        free = self.free[home]
        same = [one for one in free if hashed and one.identity_hash == hashed]
        same += [one for one in free if one.name == name and not (hashed and one.identity_hash)]
        return same[0] if same else None

    def keep(self, by: Rights) -> int:
        """Write all of it, with versions, histories and the journal."""
        bulk.insert(self.new)
        Member.objects.bulk_update(
            self.corrected,
            ["name", "relation", "marks", "identity_sealed", "identity_hash"],
            batch_size=bulk.MOST,
        )
        for steps in {len(both) for both in self.told.values()}:
            grown = [key for key, both in self.told.items() if len(both) == steps]
            Household.objects.filter(pk__in=grown).update(version=F("version") + steps, changed_at=self.now)
        changed = [(self.homes[key], both) for key, every in self.told.items() for both in every]
        steps_of = {key: iter(range(1, len(both) + 1)) for key, both in self.told.items()}
        bulk.insert(
            Change(
                household=home,
                number=home.version + next(steps_of[home.pk]),
                act=Change.Act.CHANGED,
                changes={"member": both},
                at=self.now,
                by_id=by.person_id,
                by_name=by.name,
            )
            for home, both in changed
        )
        marks.tell("need.changed", *(home for home, _ in changed), by=by, now=self.now)
        return len(changed)
