"""Places with their goods, and the documents between them, as the feed, the snapshot and the API show them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID

import msgspec
from django.db.models import Sum

from disaster.relief.stock.models import Balance, Document, Line, Place


class PlaceView(msgspec.Struct, frozen=True, tag_field="object", tag="place"):
    """A warehouse or point with what it holds: item → whole units. EPSG:4326."""

    id: UUID
    kind: str
    name: str
    area: str
    lon: float
    lat: float
    goods: Mapping[str, int]


class DocumentView(msgspec.Struct, frozen=True, tag_field="object", tag="document"):
    """A transfer with its two ends and what was ordered: item → whole units."""

    id: UUID
    number: str
    kind: str
    state: str
    area: str
    source: UUID
    target: UUID
    source_name: str
    target_name: str
    goods: Mapping[str, int]
    verbal: bool
    paper_due: datetime | None
    made_at: datetime
    sent_at: datetime | None
    received_at: datetime | None


def place_views(places: Iterable[Place]) -> list[PlaceView]:
    """Show warehouses and points with their goods, in one statement."""
    found = {place.pk: place for place in places}
    goods: dict[UUID, dict[str, int]] = {}
    rows = Balance.objects.filter(place__in=found, quantity__gt=0).values("place_id", "batch__item_id")
    for row in rows.annotate(total=Sum("quantity")).order_by("place_id", "batch__item_id"):
        goods.setdefault(row["place_id"], {})[row["batch__item_id"]] = row["total"]
    return [
        PlaceView(
            id=place.pk,
            kind=place.kind,
            name=place.name,
            area=str(place.area_id),
            lon=round(place.point.x, 6),
            lat=round(place.point.y, 6),
            goods=goods.get(place.pk, {}),
        )
        for place in found.values()
        if place.point
    ]


def document_views(documents: Iterable[Document]) -> list[DocumentView]:
    """Show documents with what they are about, in one statement."""
    found = {document.pk: document for document in documents}
    goods: dict[UUID, dict[str, int]] = {}
    for line in Line.objects.filter(document__in=found).order_by("item_id"):
        goods.setdefault(line.document_id, {})[line.item_id] = line.ordered
    return [
        DocumentView(
            id=document.pk,
            number=document.number,
            kind=document.kind,
            state=document.state,
            area=document.area_code,
            source=document.source_id,
            target=document.target_id,
            source_name=document.source.name,
            target_name=document.target.name,
            goods=goods.get(document.pk, {}),
            verbal=document.is_verbal,
            paper_due=document.paper_due,
            made_at=document.made_at,
            sent_at=document.sent_at,
            received_at=document.received_at,
        )
        for document in found.values()
    ]
