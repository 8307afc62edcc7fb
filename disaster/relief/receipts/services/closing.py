"""Closing a batch: only when every hop adds up and every case about it is settled."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from disaster import problems
from disaster.people.scope import Rights
from disaster.relief.receipts.models import Case
from disaster.relief.stock import services as stock
from disaster.relief.stock.models import Batch


@transaction.atomic
def close_batch(batch_id: UUID, *, by: Rights, now: datetime) -> Batch:
    """Close a batch (批次结清); its chain of custody has no open end.

    Raises
    ------
    Problem
        403.1/404.1; 409.60 naming where some of it still is; 409.65 naming a case that is open.
    """
    batch = stock.close_batch(batch_id, by=by, now=now)
    case = Case.objects.filter(batch=batch, state=Case.State.OPEN).order_by("due").first()
    if case is not None:
        raise problems.BATCH_HAS_CASES(
            number=batch.number, case=case.number, quantity=case.quantity, unit=batch.item.unit
        )
    return batch
