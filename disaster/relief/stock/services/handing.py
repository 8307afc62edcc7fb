"""Goods that change hands: a transfer arrives, a household is given goods or gives them back.

No other room calls these but :mod:`disaster.relief.receipts`, in the transaction that keeps the
signature (an import contract says so, and the database asks for the receipt).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec
from django.db import transaction

from disaster import problems
from disaster.people.scope import Rights, require
from disaster.problems import FieldError, Words
from disaster.relief.stock import checks, ledger, papers, pick
from disaster.relief.stock.checks import Arrived, Wanted
from disaster.relief.stock.ledger import Step
from disaster.relief.stock.models import Document, Load, Movement, Place

NOT_SENT = Words(
    "签收、损坏、退回合计不能超过在途 {left}", "Received, damaged and returned exceed the {left} on the way"
)
WHICH_LOAD = Words("这张单据有几车在途,请选择签收哪一车", "Several loads are on their way: which one came?")
SAME_PERSON = Words("发出和签收须由两个人办理", "Sending and receiving take two people")
NOT_GIVEN = Words("这一户领走的只有 {left},不能退回更多", "The household has {left}; no more can come back")


class Back(msgspec.Struct, frozen=True):
    """So many of an item a household gives back: whole ones go into stock, damaged ones are scrapped."""

    item: str
    whole: int = 0
    damaged: int = 0


@transaction.atomic
def receive(
    document_id: UUID,
    arrived: Sequence[Arrived],
    *,
    by: Rights,
    now: datetime,
    reason: str = "",
    load: int = 0,
) -> tuple[Document, int]:
    """Sign for a load that came (签收): whole, damaged or sent back; what is missing keeps it open.

    ``load`` may be 0 while only one is on its way. Gives the document and the load's number.

    Raises
    ------
    Problem
        403.1/404.1; 409.2 if nothing of it is on its way; 400.2 under ``arrived`` if there is more than
        was sent, under ``reason`` if a difference is not explained, under ``load`` if several
        are on their way and none was named, and to whoever sent it.
    """
    document = papers.locked(document_id, *Document.UNDER_WAY)
    require(by, "stock.receive", papers.area_of(document.target))
    it = _coming(document, load)
    if it.sent_by_id == by.person_id:
        checks.refuse({"received_by": FieldError(SAME_PERSON)})
    left = papers.on_the_way(document, it.number)
    for one in arrived:
        if _least(one) < 0 or _sum(one) > left.get(one.batch, 0):
            checks.refuse({"arrived": FieldError(NOT_SENT, {"left": left.get(one.batch, 0)})})
    if any(one.damaged or one.returned for one in arrived) or _sums(arrived) < sum(left.values()):
        checks.needs_reason(reason)
    transit = Place.objects.get(kind=Place.Kind.TRANSIT)
    scrap = Place.objects.get(kind=Place.Kind.SCRAP)
    ways = [("received", document.target_id), ("damaged", scrap.pk), ("returned", document.source_id)]
    steps = [
        Step(
            one.batch,
            transit.pk,
            to,
            getattr(one, name),
            reason.strip() if name != "received" else "",
            it.number,
        )
        for one in arrived
        for name, to in ways
    ]
    ledger.move(document, steps, by=by, now=now)
    document.received_at, document.received_by = now, by.name
    if it.signed_at is None:
        # What is found later has a receipt of its own: when the load came stays what it was.
        it.signed_at, it.signed_by = now, by.name
        it.save(update_fields=["signed_at", "signed_by"])
    papers.stand(document, now)
    papers.tell("stock.received", document, by, now)
    return document, it.number


def _coming(document: Document, load: int) -> Load:
    """Give the load that is signed for; 409.2 if nothing of it is on its way, 400.2 if it was not named."""
    coming = papers.coming_loads(document)
    if not coming or (load and load not in coming):
        raise problems.NOT_OPEN(number=document.number)
    if not load and len(coming) > 1:
        checks.refuse({"load": FieldError(WHICH_LOAD)})
    return document.loads.get(number=load or coming[0])


@transaction.atomic
def give(
    document_id: UUID, *, place: UUID, area: str, wanted: Sequence[Wanted], by: Rights, now: datetime
) -> Document:
    """Give goods of a place to a household of ``area`` (发放): out of stock at once, what expires first first.

    ``wanted`` has no errors (:func:`checks.wanted_errors`).

    Raises
    ------
    Problem
        403.1/404.1 without the right at the place; 400.2 if it is none; 409.9 if it has not so many for there.
    """
    source = papers.kept(place, "place")
    require(by, "stock.issue", papers.area_of(source))
    outside = Place.objects.get(kind=Place.Kind.HOUSEHOLD)
    document = papers.new(
        document_id, Document.Kind.ISSUE, Document.State.CLOSED, source, outside, by, now, "", ""
    )
    document.sent_at, document.sent_by, document.sent_by_id = now, by.name, by.person_id
    document.received_at = document.closed_at = now
    document.save(force_insert=True)
    papers.add_lines(document, wanted)
    many = {one.item: one.quantity for one in wanted}
    taken, batches = pick.pick(many, source=source, area=area, on=now.date())
    steps = [Step(one.batch, source.pk, outside.pk, one.quantity) for one in taken]
    ledger.move(document, steps, by=by, now=now, picked=batches)
    papers.tell("stock.issued", document, by, now)
    return document


@transaction.atomic
def take_back(
    document_id: UUID,
    *,
    place: UUID,
    goods: Sequence[Back],
    given: Sequence[UUID],
    reason: str,
    by: Rights,
    now: datetime,
) -> Document:
    """Take goods back from a household (退回): ``given`` are the documents by which it got them.

    Raises
    ------
    Problem
        403.1/404.1 without the right at the place; 400.2 without a reason, or for more than it has.
    """
    target = papers.kept(place, "place")
    require(by, "stock.issue", papers.area_of(target))
    checks.refuse(checks.wanted_errors([Wanted(one.item, one.whole + one.damaged) for one in goods]))
    checks.needs_reason(reason)
    outside = Place.objects.get(kind=Place.Kind.HOUSEHOLD)
    scrap = Place.objects.get(kind=Place.Kind.SCRAP)
    document = papers.new(
        document_id, Document.Kind.BACK, Document.State.CLOSED, outside, target, by, now, "", reason
    )
    document.received_at = document.closed_at = now
    document.received_by = by.name
    document.save(force_insert=True)
    papers.add_lines(document, [Wanted(one.item, one.whole + one.damaged) for one in goods])
    has = _held(given, outside)
    steps: list[Step] = []
    for one in goods:
        for quantity, end in ((one.whole, target), (one.damaged, scrap)):
            steps += _some_of(has.get(one.item, {}), one.item, quantity, outside, end, reason.strip())
    ledger.move(document, steps, by=by, now=now)
    papers.tell("stock.given_back", document, by, now)
    return document


def _held(given: Sequence[UUID], outside: Place) -> dict[str, dict[UUID, int]]:
    """Add up what a household has of each batch, by item: what it was given less what it gave back."""
    found: dict[str, dict[UUID, int]] = {}
    for row in Movement.objects.filter(document__in=given).select_related("batch").order_by("batch_id"):
        held = found.setdefault(row.batch.item_id, {})
        sign = 1 if row.target_id == outside.pk else -1
        held[row.batch_id] = held.get(row.batch_id, 0) + sign * row.quantity
    return found


def _some_of(
    held: dict[UUID, int], item: str, quantity: int, outside: Place, end: Place, reason: str
) -> list[Step]:
    """Take so many out of what a household has, batch by batch; 400.2 if it has not so many."""
    if not 0 <= quantity <= sum(held.values()):
        checks.refuse({f"goods.{item}": FieldError(NOT_GIVEN, {"left": sum(held.values())})})
    steps = []
    for batch in list(held):
        taken = min(quantity, held[batch])
        held[batch] -= taken
        quantity -= taken
        steps.append(Step(batch, outside.pk, end.pk, taken, reason))
    return steps


def _least(one: Arrived) -> int:
    return min(one.received, one.damaged, one.returned)


def _sum(one: Arrived) -> int:
    return one.received + one.damaged + one.returned


def _sums(arrived: Sequence[Arrived]) -> int:
    return sum(_sum(one) for one in arrived)
