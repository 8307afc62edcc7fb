"""Stock as of any past moment: every movement up to it added up anew, never a balance read."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, Sum

from disaster.relief.stock.models import Document, Load, Movement, Place
from gis.scope import AreaScope


def not_by(field: str, moment: datetime) -> Q:
    """Say in the database's words that something had not happened by a moment."""
    return Q(**{f"{field}__isnull": True}) | Q(**{f"{field}__gt": moment})


class Paper(NamedTuple):
    """A transfer; ``area`` is the 12-digit code of where it goes."""

    id: UUID
    number: str
    area: str


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


class Away(NamedTuple):
    """So many of an item on their way upon a transfer."""

    paper: Paper
    item: str
    quantity: int


def on_the_way_at(scope: AreaScope, *, moment: datetime) -> list[Away]:
    """Give what was on its way into a scope at a moment, paper by paper."""
    sums: Counter[tuple[Paper, str]] = Counter()
    upon = Document.objects.filter(target__in=Place.objects.within(scope))
    for side, sign in (("target", 1), ("source", -1)):
        rows = Movement.objects.filter(
            **{f"{side}__kind": Place.Kind.TRANSIT}, document__in=upon, at__lte=moment
        )
        for row in (
            rows.values("document_id", "document__number", "document__target__area_id", item=F("batch__item"))
            .annotate(n=Sum("quantity"))
            .order_by()
        ):
            paper = Paper(row["document_id"], row["document__number"], row["document__target__area_id"])
            sums[paper, row["item"]] += sign * row["n"]
    found = (Away(paper, item, many) for (paper, item), many in sums.items() if many > 0)
    return sorted(found, key=lambda one: (one.item, one.paper.number))


class Transfers(NamedTuple):
    """How many transfers into a scope waited to be sent, were on their way, and had been signed for."""

    ordered: int
    away: int
    signed: int


def transfers_at(scope: AreaScope, *, moment: datetime) -> Transfers:
    """Count the transfers into a scope as they stood at a moment."""
    return Transfers(*(len(papers) for papers in papers_at(scope, moment=moment)))


class Papers(NamedTuple):
    """The transfers that :class:`Transfers` counts."""

    ordered: list[Paper]
    away: list[Paper]
    signed: list[Paper]


def papers_at(scope: AreaScope, *, moment: datetime) -> Papers:
    """Give the transfers into a scope as they stood at a moment; those cancelled by then are left out.

    One that goes in several loads is on its way while any load of it is, and signed for once all that were
    sent by then are: the paper's own times are those of its last load.
    """
    sent = Load.objects.filter(document=OuterRef("pk"), sent_at__lte=moment)
    rows = (
        Document.objects.filter(
            kind=Document.Kind.TRANSFER, target__in=Place.objects.within(scope), made_at__lte=moment
        )
        .annotate(is_sent=Exists(sent), is_away=Exists(sent.filter(not_by("signed_at", moment))))
        .order_by("number")
        .values_list("id", "number", "target__area_id", "closed_at", "is_sent", "is_away")
    )
    found = Papers([], [], [])
    for *about, closed_at, is_sent, is_away in rows:
        is_open = closed_at is None or closed_at > moment
        if is_sent and not is_away:
            found.signed.append(Paper(*about))
        elif is_open:
            (found.away if is_away else found.ordered).append(Paper(*about))
    return found
