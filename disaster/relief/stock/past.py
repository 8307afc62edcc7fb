"""Stock as of any past moment: every movement up to it added up anew, never a balance read."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db.models import Count, F, Q, Sum

from disaster.relief.stock.models import Document, Movement, Place
from gis.scope import AreaScope


class Held(NamedTuple):
    """So many of an item at a place."""

    place: UUID
    name: str
    area: str
    item: str
    quantity: int


def held_at(scope: AreaScope, *, moment: datetime) -> list[Held]:
    """Give what warehouses and points of a scope held at a moment, what they had nothing of left out."""
    places = {
        row.pk: row
        for row in Place.objects.within(scope).filter(kind__in=Place.KEPT).only("pk", "name", "area_id")
    }
    sums: Counter[tuple[UUID, str]] = Counter()
    for side, sign in (("target", 1), ("source", -1)):
        rows = Movement.objects.filter(**{f"{side}__in": list(places)}, at__lte=moment)
        for row in rows.values(f"{side}_id", item=F("batch__item")).annotate(n=Sum("quantity")).order_by():
            sums[row[f"{side}_id"], row["item"]] += sign * row["n"]
    return sorted(
        (
            Held(place, places[place].name, str(places[place].area_id), item, many)
            for (place, item), many in sums.items()
            if many
        ),
        key=lambda one: (one.area, one.name, one.item),
    )


def on_the_way_at(scope: AreaScope, *, moment: datetime) -> Counter[str]:
    """Give how many of each item were on their way into a scope at a moment."""
    sums: Counter[str] = Counter()
    upon = Document.objects.filter(target__in=Place.objects.within(scope))
    for side, sign in (("target", 1), ("source", -1)):
        rows = Movement.objects.filter(
            **{f"{side}__kind": Place.Kind.TRANSIT}, document__in=upon, at__lte=moment
        )
        for row in rows.values(item=F("batch__item")).annotate(n=Sum("quantity")).order_by():
            sums[row["item"]] += sign * row["n"]
    return +sums


class Transfers(NamedTuple):
    """How many transfers into a scope waited to be sent, were on their way, and had been signed for."""

    ordered: int
    away: int
    signed: int


def transfers_at(scope: AreaScope, *, moment: datetime) -> Transfers:
    """Count the transfers into a scope as they stood at a moment; those cancelled by then are left out."""
    open_then = Q(closed_at__isnull=True) | Q(closed_at__gt=moment)
    unsigned = Q(received_at__isnull=True) | Q(received_at__gt=moment)
    unsent = Q(sent_at__isnull=True) | Q(sent_at__gt=moment)
    rows = Document.objects.filter(
        kind=Document.Kind.TRANSFER, target__in=Place.objects.within(scope), made_at__lte=moment
    ).aggregate(
        ordered=Count("pk", filter=unsent & open_then),
        away=Count("pk", filter=Q(sent_at__lte=moment) & unsigned & open_then),
        signed=Count("pk", filter=Q(received_at__lte=moment)),
    )
    return Transfers(**rows)
