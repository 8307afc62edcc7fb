"""Tokens by which other programs read as a person: made, shown once, revoked. They never write."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from disaster import problems
from disaster.journal import append
from disaster.people.models import ApiToken
from disaster.people.scope import Rights, rights_of_many
from disaster.problems import FieldError, Words

PREFIX = "zq_"
"""So that a token left in a file is known for what it is."""
NEEDS_NAME = Words("须写明用途,最多{limit}字", "Say what it is for, in {limit} characters at most")
MAX_NAME = 60


@transaction.atomic
def make(*, name: str, ends_at: datetime, by: Rights, now: datetime) -> tuple[ApiToken, str]:
    """Make a token for oneself; gives it with its secret, which is not kept.

    Raises
    ------
    Problem
        403.1 for whoever holds no post, 400.2 without a name.
    """
    if by.home is None:
        raise problems.NOT_ALLOWED()
    name = name.strip()
    if not name or len(name) > MAX_NAME:
        raise problems.BAD_FIELDS({"name": FieldError(NEEDS_NAME, {"limit": MAX_NAME})})
    secret = PREFIX + secrets.token_urlsafe(32)
    token = ApiToken.objects.create(
        person_id=by.person_id, name=name, digest=_digest(secret), made_at=now, ends_at=ends_at
    )
    _tell("api_token.made", token, by=by, now=now)
    return token, secret


@transaction.atomic
def revoke(token_id: UUID, *, by: Rights, now: datetime) -> ApiToken:
    """End one of one's own tokens; a second time changes nothing.

    Raises
    ------
    Problem
        404.1 if it is another's, or there is none.
    """
    token = ApiToken.objects.select_for_update().filter(pk=token_id, person_id=by.person_id).first()
    if token is None:
        raise problems.NOT_FOUND()
    if token.revoked_at is None:
        token.revoked_at = now
        token.save(update_fields=["revoked_at"])
        _tell("api_token.revoked", token, by=by, now=now)
    return token


def rights_of_token(secret: str) -> Rights | None:
    """Give the present rights behind a token; None if it is none, has ended or was revoked."""
    if not secret.startswith(PREFIX):
        return None
    alive = ApiToken.objects.filter(
        digest=_digest(secret), revoked_at__isnull=True, ends_at__gt=timezone.now()
    )
    person_id = alive.values_list("person_id", flat=True).first()
    if person_id is None:
        return None
    return rights_of_many([person_id], on=timezone.localdate()).get(person_id)


def _digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()


def _tell(verb: str, token: ApiToken, *, by: Rights, now: datetime) -> None:
    append.one(
        verb,
        object_kind="token",
        object_id=str(token.pk),
        area_code=by.home or "",
        put=[],
        by=by,
        at=now,
    )
