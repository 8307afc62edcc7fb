"""What a public form carries so that it is sent once, by somebody who had it open: a signed id and time."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from django.core import signing

from disaster import problems
from disaster.problems import FieldError, Words

SALT = "disaster.relief.disclosure.ticket"
LEAST, MOST = timedelta(seconds=2), timedelta(hours=12)
"""Nobody fills in the form faster than this; a page left open longer is asked for anew."""
STALE = Words(
    "页面打开太久或太快提交,请重新提交一次", "The page was open too long or sent too fast; send it again"
)


class Ticket(NamedTuple):
    """The id of what will be made, and when the form was asked for."""

    id: uuid.UUID
    at: datetime


def new(*, now: datetime) -> str:
    """Make a ticket for a form that is being shown."""
    return signing.dumps([uuid.uuid4().hex, int(now.timestamp())], salt=SALT)


def kept(text: str, *, now: datetime) -> str:
    """Give a form that comes back with an error its own ticket again, a new one where that is too old."""
    ticket = _opened(text)
    return text if ticket and now - ticket.at <= MOST else new(now=now)


def read(text: str, *, now: datetime) -> Ticket:
    """Read a ticket; 400.2 under ``ticket`` if it is none of ours, too old, or faster than a hand."""
    ticket = _opened(text)
    if ticket is None or not LEAST <= now - ticket.at <= MOST:
        raise problems.BAD_FIELDS({"ticket": FieldError(STALE)})
    return ticket


def _opened(text: str) -> Ticket | None:
    try:
        key, at_s = signing.loads(text, salt=SALT)
        return Ticket(uuid.UUID(key), datetime.fromtimestamp(at_s, UTC))
    except (signing.BadSignature, ValueError, TypeError):
        return None
