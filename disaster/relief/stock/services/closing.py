"""Closing a batch (批次结清): all of it has ended somewhere, and nothing of it moves any more."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from disaster import problems
from disaster.journal import append
from disaster.people.scope import Rights, require
from disaster.relief import progress
from disaster.relief.stock import ledger
from disaster.relief.stock.models import Batch, Document, Place


@transaction.atomic
def close_batch(batch_id: UUID, *, by: Rights, now: datetime) -> Batch:
    """Close a batch of which nothing is on its way and nothing in store.

    Its hops are asked first by whoever calls (:mod:`disaster.relief.receipts`): a case may be open
    though every number adds up.

    Raises
    ------
    Problem
        403.1/404.1 without the right where it came in; 404.1; 409.60 naming where some of it still is.
    """
    batch = ledger.lock([batch_id]).get(batch_id)
    if batch is None:
        raise problems.NOT_FOUND()
    came = Document.objects.filter(movements__batch=batch).order_by("made_at").first()
    require(by, "stock.settle", came.area_code if came else "")
    left = batch.balances.filter(quantity__gt=0, place__kind__in=Place.OURS).select_related("place").first()
    if left is not None:
        raise problems.BATCH_NOT_ENDED(
            number=batch.number, place=left.place.name, left=left.quantity, unit=batch.item.unit
        )
    if batch.closed_at is None:
        batch.closed_at, batch.closed_by = now, by.name
        batch.save(update_fields=["closed_at", "closed_by"])
        append.one(
            "stock.batch_closed",
            object_kind="batch",
            object_id=str(batch.pk),
            area_code=came.area_code if came else "",
            put=(),
            by=by,
            at=now,
        )
        append.many([progress.row([came.area_code], by=by, now=now)] if came else [])
    return batch
