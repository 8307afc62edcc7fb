"""The verbs on reminding: the stop switch, and the channels."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from disaster import problems
from disaster.duty.reminders.models import Channel, Pause
from disaster.duty.reminders.send import is_address
from disaster.journal import append
from disaster.people.scope import Rights, require
from disaster.problems import FieldError, Words

NEEDS_REASON = Words("请写明停用催报的原因", "Say why reminding is stopped")
BAD_ADDRESS = Words("通知渠道地址无法识别", "This address of a channel can't be used")
MAX_REASON = 200


@transaction.atomic
def stop(*, area_code: str, reason: str, by: Rights, now: datetime) -> Pause:
    """Stop all reminders in an area (停用催报) until somebody resumes them.

    Raises
    ------
    Problem
        403.1/404.1 without the right; 400.2 without a reason; 409.2 if they are stopped.
    """
    require(by, "duty.remind", area_code)
    reason = reason.strip()
    if not reason or len(reason) > MAX_REASON:
        raise problems.BAD_FIELDS({"reason": FieldError(NEEDS_REASON)})
    if Pause.objects.select_for_update().filter(area_code=area_code, ended_at__isnull=True).exists():
        raise problems.NOT_OPEN(number=area_code)
    pause = Pause.objects.create(area_code=area_code, reason=reason, since=now, by_name=by.name)
    _tell("reminder.stopped", area_code, by=by, now=now)
    return pause


@transaction.atomic
def resume(*, area_code: str, by: Rights, now: datetime) -> None:
    """Let reminders go out again (恢复催报).

    Raises
    ------
    Problem
        403.1/404.1 without the right; 409.2 if they are not stopped.
    """
    require(by, "duty.remind", area_code)
    ended = Pause.objects.filter(area_code=area_code, ended_at__isnull=True).update(
        ended_at=now, ended_by=by.name
    )
    if not ended:
        raise problems.NOT_OPEN(number=area_code)
    _tell("reminder.resumed", area_code, by=by, now=now)


@transaction.atomic
def add_channel(*, name: str, area_code: str, url: str, order: int = 0, by: Rights, now: datetime) -> Channel:
    """Add a way to reach the people of an area; ``url`` is an apprise address.

    Raises
    ------
    Problem
        403.1/404.1 without the right; 400.2 if apprise does not know the address.
    """
    require(by, "channel.change", area_code)
    if not is_address(url):
        raise problems.BAD_FIELDS({"url": FieldError(BAD_ADDRESS)})
    channel = Channel(name=name, area_code=area_code, order=order)
    channel.url = url
    channel.full_clean(exclude=["url_sealed"])
    channel.save()
    _tell("reminder.channel_changed", area_code, by=by, now=now)
    return channel


def _tell(verb: str, area_code: str, *, by: Rights, now: datetime) -> None:
    append.one(verb, object_kind="reminder", object_id=area_code, area_code=area_code, put=[], by=by, at=now)
