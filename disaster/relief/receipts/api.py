"""HTTP doors of receipts: what waits for a signature, the signature, goods to households and back."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.core.files.storage import default_storage
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Field, Router, Schema

from disaster import problems
from disaster.people.http import answer, reader
from disaster.relief.receipts import issue_list as lists
from disaster.relief.receipts import pictures, queries, services

router = Router(tags=["receipts"])
BIGINT = 2**31


class Counts(Schema):
    """What became of a batch: whole, damaged, sent back; ``over`` came beyond what was sent."""

    received: int = Field(0, ge=-BIGINT, lt=BIGINT)
    damaged: int = Field(0, ge=-BIGINT, lt=BIGINT)
    returned: int = Field(0, ge=-BIGINT, lt=BIGINT)
    over: int = Field(0, ge=-BIGINT, lt=BIGINT)


class Hand(Schema):
    """Whose hand is under it; ``signature`` (PNG) and ``photo`` (JPEG) in base64, place EPSG:4326."""

    id: UUID
    signer: str = ""
    relation: str = "self"
    reason: str = ""
    signature: str = ""
    photo: str = ""
    taken_at: datetime
    lon: float | None = None
    lat: float | None = None
    accuracy_m: float | None = None


class Signature(Hand):
    """A transfer's receipt as the phone writes it; ``load`` says of which lorry, 0 where only one is on its way."""

    document: UUID
    counts: dict[UUID, Counts]
    load: int = Field(0, ge=0, lt=2**15)


class Given(Hand):
    """Goods given to a household: item → whole units; ``voucher`` is the line its QR code says."""

    application: UUID
    place: UUID
    goods: dict[str, int]
    voucher: str = ""


class Condition(Schema):
    """How many came back whole and damaged."""

    whole: int = Field(0, ge=0, lt=BIGINT)
    damaged: int = Field(0, ge=0, lt=BIGINT)


class GivenBack(Hand):
    """Goods a household gives back, by item."""

    application: UUID
    place: UUID
    goods: dict[str, Condition]


@router.get("/receive", summary="What waits for a signature")
def waiting(request: HttpRequest) -> HttpResponse:
    """Give what is on its way to the reader's places, batch by batch, as the phone keeps it."""
    rights = reader(request)
    scope = rights.where("stock.receive")
    if not scope.prefixes:
        raise problems.NOT_ALLOWED()
    return answer(
        {
            "person": {"id": str(rights.person_id), "name": rights.name},
            "coming": queries.coming(scope),
            "at": timezone.now(),
        }
    )


@router.post("/receipts", summary="Sign for goods")
def sign(request: HttpRequest, body: Signature) -> HttpResponse:
    """Take a receipt; the same one sent again gets the same answer."""
    signed = services.Signed(
        **{
            **body.model_dump(exclude={"counts"}),
            "counts": {batch: one.model_dump() for batch, one in body.counts.items()},
        }
    )
    return answer(
        {"receipt": queries.told(services.sign(signed, by=reader(request), now=timezone.now()))}, 201
    )


@router.get("/issues", summary="A village's issue list")
def issue_list(request: HttpRequest, village: str = "") -> HttpResponse:
    """Give who of a village gets what, what there is to give, and the key that verifies vouchers."""
    return answer({**lists.issue_list(reader(request), village), "at": timezone.now()})


@router.post("/issues", summary="Give goods to a household")
def issue(request: HttpRequest, body: Given) -> HttpResponse:
    """Take a household's signature for goods; the same one sent again gets the same answer."""
    given = services.Given(**body.model_dump())
    done = services.issue(given, by=reader(request), now=timezone.now())
    return answer({"receipt": queries.told(done)}, 201)


@router.post("/issues/returns", summary="Take goods back from a household")
def take_back(request: HttpRequest, body: GivenBack) -> HttpResponse:
    """Take goods back: whole ones into stock, damaged ones out."""
    back = services.GivenBack(**body.model_dump())
    done = services.take_back(back, by=reader(request), now=timezone.now())
    return answer({"receipt": queries.told(done)}, 201)


@router.get("/stock/documents/{document_id}/receipts", summary="A paper's receipts")
def of_document(request: HttpRequest, document_id: UUID) -> HttpResponse:
    """Give who signed for a paper's goods, oldest first."""
    rows = queries.of_document(document_id, by=reader(request))
    return answer({"receipts": [queries.told(one) for one in rows]})


@router.get("/receipts/{receipt_id}/{kind}", summary="A receipt's signature or photo")
def picture(request: HttpRequest, receipt_id: UUID, kind: str) -> HttpResponse:
    """Give the handwriting (``signature``, PNG) or the ``photo`` (JPEG)."""
    found = queries.one(receipt_id, by=reader(request))
    path = pictures.path_of(found.pk, kind)
    if kind not in ("signature", "photo") or not default_storage.exists(path):
        raise problems.NOT_FOUND()
    with default_storage.open(path) as file:
        data = file.read()
    return HttpResponse(
        data,
        content_type="image/png" if kind == "signature" else "image/jpeg",
        headers={"Cache-Control": "private, no-store", "X-Content-Type-Options": "nosniff"},
    )
