"""Goods that come in: bought, from the level above, given."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from disaster.people.scope import Rights, require
from disaster.relief.stock import checks, ledger, papers
from disaster.relief.stock.checks import IN, Coming, Wanted
from disaster.relief.stock.ledger import Step
from disaster.relief.stock.models import Batch, Document, Place


@transaction.atomic
def take_in(
    document_id: UUID,
    *,
    kind: str,
    place: UUID,
    batches: Sequence[Coming],
    by: Rights,
    now: datetime,
    reference: str = "",
    reason: str = "",
) -> Document:
    """Enter goods that came (采购、上级调入、捐赠入库); each row is a batch of its own.

    Raises
    ------
    Problem
        403.1/404.1 without the right there; 400.2 naming what is wrong; 409.1 if the id is another's.
    """
    target = papers.kept(place, "place")
    require(by, "stock.write", papers.area_of(target))
    if known := papers.repeat(document_id, kind):
        return known
    checks.refuse(checks.coming_errors(kind, batches) | checks.text_errors(reference, reason))
    source = Place.objects.get(kind=IN[Document.Kind(kind)])
    document = papers.new(
        document_id, kind, Document.State.CLOSED, source, target, by, now, reference, reason
    )
    document.closed_at = document.received_at = now
    document.received_by = by.name
    document.save(force_insert=True)
    rows = [
        Batch(
            number=f"{document.number}-{at}",
            item_id=one.item,
            price=one.price,
            made_on=one.made_on,
            expires_on=one.expires_on,
            giver=one.giver.strip(),
            intent=one.intent,
            intent_words=one.intent_words.strip(),
        )
        for at, one in enumerate(batches, start=1)
    ]
    Batch.objects.bulk_create(rows)
    papers.add_lines(document, [Wanted(one.item, one.quantity) for one in batches])
    steps = [Step(row.pk, source.pk, target.pk, one.quantity) for row, one in zip(rows, batches, strict=True)]
    ledger.move(document, steps, by=by, now=now)
    papers.tell("stock.taken_in", document, by, now)
    return document
