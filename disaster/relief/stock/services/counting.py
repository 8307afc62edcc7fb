"""Goods that leave the books, or come to light: spoilt, too old, counted."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction

from disaster.people.scope import Rights, require
from disaster.problems import FieldError, Words
from disaster.relief.stock import checks, ledger, papers
from disaster.relief.stock.checks import BAD_QUANTITY, MAX
from disaster.relief.stock.ledger import Step
from disaster.relief.stock.models import Document, Place

MOVED_MEANWHILE = Words(
    "盘点时这批货有进出,账面现在是 {left},请重新清点",
    "Some of it moved meanwhile: the books now say {left}; count again",
)


@transaction.atomic
def scrap(
    document_id: UUID, *, place: UUID, batch: UUID, quantity: int, reason: str, by: Rights, now: datetime
) -> Document:
    """Take goods out that are spoilt or too old (报废).

    Raises
    ------
    Problem
        403.1/404.1; 400.2; 409.1; 409.9.
    """
    source = papers.kept(place, "place")
    require(by, "stock.settle", papers.area_of(source))
    if known := papers.repeat(document_id, Document.Kind.SCRAP):
        return known
    if not 1 <= quantity <= MAX:
        checks.refuse({"quantity": FieldError(BAD_QUANTITY, {"limit": MAX})})
    checks.needs_reason(reason)
    return _at_once(
        document_id, Document.Kind.SCRAP, source, [(batch, -quantity)], Place.Kind.SCRAP, reason, by, now
    )


@transaction.atomic
def count(
    document_id: UUID,
    *,
    place: UUID,
    counted: dict[UUID, int],
    reason: str,
    by: Rights,
    now: datetime,
    books: Mapping[UUID, int] | None = None,
) -> Document:
    """Put the books right after a stock-take (盘盈盘亏): ``counted`` is what was found of each batch.

    ``books`` is what stood in the books when it was counted: goods that moved meanwhile would
    else be booked as found or lost.

    Raises
    ------
    Problem
        403.1/404.1; 400.2 for a count below nothing, a difference without a reason, or books
        that changed meanwhile; 409.1.
    """
    source = papers.kept(place, "place")
    require(by, "stock.settle", papers.area_of(source))
    if known := papers.repeat(document_id, Document.Kind.COUNT):
        return known
    if not counted or any(not 0 <= number <= MAX for number in counted.values()):
        checks.refuse({"counted": FieldError(BAD_QUANTITY, {"limit": MAX})})
    ledger.lock(counted)
    have = dict(source.balances.filter(batch__in=counted).values_list("batch_id", "quantity"))
    checks.refuse(
        {
            f"counted.{batch}": FieldError(MOVED_MEANWHILE, {"left": have.get(batch, 0)})
            for batch, stood in (books or {}).items()
            if batch in counted and stood != have.get(batch, 0)
        }
    )
    differences = [(batch, found - have.get(batch, 0)) for batch, found in counted.items()]
    if any(change for _, change in differences):
        checks.needs_reason(reason)
    return _at_once(document_id, Document.Kind.COUNT, source, differences, Place.Kind.COUNT, reason, by, now)


def _at_once(
    document_id: UUID,
    kind: Document.Kind,
    place: Place,
    changes: list[tuple[UUID, int]],
    outside: Place.Kind,
    reason: str,
    by: Rights,
    now: datetime,
) -> Document:
    """Make and close a document that moves goods between a place and the outside."""
    other = Place.objects.get(kind=outside)
    document = papers.new(document_id, kind, Document.State.CLOSED, place, other, by, now, "", reason)
    document.closed_at = now
    document.save(force_insert=True)
    steps = [
        Step(
            batch,
            *((other.pk, place.pk) if change > 0 else (place.pk, other.pk)),
            abs(change),
            reason.strip(),
        )
        for batch, change in changes
    ]
    ledger.move(document, steps, by=by, now=now)
    papers.tell("stock.scrapped" if kind == Document.Kind.SCRAP else "stock.counted", document, by, now)
    return document
