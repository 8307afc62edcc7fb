"""The household register: enter, change, mark the head's death or a move away, reveal."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.contrib.gis.geos import Point
from django.db import IntegrityError, transaction

from disaster import problems
from disaster.people import private
from disaster.people.scope import Rights, require
from disaster.problems import FieldError, Words
from disaster.registers import identity
from disaster.registers.checks import open_errors
from disaster.relief.needs import batch, checks, marks
from disaster.relief.needs.entries import HouseholdEntry
from disaster.relief.needs.marks import Mark
from disaster.relief.needs.models import Application, Change, Household, Reading
from disaster.relief.needs.states import BEFORE_ISSUE, STOPPED
from gis.models import Area

NOT_A_VILLAGE = Words("请选到村(社区)", "Choose a village")
NEEDS_WHY = Words("须写明原因,最多 {limit} 字", "Say why, in {limit} characters at most")
SAME_STATE = Words("状态没有变化", "It is so already")
WHY_KEPT = 200
OPEN = ("group", "name", "bank", "members", "address")
"""Fields of a household kept in clear, as they are compared and told in its history."""
PAYEE = {"card", "bank", "name"}
"""What the bank pays to."""


class Whole(NamedTuple):
    """A household's private data in clear: to be shown once, to who asked."""

    name: str
    identity: str
    phone: str
    card: str
    people: dict[str, str]
    """Each member's id → name and identity number."""


@transaction.atomic
def enter(household_id: UUID, entry: HouseholdEntry, *, by: Rights, now: datetime) -> Household:
    """Put a household on the register (登记); the id is the writer's own, a repeat is the same.

    Raises
    ------
    Problem
        403.1/404.1 by the rights; 400.2 with the fields; 409.28 if another household living
        here has the identity number, however many enter it at once.
    """
    require(by, "need.village", entry.area)
    known: Household | None = Household.objects.filter(pk=household_id).first()
    if known is not None:
        if known.area_id != entry.area:
            raise problems.ID_REUSED()
        return known
    refuse(checks.household_errors(entry) | village_error(entry.area))
    row = new(household_id, entry, by=by, now=now)
    _save(row, new_row=True)
    marks.tell("need.entered", row, by=by, now=now)
    return row


def new(household_id: UUID, entry: HouseholdEntry, *, by: Rights, now: datetime) -> Household:
    """Make a household of an entry that has no errors; the caller saves it."""
    row = Household(pk=household_id, entered_at=now, entered_by=by.name, changed_at=now)
    _fill(row, entry)
    return row


@transaction.atomic
def change(
    household_id: UUID, entry: HouseholdEntry, *, version: int, by: Rights, now: datetime, why: str = ""
) -> Household:
    """Correct a household (修改); what it said before stays in its history, private values masked.

    A new card, bank or name clears what the bank refused (户名不符 is its commonest reason). A change that changes nothing leaves no trace.

    Raises
    ------
    Problem
        As for :func:`enter`; 409.5 if somebody changed it since ``version``; 409.26 if it is
        no longer here; 400.2 under ``members`` below the persons of an open
        application or those entered by name.
    """
    row = locked(household_id, by)
    if entry.area != row.area_id:
        require(by, "need.village", entry.area)
    if version != row.version:
        raise problems.CHANGED_MEANWHILE(name=last_hand(row))
    if row.state != Household.State.LIVING:
        raise problems.HOUSEHOLD_GONE(state=row.get_state_display())
    errors = checks.household_errors(entry) | village_error(entry.area)
    errors |= why_errors(why, needed=False) | _members_error(row, entry)
    refuse(errors)
    before = _state(row)
    _fill(row, entry)
    changes = _differences(before, _state(row))
    if changes:
        if PAYEE & changes.keys():
            row.card_refused_why = ""
        bump(row, Change.Act.CHANGED, why, changes, by, now)
        _move(row, by, now)
        marks.tell("need.changed", row, by=by, now=now)
    return row


@transaction.atomic
def mark(household_id: UUID, state: str, *, why: str, by: Rights, now: datetime) -> Household:
    """Say that the head has died or the household moved away: its open applications stop (停发). ``living`` undoes it.

    What was stopped stays stopped; a household that is back applies anew.

    Raises
    ------
    Problem
        403.1/404.1; 400.2 without a reason, or for the state it has; 409.28 if meanwhile
        another household lives here with the same identity number.
    """
    row = locked(household_id, by)
    errors = why_errors(why, needed=True)
    if state not in Household.State.values or state == row.state:
        errors["state"] = FieldError(SAME_STATE)
    refuse(errors)
    changes = {"state": [row.state, state]}
    row.state = state
    bump(row, Change.Act(state), why, changes, by, now)
    if state != Household.State.LIVING:
        _stop_all(row, why, by, now)
    marks.tell("need.left" if state != Household.State.LIVING else "need.changed", row, by=by, now=now)
    return row


@transaction.atomic
def reveal(household_id: UUID, *, why: str, by: Rights, now: datetime) -> Whole:
    """Show a household's private data in full, once, for a reason that is kept (查看完整信息).

    Raises
    ------
    Problem
        403.1/404.1; 400.2 without a reason.
    """
    row: Household | None = Household.objects.filter(pk=household_id).first()
    if row is None:
        raise problems.NOT_FOUND()
    require(by, "need.reveal", str(row.area_id))
    refuse(why_errors(why, needed=True))
    Reading.objects.create(household=row, why=why.strip(), at=now, by_id=by.person_id, by_name=by.name)
    marks.tell("need.revealed", row, by=by, now=now)
    people = {str(one.pk): f"{one.name} {one.identity}".strip() for one in row.people.all()}
    return Whole(row.name, row.identity, row.phone, row.card, people)


def refuse(errors: dict[str, FieldError]) -> None:
    """Raise 400.2 with the fields named, if there are any."""
    if errors:
        raise problems.BAD_FIELDS(errors)


def village_error(code: str) -> dict[str, FieldError]:
    """Name the area if it is no village."""
    is_village = Area.objects.filter(code=code, level=Area.Level.VILLAGE).exists()
    return {} if is_village else {"area": FieldError(NOT_A_VILLAGE)}


def locked(household_id: UUID, by: Rights) -> Household:
    """Lock a household that is to be changed; 403.1/404.1 by the rights."""
    row: Household | None = Household.objects.select_for_update().filter(pk=household_id).first()
    if row is None:
        raise problems.NOT_FOUND()
    require(by, "need.village", str(row.area_id))
    return row


def last_hand(row: Household) -> str:
    """Name who changed a household last."""
    last = row.changes.order_by("-number").first()
    return last.by_name if last else row.entered_by


def _fill(row: Household, entry: HouseholdEntry) -> None:
    row.area_id, row.members, row.types = entry.area, entry.members, list(dict.fromkeys(entry.types))
    for name in ("group", "name", "bank", "address"):
        setattr(row, name, getattr(entry, name).strip())
    row.point = Point(entry.lon, entry.lat, srid=4326) if entry.lon is not None else None
    given = {
        "identity": None if entry.identity is None else identity.plain(entry.identity),
        "phone": None if entry.phone is None else private.plain_phone(entry.phone),
        "card": None if entry.card is None else checks.plain_card(entry.card),
    }
    for name, value in given.items():
        if value is not None and value != getattr(row, name):
            setattr(row, name, value)


def _state(row: Household) -> dict[str, Any]:
    point = f"{row.point.x:.6f}, {row.point.y:.6f}" if row.point else ""
    told = {name: getattr(row, name) for name in OPEN}
    hidden = {"identity": row.identity, "phone": row.phone, "card": row.card}
    return {"area": row.area_id, "point": point, "types": list(row.types), **told, **hidden}


def mask_card(number: str) -> str:
    """Show a bank card by its last four digits (§8.3)."""
    return "*" * max(0, len(number) - 4) + number[-4:]


_MASKS: dict[str, Callable[[str], str]] = {
    "identity": private.mask_identity,
    "phone": private.mask_phone,
    "card": mask_card,
}


def _differences(before: dict[str, Any], after: dict[str, Any]) -> dict[str, list[Any]]:
    return {
        name: [_MASKS[name](value) if name in _MASKS else value for value in (before[name], after[name])]
        for name in after
        if before[name] != after[name]
    }


def _move(row: Household, by: Rights, now: datetime) -> None:
    """Take a household's open applications along to its new village."""
    open_ones = Application.objects.filter(household=row, state__in=BEFORE_ISSUE)
    moved = list(open_ones.exclude(area=row.area_id).order_by("pk"))
    Application.objects.filter(pk__in=[one.pk for one in moved]).update(area_id=row.area_id)
    for one in moved:
        one.area_id = row.area_id
    marks.note("move", "need.changed", [Mark(one, one.state) for one in moved], by=by, now=now)


def bump(
    row: Household, act: Change.Act, why: str, changes: dict[str, Any], by: Rights, now: datetime
) -> None:
    """Save a household as its next version, with what changed in its history."""
    row.version, row.changed_at = row.version + 1, now
    _save(row, new_row=False)
    Change.objects.create(
        household=row,
        number=row.version,
        act=act,
        why=why.strip(),
        changes=changes,
        at=now,
        by_id=by.person_id,
        by_name=by.name,
    )


def _save(row: Household, *, new_row: bool) -> None:
    try:
        with transaction.atomic():
            row.save(force_insert=new_row, force_update=not new_row)
    except IntegrityError as error:
        if "household_identity_once" not in str(error):
            raise
        other = Household.objects.filter(identity_hash=row.identity_hash, state=Household.State.LIVING)
        taken = other.exclude(pk=row.pk).select_related("area").defer("area__boundary").first()
        raise problems.IDENTITY_TAKEN(area=taken.area.name if taken else "") from None


def why_errors(why: str, *, needed: bool) -> dict[str, FieldError]:
    """Name what is wrong with a reason."""
    if (needed and not why.strip()) or len(why.strip()) > WHY_KEPT:
        return {"why": FieldError(NEEDS_WHY, {"limit": WHY_KEPT})}
    return open_errors({"why": why})


def _members_error(row: Household, entry: HouseholdEntry) -> dict[str, FieldError]:
    found = row.applications.filter(state__in=BEFORE_ISSUE, persons__gt=entry.members)
    persons = found.values_list("persons", flat=True).first()
    if persons:
        return {"members": FieldError(checks.FEWER_MEMBERS, {"persons": persons})}
    entered = row.people.count() + 1
    return (
        {"members": FieldError(checks.FEWER_STATED, {"entered": entered})} if entered > entry.members else {}
    )


def _stop_all(row: Household, why: str, by: Rights, now: datetime) -> None:
    ids = row.applications.filter(state__in=BEFORE_ISSUE).values_list("pk", flat=True)
    stopped = []
    for one in batch.locked(list(ids)):
        if one.state in BEFORE_ISSUE:
            before, one.state = one.state, STOPPED
            one.version, one.changed_at = one.version + 1, now
            one.save(update_fields=["state", "version", "changed_at"])
            stopped.append(Mark(one, before, why))
    marks.note("stop", "need.stopped", stopped, by=by, now=now)
