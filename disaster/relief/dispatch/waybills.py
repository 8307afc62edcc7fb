"""What stands on a printed waybill (运单、调拨单): the fields that practice and audit ask for, with QR codes.

Receiving unit and place, goods with specification, quantity, batch and price, both contacts,
lorry, driver, planned and actual times, the paper's number, and 急 for an order by word of mouth.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any, NamedTuple

import segno
from django.db import transaction
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe

from disaster.problems import Problem
from disaster.relief.dispatch import queries
from disaster.relief.dispatch.models import Stop, Trip
from disaster.relief.dispatch.ways import waits
from disaster.relief.receipts import codes
from disaster.relief.stock import pick
from disaster.relief.stock.models import Batch, Document, Item, Place


class Goods(NamedTuple):
    """A line of a paper: ``batch`` is None where there is not so much in stock any more; prices are yuan."""

    item: Item
    batch: Batch | None
    quantity: int
    worth: Decimal | None


class Paper(NamedTuple):
    """A document on a waybill with its QR code; ``is_expected`` where batches are chosen only when it is sent.

    ``is_part`` says that it goes in several loads, of which this lorry carries one.
    """

    stop: Stop
    document: Document
    goods: list[Goods]
    worth: Decimal
    is_expected: bool
    is_part: bool
    code: SafeString


def papers(stops: list[Stop]) -> list[Paper]:
    """Give what is dropped, in the order of the stops."""
    parts = queries.in_parts(stops)
    return [_paper(stop, is_part=stop.pk in parts) for stop in stops if stop.is_drop]


def code_of(trip: Trip) -> SafeString:
    """Draw a trip's QR code: its token; whoever scans it is shown the papers it carries."""
    return _drawn(codes.trip(trip.token))


def facts(trip: Trip, stops: list[Stop]) -> dict[str, Any]:
    """Give all that the printed page shows."""
    carried = papers(stops)
    parts = {(one.document.pk, one.stop.load) for one in carried if one.is_part}
    return {
        "it": trip,
        "papers": carried,
        "parts": {one.pk for one in stops if (one.document_id, one.load) in parts},
        "code": code_of(trip),
        "stops": stops,
        "now": timezone.now(),
    }


def _paper(stop: Stop, *, is_part: bool) -> Paper:
    document = stop.document
    is_expected = waits(stop)
    goods = _expected(stop) if is_expected else _sent(stop)
    worth = sum((one.worth for one in goods if one.worth is not None), Decimal(0))
    return Paper(stop, document, goods, worth, is_expected, is_part, _drawn(codes.document(document.pk)))


def _sent(stop: Stop) -> list[Goods]:
    rows = stop.document.movements.filter(target__kind=Place.Kind.TRANSIT, load=stop.load)
    rows = rows.select_related("batch__item")
    return [_goods(row.batch.item, row.batch, row.quantity) for row in rows]


@transaction.atomic
def _expected(stop: Stop) -> list[Goods]:
    """Choose the batches as sending will, without taking them."""
    document, found = stop.document, []
    for item in Item.objects.filter(pk__in=stop.goods).order_by("pk"):
        many = stop.goods[item.pk]
        try:
            picked, batches = pick.pick(
                {item.pk: many},
                source=document.source,
                area=str(document.target.area_id),
                on=timezone.localdate(),
            )
        except Problem:
            found.append(_goods(item, None, many))
            continue
        found += [_goods(item, batches[one.batch], one.quantity) for one in picked]
    return found


def _goods(item: Item, batch: Batch | None, quantity: int) -> Goods:
    return Goods(item, batch, quantity, batch.price * quantity if batch else None)


def _drawn(text: str) -> SafeString:
    drawn = segno.make(text, error="m").svg_inline(border=2, svgclass="code", lineclass=None, omitsize=True)
    return mark_safe(drawn)  # noqa: S308 - drawn by segno from a token or an id of ours
