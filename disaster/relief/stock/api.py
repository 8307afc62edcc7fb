"""HTTP doors of stock: what is where, goods in, orders, sending, counting.

Signing for goods, giving them out and settling what differs have their own doors (receipts):
nothing counts as arrived without one.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Field, Router, Schema

from disaster.people.http import answer, reader
from disaster.relief.stock import queries, services
from disaster.relief.stock.checks import Coming, Wanted
from disaster.relief.stock.models import Document
from disaster.relief.stock.services.places import Entry
from disaster.relief.stock.shown import document_views, place_views

router = Router(tags=["stock"])
BIGINT = 2**31


class Opened(Schema):
    """A warehouse or point as it is entered; ``lon`` and ``lat`` are EPSG:4326."""

    id: UUID
    name: str = ""
    area: str
    lon: float
    lat: float
    kind: str = "point"
    keeper: str = ""


class Goods(Schema):
    """How many of an item come in; ``price`` is yuan a unit."""

    quantity: int = Field(ge=-BIGINT, lt=BIGINT)
    price: Decimal = Field(Decimal(0), max_digits=10, decimal_places=2)
    made_on: date | None = None
    expires_on: date | None = None


class Incoming(Schema):
    """Goods that came, by item; a donor may name the area they are for (``intent``, 12 digits)."""

    id: UUID
    kind: str
    place: UUID
    goods: dict[str, Goods]
    giver: str = Field("", max_length=60)
    intent: str = Field("", max_length=12)
    intent_words: str = Field("", max_length=120)
    reference: str = ""
    reason: str = ""


class Ordered(Schema):
    """A transfer as it is ordered: item → whole units."""

    id: UUID
    source: UUID
    target: UUID
    goods: dict[str, int]
    reference: str = ""
    reason: str = ""
    contact: str = ""
    verbal: bool = False


class Why(Schema):
    """Why something is settled or taken back."""

    reason: str = ""


class Paper(Schema):
    """The number of the paper that follows an order by word of mouth."""

    reference: str = ""


class Scrapped(Schema):
    """Goods that are taken out."""

    id: UUID
    place: UUID
    batch: UUID
    quantity: int = Field(ge=-BIGINT, lt=BIGINT)
    reason: str = ""


class Counted(Schema):
    """What was found of each batch at a place, and what stood in the books when it was counted."""

    id: UUID
    place: UUID
    counted: dict[UUID, int]
    books: dict[UUID, int] | None = None
    reason: str = ""


@router.get("/stock", summary="What is where, and what waits")
def standing(request: HttpRequest) -> HttpResponse:
    """Give the places of the reader's areas with their goods, and the documents that wait for something."""
    scope = queries.seen(reader(request))
    return answer({"places": queries.places_in(scope), "documents": queries.documents_in(scope)})


@router.post("/stock/places", summary="Put a warehouse or point on the list")
def open_place(request: HttpRequest, body: Opened) -> HttpResponse:
    """Enter a warehouse or point; the id is the writer's own."""
    entry = Entry(
        name=body.name, area=body.area, lon=body.lon, lat=body.lat, kind=body.kind, keeper=body.keeper
    )
    place = services.open_place(body.id, entry, by=reader(request), now=timezone.now())
    return answer({"place": place_views([place])[0]}, 201)


@router.get("/stock/places/{place_id}", summary="A place with its batches")
def place(request: HttpRequest, place_id: UUID) -> HttpResponse:
    """Give a place's batches, what expires first first."""
    found = queries.one_place(place_id, by=reader(request))
    return answer({"place": place_views([found])[0], "batches": queries.batches_at(found)})


@router.get("/stock/batches/{batch_id}", summary="A batch's way")
def batch(request: HttpRequest, batch_id: UUID) -> HttpResponse:
    """Give who moved how many of a batch from where to where, oldest first, and what does not close."""
    found = queries.one_batch(batch_id, by=reader(request))
    return answer({"number": found.number, "way": queries.custody(found), "held": queries.held_of(found)})


@router.post("/stock/incoming", summary="Enter goods that came")
def take_in(request: HttpRequest, body: Incoming) -> HttpResponse:
    """Take goods in: bought, from the level above, or given."""
    rows = [
        Coming(
            item=item,
            quantity=one.quantity,
            price=one.price,
            made_on=one.made_on,
            expires_on=one.expires_on,
            giver=body.giver,
            intent=body.intent,
            intent_words=body.intent_words,
        )
        for item, one in body.goods.items()
    ]
    return _told(
        services.take_in(
            body.id,
            kind=body.kind,
            place=body.place,
            batches=rows,
            by=reader(request),
            now=timezone.now(),
            reference=body.reference,
            reason=body.reason,
        ),
        201,
    )


@router.post("/stock/orders", summary="Order a transfer")
def order(request: HttpRequest, body: Ordered) -> HttpResponse:
    """Order goods from a place to another; they are not moved yet."""
    made = services.order(
        body.id,
        source=body.source,
        target=body.target,
        lines=[Wanted(item, quantity) for item, quantity in body.goods.items() if quantity],
        by=reader(request),
        now=timezone.now(),
        reference=body.reference,
        reason=body.reason,
        contact=body.contact,
        is_verbal=body.verbal,
    )
    return _told(made, 201)


@router.get("/stock/documents/{document_id}", summary="A document")
def document(request: HttpRequest, document_id: UUID) -> HttpResponse:
    """Give a document with every movement upon it."""
    found = queries.one_document(document_id, by=reader(request))
    return answer({"document": document_views([found])[0], "movements": queries.moved(found)})


@router.post("/stock/documents/{document_id}/send", summary="Send what was ordered")
def send(request: HttpRequest, document_id: UUID) -> HttpResponse:
    """Take the goods out of the source's stock: they are on their way."""
    return _told(services.send(document_id, by=reader(request), now=timezone.now()))


@router.post("/stock/documents/{document_id}/cancel", summary="Take back an order")
def cancel(request: HttpRequest, document_id: UUID, body: Why) -> HttpResponse:
    """Take back an order that was not sent."""
    return _told(services.cancel(document_id, reason=body.reason, by=reader(request), now=timezone.now()))


@router.post("/stock/documents/{document_id}/paper", summary="Bring the paper of an order by word of mouth")
def paper(request: HttpRequest, document_id: UUID, body: Paper) -> HttpResponse:
    """Give the number of the paper; the clock of 48 hours stops."""
    done = services.bring_paper(document_id, reference=body.reference, by=reader(request), now=timezone.now())
    return _told(done)


@router.post("/stock/scrap", summary="Take spoilt goods out")
def scrap(request: HttpRequest, body: Scrapped) -> HttpResponse:
    """Take goods out that are spoilt or too old."""
    done = services.scrap(
        body.id,
        place=body.place,
        batch=body.batch,
        quantity=body.quantity,
        reason=body.reason,
        by=reader(request),
        now=timezone.now(),
    )
    return _told(done, 201)


@router.post("/stock/count", summary="Put the books right after a stock-take")
def count(request: HttpRequest, body: Counted) -> HttpResponse:
    """Book what was found more or less of each batch."""
    done = services.count(
        body.id,
        place=body.place,
        counted=body.counted,
        books=body.books,
        reason=body.reason,
        by=reader(request),
        now=timezone.now(),
    )
    return _told(done, 201)


def _told(document: Document, status: int = 200) -> HttpResponse:
    fresh = Document.objects.select_related("source", "target").get(pk=document.pk)
    return answer({"document": document_views([fresh])[0]}, status)
