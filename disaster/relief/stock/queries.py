"""Questions about stock: what is where, what waits, what runs out, and where a batch went."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Q, QuerySet, Sum

from disaster import problems
from disaster.people.scope import Rights, require
from disaster.relief.stock.models import Balance, Batch, Document, Item, Load, Movement, Place
from disaster.relief.stock.shown import DocumentView, PlaceView, document_views, place_views
from disaster.rules import book
from gis.models import Area
from gis.scope import AreaScope, prefix_of

WAITING = (*Document.TO_SEND, Document.State.SENT, Document.State.OPEN)


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


class Usable(NamedTuple):
    """So many of an item that a place has, or that are on their way to it, with the donor's wish ("" where there is none).

    What has arrived of a paper under way is taken off what left by a row of less than nothing.
    """

    place: Place
    item: str
    intent: str
    quantity: int
    is_coming: bool


def usable(scope: AreaScope, *, on: date) -> list[Usable]:
    """Give what the places of a scope have, batch by batch, and have coming; without what is expired; three statements."""
    fresh = Q(batch__expires_on__isnull=True) | Q(batch__expires_on__gt=on)
    places = {one.pk: one for one in Place.objects.within(scope).filter(kind__in=Place.KEPT)}
    held = Balance.objects.filter(fresh, place__in=places, quantity__gt=0).values_list(
        "place_id", "batch__item_id", "batch__intent", "quantity"
    )
    found = [Usable(places[place], item, intent, many, False) for place, item, intent, many in held]
    coming = Movement.objects.filter(
        fresh, document__state__in=Document.UNDER_WAY, document__target__in=places
    ).values_list(
        "document__target_id", "batch__item_id", "batch__intent", "target__kind", "source__kind", "quantity"
    )
    for place, item, intent, target, source, many in coming:
        sign = (target == Place.Kind.TRANSIT) - (source == Place.Kind.TRANSIT)
        found.append(Usable(places[place], item, intent, sign * many, True))
    return found


def held_now(places: QuerySet[Place]) -> Counter[UUID]:
    """Give how many whole units places hold now, those that hold nothing left out; one statement."""
    rows = Balance.objects.filter(place__in=places, quantity__gt=0).values("place_id").order_by()
    return Counter({row["place_id"]: row["total"] for row in rows.annotate(total=Sum("quantity"))})


class Cell(NamedTuple):
    """So many of an item in a row of the table, with what is short of the least and what gets too old."""

    quantity: int = 0
    short: int = 0
    expiring: int = 0


class Row(NamedTuple):
    """A place, or a township with all its points (``place`` None); ``worth`` is yuan."""

    area: Area | None
    place: Place | None
    points: int
    worth: Decimal
    cells: list[Cell]


class Table(NamedTuple):
    """Places by item: only items that are somewhere, or of which some place should have some."""

    items: list[Item]
    rows: list[Row]
    total: list[int]
    worth: Decimal


def table(scope: AreaScope, *, today: date, top: str = "") -> Table:
    """Put a scope's stock into rows: a county's by township, a township's (``top``) point by point."""
    places = list(
        Place.objects.within(scope)
        .filter(kind__in=Place.KEPT)
        .select_related("area__parent")
        .defer("area__boundary", "area__parent__boundary")
        .order_by("area_id", "name")
    )
    one_by_one = bool(top) or len({prefix_of(str(place.area_id))[:9] for place in places}) <= 1
    soon = today + timedelta(days=int(book.value("stock.expiry_days")))
    least = {row["item"]: int(row["least"]) for row in book.value("stock.least")}
    held: dict[UUID, list[Balance]] = {}
    for row in Balance.objects.filter(place__in=[one.pk for one in places], quantity__gt=0).select_related(
        "batch"
    ):
        held.setdefault(row.place_id, []).append(row)
    keys = {row.batch.item_id for rows in held.values() for row in rows} | set(least)
    items = [item for item in Item.objects.all() if item.pk in keys]
    rows = [
        _row(group, [row for place in group for row in held.get(place.pk, [])], items, soon, least)
        for group in _groups(places, one_by_one)
    ]
    total = [sum(row.cells[at].quantity for row in rows) for at in range(len(items))]
    return Table(items, rows, total, sum((row.worth for row in rows), Decimal(0)))


def _groups(places: list[Place], one_by_one: bool) -> list[list[Place]]:
    if one_by_one:
        return [[place] for place in places]
    groups: dict[str, list[Place]] = {}
    for place in places:
        groups.setdefault(
            str(place.area_id)[:9] if place.kind == Place.Kind.POINT else str(place.pk), []
        ).append(place)
    return list(groups.values())


def _row(
    group: list[Place], balances: list[Balance], items: list[Item], soon: date, least: dict[str, int]
) -> Row:
    area = group[0].area
    if area and len(group) > 1 and area.level == Area.Level.VILLAGE and area.parent:
        area = area.parent
    held: Counter[str] = Counter()
    expiring: Counter[str] = Counter()
    for row in balances:
        held[row.batch.item_id] += row.quantity
        if row.batch.expires_on and row.batch.expires_on <= soon:
            expiring[row.batch.item_id] += row.quantity
    wants = least if group[0].kind == Place.Kind.WAREHOUSE else {}
    cells = [
        Cell(held[item.pk], max(0, wants.get(item.pk, 0) - held[item.pk]), expiring[item.pk])
        for item in items
    ]
    worth = sum((row.quantity * row.batch.price for row in balances), Decimal(0))
    return Row(area, group[0] if len(group) == 1 else None, len(group), worth, cells)


class LineShown(NamedTuple):
    """A line of a paper with what became of it, in whole units."""

    item: Item
    ordered: int
    sent: int
    received: int
    damaged: int
    returned: int
    lost: int

    @property
    def left(self) -> int:
        """Give what waits to be sent."""
        return self.ordered - self.sent


def lines(document: Document) -> list[LineShown]:
    """Give a paper's lines with what was sent, received, damaged, sent back and written off."""
    sums: Counter[tuple[str, str]] = Counter()
    for row in document.movements.select_related("batch", "source", "target"):
        for name, is_it in (
            ("sent", row.target.kind == Place.Kind.TRANSIT),
            ("received", row.target_id == document.target_id),
            ("damaged", row.target.kind == Place.Kind.SCRAP and row.source.kind == Place.Kind.TRANSIT),
            ("returned", row.target_id == document.source_id and row.source.kind == Place.Kind.TRANSIT),
            ("lost", row.target.kind == Place.Kind.LOST),
        ):
            sums[row.batch.item_id, name] += row.quantity * is_it
    return [
        LineShown(
            line.item,
            line.ordered,
            *(sums[line.item_id, name] for name in ("sent", "received", "damaged", "returned", "lost")),
        )
        for line in document.lines.select_related("item")
    ]


class LoadShown(NamedTuple):
    """A load of a transfer: who sent and signed for it, what was on it, and how much of that is missing."""

    load: Load
    goods: list[tuple[Item, int]]
    missing: int


def loads(document: Document) -> list[LoadShown]:
    """Give a transfer's loads in the order of their numbers, in two statements."""
    goods: dict[int, Counter[Item]] = {}
    left: Counter[int] = Counter()
    for row in document.movements.select_related("batch__item", "source", "target"):
        if row.target.kind == Place.Kind.TRANSIT:
            goods.setdefault(row.load, Counter())[row.batch.item] += row.quantity
            left[row.load] += row.quantity
        elif row.source.kind == Place.Kind.TRANSIT:
            left[row.load] -= row.quantity
    return [
        LoadShown(one, list(goods.get(one.number, Counter()).items()), left[one.number])
        for one in document.loads.all()
    ]


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
    rows = Movement.objects.filter(batch=batch)
    return [_movement(row) for row in rows.select_related("document", "batch__item", "source", "target")]


def _movement(row: Movement) -> dict[str, Any]:
    return {
        "at": row.at,
        "document": row.document_id,
        "number": row.document.number,
        "batch": row.batch_id,
        "batch_number": row.batch.number,
        "item": row.batch.item.name,
        "unit": row.batch.item.unit,
        "source": row.source.name,
        "target": row.target.name,
        "target_kind": row.target.kind,
        "quantity": row.quantity,
        "reason": row.reason,
        "by": row.by_name,
    }


def replayed() -> dict[tuple[UUID, UUID], int]:
    """Add every movement up anew: place and batch → quantity, without what is nothing."""
    sums: dict[tuple[UUID, UUID], int] = {}
    for side, sign in (("target_id", 1), ("source_id", -1)):
        for row in Movement.objects.values(side, "batch_id").annotate(total=Sum("quantity")).order_by():
            key = (row[side], row["batch_id"])
            sums[key] = sums.get(key, 0) + sign * row["total"]
    return {key: value for key, value in sums.items() if value}


def seen(by: Rights) -> AreaScope:
    """Give where a reader may see stock.

    Raises
    ------
    Problem
        403.1 if nowhere.
    """
    scope = by.where("stock.see")
    if not scope.prefixes:
        raise problems.NOT_ALLOWED()
    return scope


def one_place(place_id: UUID, *, by: Rights) -> Place:
    """Give a warehouse or point; 404.1 if there is none in the reader's sight."""
    found: Place | None = (
        Place.objects.select_related("area__parent")
        .defer("area__boundary", "area__parent__boundary")
        .filter(pk=place_id, kind__in=Place.KEPT)
        .first()
    )
    if found is None:
        raise problems.NOT_FOUND()
    require(by, "stock.see", str(found.area_id))
    return found


def one_document(document_id: UUID, *, by: Rights) -> Document:
    """Give a document; 403.1 for whoever sees no stock, 404.1 if neither end is in the reader's sight."""
    scope = seen(by)
    found: Document | None = (
        Document.objects.filter(ends_in(scope), pk=document_id).select_related("source", "target").first()
    )
    if found is None:
        raise problems.NOT_FOUND()
    return found


def one_batch(batch_id: UUID, *, by: Rights) -> Batch:
    """Give a batch that ever was at a place in the reader's sight; 403.1, 404.1."""
    scope = seen(by)
    held = Balance.objects.filter(batch=batch_id, place__in=Place.objects.within(scope))
    found: Batch | None = Batch.objects.filter(pk=batch_id).select_related("item").first()
    if found is None or not held.exists():
        raise problems.NOT_FOUND()
    return found


def moved(document: Document) -> list[dict[str, Any]]:
    """Give every movement upon a document, oldest first."""
    rows = document.movements.select_related("document", "batch__item", "source", "target")
    return [_movement(row) for row in rows]


def held_of(batch: Batch) -> list[dict[str, Any]]:
    """Give where a batch is now, places of ours first: all of it adds up to what came."""
    rows = Balance.objects.filter(batch=batch, quantity__gt=0).select_related("place")
    ordered = sorted(rows, key=lambda row: (row.place.kind not in Place.OURS, row.place.name))
    return [{"place": row.place.name, "kind": row.place.kind, "quantity": row.quantity} for row in ordered]
