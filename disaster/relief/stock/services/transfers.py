"""A transfer (调拨) from order to close: one document, two confirmations by two people (发出、签收).

What was sent is on its way until it was received, came back, or was found damaged; what is
missing keeps the document open until somebody with the right has said what became of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from disaster import problems
from disaster.people.scope import Rights, require
from disaster.problems import FieldError, Words
from disaster.relief.stock import checks, ledger, papers, pick
from disaster.relief.stock.checks import MAX_REFERENCE, NEEDS_REASON, Arrived, Wanted
from disaster.relief.stock.ledger import Step
from disaster.relief.stock.models import Document, Item, Place
from disaster.rules import book

SAME_PLACE = Words("起止地点不能相同", "It must go elsewhere")
NOT_SENT = Words(
    "签收、损坏、退回合计不能超过在途 {left}", "Received, damaged and returned exceed the {left} on the way"
)
SAME_PERSON = Words("发出和签收须由两个人办理", "Sending and receiving take two people")


@transaction.atomic
def order(
    document_id: UUID,
    *,
    source: UUID,
    target: UUID,
    lines: Sequence[Wanted],
    by: Rights,
    now: datetime,
    reference: str = "",
    reason: str = "",
    contact: str = "",
    is_verbal: bool = False,
) -> Document:
    """Order a transfer (开具调拨单); by word of mouth its paper is due within the rule's hours.

    Raises
    ------
    Problem
        403.1/404.1; 400.2; 409.1; 409.9 if the source has not so many that may go there.
    """
    start, end = papers.kept(source, "source"), papers.kept(target, "target")
    area = papers.common(papers.area_of(start), papers.area_of(end))
    require(by, "stock.order", area)
    if known := papers.repeat(document_id, Document.Kind.TRANSFER):
        return known
    errors = checks.wanted_errors(lines) | checks.text_errors(reference, reason)
    if start.pk == end.pk:
        errors["target"] = FieldError(SAME_PLACE)
    checks.refuse(errors)
    for line in lines:
        pick.pick(Item.objects.get(pk=line.item), line.quantity, source=start, target=end, on=now.date())
    document = papers.new(
        document_id, Document.Kind.TRANSFER, Document.State.ORDERED, start, end, by, now, reference, reason
    )
    document.contact = contact.strip()[:60]
    document.is_verbal = is_verbal
    if is_verbal and not reference.strip():
        document.paper_due = now + timedelta(hours=int(book.value("stock.paper_hours")))
    document.save(force_insert=True)
    papers.add_lines(document, lines)
    papers.tell("stock.ordered", document, by, now)
    return document


@transaction.atomic
def send(document_id: UUID, *, by: Rights, now: datetime) -> Document:
    """Send what was ordered (发出): it is on its way, out of the source's stock.

    Raises
    ------
    Problem
        403.1/404.1; 409.2 if it is not waiting; 409.9 if meanwhile there is not so much.
    """
    document = papers.locked(document_id, Document.State.ORDERED)
    require(by, "stock.send", papers.area_of(document.source))
    transit = Place.objects.get(kind=Place.Kind.TRANSIT)
    steps = [
        Step(taken.batch, document.source_id, transit.pk, taken.quantity)
        for line in document.lines.select_related("item")
        for taken in pick.pick(
            line.item, line.ordered, source=document.source, target=document.target, on=now.date()
        )
    ]
    ledger.move(document, steps, by=by, now=now)
    document.state, document.sent_at, document.sent_by = Document.State.SENT, now, by.name
    document.sent_by_id = by.person_id
    document.save(update_fields=["state", "sent_at", "sent_by", "sent_by_id"])
    papers.tell("stock.sent", document, by, now)
    return document


@transaction.atomic
def receive(
    document_id: UUID, arrived: Sequence[Arrived], *, by: Rights, now: datetime, reason: str = ""
) -> Document:
    """Sign for what came (签收): whole, damaged or sent back; what is missing keeps it open.

    Raises
    ------
    Problem
        403.1/404.1; 409.2 if nothing is on its way; 400.2 under ``arrived`` if there is more than
        was sent, under ``reason`` if damage or a return is not explained, and to whoever sent it.
    """
    document = papers.locked(document_id, Document.State.SENT, Document.State.OPEN)
    require(by, "stock.receive", papers.area_of(document.target))
    if document.sent_by_id == by.person_id:
        checks.refuse({"received_by": FieldError(SAME_PERSON)})
    left = papers.on_the_way(document)
    for one in arrived:
        if min(one.received, one.damaged, one.returned) < 0 or _sum(one) > left.get(one.batch, 0):
            checks.refuse({"arrived": FieldError(NOT_SENT, {"left": left.get(one.batch, 0)})})
    if any(one.damaged or one.returned for one in arrived) or _sums(arrived) < sum(left.values()):
        checks.needs_reason(reason)
    transit = Place.objects.get(kind=Place.Kind.TRANSIT)
    scrap = Place.objects.get(kind=Place.Kind.SCRAP)
    ways = [("received", document.target_id), ("damaged", scrap.pk), ("returned", document.source_id)]
    steps = [
        Step(one.batch, transit.pk, to, getattr(one, name), reason.strip() if name != "received" else "")
        for one in arrived
        for name, to in ways
    ]
    ledger.move(document, steps, by=by, now=now)
    document.received_at, document.received_by = now, by.name
    papers.close_or_leave_open(document, now)
    papers.tell("stock.received", document, by, now)
    return document


@transaction.atomic
def write_off(document_id: UUID, *, reason: str, by: Rights, now: datetime) -> Document:
    """Settle what never arrived (核销差异): it is lost, and somebody answers for saying so.

    Raises
    ------
    Problem
        403.1/404.1; 400.2 without a reason; 409.2 if nothing is missing.
    """
    document = papers.locked(document_id, Document.State.OPEN)
    require(by, "stock.settle", document.area_code)
    checks.needs_reason(reason)
    transit, lost = (Place.objects.get(kind=kind) for kind in (Place.Kind.TRANSIT, Place.Kind.LOST))
    steps = [
        Step(batch, transit.pk, lost.pk, quantity, reason.strip())
        for batch, quantity in papers.on_the_way(document).items()
    ]
    ledger.move(document, steps, by=by, now=now)
    papers.close_or_leave_open(document, now)
    papers.tell("stock.written_off", document, by, now)
    return document


@transaction.atomic
def cancel(document_id: UUID, *, reason: str, by: Rights, now: datetime) -> Document:
    """Take back an order that was not sent (撤销调拨单).

    Raises
    ------
    Problem
        403.1/404.1; 400.2 without a reason; 409.2 once it is sent.
    """
    document = papers.locked(document_id, Document.State.ORDERED)
    require(by, "stock.order", document.area_code)
    checks.needs_reason(reason)
    document.state, document.closed_at, document.reason = Document.State.CANCELLED, now, reason.strip()
    document.save(update_fields=["state", "closed_at", "reason"])
    papers.tell("stock.cancelled", document, by, now)
    return document


@transaction.atomic
def bring_paper(document_id: UUID, *, reference: str, by: Rights, now: datetime) -> Document:
    """Give an order by word of mouth its paper's number (补办调拨指令)."""
    document = Document.objects.select_for_update().filter(pk=document_id).first()
    if document is None:
        raise problems.NOT_FOUND()
    require(by, "stock.order", document.area_code)
    if not reference.strip() or len(reference.strip()) > MAX_REFERENCE:
        checks.refuse({"reference": FieldError(NEEDS_REASON, {"limit": MAX_REFERENCE})})
    document.reference, document.paper_due = reference.strip(), None
    document.save(update_fields=["reference", "paper_due"])
    papers.tell("stock.paper_brought", document, by, now)
    return document


def _sum(one: Arrived) -> int:
    return one.received + one.damaged + one.returned


def _sums(arrived: Sequence[Arrived]) -> int:
    return sum(_sum(one) for one in arrived)
