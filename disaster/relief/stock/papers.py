"""Making, finding, closing and telling of stock documents: what every verb on them shares."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.db.models import Sum

from disaster import problems
from disaster.journal import append
from disaster.people.scope import Rights
from disaster.problems import FieldError, Words
from disaster.relief.stock.checks import Wanted
from disaster.relief.stock.models import Document, Line, Movement, Place
from disaster.relief.stock.shown import document_views, place_views
from disaster.rules import book
from gis.scope import common

UNKNOWN_PLACE = Words("没有这个储备库或储备点", "There is no such warehouse or point")
_LETTERS = {
    "purchase": "CG",
    "upper": "SJ",
    "donation": "JZ",
    "transfer": "DB",
    "issue": "FF",
    "back": "TH",
    "scrap": "BF",
    "count": "PD",
}


def kept(place: UUID, field: str) -> Place:
    """Give a warehouse or point of ours; 400.2 under ``field`` if there is none such."""
    found: Place | None = Place.objects.filter(pk=place, kind__in=Place.KEPT).first()
    if found is None:
        raise problems.BAD_FIELDS({field: FieldError(UNKNOWN_PLACE)})
    return found


def locked(document_id: UUID, *states: Document.State) -> Document:
    """Give a document, locked, that is in one of these states; 404.1 or 409.2 otherwise."""
    found: Document | None = (
        Document.objects.select_for_update(of=("self",))
        .select_related("source", "target")
        .filter(pk=document_id)
        .first()
    )
    if found is None:
        raise problems.NOT_FOUND()
    if found.state not in states:
        raise problems.NOT_OPEN(number=found.number)
    return found


def repeat(document_id: UUID, kind: str) -> Document | None:
    """Give the document this id already made, None where it is new; 409.1 if it made another kind."""
    known: Document | None = Document.objects.filter(pk=document_id).first()
    if known is not None and known.kind != kind:
        raise problems.ID_REUSED()
    return known


def new(
    document_id: UUID,
    kind: str,
    state: Document.State,
    source: Place,
    target: Place,
    by: Rights,
    now: datetime,
    reference: str,
    reason: str,
) -> Document:
    """Make a document with the next number; the caller saves it."""
    ends = [area_of(place) for place in (source, target) if place.area_id]
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('stock_document_number')")
        serial = cursor.fetchone()[0]
    local = now.astimezone(book.BEIJING)
    return Document(
        pk=document_id,
        number=f"{_LETTERS[kind]}{local:%Y}-{serial:05d}",
        kind=kind,
        state=state,
        area_code=common(ends),
        source=source,
        target=target,
        reference=reference.strip(),
        reason=reason.strip(),
        made_at=now,
        made_by=by.name,
    )


def add_lines(document: Document, wanted: Sequence[Wanted]) -> None:
    """Write what a document is about, each item once."""
    sums: dict[str, int] = {}
    for one in wanted:
        sums[one.item] = sums.get(one.item, 0) + one.quantity
    Line.objects.bulk_create(Line(document=document, item_id=item, ordered=n) for item, n in sums.items())


def on_the_way(document: Document, load: int | None = None) -> dict[UUID, int]:
    """Give what of each batch a document, or one load of it, has on its way still."""
    left: Counter[UUID] = Counter()
    for (number, batch), quantity in _moving(document).items():
        if load in (None, number):
            left[batch] += quantity
    return dict(left)


def coming_loads(document: Document) -> list[int]:
    """Give the numbers of the loads of which something is on its way."""
    return sorted({number for number, _ in _moving(document)})


def _moving(document: Document) -> dict[tuple[int, UUID], int]:
    """Add up what is on its way, by load and batch."""
    transit = Place.objects.get(kind=Place.Kind.TRANSIT)
    left: Counter[tuple[int, UUID]] = Counter()
    for row in Movement.objects.filter(document=document):
        if transit.pk in (row.source_id, row.target_id):
            left[row.load, row.batch_id] += row.quantity * (1 if row.target_id == transit.pk else -1)
    return {key: quantity for key, quantity in left.items() if quantity}


def unsent(document: Document) -> dict[str, int]:
    """Give what of each item was ordered and has not been sent yet."""
    sent = dict(
        Movement.objects.filter(document=document, target__kind=Place.Kind.TRANSIT)
        .values_list("batch__item")
        .annotate(total=Sum("quantity"))
    )
    rows = document.lines.values_list("item_id", "ordered")
    return {item: ordered - sent.get(item, 0) for item, ordered in rows if ordered > sent.get(item, 0)}


def stand(document: Document, now: datetime) -> None:
    """Work out where a transfer stands from its loads, and save it.

    While some of it waits to be sent it is partly sent; while a load is on its way that nobody
    has signed for it is sent; what is missing of those signed for keeps it open; else it is closed.
    """
    coming = coming_loads(document)
    if unsent(document):
        state = Document.State.PARTLY if document.sent_at else Document.State.ORDERED
    elif document.loads.filter(number__in=coming, signed_at=None).exists():
        state = Document.State.SENT
    else:
        state = Document.State.OPEN if coming else Document.State.CLOSED
    document.state = state
    document.closed_at = now if state == Document.State.CLOSED else None
    document.save()


def area_of(place: Place) -> str:
    """Give the 12-digit code of a place's area."""
    return str(place.area_id)


def tell(verb: str, document: Document, by: Rights, now: datetime) -> None:
    """Write what was done to the journal, and tell those who see either end how it stands there now."""
    append.one(
        verb,
        object_kind="document",
        object_id=str(document.pk),
        area_code=document.area_code,
        put=(),
        by=by,
        at=now,
    )
    ends = [place for place in (document.source, document.target) if place.kind in Place.KEPT]
    paper = document_views([document])
    for place, view in zip(ends, place_views(ends), strict=True):
        tell_place(place, [view, *paper], by, now)


def tell_place(place: Place, put: Sequence[object], by: Rights, now: datetime) -> None:
    """Let the feed know of a place and of papers that go from or to it."""
    append.one(
        "place.changed",
        object_kind="place",
        object_id=str(place.pk),
        area_code=area_of(place),
        put=put,
        by=by,
        at=now,
    )
