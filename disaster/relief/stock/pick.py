"""Which batches an order takes: what expires first, and a donor's wish before all (先到期先出)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple
from uuid import UUID

from disaster import problems
from disaster.relief.stock import ledger
from disaster.relief.stock.models import Balance, Batch, Item, Place
from gis.scope import prefix_of


class Picked(NamedTuple):
    """So many of a batch."""

    batch: UUID
    quantity: int


def pick(
    wanted: Mapping[str, int], *, source: Place, area: str, on: date
) -> tuple[list[Picked], dict[UUID, Batch]]:
    """Choose batches at a place for where they go (``area``): item → so many; in three statements.

    Gives with them all batches of these items there, locked until the transaction ends. What a donor meant for
    that area goes first, then what expires first. Expired goods and goods meant for somewhere else are not taken.

    Raises
    ------
    Problem
        409.9 if what may go there does not suffice.
    """
    held = Balance.objects.filter(place=source, batch__item__in=list(wanted), quantity__gt=0)
    batches = ledger.lock(held.values_list("batch_id", flat=True))
    rows = Balance.objects.filter(place=source, batch__in=batches, quantity__gt=0)
    left = dict(rows.values_list("batch_id", "quantity"))
    usable = sorted(
        (one for one in batches.values() if one.pk in left and _may_go(one, area, on)), key=_order
    )
    found = [
        one
        for item in sorted(wanted)
        for one in _some(item, wanted[item], [one for one in usable if one.item_id == item], left, source)
    ]
    return found, batches


def _some(
    item: str, quantity: int, usable: Sequence[Batch], left: Mapping[UUID, int], source: Place
) -> list[Picked]:
    found, missing = [], quantity
    for batch in usable:
        take = min(missing, left[batch.pk])
        if take:
            found.append(Picked(batch.pk, take))
            missing -= take
    if missing:
        have = sum(left[one.pk] for one in usable)
        kind = Item.objects.get(pk=item)
        raise problems.NOT_ENOUGH(
            place=source.name, item=kind.name, left=have, wanted=quantity, unit=kind.unit
        )
    return found


def _may_go(batch: Batch, area: str, on: date) -> bool:
    if batch.expires_on is not None and batch.expires_on <= on:
        return False
    return not batch.intent or area.startswith(prefix_of(batch.intent))


def _order(batch: Batch) -> tuple[bool, date, str]:
    return not batch.intent, batch.expires_on or date.max, batch.number
