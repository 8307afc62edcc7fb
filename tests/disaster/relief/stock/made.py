"""Warehouses and goods for tests."""

from __future__ import annotations

import uuid
from datetime import date
from decimal import Decimal
from typing import Any

from django.contrib.gis.geos import Point
from django.utils import timezone

from disaster.relief.receipts import services as receipts
from disaster.relief.receipts.models import Receipt
from disaster.relief.stock import papers, services
from disaster.relief.stock.checks import Coming, Wanted
from disaster.relief.stock.models import Document, Place
from tests.world import COUNTY, EAST, World


def a_place(name: str = "市储备库", area: str = COUNTY, **fields: Any) -> Place:
    kind = Place.Kind.WAREHOUSE if area == COUNTY else Place.Kind.POINT
    values = {"name": name, "area_id": area, "kind": kind, "point": Point(116.5, 30.6, srid=4326)}
    return Place.objects.create(**{**values, **fields})


def goods(item: str = "quilt", quantity: int = 100, **fields: Any) -> Coming:
    return Coming(**{"item": item, "quantity": quantity, "price": Decimal("120.50"), **fields})


def taken_in(world: World, place: Place, *batches: Coming, kind: str = "purchase") -> Document:
    return services.take_in(
        uuid.uuid4(),
        kind=kind,
        place=place.pk,
        batches=batches or [goods()],
        by=world.rights("keeper"),
        now=timezone.now(),
    )


def ordered(
    world: World, source: Place, target: Place, quantity: int, item: str = "quilt", **fields: Any
) -> Document:
    return services.order(
        uuid.uuid4(),
        source=source.pk,
        target=target.pk,
        lines=[Wanted(item, quantity)],
        by=world.rights("bureau"),
        now=timezone.now(),
        **fields,
    )


def east_point() -> Place:
    return a_place("东乡储备点", EAST)


def on(year: int) -> date:
    return date(year, 1, 1)


def send(world: World, document: Document, account: str = "keeper") -> Document:
    return services.send(document.pk, by=world.rights(account), now=timezone.now())


def sign(
    world: World, document: Document, account: str = "bureau", reason: str = "", **fields: int
) -> Document:
    """Sign for a paper of one batch: all that is on its way, or so many ``received``, ``damaged``, ``returned``."""
    ((batch, left),) = papers.on_the_way(document).items()
    signed(world, document, {batch: fields or {"received": left}}, account, reason)
    document.refresh_from_db()
    return document


def signed(
    world: World, document: Document, counts: dict[uuid.UUID, dict[str, int]], account: str, reason: str = ""
) -> Receipt:
    """Sign for a paper batch by batch."""
    now = timezone.now()
    hand = receipts.Signed(
        id=uuid.uuid4(), document=document.pk, counts=counts, signer=account, reason=reason, taken_at=now
    )
    return receipts.sign(hand, by=world.rights(account), now=now)
