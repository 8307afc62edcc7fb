"""Who is inside a shelter: checked in and out, by counts or by household.

The shelter's row is locked first, so that any number of tables at the door count as one:
the occupancy is never below nothing, and beyond the capacity only with a reason (超员原因).
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F

from disaster import problems
from disaster.journal import append
from disaster.people import private
from disaster.people.scope import Rights, require
from disaster.problems import FieldError, Words
from disaster.refuge import shelters
from disaster.refuge.models import Household, Passage
from gis.models import Area, Shelter

NEEDS_PERSONS = Words("人数须在 1 到 {limit} 之间", "Between 1 and {limit} persons")
NOT_A_VILLAGE = Words("没有这个村(社区)", "There is no such village")
NO_HOUSEHOLD = Words("这户不在此处", "This household isn't here")
LONG = Words("最多 {limit} 字", "At most {limit} characters")
MAX_PERSONS, MAX_HEAD, MAX_REASON = 100_000, 40, 200


@transaction.atomic
def check_in(
    shelter_id: UUID,
    *,
    passage: UUID,
    persons: int,
    by: Rights,
    now: datetime,
    village: str = "",
    head: str = "",
    reason: str = "",
) -> Passage:
    """Take people in (入住); with ``head`` they are one household and registered as such.

    Raises
    ------
    Problem
        403.1/404.1; 400.2; 409.1 if the id stands for other people; 409.2 if it is not open;
        409.7 beyond the capacity without a ``reason``.
    """
    shelter = shelters.locked(shelter_id, "shelter.check", by)
    if known := _repeat(passage, shelter, Passage.Way.IN, persons):
        return known
    _refuse(_errors(persons, village, head, reason))
    if shelter.state != Shelter.State.OPEN:
        raise problems.NOT_OPEN(number=shelter.name)
    beyond = shelter.occupancy + persons > shelter.capacity
    if beyond and not reason.strip():
        raise problems.SHELTER_FULL(
            {"reason": FieldError(shelters.NEEDS_REASON)},
            name=shelter.name,
            capacity=shelter.capacity,
            occupancy=shelter.occupancy,
            persons=persons,
        )
    household = _household(shelter, head, village, persons, now) if head.strip() else None
    row = _row(passage, shelter, Passage.Way.IN, persons, village, household, by, now)
    row.reason = reason.strip() if beyond else ""
    return _count(shelter, row, persons, by=by, now=now)


@transaction.atomic
def check_out(
    shelter_id: UUID,
    *,
    passage: UUID,
    persons: int,
    by: Rights,
    now: datetime,
    village: str = "",
    household: UUID | None = None,
) -> Passage:
    """Let people go (离开): of a household, or of those that were only counted.

    Raises
    ------
    Problem
        403.1/404.1; 400.2; 409.1 if the id stands for other people; 409.8 if there are not so many.
    """
    shelter = shelters.locked(shelter_id, "shelter.check", by)
    if known := _repeat(passage, shelter, Passage.Way.OUT, persons):
        return known
    _refuse(_errors(persons, village, "", ""))
    home = _leaving(shelter, household, persons, now) if household else None
    if persons > shelter.occupancy:
        raise problems.NOT_SO_MANY(name=shelter.name, occupancy=shelter.occupancy, persons=persons)
    village = home.village_id or "" if home else village
    row = _row(passage, shelter, Passage.Way.OUT, persons, village, home, by, now)
    return _count(shelter, row, -persons, by=by, now=now)


def reveal(household: Household, *, by: Rights, now: datetime) -> str:
    """Give a head of household's name in clear; who looked stands in the journal."""
    require(by, "shelter.reveal", household.shelter.area_id)
    with transaction.atomic():
        append.one(
            "shelter.revealed",
            object_kind="household",
            object_id=str(household.pk),
            area_code=household.shelter.area_id,
            put=[],
            by=by,
            at=now,
        )
    return household.head


def _repeat(passage: UUID, shelter: Shelter, way: str, persons: int) -> Passage | None:
    known: Passage | None = Passage.objects.filter(pk=passage).first()
    if known is None:
        return None
    if (known.shelter_id, known.way, known.persons) != (shelter.pk, way, persons):
        raise problems.ID_REUSED()
    return known


def _errors(persons: int, village: str, head: str, reason: str) -> dict[str, FieldError]:
    errors: dict[str, FieldError] = {}
    if not 1 <= persons <= MAX_PERSONS:
        errors["persons"] = FieldError(NEEDS_PERSONS, {"limit": MAX_PERSONS})
    if village and not Area.objects.filter(pk=village).exists():
        errors["village"] = FieldError(NOT_A_VILLAGE)
    for name, text, limit in (("head", head, MAX_HEAD), ("reason", reason, MAX_REASON)):
        if len(text.strip()) > limit:
            errors[name] = FieldError(LONG, {"limit": limit})
    return errors


def _household(shelter: Shelter, head: str, village: str, persons: int, now: datetime) -> Household:
    name = head.strip()
    return Household.objects.create(
        shelter=shelter,
        village_id=village or None,
        head_sealed=private.seal(name),
        head_shown=name[:1] + "*" * (len(name) - 1),
        persons=persons,
        entered_at=now,
    )


def _leaving(shelter: Shelter, household: UUID, persons: int, now: datetime) -> Household:
    home = Household.objects.filter(pk=household, shelter=shelter).first()
    if home is None:
        raise problems.BAD_FIELDS({"household": FieldError(NO_HOUSEHOLD)})
    if persons > home.persons:
        raise problems.NOT_SO_MANY(name=home.head_shown, occupancy=home.persons, persons=persons)
    home.persons -= persons
    home.left_at = None if home.persons else now
    home.save(update_fields=["persons", "left_at"])
    return home


def _row(
    passage: UUID,
    shelter: Shelter,
    way: str,
    persons: int,
    village: str,
    household: Household | None,
    by: Rights,
    now: datetime,
) -> Passage:
    return Passage(
        pk=passage,
        shelter=shelter,
        way=way,
        persons=persons,
        village_id=village or None,
        household=household,
        at=now,
        by_name=by.name,
    )


def _count(shelter: Shelter, row: Passage, change: int, *, by: Rights, now: datetime) -> Passage:
    """Keep the count on the shelter, and say once when it becomes nearly full."""
    was_filling = shelter.is_filling
    shelter.occupancy += change
    shelter.is_filling = shelters.is_filling(shelter.occupancy, shelter.capacity, area=shelter.area_id)
    row.occupancy = shelter.occupancy
    row.save(force_insert=True)
    Shelter.objects.filter(pk=shelter.pk).update(
        occupancy=F("occupancy") + change, is_filling=shelter.is_filling
    )
    verb = "shelter.checked_in" if change > 0 else "shelter.checked_out"
    shelters.tell(verb, shelter, by=by, now=now)
    if shelter.is_filling and not was_filling:
        # The row above carries the shelter; this one is for whoever asks when it was known.
        append.one(
            "shelter.filling",
            object_kind="shelter",
            object_id=str(shelter.pk),
            area_code=shelter.area_id,
            put=[],
            by=by,
            at=now,
        )
    return row


def _refuse(errors: dict[str, FieldError]) -> None:
    if errors:
        raise problems.BAD_FIELDS(errors)
