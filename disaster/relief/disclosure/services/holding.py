"""What a case does to its application: held while any is open, sent back by one that is upheld."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from disaster import problems
from disaster.people.scope import Rights
from disaster.problems import Problem
from disaster.relief.disclosure.models import Case, Entry
from disaster.relief.needs import services as needs
from disaster.relief.needs.models import Application
from disaster.relief.needs.states import APPROVED, PASSED, POSTED, SUBMITTED

UPHELD = {POSTED: "object", SUBMITTED: "return", PASSED: "return", APPROVED: "stop"}
"""Where an application stands → what an upheld case does with it. What was issued stays issued: getting
it back is a matter of its own."""


def hold(application_id: UUID, number: str, *, by: Rights | None, now: datetime) -> None:
    """Hold an application for a case; one that is over has nothing left to be held."""
    try:
        needs.hold(application_id, f"异议与投诉 {number}", by=by, now=now)
    except Problem as problem:
        if problem.kind is not problems.NOT_OPEN:
            raise


def settled(case: Case, words: str, *, by: Rights, now: datetime) -> None:
    """Do what a settled case asks of its application, and end the hold with the last open one.

    The application is locked before the others are looked for: a case that comes at this moment
    is either seen here, or holds the application again afterwards.
    """
    if case.application_id is None:
        return
    state = (
        Application.objects.select_for_update().values_list("state", flat=True).get(pk=case.application_id)
    )
    why = f"{case.number} {words}"
    if case.state == Case.State.UPHELD and (act := UPHELD.get(state)):
        needs.act(act, case.application_id, by=by, now=now, why=why[:200])
        Entry.objects.filter(application=case.application_id, is_current=True).update(is_current=False)
    if not Case.objects.filter(application=case.application_id, state__in=Case.OPEN).exists():
        needs.release(case.application_id, why, by=by, now=now)
