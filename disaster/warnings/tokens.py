"""The tokens of feeders: made once, shown once, revoked at any time."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db import connection, transaction

from disaster import problems
from disaster.journal import append
from disaster.people.scope import FEEDER, Held, Rights, require
from disaster.problems import FieldError, Words
from disaster.rules import book
from disaster.warnings.models import AlertToken
from gis.models import Area

NEEDS_NAME = Words("须写明来源单位,最多{limit}字", "Name the feeder, {limit} characters at most")
UNKNOWN_AREA = Words("没有代码为 {code} 的行政区划", "There is no area with the code {code}")
MAX_NAME = 30
HINT = 8
_NOBODY = hashlib.sha256(secrets.token_bytes(32)).digest()
"""What an unknown token is compared with, so that it takes as long as a known one."""


class Made(NamedTuple):
    """A token's row, and its text, which is nowhere kept."""

    row: AlertToken
    text: str


@transaction.atomic
def make(*, name: str, area_code: str, by: Rights, now: datetime) -> Made:
    """Give a feeder the right to bring alerts for an area.

    Raises
    ------
    Problem
        403.1/404.1 without the right; 400.2 naming what is wrong.
    """
    require(by, "token.manage", area_code)
    errors = {}
    if not name.strip() or len(name.strip()) > MAX_NAME:
        errors["name"] = FieldError(NEEDS_NAME, {"limit": MAX_NAME})
    if not Area.objects.filter(code=area_code).exists():
        errors["area_code"] = FieldError(UNKNOWN_AREA, {"code": area_code})
    if errors:
        raise problems.BAD_FIELDS(errors)
    text = secrets.token_urlsafe(32)
    row = AlertToken.objects.create(
        name=name.strip(),
        area_code=area_code,
        hint=text[:HINT],
        digest=_digest(text),
        made_at=now,
        made_by=by.name,
    )
    _tell("token.made", row, by=by, now=now)
    return Made(row, text)


@transaction.atomic
def revoke(token: AlertToken, *, by: Rights, now: datetime) -> None:
    """Take a token back, for ever.

    Raises
    ------
    Problem
        403.1/404.1 without the right; 409.2 if it was revoked before.
    """
    require(by, "token.manage", token.area_code)
    token = AlertToken.objects.select_for_update().get(pk=token.pk)
    if token.revoked_at is not None:
        raise problems.NOT_OPEN(number=str(token))
    token.revoked_at = now
    token.save(update_fields=["revoked_at"])
    _tell("token.revoked", token, by=by, now=now)


def admit(text: str, *, now: datetime) -> Rights:
    """Give the rights of whoever shows a token.

    Raises
    ------
    Problem
        401.4 for an unknown or revoked one; 429.1 when it comes too often.
    """
    row = AlertToken.objects.filter(hint=text[:HINT], revoked_at__isnull=True).first()
    known = bytes(row.digest) if row else _NOBODY
    if not hmac.compare_digest(known, _digest(text)) or row is None:
        raise problems.BAD_TOKEN()
    if _count(row, now) > book.value("alert.per_minute"):
        wait = timedelta(minutes=1) - (now - now.replace(second=0, microsecond=0))
        raise problems.TOO_FAST(retry_after_s=wait.total_seconds())
    return feeder(row.name, row.area_code)


def feeder(name: str, area_code: str) -> Rights:
    """Give the rights of a feeder: it has no account, so its id is 0."""
    return Rights(0, name, (Held(FEEDER, area_code),))


def _count(row: AlertToken, now: datetime) -> int:
    """Count this use within its minute, for all processes together."""
    minute = now.replace(second=0, microsecond=0)
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE warnings_alerttoken
               SET in_minute = CASE WHEN minute = %s THEN in_minute + 1 ELSE 1 END, minute = %s, used_at = %s
             WHERE id = %s RETURNING in_minute
            """,
            [minute, minute, now, row.pk],
        )
        return int(cursor.fetchone()[0])


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()


def _tell(verb: str, row: AlertToken, *, by: Rights, now: datetime) -> None:
    append.one(
        verb, object_kind="token", object_id=str(row.pk), area_code=row.area_code, put=[], by=by, at=now
    )
