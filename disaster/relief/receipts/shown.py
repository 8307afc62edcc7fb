"""Cases of differences, as the feed, the snapshot and the API show them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

import msgspec

from disaster.relief.receipts.models import Case
from disaster.relief.stock.models import Place


class CaseView(msgspec.Struct, frozen=True, tag_field="object", tag="case"):
    """So many of a batch that do not add up at a hop. EPSG:4326.

    ``lon`` and ``lat`` are where the goods should have arrived, ``source_lon`` and
    ``source_lat`` where they were last accounted for.
    """

    id: UUID
    number: str
    kind: str
    state: str
    area: str
    item: str
    unit: str
    quantity: int
    batch: UUID
    batch_number: str
    document: UUID
    document_number: str
    source_name: str
    target_name: str
    lon: float
    lat: float
    source_lon: float
    source_lat: float
    holder: str
    reason: str
    opened_at: datetime
    due: datetime
    resolution: str
    settled_at: datetime | None


WITH = ("batch__item", "document__source", "document__target")
"""What has to be read along with a case to show it."""


def case_views(cases: Iterable[Case]) -> list[CaseView]:
    """Show cases that were read with :data:`WITH`; no statement."""
    return [_view(case) for case in cases]


def position(place: Place) -> tuple[float, float]:
    """Give the longitude and latitude (EPSG:4326) of a place of ours, which the database makes sure it has."""
    if place.point is None:
        raise ValueError(f"{place} is outside: it has no position")
    return round(place.point.x, 6), round(place.point.y, 6)


def _view(case: Case) -> CaseView:
    document, batch = case.document, case.batch
    (lon, lat), (source_lon, source_lat) = position(document.target), position(document.source)
    return CaseView(
        id=case.pk,
        number=case.number,
        kind=case.kind,
        state=case.state,
        area=case.area_code,
        item=batch.item.name,
        unit=batch.item.unit,
        quantity=case.quantity,
        batch=batch.pk,
        batch_number=batch.number,
        document=document.pk,
        document_number=document.number,
        source_name=document.source.name,
        target_name=document.target.name,
        lon=lon,
        lat=lat,
        source_lon=source_lon,
        source_lat=source_lat,
        holder=case.holder,
        reason=case.reason,
        opened_at=case.opened_at,
        due=case.due,
        resolution=case.resolution,
        settled_at=case.settled_at,
    )
