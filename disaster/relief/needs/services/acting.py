"""One act on one application, or on hundreds at once: each is answered by itself.

However many there are, the number of statements is the same: all are locked in one order,
changed together, and their steps and journal rows written together.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Case, DateField, F, Value, When
from django.db.models.functions import Cast

from disaster import problems
from disaster.people.scope import Rights
from disaster.problems import FieldError, Problem, Words
from disaster.relief.needs import batch, guards, marks, standards
from disaster.relief.needs.batch import Answer
from disaster.relief.needs.marks import Mark
from disaster.relief.needs.models import Application
from disaster.relief.needs.services import approving
from disaster.relief.needs.states import NEXT, POSTED, Act
from disaster.rules import book

MOST = 1000
"""Applications in one call."""
NO_ACT = Words("没有这种操作", "There is no such act")
NEEDS_WHY = Words("须写明原因,最多 {limit} 字", "Say why, in {limit} characters at most")
TOO_EARLY = Words("公示止不能早于 {until}", "The notice can't end before {until}")
BY_SYSTEM = frozenset({"issue", "recall"})
"""Acts nobody does by hand: an application is issued when its last grant is settled, recalled by a plan's orders."""
FORWARD = frozenset({"submit", "pass", "approve"})
"""Acts that wait for a notice to be over and for what holds the application to be settled."""
JOURNAL = {
    "verify": "need.verified",
    "assess": "need.assessed",
    "post": "need.posted",
    "object": "need.objected",
    "submit": "need.submitted",
    "pass": "need.passed",
    "approve": "need.approved",
    "return": "need.returned",
    "reject": "need.rejected",
    "withdraw": "need.withdrawn",
    "stop": "need.stopped",
    "recall": "need.granted",
    "issue": "need.settled",
    "disclose": "need.disclosed",
    "archive": "need.archived",
}
"""Act → the journal's verb."""


@transaction.atomic
def act_many(
    act: str,
    ids: Sequence[UUID],
    *,
    by: Rights,
    now: datetime,
    why: str = "",
    until: date | None = None,
    goods: Mapping[str, int] | None = None,
    fen_a_person: int | None = None,
) -> list[Answer]:
    """Do one act (核实、评议、公示…) on up to 1000 applications; answered in the order asked.

    ``until`` is the last day of a notice (``post``), not before the rule's. ``approve`` grants
    ``goods`` (item → whole units a household) and money: by the standards, or ``fen_a_person``
    fen (0: none).

    Raises
    ------
    Problem
        403.1/404.1 if the act is theirs for none of them; 400.2 for an unknown act, a missing
        reason, unknown goods; 400.20. All else is in the answers: 404.1, 403.1, 409.2 (state),
        409.20 (held), 409.21 (notice), 409.23, 409.25, 409.26, 409.27, 409.29, 400.21.
    """
    step = _known(act, ids, why)
    on = now.astimezone(book.BEIJING).date()
    rows = batch.locked(ids)
    batch.require_some(step.verb, rows, by)
    decision = approving.decide(rows, goods or {}, fen_a_person, by=by, on=on) if act == "approve" else None
    refused = _refusals(act, rows, decision, by, now)
    done = [row for row in rows if row.pk not in refused]
    written = _change(act, step, done, until, on, now, why)
    if decision:
        approving.write(decision, done, by=by, now=now)
    marks.note(act, JOURNAL[act], written, by=by, now=now)
    return batch.answers(ids, rows, refused)


def approvable(
    ids: Sequence[UUID], *, by: Rights, now: datetime, goods: Mapping[str, int], fen_a_person: int | None
) -> list[UUID]:
    """Give which of some applications an approval would be done for now; nothing is locked or changed.

    Raises
    ------
    Problem
        As for :func:`act_many`.
    """
    step = _known("approve", ids, "")
    found = Application.objects.filter(pk__in=ids).select_related("household", "programme")
    rows = list(found.order_by("pk"))
    batch.require_some(step.verb, rows, by)
    on = now.astimezone(book.BEIJING).date()
    decision = approving.decide(rows, goods, fen_a_person, by=by, on=on)
    refused = _refusals("approve", rows, decision, by, now)
    return [row.pk for row in rows if row.pk not in refused]


def act(
    act: str,
    application_id: UUID,
    *,
    by: Rights,
    now: datetime,
    why: str = "",
    until: date | None = None,
    goods: Mapping[str, int] | None = None,
    fen_a_person: int | None = None,
) -> Application:
    """Do one act on one application; its refusal is raised.

    Raises
    ------
    Problem
        As for :func:`act_many`.
    """
    (answer,) = act_many(
        act, [application_id], by=by, now=now, why=why, until=until, goods=goods, fen_a_person=fen_a_person
    )
    if answer.problem:
        raise answer.problem
    found: Application = Application.objects.get(pk=application_id)
    return found


def _known(act: str, ids: Sequence[UUID], why: str) -> Act:
    if act not in NEXT or act in BY_SYSTEM:
        raise problems.BAD_FIELDS({"act": FieldError(NO_ACT)})
    if len(ids) > MOST:
        raise problems.TOO_MANY_AT_ONCE(limit=MOST)
    step = NEXT[act]
    if (step.says_why and not why.strip()) or len(why.strip()) > marks.WHY_KEPT:
        raise problems.BAD_FIELDS({"why": FieldError(NEEDS_WHY, {"limit": marks.WHY_KEPT})})
    return step


def _refusals(
    act: str, rows: Sequence[Application], decision: approving.Decision | None, by: Rights, now: datetime
) -> dict[UUID, Problem]:
    on = now.astimezone(book.BEIJING).date()
    refused: dict[UUID, Problem] = {}
    for row in rows:
        problem = _refusal(act, NEXT[act], row, by, on) or (decision and decision.refusal(row))
        if problem:
            refused[row.pk] = problem
    # What rooms above have to say (disclosure: was it posted, photographed, and for its days?).
    return refused | guards.refusals(act, [row for row in rows if row.pk not in refused], now=now)


def _refusal(act: str, step: Act, row: Application, by: Rights, on: date) -> Problem | None:
    if problem := batch.not_theirs(step.verb, row, by):
        return problem
    if row.state not in step.leaves:
        return problems.NOT_OPEN(number=row.number)
    return batch.waiting(row, on) if act in FORWARD else None


def _change(
    act: str,
    step: Act,
    rows: Sequence[Application],
    until: date | None,
    on: date,
    now: datetime,
    why: str,
) -> list[Mark]:
    written = []
    ends: dict[date | None, list[UUID]] = {}
    for row in rows:
        before, row.state = row.state, step.leads_to
        written.append(Mark(row, before, why))
        ends.setdefault(_notice(act, row, until, on), []).append(row.pk)
    values = {"state": step.leads_to, "version": F("version") + 1, "changed_at": now}
    if act in ("post", "pass", "approve"):
        cases = [When(pk__in=keys, then=Cast(Value(end), DateField())) for end, keys in ends.items()]
        values["notice_until"] = Case(*cases, output_field=DateField())
    if step.leads_to == POSTED:
        values["posted_on"] = on
    Application.objects.filter(pk__in=[row.pk for row in rows]).update(**values)
    return written


def _notice(act: str, row: Application, until: date | None, on: date) -> date | None:
    area = str(row.programme.area_id)
    if act == "post":
        least = standards.notice_until("village", area, on=on)
        if until and least and until < least:
            raise problems.BAD_FIELDS({"until": FieldError(TOO_EARLY, {"until": least})})
        return until or least
    if act == "pass":
        return standards.notice_until("township", area, on=on)
    return standards.notice_until("county", area, on=on) if act == "approve" else None
