"""A transfer (调拨) from order to close: one document, two confirmations by two people (发出、签收).

What was sent is on its way until it was received, came back, or was found damaged; what is
missing keeps the document open until somebody with the right has said what became of it. The
second confirmation is in :mod:`disaster.relief.stock.services.handing`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Max

from disaster import problems
from disaster.people.scope import Rights, require
from disaster.problems import FieldError, Words
from disaster.relief.stock import checks, ledger, papers, pick
from disaster.relief.stock.checks import MAX_REFERENCE, NEEDS_REASON, Wanted
from disaster.relief.stock.ledger import Step
from disaster.relief.stock.models import Document, Place
from disaster.rules import book
from gis.scope import common

NOT_LEFT = Words("待发的没有这么多,请刷新后重试", "Not so much waits to be sent: load the page again")
SAME_PLACE = Words("起止地点不能相同", "It must go elsewhere")


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
    area = common([papers.area_of(start), papers.area_of(end)])
    require(by, "stock.order", area)
    if known := papers.repeat(document_id, Document.Kind.TRANSFER):
        return known
    errors = checks.wanted_errors(lines) | checks.text_errors(reference, reason)
    if start.pk == end.pk:
        errors["target"] = FieldError(SAME_PLACE)
    checks.refuse(errors)
    wanted = Counter[str]()
    for line in lines:
        wanted[line.item] += line.quantity
    pick.pick(wanted, source=start, area=papers.area_of(end), on=now.date())
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
def send(
    document_id: UUID,
    *,
    by: Rights,
    now: datetime,
    goods: Mapping[str, int] | None = None,
    load: int | None = None,
) -> Document:
    """Send what was ordered and is left (发出), or one load of it: it is on its way, out of the source's stock.

    ``goods`` is item → whole units of this load, None all that is left; ``load`` its number,
    None the next one.

    Raises
    ------
    Problem
        403.1/404.1; 400.2 for more than is left; 409.2 if nothing waits; 409.9 if meanwhile there is not so much.
    """
    document = papers.locked(document_id, *Document.TO_SEND)
    require(by, "stock.send", papers.area_of(document.source))
    left = papers.unsent(document)
    going = {item: many for item, many in (left if goods is None else goods).items() if many}
    if not going or any(not 0 < many <= left.get(item, 0) for item, many in going.items()):
        checks.refuse({"goods": FieldError(NOT_LEFT)})
    transit = Place.objects.get(kind=Place.Kind.TRANSIT)
    area = papers.area_of(document.target)
    taken, batches = pick.pick(going, source=document.source, area=area, on=now.date())
    number = load or 1 + (document.loads.aggregate(last=Max("number"))["last"] or 0)
    steps = [Step(one.batch, document.source_id, transit.pk, one.quantity, load=number) for one in taken]
    document.loads.create(number=number, sent_at=now, sent_by=by.name, sent_by_id=by.person_id)
    ledger.move(document, steps, by=by, now=now, picked=batches)
    document.sent_at, document.sent_by, document.sent_by_id = now, by.name, by.person_id
    papers.stand(document, now)
    papers.tell("stock.sent", document, by, now)
    return document


@transaction.atomic
def account_for(
    document_id: UUID, batch: UUID, *, is_lost: bool, reason: str, by: Rights, now: datetime, load: int = 1
) -> Document:
    """Say what became of what of a load's batch never arrived: lost (核销), or it never left the source.

    Raises
    ------
    Problem
        403.1/404.1; 400.2 without a reason; 409.2 if nothing of it is missing.
    """
    document = papers.locked(document_id, *Document.UNDER_WAY)
    require(by, "stock.settle", document.area_code)
    checks.needs_reason(reason)
    missing = papers.on_the_way(document, load).get(batch, 0)
    if not missing or not document.loads.filter(number=load, signed_at__isnull=False).exists():
        raise problems.NOT_OPEN(number=document.number)
    transit, lost = (Place.objects.get(kind=kind) for kind in (Place.Kind.TRANSIT, Place.Kind.LOST))
    end = lost.pk if is_lost else document.source_id
    step = Step(batch, transit.pk, end, missing, reason.strip(), load)
    ledger.move(document, [step], by=by, now=now)
    papers.stand(document, now)
    papers.tell("stock.written_off" if is_lost else "stock.not_sent", document, by, now)
    return document


@transaction.atomic
def cancel(document_id: UUID, *, reason: str, by: Rights, now: datetime) -> Document:
    """Take back an order that was not sent (撤销调拨单), or what of it was not sent yet (撤销余量).

    Raises
    ------
    Problem
        403.1/404.1; 400.2 without a reason; 409.2 once all of it is sent.
    """
    document = papers.locked(document_id, *Document.TO_SEND)
    require(by, "stock.order", document.area_code)
    checks.needs_reason(reason)
    document.reason = reason.strip()
    if document.state == Document.State.PARTLY:
        _leave_the_rest(document)
        papers.stand(document, now)
    else:
        document.state, document.closed_at = Document.State.CANCELLED, now
        document.save(update_fields=["state", "closed_at", "reason"])
    papers.tell("stock.cancelled", document, by, now)
    return document


def _leave_the_rest(document: Document) -> None:
    """Lower what was ordered to what was sent; the journal keeps the order as it was made."""
    left = papers.unsent(document)
    for line in document.lines.filter(item__in=left):
        line.ordered -= left[line.item_id]
        if line.ordered:
            line.save(update_fields=["ordered"])
        else:
            line.delete()


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
