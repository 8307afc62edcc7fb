"""The verbs on persons and posts. No personal data enters the feed."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import transaction

from disaster import problems
from disaster.journal import append
from disaster.people.models import Person, Posting
from disaster.people.scope import Rights, require, require_grant


@transaction.atomic
def post(
    person: Person,
    *,
    role: str,
    area_code: str,
    valid_from: date,
    by: Rights,
    now: datetime,
    post: str = "",
    **details: Any,
) -> Posting:
    """Give a person a role at an area (任命).

    Raises
    ------
    Problem
        403.1 if the role is not theirs to give, or to themselves; 404.1 out of sight.
    django.core.exceptions.ValidationError
        If the post is taken in that time, or role and post do not fit.
    """
    require(by, "person.post", area_code)
    require_grant(by, role, area_code, person_id=person.pk)
    posting = Posting(
        person=person, role=role, area_id=area_code, post=post, valid_from=valid_from, **details
    )
    posting.full_clean()
    posting.save()
    _tell("person.posted", posting, by=by, now=now)
    return posting


@transaction.atomic
def end_post(posting: Posting, *, on: date, by: Rights, now: datetime) -> Posting:
    """End a post on a day (免职); live sockets of the person are closed at once.

    Raises
    ------
    Problem
        403.1, 404.1 as for :func:`post`; 409.2 if it has ended by then.
    django.core.exceptions.ValidationError
        If it had not begun the day before.
    """
    require(by, "person.end", posting.area_id)
    require_grant(by, posting.role, posting.area_id, person_id=posting.person_id)
    posting = Posting.objects.select_for_update().get(pk=posting.pk)
    if posting.valid_to is not None and posting.valid_to <= on:
        raise problems.NOT_OPEN(number=str(posting))
    posting.valid_to = on
    posting.full_clean()
    posting.save(update_fields=["valid_to"])
    _tell("person.post_ended", posting, by=by, now=now)
    return posting


def _tell(verb: str, posting: Posting, *, by: Rights, now: datetime) -> None:
    append.one(
        verb,
        object_kind="person",
        object_id=str(posting.person_id),
        area_code=posting.area_id,
        put=[],
        by=by,
        at=now,
    )
