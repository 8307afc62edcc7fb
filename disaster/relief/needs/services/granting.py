"""Grants decided by a plan, and what has reached the household of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

import msgspec
from django.db import transaction
from django.db.models import Exists, F, OuterRef

from disaster import problems
from disaster.journal import bulk
from disaster.people.scope import Rights
from disaster.problems import Problem
from disaster.relief.needs import batch, evidence, marks, standards
from disaster.relief.needs.batch import Answer
from disaster.relief.needs.marks import Mark
from disaster.relief.needs.models import Application, Grant
from disaster.relief.needs.services import approving
from disaster.relief.needs.services.acting import JOURNAL
from disaster.relief.needs.states import APPROVED, ISSUED, PASSED, STOPPED, WITHDRAWN
from disaster.rules import book

MONEY = "资金"
_SETTLE = """
    WITH pairs AS (SELECT json_array_elements(%s::json) AS pair)
    UPDATE needs_grant SET settled = settled + (pair->>1)::bigint
      FROM pairs WHERE id = (pair->>0)::bigint
"""
_DECIDE = """
    WITH pairs AS (SELECT json_array_elements(%s::json) AS pair)
    UPDATE needs_grant SET quantity = (pair->>1)::bigint, decided_at = %s, decided_by = %s
      FROM pairs WHERE id = (pair->>0)::bigint
"""


class Row(NamedTuple):
    """So much of an item for an application; ``item`` None is money, in fen. 0 takes a grant away."""

    application: UUID
    item: str | None
    quantity: int


@transaction.atomic
def grant_many(rows: Sequence[Row], *, by: Rights, now: datetime, why: str = "") -> list[Answer]:
    """Grant what a plan decided (按方案核定): what is passed becomes approved, what is approved gets the new figures.

    An application's grants that are not named stay; of whom nothing is left the approval is recalled, so that
    it waits for the county again. Whoever only loses is refused nothing but what has arrived. Any number of rows, in a constant number
    of statements; answered application by application, in the order first named.

    Raises
    ------
    Problem
        403.1/404.1 if it is theirs for none; 400.2 for unknown goods. In the answers: 409.2,
        409.20, 409.21, 409.23, 409.24 (below what has reached the household), 409.25, 409.27, 409.29.
    """
    on = now.astimezone(book.BEIJING).date()
    wanted: dict[UUID, dict[str | None, int]] = {}
    for row in rows:
        wanted.setdefault(row.application, {})[row.item] = row.quantity
    errors = approving.goods_errors({row.item: max(row.quantity, 1) for row in rows if row.item})
    if errors:
        raise problems.BAD_FIELDS(errors)
    found = batch.locked(list(wanted))
    batch.require_some("need.approve", found, by)
    have = _grants(found)
    passed_by, against = approving.passers(found), evidence.against(found, on=on)
    refused: dict[UUID, Problem] = {}
    for one in found:
        decision = approving.Decision({}, {one.pk: wanted[one.pk].get(None, 0)}, on, by, passed_by, against)
        problem = _refusal(one, wanted[one.pk], have.get(one.pk, {}), decision)
        if problem:
            refused[one.pk] = problem
    done = [one for one in found if one.pk not in refused]
    _write(done, wanted, have, by=by, now=now)
    keep = {one.pk for one in done if _left(wanted[one.pk], have.get(one.pk, {}))}
    _recall([one for one in done if one.pk not in keep], by=by, now=now, why=why)
    _approve([one for one in done if one.pk in keep], by=by, now=now, why=why)
    return batch.answers(list(wanted), found, refused)


def _refusal(
    one: Application,
    wanted: Mapping[str | None, int],
    have: Mapping[str | None, Grant],
    decision: approving.Decision,
) -> Problem | None:
    if one.state not in (PASSED, APPROVED):
        return problems.NOT_OPEN(number=one.number)
    for item, quantity in wanted.items():
        settled = have[item].settled if item in have else 0
        if quantity < settled:
            return problems.NOT_SO_GRANTED(number=one.number, item=item or MONEY, left=quantity - settled)
    if one.state == APPROVED and not any(
        quantity > (have[item].quantity if item in have else 0) for item, quantity in wanted.items()
    ):
        return None
    left = _left(wanted, have)
    decision.goods = {item: quantity for item, quantity in left.items() if item}
    decision.fen[one.pk] = left.get(None, 0)
    return (batch.waiting(one, decision.on) if one.state == PASSED else None) or decision.refusal(one)


def _left(wanted: Mapping[str | None, int], have: Mapping[str | None, Grant]) -> dict[str | None, int]:
    """Give what an application is granted in the end."""
    found = {item: grant.quantity for item, grant in have.items()} | dict(wanted)
    return {item: quantity for item, quantity in found.items() if quantity}


def _grants(rows: Sequence[Application]) -> dict[UUID, dict[str | None, Grant]]:
    have: dict[UUID, dict[str | None, Grant]] = {}
    for grant in Grant.objects.select_for_update().filter(application__in=rows).order_by("id"):
        have.setdefault(grant.application_id, {})[grant.item_id] = grant
    return have


def _write(
    rows: Sequence[Application],
    wanted: Mapping[UUID, Mapping[str | None, int]],
    have: Mapping[UUID, Mapping[str | None, Grant]],
    *,
    by: Rights,
    now: datetime,
) -> None:
    new, changed, gone = [], [], []
    for row in rows:
        for item, quantity in wanted[row.pk].items():
            grant = have.get(row.pk, {}).get(item)
            if grant is None:
                if quantity:
                    new.append(
                        Grant(
                            application=row,
                            item_id=item,
                            quantity=quantity,
                            decided_at=now,
                            decided_by=by.name,
                        )
                    )
            elif not quantity:
                gone.append(grant.pk)
            elif quantity != grant.quantity:
                changed.append((grant.pk, quantity))
    Grant.objects.filter(pk__in=gone).delete()
    bulk.execute(_DECIDE, msgspec.json.encode(changed), now, by.name)
    bulk.insert(new)


def _recall(rows: Sequence[Application], *, by: Rights, now: datetime, why: str) -> None:
    """Open the county's decision again where a plan left nothing of it: its notice ends, and plans may give anew."""
    for row in rows:
        row.state = PASSED
    Application.objects.filter(pk__in=[row.pk for row in rows]).update(
        state=PASSED, notice_until=None, version=F("version") + 1, changed_at=now
    )
    marks.note("recall", JOURNAL["recall"], [Mark(row, APPROVED, why) for row in rows], by=by, now=now)


def _approve(rows: Sequence[Application], *, by: Rights, now: datetime, why: str) -> None:
    """Bring what was passed to approved, note the change of what was, and close what has all it was granted."""
    on = now.astimezone(book.BEIJING).date()
    passed = [row for row in rows if row.state == PASSED]
    known = [row for row in rows if row.state == APPROVED]
    ends: dict[date | None, list[UUID]] = {}
    for row in passed:
        end = standards.notice_until("county", str(row.programme.area_id), on=on)
        ends.setdefault(end, []).append(row.pk)
        row.state = APPROVED
    for end, keys in ends.items():
        Application.objects.filter(pk__in=keys).update(
            state=APPROVED, notice_until=end, version=F("version") + 1, changed_at=now
        )
    marks.note("approve", JOURNAL["approve"], [Mark(row, PASSED, why) for row in passed], by=by, now=now)
    marks.note("grant", "need.granted", [Mark(row, APPROVED, why) for row in known], by=by, now=now)
    close_settled([row.pk for row in known], by=by, now=now)


class Settled(NamedTuple):
    """So much of an item that reached a household; ``item`` None is money, in fen."""

    application: UUID
    item: str | None
    quantity: int


@transaction.atomic
def settle_many(
    rows: Sequence[Settled], *, by: Rights, now: datetime, happened: bool = False, why: str = ""
) -> list[Answer]:
    """Book what has reached households (到户); what has all it was granted becomes issued.

    ``happened``: it is a fact already (the bank's answer) and is booked even if the application
    was held or stopped meanwhile. Any number of rows in a constant number of statements, each
    application taken whole or not at all; answered in the order first named.

    Raises
    ------
    Problem
        403.1/404.1 if it is theirs for none. In the answers: 409.2 unless approved, 409.20
        (held), 409.21 (the county's notice runs), 409.24 more than was granted and is left.
    """
    on = now.astimezone(book.BEIJING).date()
    wanted: dict[UUID, dict[str | None, int]] = {}
    for row in rows:
        sums = wanted.setdefault(row.application, {})
        sums[row.item] = sums.get(row.item, 0) + row.quantity
    found = batch.locked(list(wanted), alone=True)
    batch.require_some("need.village", found, by)
    have = _grants(found)
    refused: dict[UUID, Problem] = {}
    settled: list[tuple[int, int]] = []
    for one in found:
        problem = _unsettled(one, wanted[one.pk], have.get(one.pk, {}), by, None if happened else on)
        if problem:
            refused[one.pk] = problem
            continue
        for item, quantity in wanted[one.pk].items():
            settled.append((have[one.pk][item].pk, quantity))
    bulk.execute(_SETTLE, msgspec.json.encode(settled))
    done = [one for one in found if one.pk not in refused]
    marks.note("settle", "need.settled", [Mark(one, one.state, why) for one in done], by=by, now=now)
    issued = set(close_settled([one.pk for one in done], by=by, now=now))
    for one in done:
        one.state = ISSUED if one.pk in issued else one.state
    return batch.answers(list(wanted), found, refused)


def settle(
    application_id: UUID,
    item: str | None,
    quantity: int,
    *,
    by: Rights,
    now: datetime,
    happened: bool = False,
    why: str = "",
) -> Application:
    """Book what has reached one household; see :func:`settle_many`, whose refusals are raised here."""
    (answer,) = settle_many(
        [Settled(application_id, item, quantity)], by=by, now=now, happened=happened, why=why
    )
    if answer.problem:
        raise answer.problem
    found: Application = Application.objects.get(pk=application_id)
    return found


def _unsettled(
    one: Application,
    wanted: Mapping[str | None, int],
    have: Mapping[str | None, Grant],
    by: Rights,
    on: date | None,
) -> Problem | None:
    if problem := batch.not_theirs("need.village", one, by):
        return problem
    if one.state not in ((APPROVED,) if on else (APPROVED, STOPPED, WITHDRAWN)):
        return problems.NOT_OPEN(number=one.number)
    if on and (problem := batch.waiting(one, on)):
        return problem
    for item, quantity in wanted.items():
        left = have[item].quantity - have[item].settled if item in have else 0
        if not 0 < quantity <= left:
            name = str(have[item].item) if item in have and item else item or MONEY
            return problems.NOT_SO_GRANTED(number=one.number, item=name, left=left)
    return None


def close_settled(ids: Sequence[UUID], *, by: Rights, now: datetime) -> list[UUID]:
    """Issue (已发放) the approved ones of whose grants nothing is left; gives which, in four statements."""
    if not ids:
        return []
    left = Grant.objects.filter(application=OuterRef("pk"), settled__lt=F("quantity"))
    some = Grant.objects.filter(application=OuterRef("pk"))
    done = Application.objects.filter(Exists(some), ~Exists(left), pk__in=ids, state=APPROVED)
    rows = list(done.only("area_id", "state"))
    Application.objects.filter(pk__in=[row.pk for row in rows]).update(
        state=ISSUED, version=F("version") + 1, changed_at=now
    )
    for row in rows:
        row.state = ISSUED
    marks.note("issue", JOURNAL["issue"], [Mark(row, APPROVED) for row in rows], by=by, now=now)
    return [row.pk for row in rows]
