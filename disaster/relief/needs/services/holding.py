"""Stopping payment while something is open (暂停), and what the bank sent back (退票)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID

import msgspec
from django.db import transaction

from disaster import problems
from disaster.journal import bulk
from disaster.people.scope import Rights
from disaster.relief.needs import batch, marks
from disaster.relief.needs.marks import Mark
from disaster.relief.needs.models import Application, Household
from disaster.relief.needs.states import OVER

WHY_KEPT = 200
_REFUSE = """
    WITH pairs AS (SELECT json_array_elements(%s::json) AS pair)
    UPDATE needs_household SET card_refused_why = pair->>1
      FROM pairs WHERE id = (pair->>0)::uuid
"""


@transaction.atomic
def hold(application_id: UUID, why: str, *, by: Rights | None, now: datetime) -> Application:
    """Hold an application: nothing goes on, is paid or issued while an objection or complaint is open.

    ``by`` None is the public (an objection by QR code); the room above has checked who asks.
    Held again, it keeps its first day and takes the newest reason.

    Raises
    ------
    Problem
        404.1; 409.2 if the application is over.
    """
    row = _locked(application_id, by)
    if row.state in OVER:
        raise problems.NOT_OPEN(number=row.number)
    row.held_at = row.held_at or now
    row.held_why = why.strip()[:WHY_KEPT]
    return _kept(row, "hold", "need.held", why, by, now)


@transaction.atomic
def release(application_id: UUID, why: str, *, by: Rights | None, now: datetime) -> Application:
    """Let an application go on: whoever held it asks only when nothing against it is open any more.

    Raises
    ------
    Problem
        404.1. Releasing what is not held changes nothing.
    """
    row = _locked(application_id, by)
    if row.held_at is None:
        return row
    row.held_at, row.held_why = None, ""
    return _kept(row, "release", "need.released", why, by, now)


@transaction.atomic
def card_refused(application_id: UUID, why: str, *, by: Rights, now: datetime) -> Application:
    """Note that the bank sent the money back (退票): the household's card is to be corrected, then it is paid anew.

    The application stays approved; a new card number clears the note.

    Raises
    ------
    Problem
        404.1.
    """
    row = _locked(application_id, by)
    card_refused_many({application_id: why}, by=by, now=now)
    return row


def cards_accepted(ids: Collection[UUID]) -> None:
    """Forget what the bank refused of these applications' households: it has paid to them now; one statement."""
    refused = Household.objects.filter(applications__in=ids).exclude(card_refused_why="")
    refused.update(card_refused_why="")


@transaction.atomic
def card_refused_many(whys: Mapping[UUID, str], *, by: Rights, now: datetime) -> None:
    """Note what the bank sent back of a whole batch: application → the bank's reason; five statements."""
    rows = [row for row in batch.locked(list(whys)) if by.known.covers(str(row.area_id))]
    reasons = [(str(row.household_id), whys[row.pk].strip()[:WHY_KEPT]) for row in rows]
    bulk.execute(_REFUSE, msgspec.json.encode(reasons))
    marks.note("refuse", "need.refused", [Mark(row, row.state, whys[row.pk]) for row in rows], by=by, now=now)


def _locked(application_id: UUID, by: Rights | None) -> Application:
    rows = batch.locked([application_id])
    if not rows or (by is not None and not by.known.covers(str(rows[0].area_id))):
        raise problems.NOT_FOUND()
    return rows[0]


def _kept(row: Application, act: str, verb: str, why: str, by: Rights | None, now: datetime) -> Application:
    row.version, row.changed_at = row.version + 1, now
    row.save(update_fields=["held_at", "held_why", "version", "changed_at"])
    marks.note(act, verb, [Mark(row, row.state, why)], by=by, now=now)
    return row
