"""Writing the ledger: the only module that moves a quantity.

The batches moved are locked first, in one order, so that any number of clerks count as one
and none waits for another in a circle; the database itself keeps and checks the balances.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from disaster import problems
from disaster.people.scope import Rights
from disaster.relief.stock.models import Balance, Batch, Document, Movement, Place


class Step(NamedTuple):
    """So many of a batch from one place to another."""

    batch: UUID
    source: UUID
    target: UUID
    quantity: int
    reason: str = ""
    load: int = 1


def lock(batches: Iterable[UUID]) -> dict[UUID, Batch]:
    """Lock batches: whoever moves any of them waits, and finds what is left."""
    rows = Batch.objects.select_for_update(of=("self",)).select_related("item").filter(pk__in=set(batches))
    return {batch.pk: batch for batch in rows.order_by("pk")}


def move(
    document: Document,
    steps: Iterable[Step],
    *,
    by: Rights,
    now: datetime,
    picked: dict[UUID, Batch] | None = None,
) -> list[Movement]:
    """Write movements, inside the caller's transaction; nothing of nothing moves.

    What a household gives back opens a closed batch again. ``picked`` are batches that the caller has locked
    and of which it takes no more than it found (:func:`disaster.relief.stock.pick.pick`).

    Raises
    ------
    Problem
        409.2 of a closed batch; 409.9 naming the first place of ours that has not so many.
    """
    wanted = [step for step in steps if step.quantity]
    batches = picked or lock(step.batch for step in wanted)
    _open_again(document, {step.batch: batches[step.batch] for step in wanted})
    if picked is None:
        _check(wanted, batches)
    return Movement.objects.bulk_create(
        [
            Movement(
                document=document,
                batch_id=step.batch,
                source_id=step.source,
                target_id=step.target,
                quantity=step.quantity,
                load=step.load,
                reason=step.reason,
                at=now,
                by_name=by.name,
            )
            for step in wanted
        ]
    )


def _open_again(document: Document, batches: dict[UUID, Batch]) -> None:
    closed = [batch for batch in batches.values() if batch.closed_at]
    if closed and document.kind != Document.Kind.BACK:
        raise problems.NOT_OPEN(number=closed[0].number)
    for batch in closed:
        batch.closed_at, batch.closed_by = None, ""
        batch.save(update_fields=["closed_at", "closed_by"])


def _check(steps: list[Step], batches: dict[UUID, Batch]) -> None:
    """Say in words what the database would refuse."""
    taken: Counter[tuple[UUID, UUID]] = Counter()
    for step in steps:
        taken[step.source, step.batch] += step.quantity
    places = {place.pk: place for place in Place.objects.filter(pk__in={source for source, _ in taken})}
    have = {
        (row.place_id, row.batch_id): row.quantity
        for row in Balance.objects.filter(place__in=places, batch__in=batches)
    }
    for (source, batch), quantity in taken.items():
        left = have.get((source, batch), 0)
        if places[source].kind in Place.OURS and quantity > left:
            item = batches[batch].item
            raise problems.NOT_ENOUGH(
                place=places[source].name, item=item.name, left=left, wanted=quantity, unit=item.unit
            )
