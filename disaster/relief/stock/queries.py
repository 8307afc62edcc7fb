"""Questions about stock: what is where, what waits, what runs out, and where a batch went."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Q, QuerySet, Sum

from disaster.relief.stock.models import Balance, Batch, Document, Movement, Place
from disaster.relief.stock.shown import DocumentView, PlaceView, document_views, place_views
from disaster.rules import book
from gis.scope import AreaScope

WAITING = (Document.State.ORDERED, Document.State.SENT, Document.State.OPEN)


def places_in(scope: AreaScope) -> list[PlaceView]:
    """Give a scope's warehouses and points with their goods, for a reader's snapshot."""
    return place_views(Place.objects.within(scope).filter(kind__in=Place.KEPT).order_by("area_id", "name"))


def documents_in(scope: AreaScope) -> list[DocumentView]:
    """Give the documents that still wait for something, for a reader's snapshot."""
    return document_views(papers(scope, waiting=True))


def papers(scope: AreaScope, *, waiting: bool) -> QuerySet[Document]:
    """Give the documents with an end in a scope, those that wait or those that are done, the newest first."""
    asked = Document.objects.filter(ends_in(scope)).select_related("source", "target")
    asked = asked.filter(state__in=WAITING) if waiting else asked.exclude(state__in=WAITING)
    return asked.order_by("-made_at", "number")


def ends_in(scope: AreaScope) -> Q:
    """Say in the database's words that a document's goods come from or go to a scope."""
    condition = Q(pk__in=[])
    for prefix in scope.prefixes:
        condition |= Q(source__area__code__startswith=prefix) | Q(target__area__code__startswith=prefix)
    return condition


class Held(NamedTuple):
    """So many of an item at a place; ``least`` is what it should have at least, None where no rule says."""

    place: Place
    item: str
    name: str
    unit: str
    quantity: int
    worth: Any
    expiring: int
    least: int | None


def held(scope: AreaScope, *, on: date) -> list[Held]:
    """Give every place's stock by item with its worth (yuan), and what expires within the rule's days."""
    soon = on + timedelta(days=int(book.value("stock.expiry_days")))
    least = {row["item"]: int(row["least"]) for row in book.value("stock.least")}
    places = {one.pk: one for one in Place.objects.within(scope).filter(kind__in=Place.KEPT)}
    rows = (
        Balance.objects.filter(place__in=places, quantity__gt=0)
        .select_related("batch__item")
        .order_by("place__area_id", "place__name", "batch__item_id")
    )
    found: dict[tuple[UUID, str], Held] = {}
    for row in rows:
        item = row.batch.item
        expiring = row.quantity if row.batch.expires_on and row.batch.expires_on <= soon else 0
        before = found.get((row.place_id, item.pk))
        found[row.place_id, item.pk] = Held(
            places[row.place_id],
            item.pk,
            item.name,
            item.unit,
            row.quantity + (before.quantity if before else 0),
            row.quantity * row.batch.price + (before.worth if before else 0),
            expiring + (before.expiring if before else 0),
            least.get(item.pk) if places[row.place_id].kind == Place.Kind.WAREHOUSE else None,
        )
    return list(found.values())


def batches_at(place: Place) -> list[dict[str, Any]]:
    """Give a place's batches, what expires first first."""
    rows = Balance.objects.filter(place=place, quantity__gt=0).select_related("batch__item")
    ordered = sorted(
        rows, key=lambda row: (row.batch.item_id, row.batch.expires_on or date.max, row.batch.number)
    )
    return [
        {
            "batch": row.batch_id,
            "number": row.batch.number,
            "item": row.batch.item_id,
            "name": row.batch.item.name,
            "unit": row.batch.item.unit,
            "quantity": row.quantity,
            "price": row.batch.price,
            "expires_on": row.batch.expires_on,
            "giver": row.batch.giver,
            "intent": row.batch.intent,
            "intent_words": row.batch.intent_words,
        }
        for row in ordered
    ]


def custody(batch: Batch) -> list[dict[str, Any]]:
    """Give a batch's way (流转), oldest first: who moved how many from where to where, upon what."""
    rows = Movement.objects.filter(batch=batch).select_related("document", "source", "target")
    return [
        {
            "at": row.at,
            "document": row.document.number,
            "source": row.source.name,
            "target": row.target.name,
            "quantity": row.quantity,
            "reason": row.reason,
            "by": row.by_name,
        }
        for row in rows
    ]


def replayed() -> dict[tuple[UUID, UUID], int]:
    """Add every movement up anew: place and batch → quantity, without what is nothing."""
    sums: dict[tuple[UUID, UUID], int] = {}
    for side, sign in (("target_id", 1), ("source_id", -1)):
        for row in Movement.objects.values(side, "batch_id").annotate(total=Sum("quantity")).order_by():
            key = (row[side], row["batch_id"])
            sums[key] = sums.get(key, 0) + sign * row["total"]
    return {key: value for key, value in sums.items() if value}
