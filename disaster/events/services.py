"""The verbs on events."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from disaster import problems
from disaster.events.models import Event, view
from disaster.journal import append
from disaster.people.scope import Rights, require
from disaster.problems import FieldError, Words
from disaster.rules import book

NEEDS_NAME = Words("须填写名称,最多{limit}字", "Give it a name of {limit} characters at most")
UNKNOWN_HAZARD = Words("不认识的灾种 {hazard}", "The hazard {hazard} is unknown")
FUTURE = Words("时间不能晚于现在", "The time can't be in the future")
STABLE_BEFORE = Words("灾情稳定时间不能早于开始时间", "It can't be stable before it starts")
MAX_NAME = 60
MINUTE = timedelta(minutes=1)
"""Times are picked by the minute."""


@transaction.atomic
def open_event(
    *,
    name: str,
    hazard: str,
    area_code: str,
    started_at: datetime,
    by: Rights,
    now: datetime,
    origin: str = Event.Origin.HAND,
    warning: str = "",
) -> Event:
    """Begin a disaster event (启动灾害过程); villages below it may report at once.

    ``hazard`` is the main one, ``origin`` how it came to be opened, ``warning`` the warning
    it was opened upon.

    Raises
    ------
    Problem
        403.1/404.1 without the right; 400.2 naming the field that is wrong.
    """
    require(by, "event.open", area_code)
    _refuse(_errors(name, hazard, started_at, now))
    event = Event.objects.create(
        name=name.strip(),
        hazard=hazard,
        area_code=area_code,
        started_at=started_at,
        origin=origin,
        warning=warning.strip(),
    )
    _tell("event.opened", event, by=by, now=now)
    return event


@transaction.atomic
def close_event(event: Event, *, by: Rights, now: datetime) -> Event:
    """End an event (过程结束); later reports can't join it."""
    require(by, "event.close", event.area_code)
    event = Event.objects.select_for_update().get(pk=event.pk)
    if not event.is_open:
        raise problems.NOT_OPEN(number=event.name)
    event.closed_at = now
    event.save(update_fields=["closed_at"])
    _tell("event.closed", event, by=by, now=now)
    return event


@transaction.atomic
def change_event(
    event: Event,
    *,
    by: Rights,
    now: datetime,
    name: str | None = None,
    hazard: str | None = None,
    started_at: datetime | None = None,
    stable_at: datetime | None = None,
    unstable: bool = False,
) -> Event:
    """Change an open event's name, main hazard or start, or say when it was stable (灾情稳定).

    With ``unstable`` it is not stable after all: daily reports are due again.

    Raises
    ------
    Problem
        403.1/404.1 without the right; 409.2 if it is closed; 400.2 naming what is wrong.
    """
    require(by, "event.change", event.area_code)
    event = Event.objects.select_for_update().get(pk=event.pk)
    if not event.is_open:
        raise problems.NOT_OPEN(number=event.name)
    event.name = event.name if name is None else name.strip()
    event.hazard = hazard or event.hazard
    event.started_at = started_at or event.started_at
    event.stable_at = None if unstable else stable_at or event.stable_at
    errors = _errors(event.name, event.hazard, event.started_at, now)
    if event.stable_at is not None and event.stable_at < event.started_at:
        errors["stable_at"] = FieldError(STABLE_BEFORE)
    elif event.stable_at is not None and event.stable_at > now + MINUTE:
        errors["stable_at"] = FieldError(FUTURE)
    _refuse(errors)
    event.save(update_fields=["name", "hazard", "started_at", "stable_at"])
    _tell("event.changed", event, by=by, now=now)
    return event


def _errors(name: str, hazard: str, started_at: datetime, now: datetime) -> dict[str, FieldError]:
    errors: dict[str, FieldError] = {}
    if not name.strip() or len(name.strip()) > MAX_NAME:
        errors["name"] = FieldError(NEEDS_NAME, {"limit": MAX_NAME})
    if book.code("hazard", hazard, on=started_at.astimezone(book.BEIJING).date()) is None:
        errors["hazard"] = FieldError(UNKNOWN_HAZARD, {"hazard": hazard})
    if started_at > now + MINUTE:
        errors["started_at"] = FieldError(FUTURE)
    return errors


def _refuse(errors: dict[str, FieldError]) -> None:
    if errors:
        raise problems.BAD_FIELDS(errors)


def _tell(verb: str, event: Event, *, by: Rights, now: datetime) -> None:
    append.one(
        verb,
        object_kind="event",
        object_id=str(event.id),
        area_code=event.area_code,
        put=[view(event)],
        by=by,
        at=now,
        downward=True,
    )
