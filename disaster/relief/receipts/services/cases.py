"""Cases (差异): what a receipt finds missing, damaged or over has an owner and a clock until it is settled."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import TypeAlias
from uuid import UUID

from django.db import connection, transaction

from disaster import problems
from disaster.journal import append
from disaster.people.scope import Rights, require
from disaster.problems import FieldError, Words
from disaster.relief.receipts.answering import answerers, bound
from disaster.relief.receipts.models import Case, Receipt
from disaster.relief.receipts.shown import WITH, case_views
from disaster.relief.stock import checks, ledger, papers
from disaster.relief.stock import services as stock
from disaster.relief.stock.checks import Arrived
from disaster.relief.stock.models import Document
from disaster.rules import book

Kind: TypeAlias = Case.Kind
Resolution: TypeAlias = Case.Resolution
RESULTS: dict[str, tuple[Resolution, ...]] = {
    Kind.SHORT: (Resolution.AT_SOURCE, Resolution.LOST, Resolution.PAID),
    Kind.DAMAGED: (Resolution.SPOILT, Resolution.REPLACED),
    Kind.OVER: (Resolution.BOOKED, Resolution.MISCOUNTED),
}
"""What a person may say became of them; that the missing were found, only a receipt says."""
MOVES = frozenset({Resolution.AT_SOURCE, Resolution.LOST, Resolution.PAID, Resolution.BOOKED})
"""Results that move goods in the books: they take the right to settle stock besides."""
NOT_OVER = Words("应收的还没有收齐,不能算多出", "Not all that was sent has come, so nothing is over")
BAD_RESULT = Words("这类差异没有这种处理结果", "This kind of difference has no such result")
NOT_ANSWERING = Words(
    "请选择发出地、接收地或其上级的另一位经办人", "Choose somebody else who works at either end or above"
)
TWO_PEOPLE = Words(
    "发出人、签收人、责任人不能处理、转交自己的差异,请由另一人办理",
    "Whoever sent, signed or answers for it can't settle it or hand it on; somebody else must",
)


def follow(
    document: Document,
    receipt: Receipt,
    arrived: Sequence[Arrived],
    over: Mapping[UUID, int],
    *,
    by: Rights,
    now: datetime,
) -> None:
    """Open a case for whatever differs in a receipt; settle those of goods it found. In its transaction."""
    for one in arrived:
        if one.damaged:
            _open(Kind.DAMAGED, document, one.batch, one.damaged, receipt, by, now)
    missing = papers.on_the_way(document, receipt.load)
    for batch, quantity in over.items():
        if missing.get(batch):
            checks.refuse({"counts": FieldError(NOT_OVER)})
        _open(Kind.OVER, document, batch, quantity, receipt, by, now)
    known = {
        case.batch_id: case
        for case in Case.objects.select_for_update(of=("self",))
        .select_related(*WITH)
        .filter(document=document, load=receipt.load, kind=Kind.SHORT, state=Case.State.OPEN)
    }
    for batch, quantity in missing.items():
        if batch not in known:
            _open(Kind.SHORT, document, batch, quantity, receipt, by, now)
        elif known[batch].quantity != quantity:
            known[batch].quantity = quantity
            known[batch].save(update_fields=["quantity"])
            _tell("difference.changed", known[batch], by, now)
    for batch, case in known.items():
        if batch not in missing:
            _close(case, Resolution.FOUND, "", by, now)


@transaction.atomic
def settle(case_id: UUID, *, resolution: str, words: str, by: Rights, now: datetime) -> Case:
    """Say what became of what differed (处理差异); the books follow.

    Raises
    ------
    Problem
        403.1/404.1; 400.2 naming a result that does not fit, missing words, or one's own difference;
        409.2 if it is settled already.
    """
    found = Case.objects.filter(pk=case_id).first()
    if found is None:
        raise problems.NOT_FOUND()
    require(by, "case.settle", found.area_code)
    document = Document.objects.select_for_update().get(pk=found.document_id)
    case: Case = Case.objects.select_for_update(of=("self",)).select_related(*WITH, "receipt").get(pk=case_id)
    if case.state != Case.State.OPEN:
        raise problems.NOT_OPEN(number=case.number)
    if resolution not in RESULTS[case.kind]:
        checks.refuse({"resolution": FieldError(BAD_RESULT)})
    if by.person_id in bound(case):
        checks.refuse({"by": FieldError(TWO_PEOPLE)})
    if not words.strip() or len(words.strip()) > checks.MAX_REASON:
        checks.refuse({"words": FieldError(checks.NEEDS_REASON, {"limit": checks.MAX_REASON})})
    if resolution in MOVES:
        if not by.may("stock.settle", document.area_code):
            raise problems.NOT_ALLOWED()
        _book(case, resolution, words, by, now)
    _close(case, Resolution(resolution), words, by, now)
    return case


@transaction.atomic
def reassign(case_id: UUID, *, person: int, reason: str, by: Rights, now: datetime) -> Case:
    """Let another person answer for what differed (换责任人), and keep who did before and why.

    Raises
    ------
    Problem
        403.1/404.1; 400.2 without a reason, for one's own difference, or for who holds no post at either
        end or above; 409.2 if it is settled already.
    """
    case: Case | None = (
        Case.objects.select_for_update(of=("self",))
        .select_related(*WITH, "receipt")
        .filter(pk=case_id)
        .first()
    )
    if case is None:
        raise problems.NOT_FOUND()
    require(by, "case.settle", case.area_code)
    if case.state != Case.State.OPEN:
        raise problems.NOT_OPEN(number=case.number)
    if by.person_id in bound(case):
        checks.refuse({"by": FieldError(TWO_PEOPLE)})
    checks.needs_reason(reason)
    name = next((one.name for one in answerers([case])[case.pk] if one.id == person), "")
    if not name or person == case.holder_id:
        checks.refuse({"person": FieldError(NOT_ANSWERING)})
    case.handovers.create(before=case.holder, after=name, reason=reason.strip(), at=now, by_name=by.name)
    case.holder, case.holder_id = name, person
    case.save(update_fields=["holder", "holder_id"])
    _tell("difference.reassigned", case, by, now)
    return case


def _book(case: Case, resolution: str, words: str, by: Rights, now: datetime) -> None:
    """Let the books follow: the missing leave the way, what is over is found at the target."""
    if case.kind == Kind.SHORT:
        stock.account_for(
            case.document_id,
            case.batch_id,
            is_lost=resolution != Resolution.AT_SOURCE,
            reason=words,
            by=by,
            now=now,
            load=case.load,
        )
        return
    target = case.document.target
    ledger.lock([case.batch_id])
    have = target.balances.filter(batch=case.batch_id).values_list("quantity", flat=True).first() or 0
    stock.count(
        uuid.uuid5(case.pk, "booked"),
        place=target.pk,
        counted={case.batch_id: have + case.quantity},
        reason=words,
        by=by,
        now=now,
    )


def _open(
    kind: Kind, document: Document, batch: UUID, quantity: int, receipt: Receipt, by: Rights, now: datetime
) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('receipts_case_number')")
        serial = cursor.fetchone()[0]
    sender = document.loads.get(number=receipt.load)
    made = Case.objects.create(
        pk=uuid.uuid4(),
        number=f"CY{now.astimezone(book.BEIJING):%Y}-{serial:05d}",
        kind=kind,
        area_code=papers.area_of(document.target),
        document=document,
        load=receipt.load,
        batch_id=batch,
        receipt=receipt,
        quantity=quantity,
        reason=receipt.reason,
        holder=sender.sent_by,
        holder_id=sender.sent_by_id,
        opened_at=now,
        opened_by=by.name,
        due=now + timedelta(hours=int(book.value("receipts.case_hours"))),
    )
    _tell("difference.opened", Case.objects.select_related(*WITH).get(pk=made.pk), by, now)


def _close(case: Case, resolution: Resolution, words: str, by: Rights, now: datetime) -> None:
    case.state, case.resolution, case.words = Case.State.SETTLED, resolution, words.strip()
    case.settled_at, case.settled_by = now, by.name
    case.save(update_fields=["state", "resolution", "words", "settled_at", "settled_by"])
    _tell("difference.settled", case, by, now)


def _tell(verb: str, case: Case, by: Rights, now: datetime) -> None:
    append.one(
        verb,
        object_kind="case",
        object_id=str(case.pk),
        area_code=case.area_code,
        put=case_views([case]),
        by=by,
        at=now,
    )
