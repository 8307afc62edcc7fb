"""Longer time for a case (延期): asked for once, with a reason, by whoever answers for it; a leader decides."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from disaster import problems
from disaster.people.scope import Rights
from disaster.problems import Problem
from disaster.relief.disclosure import periods
from disaster.relief.disclosure.models import Case, CaseStep
from disaster.relief.disclosure.services.cases import locked, step, tell
from disaster.relief.disclosure.services.reasons import needs
from disaster.rules import book

HANDLED = (Case.State.HANDLING, Case.State.ANSWERED)


@transaction.atomic
def ask_extension(case_id: UUID, *, why: str, by: Rights, now: datetime) -> Case:
    """Ask for longer time (申请延期) before the time is over; it is asked for once, whatever is decided.

    Raises
    ------
    Problem
        403.1/404.1; 400.2 without a reason; 409.2 if it is not being handled; 409.75 to somebody else
        than the first handler; 409.76 the second time; 409.77 once the time is over.
    """
    case = locked(case_id, by, *HANDLED)
    needs("why", why)
    if hindrance := against_asking(case, by, now=now):
        raise hindrance
    case.extension_why, case.extension_asked_at = why.strip(), now
    case.extension_asked_by_id = by.person_id
    case.save()
    step(case, CaseStep.Act.ASKED, why.strip(), by, now)
    tell("case.extension_asked", case, by, now)
    return case


@transaction.atomic
def decide_extension(case_id: UUID, *, is_granted: bool, words: str = "", by: Rights, now: datetime) -> Case:
    """Give longer time or refuse it (批准、不批准延期), by a leader who did not ask; a refusal says why.

    The new last day is so many working days (rule ``case.extend_days``) after the old one.

    Raises
    ------
    Problem
        403.1/404.1; 400.2 for a refusal without words; 409.2 unless it is asked for; 409.32 to
        whoever asked; 409.77 once the time is over.
    """
    case = locked(case_id, by, *HANDLED, verb="case.extend")
    if not case.awaits_extension:
        raise problems.NOT_OPEN(number=case.number)
    if case.extension_asked_by_id == by.person_id:
        raise problems.SAME_HAND()
    if words.strip() or not is_granted:
        needs("words", words)
    if is_granted:
        if _is_over(case, now):
            raise _too_late(case)
        case.first_due = case.settle_due
        case.settle_due = periods.due("case.extend_days", str(case.area_id), begun=case.settle_due)
    case.extension_decided_at, case.extension_decided_by = now, by.name
    case.save()
    step(case, CaseStep.Act.EXTENDED if is_granted else CaseStep.Act.REFUSED, words.strip(), by, now)
    tell("case.extended" if is_granted else "case.not_extended", case, by, now)
    return case


def against_asking(case: Case, by: Rights, *, now: datetime) -> Problem | None:
    """Say why somebody can't ask for longer time: only who answers for a case may, once, in its time; None if so."""
    if case.state not in HANDLED:
        return problems.NOT_OPEN(number=case.number)
    if case.first_id != by.person_id:
        return problems.HAS_FIRST_HANDLER(number=case.number, name=case.first_name)
    if case.extension_asked_at is not None:
        return problems.EXTENDED_ONCE(number=case.number)
    return _too_late(case) if _is_over(case, now) else None


def _is_over(case: Case, now: datetime) -> bool:
    return case.settle_due < now.astimezone(book.BEIJING).date()


def _too_late(case: Case) -> Problem:
    return problems.TOO_LATE_TO_EXTEND(number=case.number, due=case.settle_due)
