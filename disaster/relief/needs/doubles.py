"""Persons who stand in two households, or twice in one: found by the hash of their number, whatever the village."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import NamedTuple
from uuid import UUID

from django.db.models import CharField, F, Value

from disaster.problems import Words
from disaster.registers.models import mask_name
from disaster.relief.needs.models import Household, Member

TWICE_HERE = Words(
    "本户 {name} 登记了同一个身份证号", "{name} of this household have the same identity number"
)
ELSEWHERE = Words(
    "{name} 同时登记在 {area} {other} 户", "{name} is also entered in the household of {other} ({area})"
)


class Double(NamedTuple):
    """One person entered again: in words, with the other household if it is another."""

    words: Words
    params: dict[str, str]
    household: UUID | None = None


class _Person(NamedTuple):
    household: UUID
    hash: str
    name: str
    head: str
    area: str
    role: str


class Known(NamedTuple):
    """A member whose number is known."""

    household: UUID
    hash: str
    name: str


def members_of(households: Iterable[UUID]) -> list[Known]:
    """Give the members of households whose numbers are known, in one statement."""
    own = Member.objects.filter(household_id__in=list(households)).exclude(identity_hash="")
    rows = own.order_by("household_id", "entered_at", "pk")
    return [Known._make(row) for row in rows.values_list("household_id", "identity_hash", "name")]


def of(heads: Mapping[UUID, str], own: Iterable[Known] | None = None) -> dict[UUID, list[Double]]:
    """Find persons of households (id → hash of the head's number) who are entered again, in two statements.

    ``own`` are their members, where they have been read already.
    """
    members = members_of(heads) if own is None else own
    hashes = {*(one.hash for one in members), *heads.values()} - {""}
    by_hash: dict[str, list[_Person]] = defaultdict(list)
    for one in _with(hashes):
        by_hash[one.hash].append(one)
    found: dict[UUID, list[Double]] = defaultdict(list)
    for same in by_hash.values():
        for home in {one.household for one in same} & heads.keys():
            found[home] += _told(home, same)
    return found


def _told(home: UUID, same: list[_Person]) -> list[Double]:
    here = [one for one in same if one.household == home]
    name = mask_name(here[0].name)
    both = "、".join(mask_name(one.name) for one in here)
    told = [Double(TWICE_HERE, {"name": both})] if len(here) > 1 else []
    others = {one.household: one for one in same if one.household != home}
    return told + [
        Double(ELSEWHERE, {"name": name, "area": one.area, "other": mask_name(one.head)}, key)
        for key, one in others.items()
    ]


def _with(hashes: Iterable[str]) -> list[_Person]:
    """Give who has one of the numbers, heads and members of households that live here, in one statement."""
    wanted = sorted(hashes)
    living = Household.State.LIVING
    columns = ("at", "identity_hash", "name", "head", "village", "role")
    members = (
        Member.objects.filter(identity_hash__in=wanted, household__state=living)
        .order_by()
        .annotate(
            at=F("household_id"),
            head=F("household__name"),
            village=F("household__area__name"),
            role=Value("member", CharField()),
        )
    )
    heads = (
        Household.objects.filter(identity_hash__in=wanted, state=living)
        .order_by()
        .annotate(at=F("pk"), head=F("name"), village=F("area__name"), role=Value("head", CharField()))
    )
    rows = members.values_list(*columns).union(heads.values_list(*columns), all=True)
    people = [_Person._make(row) for row in rows]
    return sorted(people, key=lambda one: (one.role != "head", one.area, str(one.household)))
