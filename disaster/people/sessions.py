"""Who a session or a token belongs to, asked for many at once.

After an outage thousands of phones come back in the same second; the socket's door asks
for all of them by three statements, not three for each.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal, NamedTuple

from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.core import signing
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from disaster.people.models import Person
from disaster.people.scope import Rights, rights_of_many

TOKEN_SALT = "disaster.people.socket"  # noqa: S105 - a name, not a secret
TOKEN_AGE_S = 12 * 3600


class Bearer(NamedTuple):
    """What somebody shows: a session key, or a token of :func:`token_for`."""

    kind: Literal["session", "token"]
    value: str


class _Claim(NamedTuple):
    person_id: int
    proof: str


def token_for(person: Person) -> str:
    """Give a signed token for programs that keep no cookies; a new password ends it."""
    return signing.dumps([person.pk, person.get_session_auth_hash()], salt=TOKEN_SALT)


def rights_of_bearers(bearers: Sequence[Bearer]) -> list[Rights | None]:
    """Give the present rights behind each bearer; None for whoever is not signed in."""
    sessions = _session_claims([bearer.value for bearer in bearers if bearer.kind == "session"])
    claims = [sessions.get(b.value) if b.kind == "session" else _token_claim(b.value) for b in bearers]
    wanted = {claim.person_id for claim in claims if claim}
    people = {person.pk: person for person in Person.objects.filter(pk__in=wanted, is_active=True)}
    rights = rights_of_many(list(people), on=timezone.localdate())
    return [rights.get(claim.person_id) if claim and _holds(claim, people) else None for claim in claims]


def _session_claims(keys: list[str]) -> dict[str, _Claim]:
    if not keys:
        return {}
    rows = Session.objects.filter(session_key__in=keys, expire_date__gt=timezone.now())
    store = SessionStore()
    claims = {}
    for key, data in rows.values_list("session_key", "session_data"):
        session: dict[str, Any] = store.decode(data)
        if SESSION_KEY in session:
            claims[key] = _Claim(int(session[SESSION_KEY]), session.get(HASH_SESSION_KEY, ""))
    return claims


def _token_claim(token: str) -> _Claim | None:
    try:
        return _Claim(*signing.loads(token, salt=TOKEN_SALT, max_age=TOKEN_AGE_S))
    except (signing.BadSignature, TypeError):
        return None


def _holds(claim: _Claim, people: dict[int, Person]) -> bool:
    person = people.get(claim.person_id)
    return person is not None and constant_time_compare(claim.proof, person.get_session_auth_hash())
