"""The verbs on the registers: enter, change, change a status, withdraw, reveal.

Each is journaled silently: the journal says who did what to which row and never what it holds.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.contrib.gis.geos import Point
from django.db import IntegrityError, transaction

from disaster import problems
from disaster.events.models import Event
from disaster.people import private
from disaster.people.scope import Rights, require
from disaster.problems import FieldError, Words
from disaster.registers import checks, history, identity
from disaster.registers.entries import CasualtyEntry, Entry
from disaster.registers.models import MODELS, Casualty, DamagedHome, Kind, Reading, Version
from disaster.registers.shown import COMMON, FIELDS, name_for
from gis.models import Area
from gis.scope import prefix_of

Row = Casualty | DamagedHome
UNKNOWN_EVENT = Words("没有这个灾害过程,或它与这个村(社区)无关", "There is no such event for this village")
MERGED_EVENT = Words(
    "这个过程已并入“{name}”,请登记到那里", "This event has become part of “{name}”; enter it there"
)
NOT_A_VILLAGE = Words("请选到村(社区)", "Choose a village")
OTHER_EVENT = Words(
    "不能改到另一过程;请注销后重新登记", "A row can't move to another event; withdraw it and enter it there"
)
STATUS_APART = Words("状态请用“状态变更”修改", "Change the status by “Change status”")
SAME_STATUS = Words("状态没有变化", "The status is the same")
UNKNOWN_STATUS = Words("没有这个状态", "There is no such status")
TOO_LONG = Words("最多 {limit} 字", "At most {limit} characters")
DOUBLE_THERE = Words("“{name}”中已有同一身份证号", "The same identity number stands in “{name}” already")
_ONCE = ("casualty_once_an_event", "home_once_an_event")
_LIMIT = 500


class Whole(NamedTuple):
    """A row's private data in clear: to be shown once, to who asked."""

    name: str
    identity: str
    phone: str


@transaction.atomic
def enter(kind: Kind, entry: Entry, *, by: Rights, now: datetime) -> Row:
    """Put a person or a household on the register (登记).

    Raises
    ------
    Problem
        403.1, 404.1 by the rights; 400.2 with the fields; 409.4 if the identity number has a
        row in force in the same register and event already, however many enter it at once.
    """
    require(by, "register.write", entry.area)
    event = _event(entry)
    number = identity.plain(entry.identity or "")
    errors = checks.row_errors(entry, number, event=event, now=now) | _village_error(entry.area)
    if isinstance(entry, CasualtyEntry) and entry.status == "alive":
        errors["status"] = FieldError(checks.NOT_ALIVE_FIRST)
    _refuse(errors)
    row = MODELS[kind](event=event, entered_at=now, entered_by=by.name, changed_at=now)
    if isinstance(row, Casualty) and isinstance(entry, CasualtyEntry):
        row.status = entry.status
    _fill(row, entry, number)
    _save(row, by)
    history.note(row, Version.Act.ENTERED, why=entry.why, changes={}, by=by, now=now)
    return row


@transaction.atomic
def change(kind: Kind, row_id: UUID, entry: Entry, *, by: Rights, now: datetime) -> Row:
    """Correct a row (修改), with the reason; what it said before stays in its history.

    A change that changes nothing leaves no version.

    Raises
    ------
    Problem
        As for :func:`enter`; 409.2 if the row is withdrawn, 409.5 if somebody changed it
        since the version the change was written upon.
    """
    row = _locked(kind, row_id, by)
    if entry.area != row.area_id:
        require(by, "register.write", entry.area)
    if entry.version is not None and entry.version != row.version:
        raise problems.CHANGED_MEANWHILE(name=_last_hand(row))
    number = row.identity if entry.identity is None else identity.plain(entry.identity)
    errors = checks.row_errors(entry, number, event=row.event, now=now) | checks.why_error(entry.why)
    errors |= _village_error(entry.area)
    if entry.event != row.event_id:
        errors["event"] = FieldError(OTHER_EVENT)
    if _moves_status(row, entry):
        errors["status"] = FieldError(STATUS_APART)
    _refuse(errors)
    before, hidden = history.state(row), history.whole(row)
    _fill(row, entry, number)
    changes = history.differences(before, hidden, row)
    if row.identity_hash:
        changes.pop("birth_date", None)  # the number says it now
    if changes:
        row.version, row.changed_at = row.version + 1, now
        _save(row, by)
        history.note(row, Version.Act.CHANGED, why=entry.why, changes=changes, by=by, now=now, hidden=hidden)
    return row


@transaction.atomic
def change_status(row_id: UUID, *, status: str, why: str, by: Rights, now: datetime) -> Casualty:
    """Say what has become of a person (失踪 → 死亡、生还), with the reason.

    Raises
    ------
    Problem
        403.1, 404.1; 400.2 without a reason, or for the status it has; 409.2 if withdrawn.
    """
    row = _locked("casualties", row_id, by)
    assert isinstance(row, Casualty)  # noqa: S101 - the kind says so
    errors = _reason_errors(why)
    if status not in Casualty.Status.values:
        errors["status"] = FieldError(UNKNOWN_STATUS)
    elif status == row.status:
        errors["status"] = FieldError(SAME_STATUS)
    _refuse(errors)
    changes = {"status": [row.status, status]}
    row.status, row.version, row.changed_at = status, row.version + 1, now
    row.save(update_fields=["status", "version", "changed_at"])
    history.note(row, Version.Act.STATUS, why=why, changes=changes, by=by, now=now)
    return row


@transaction.atomic
def withdraw(kind: Kind, row_id: UUID, *, why: str, by: Rights, now: datetime) -> Row:
    """Take a row out of force (注销), with the reason; it stays on the register, struck out.

    Raises
    ------
    Problem
        403.1, 404.1; 400.2 without a reason; 409.2 if it was withdrawn before.
    """
    row = _locked(kind, row_id, by)
    _refuse(_reason_errors(why))
    row.withdrawn_at, row.changed_at, row.version = now, now, row.version + 1
    row.save(update_fields=["withdrawn_at", "changed_at", "version"])
    history.note(row, Version.Act.WITHDRAWN, why=why, changes={}, by=by, now=now)
    return row


@transaction.atomic
def reveal(kind: Kind, row_id: UUID, *, why: str, by: Rights, now: datetime) -> Whole:
    """Show a row's private data in full, once, for a reason that is kept (查看完整信息).

    Raises
    ------
    Problem
        403.1, 404.1; 400.2 without a reason.
    """
    row = _found(kind, row_id, by, "register.reveal")
    _refuse(_reason_errors(why))
    Reading.objects.create(
        row_id=row.id, kind=kind, why=why.strip(), at=now, by_id=by.person_id, by_name=by.name
    )
    history.tell("register.revealed", row, by=by, now=now)
    return Whole(name=row.name, identity=row.identity, phone=row.phone)


@transaction.atomic
def move(source: Event, to: Event, areas: Sequence[str], *, by: Rights, now: datetime) -> int:
    """Take the rows of some villages from one event to another, as their reports go (过程拆分). Gives how many.

    A row whose identity number stands in the other event already is withdrawn instead, with
    the reason: nobody is counted twice.

    Raises
    ------
    Problem
        403.1, 404.1 without the right at the event.
    """
    require(by, "event.change", source.area_code)
    moved = 0
    for model in MODELS.values():
        rows = model.objects.select_for_update(of=("self",)).filter(
            event=source, area_id__in=list(areas), withdrawn_at__isnull=True
        )
        for row in rows.order_by("id"):
            moved += _moved(row, to, by=by, now=now)
    return moved


def _moved(row: Row, to: Event, *, by: Rights, now: datetime) -> bool:
    others = MODELS[row.kind].objects.filter(event=to, withdrawn_at__isnull=True)
    is_double = bool(row.identity_hash) and others.filter(identity_hash=row.identity_hash).exists()
    row.version, row.changed_at = row.version + 1, now
    changes = {"event": [row.event.name, to.name]}
    if is_double:
        row.withdrawn_at = now
    else:
        row.event = to
    row.save(update_fields=["version", "changed_at", "event", "withdrawn_at"])
    act = Version.Act.WITHDRAWN if is_double else Version.Act.MOVED
    why = DOUBLE_THERE.say("zh-hans", {"name": to.name}) if is_double else ""
    history.note(row, act, why=why, changes=changes, by=by, now=now)
    return not is_double


def _event(entry: Entry) -> Event:
    event = Event.objects.select_related("merged_into").filter(pk=entry.event).first()
    if event is None or not entry.area.startswith(prefix_of(event.area_code)):
        raise problems.BAD_FIELDS({"event": FieldError(UNKNOWN_EVENT)})
    if event.merged_into is not None:
        name = event.merged_into.name
        raise problems.BAD_FIELDS({"event": FieldError(MERGED_EVENT, {"name": name})})
    return event


def _village_error(code: str) -> dict[str, FieldError]:
    is_village = Area.objects.filter(code=code, level=Area.Level.VILLAGE).exists()
    return {} if is_village else {"area": FieldError(NOT_A_VILLAGE)}


def _reason_errors(why: str) -> dict[str, FieldError]:
    if len(why) > _LIMIT or "\0" in why:
        return {"why": FieldError(TOO_LONG, {"limit": _LIMIT})}
    return checks.why_error(why) or checks.open_errors({"why": why})


def _refuse(errors: dict[str, FieldError]) -> None:
    if errors:
        raise problems.BAD_FIELDS(errors)


def _found(kind: Kind, row_id: UUID, by: Rights, verb: str, *, lock: bool = False) -> Row:
    rows = MODELS[kind].objects.select_for_update(of=("self",)) if lock else MODELS[kind].objects
    row: Row | None = rows.select_related("event").filter(pk=row_id).first()
    if row is None:
        raise problems.NOT_FOUND()
    require(by, verb, row.area_id)
    return row


def _locked(kind: Kind, row_id: UUID, by: Rights) -> Row:
    row = _found(kind, row_id, by, "register.write", lock=True)
    if row.withdrawn_at is not None:
        raise problems.NOT_OPEN(number=row.number)
    return row


def _moves_status(row: Row, entry: Entry) -> bool:
    given = "status" in entry.model_fields_set
    return isinstance(row, Casualty) and given and getattr(entry, "status", "") != row.status


def _fill(row: Row, entry: Entry, number: str) -> None:
    row.area_id, row.name = entry.area, entry.name
    for name in (*COMMON, *FIELDS[row.kind]):
        if name != "status":
            setattr(row, name, getattr(entry, name))
    place = checks.position(entry)
    row.point = Point(*place, srid=4326) if place else None
    if number != row.identity:
        row.identity = number
    if entry.phone is not None:
        row.phone = private.plain_phone(entry.phone)
    if isinstance(row, Casualty):
        born = identity.said(number).born if number else row.birth_date
        row.age = checks.age_on(born, row.occurred_at) if born else row.age
        # Beside a masked number the birthday would tell the eight digits that the mask hides.
        row.birth_date = None if number else row.birth_date


def _save(row: Row, by: Rights) -> None:
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        if not any(name in str(error) for name in _ONCE):
            raise
        raise _taken(row, by) from None


def _taken(row: Row, by: Rights) -> problems.Problem:
    """Name the row that has the identity number already; out of sight, by its village alone."""
    others = MODELS[row.kind].objects.filter(
        event=row.event, identity_hash=row.identity_hash, withdrawn_at__isnull=True
    )
    other: Row | None = others.exclude(pk=row.pk).select_related("area").first()
    if other is None:  # withdrawn in this very moment
        return problems.TRY_AGAIN(retry_after_s=1)
    told: dict[str, Any] = {
        "name": name_for(other.name, other.area_id, to=by),
        "area": other.area.name,
        "number": other.number,
    }
    words = problems.ENTERED_ALREADY.words
    return problems.ENTERED_ALREADY({"identity": FieldError(words, told)}, **told)


def _last_hand(row: Row) -> str:
    return Version.objects.filter(row_id=row.id, number=row.version).values_list("by_name", flat=True)[0]
