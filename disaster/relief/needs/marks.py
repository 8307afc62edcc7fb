"""Steps and journal rows: what an act leaves behind, for one application or for hundreds by two statements."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from disaster.journal import append, bulk
from disaster.people.scope import Rights
from disaster.relief import progress
from disaster.relief.needs.models import Application, Household, Reading, Step

UNTOLD = frozenset({"visit", "issue"})
"""Acts that tell no board: a visit changes nothing it shows, and what is issued was settled by the same act."""
PUBLIC = "群众"
"""Who acted where no account did: an objection by QR code or telephone."""
WHY_KEPT = 500


class Mark(NamedTuple):
    """One step to be written: the application as it is now, and the state it was in."""

    application: Application
    before: str
    why: str = ""


def note(act: str, verb: str, marks: Iterable[Mark], *, by: Rights | None, now: datetime) -> None:
    """Write the steps and their journal rows, with one signal to the boards, in two statements however many they are."""
    marks = list(marks)
    if not marks:
        return
    bulk.insert(
        Step(
            application=mark.application,
            act=act,
            before=mark.before,
            after=mark.application.state,
            why=mark.why.strip()[:WHY_KEPT],
            at=now,
            by_id=by.person_id if by else None,
            by_name=by.name if by else PUBLIC,
        )
        for mark in marks
    )
    rows = [
        _row(verb, "application", str(mark.application.pk), mark.application.area_id, by, now)
        for mark in marks
    ]
    if act not in UNTOLD:
        rows.append(progress.row({one.area_code for one in rows}, by=by, now=now))
    append.many(rows)


def read_many(households: Iterable[UUID], why: str, *, by: Rights, now: datetime) -> None:
    """Keep who read the private data of many households and why, in one statement."""
    bulk.insert(
        Reading(household_id=one, why=why.strip(), at=now, by_id=by.person_id, by_name=by.name)
        for one in dict.fromkeys(households)
    )


def tell(verb: str, *what: Household, by: Rights, now: datetime) -> None:
    """Journal that something was done to each of some households, and nothing of what they hold."""
    append.many([_row(verb, "household", str(one.pk), str(one.area_id), by, now) for one in what])


def tell_of(verb: str, kind: str, key: str, area: str, *, by: Rights, now: datetime) -> None:
    """Journal something that is about a whole programme or village."""
    append.many([_row(verb, kind, key, area, by, now)])


def _row(verb: str, kind: str, key: str, area: str, by: Rights | None, now: datetime) -> append.Row:
    return append.Row(
        verb=verb,
        object_kind=kind,
        object_id=key,
        area_code=area,
        at=now,
        put="[]",
        actor_id=by.person_id if by else None,
        actor=by.name if by else PUBLIC,
    )
