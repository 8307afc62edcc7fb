"""The verbs of the duty desk: recording a call, and looking up a number to make one."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet

from disaster import problems
from disaster.duty.models import Call
from disaster.events.models import Event
from disaster.journal import append
from disaster.people import private
from disaster.people.models import Posting
from disaster.people.scope import Rights, require
from disaster.problems import FieldError, Words
from disaster.rules import book
from gis.models import Area

UNKNOWN_WORD = Words("不认识的取值 {value}", "The value {value} is unknown")
UNKNOWN_AREA = Words("没有代码为 {code} 的行政区划", "There is no area with the code {code}")
UNKNOWN_EVENT = Words("没有这个灾害过程", "There is no such event")
FUTURE = Words("通话时间不能晚于现在", "The call can't be in the future")
NEEDS_CONTENT = Words("已接通的电话须写明通话内容", "Write down what was said")
NEEDS_NAME = Words("须写明对方是谁", "Say who was on the line")


@transaction.atomic
def record_call(
    *,
    area_code: str,
    callee: str,
    outcome: str,
    by: Rights,
    now: datetime,
    at: datetime | None = None,
    direction: str = Call.Direction.DOWN,
    content: str = "",
    event: UUID | None = None,
    report: UUID | None = None,
) -> Call:
    """Put a telephone call on record (电话记录, 电话速报).

    ``callee`` is who was on the other end; for a call that came in (``in``), who called.

    Raises
    ------
    Problem
        403.1/404.1 without the right in the area; 400.2 naming each field that is wrong.
    """
    require(by, "duty.call", area_code)
    errors = _errors(area_code, callee, outcome, direction, content, event, at, now)
    if errors:
        raise problems.BAD_FIELDS(errors)
    other, own = callee.strip(), by.name
    call = Call.objects.create(
        direction=direction,
        caller=other if direction == Call.Direction.IN else own,
        callee=own if direction == Call.Direction.IN else other,
        area_code=area_code,
        event_id=event,
        at=at or now,
        outcome=outcome,
        content=content.strip(),
        report=report,
        by_name=by.name,
    )
    append.one(
        "call.recorded",
        object_kind="call",
        object_id=str(call.id),
        area_code=area_code,
        put=[],
        by=by,
        at=now,
    )
    return call


def _errors(
    area_code: str,
    callee: str,
    outcome: str,
    direction: str,
    content: str,
    event: UUID | None,
    at: datetime | None,
    now: datetime,
) -> dict[str, FieldError]:
    errors: dict[str, FieldError] = {}
    if not Area.objects.filter(code=area_code).exists():
        errors["area"] = FieldError(UNKNOWN_AREA, {"code": area_code})
    if direction not in Call.Direction.values:
        errors["direction"] = FieldError(UNKNOWN_WORD, {"value": direction})
    if outcome not in Call.Outcome.values:
        errors["outcome"] = FieldError(UNKNOWN_WORD, {"value": outcome})
    if not callee.strip():
        errors["callee"] = FieldError(NEEDS_NAME)
    if outcome == Call.Outcome.REACHED and direction != Call.Direction.DOWN and not content.strip():
        errors["content"] = FieldError(NEEDS_CONTENT)
    if at is not None and at > now + timedelta(minutes=1):
        errors["at"] = FieldError(FUTURE)
    if event is not None and not Event.objects.filter(pk=event).exists():
        errors["event"] = FieldError(UNKNOWN_EVENT)
    return errors


class Number(NamedTuple):
    """One person to be called, with the number in clear."""

    name: str
    post: str
    phone: str


@transaction.atomic
def numbers_of(area_code: str, *, by: Rights, now: datetime) -> list[Number]:
    """Give the telephone numbers of an area's officers in clear, to call them now.

    Reading unmasked numbers is journaled as a call about to be made (查看号码).

    Raises
    ------
    Problem
        403.1/404.1 without the right in the area.
    """
    require(by, "duty.call", area_code)
    found = [Number(post.person.name, post.post, post.person.phone) for post in _officers([area_code], now)]
    record_call(
        area_code=area_code,
        callee="、".join(one.name for one in found) or "—",
        outcome=Call.Outcome.DIALLED,
        by=by,
        now=now,
    )
    return found


def masked_numbers(areas: Iterable[str], *, now: datetime) -> dict[str, list[Number]]:
    """Give who can be called in each area, numbers masked, by one statement: whom, before one asks for it."""
    found: dict[str, list[Number]] = {}
    for post in _officers(areas, now):
        number = Number(post.person.name, post.post, private.mask_phone(post.person.phone))
        found.setdefault(post.area_id, []).append(number)
    return found


def _officers(areas: Iterable[str], now: datetime) -> QuerySet[Posting]:
    day = now.astimezone(book.BEIJING).date()
    held = Q(valid_to__isnull=True) | Q(valid_to__gt=day)
    posts = Posting.objects.filter(held, valid_from__lte=day, area_id__in=list(areas), person__is_active=True)
    wanted = posts.filter(role__in=(Posting.Role.OFFICER, Posting.Role.REVIEWER))
    return wanted.select_related("person").order_by("area_id", "post", "id")
