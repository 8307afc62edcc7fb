"""The times of a report, against each other and against two clocks."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import NamedTuple

from disaster.problems import FieldError, Words

MINUTE = timedelta(minutes=1)
"""Times are picked by the minute: this much disorder is rounding."""


class Limits(NamedTuple):
    """How far a time may be off (rules ``report.clock_ahead``, ``report.oldest``).

    ``ahead``: how far a phone's clock may be ahead before a time counts as future.
    ``oldest``: a disaster older than this is history, and is imported, not reported.
    """

    ahead: timedelta
    oldest: timedelta


FUTURE = {
    "occurred_at": Words(
        "发生时间({value})晚于现在,请核对", "The time of occurrence ({value}) is in the future"
    ),
    "discovered_at": Words(
        "发现时间({value})晚于现在,请核对", "The time of discovery ({value}) is in the future"
    ),
    "submitted_at": Words(
        "提交时间({value})晚于现在,请核对手机时间",
        "The time of submission ({value}) is in the future; check the phone's clock",
    ),
}
TOO_OLD = Words("发生时间({value})太早,请核对", "The time of occurrence ({value}) is too long ago; check it")
ORDER = Words(
    "发现时间({value})不能早于发生时间({other})",
    "The time of discovery ({value}) can't be before the occurrence ({other})",
)
BEFORE = Words(
    "发生时间({value})不能晚于提交时间({other})",
    "The time of occurrence ({value}) can't be after the submission ({other})",
)

_BEIJING = timezone(timedelta(hours=8))


def times_errors(
    occurred_at: datetime,
    discovered_at: datetime | None,
    submitted_at: datetime,
    now: datetime,
    sent_at: datetime,
    limits: Limits,
) -> dict[str, FieldError]:
    """Name the times that cannot be.

    ``now`` is the server's clock on arrival, ``sent_at`` the phone's as the frame left. A
    phone whose clock runs ahead writes times that are ahead too: a time is future only if
    it is later than both clocks by more than is allowed. But the phone's word is trusted for
    at most a year. What arrives late (a phone off for a month) is not refused for that.
    """
    limit = min(max(now, sent_at), now + limits.oldest) + limits.ahead
    errors: dict[str, FieldError] = {}
    given = {"occurred_at": occurred_at, "discovered_at": discovered_at, "submitted_at": submitted_at}
    for name, moment in given.items():
        if moment is not None and moment > limit:
            errors[name] = FieldError(FUTURE[name], {"value": _told(moment)})
    if occurred_at < now - limits.oldest:
        errors["occurred_at"] = FieldError(TOO_OLD, {"value": _told(occurred_at)})
    if occurred_at - submitted_at > limits.ahead:
        told = {"value": _told(occurred_at), "other": _told(submitted_at)}
        errors.setdefault("occurred_at", FieldError(BEFORE, told))
    if discovered_at is not None and occurred_at - discovered_at > MINUTE:
        told = {"value": _told(discovered_at), "other": _told(occurred_at)}
        errors.setdefault("discovered_at", FieldError(ORDER, told))
    return errors


def _told(moment: datetime) -> str:
    """Write a time as the county's clocks show it."""
    try:
        return moment.astimezone(_BEIJING).strftime("%Y-%m-%d %H:%M")
    except OverflowError:
        return moment.isoformat(" ", "minutes")
