"""The verbs on emergency responses (应急响应): started and ended by people, never by the system."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from disaster import problems
from disaster.events.models import Event, Response
from disaster.journal import append
from disaster.people.scope import Rights, require
from disaster.problems import FieldError, Words
from gis.scope import prefix_of

NEEDS_NUMBER = Words("须填写文号", "Give the number of the document")
WRONG_LEVEL = Words("响应级别须为1至4", "The level is 1 to 4")
OUTSIDE = Words("响应范围须在灾害过程范围内", "The area must lie in the event's")
FUTURE = Words("时间不能晚于现在", "The time can't be in the future")
BEFORE = Words("终止时间不能早于启动时间", "The end can't be before the start")
RUNNING = Words("这个范围已有响应在进行", "A response is under way in this area")
MINUTE = timedelta(minutes=1)


@transaction.atomic
def start_response(
    event_id: UUID,
    *,
    area_code: str,
    level: int,
    number: str,
    started_at: datetime,
    by: Rights,
    now: datetime,
    measures: str = "",
    basis: dict[str, Any] | None = None,
) -> Response:
    """Put the start of a response on record: number (文号), level 1–4, scope, time, measures.

    ``basis`` keeps the advice it rested on, as it stood at the decision.

    Raises
    ------
    Problem
        403.1/404.1 without the right; 404.1 for no such event; 400.2 naming what is wrong.
    """
    require(by, "response.decide", area_code)
    event = Event.objects.select_for_update().filter(pk=event_id).first()
    if event is None:
        raise problems.NOT_FOUND()
    errors: dict[str, FieldError] = {}
    if not 1 <= level <= 4:
        errors["level"] = FieldError(WRONG_LEVEL)
    if not number.strip():
        errors["number"] = FieldError(NEEDS_NUMBER)
    if started_at > now + MINUTE:
        errors["started_at"] = FieldError(FUTURE)
    if not area_code.startswith(prefix_of(event.area_code)):
        errors["area"] = FieldError(OUTSIDE)
    if Response.objects.filter(event=event, area_code=area_code, ended_at__isnull=True).exists():
        errors["area"] = FieldError(RUNNING)
    if errors:
        raise problems.BAD_FIELDS(errors)
    response = Response.objects.create(
        event=event,
        area_code=area_code,
        level=level,
        number=number.strip(),
        started_at=started_at,
        started_by=by.name,
        measures=measures.strip(),
        basis=basis or {},
    )
    _tell("response.started", response, by=by, now=now)
    return response


@transaction.atomic
def end_response(
    response_id: UUID, *, number: str, ended_at: datetime, by: Rights, now: datetime
) -> Response:
    """Put the end of a response on record (终止响应).

    Raises
    ------
    Problem
        404.1, 403.1 as for the start; 409.2 if it has ended; 400.2 naming what is wrong.
    """
    response = Response.objects.select_for_update().filter(pk=response_id).first()
    if response is None:
        raise problems.NOT_FOUND()
    require(by, "response.decide", response.area_code)
    if response.ended_at is not None:
        raise problems.NOT_OPEN(number=response.number)
    errors: dict[str, FieldError] = {}
    if not number.strip():
        errors["number"] = FieldError(NEEDS_NUMBER)
    if ended_at > now + MINUTE:
        errors["ended_at"] = FieldError(FUTURE)
    if ended_at < response.started_at:
        errors["ended_at"] = FieldError(BEFORE)
    if errors:
        raise problems.BAD_FIELDS(errors)
    response.end_number, response.ended_at, response.ended_by = number.strip(), ended_at, by.name
    response.save(update_fields=["end_number", "ended_at", "ended_by"])
    _tell("response.ended", response, by=by, now=now)
    return response


def _tell(verb: str, response: Response, *, by: Rights, now: datetime) -> None:
    append.one(
        verb,
        object_kind="response",
        object_id=str(response.id),
        area_code=response.area_code,
        put=[],
        by=by,
        at=now,
    )
