"""HTTP doors of differences: the cases, a batch's chain of custody, closing it; and making vouchers."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Field, Router, Schema

from disaster.people.http import answer, reader
from disaster.relief.receipts import custody as chain
from disaster.relief.receipts import queries, services
from disaster.relief.receipts.models import Case
from disaster.relief.receipts.shown import case_views
from disaster.relief.stock.queries import one_batch

router = Router(tags=["receipts"])
KeyNumber = Annotated[int, Field(ge=0, lt=2**15)]
MAX_KEYS = 1000
SETTLED_TOLD = 100
"""How many of the last settled cases the list gives."""


class Result(Schema):
    """What became of a difference: one of the results its kind allows, and in words."""

    resolution: str
    words: str = ""


class Holder(Schema):
    """Who answers for a difference from now on (a person's id), and why."""

    person: int = Field(ge=0, lt=2**63)
    reason: str = ""


class Leak(Schema):
    """Why vouchers get another key; ``is_leaked`` voids all that the old one signed, ``leaked`` names retired ones."""

    reason: str = ""
    is_leaked: bool = False
    leaked: list[KeyNumber] = Field(default_factory=list, max_length=MAX_KEYS)


class Village(Schema):
    """Whose vouchers to make; ``anew`` are the numbers, spaces between, of applications that lost theirs."""

    village: str
    programme: UUID
    anew: str = ""


@router.get("/cases", summary="Differences that wait to be settled")
def cases(request: HttpRequest) -> HttpResponse:
    """Give the open cases in the reader's sight, what is due first first, and the last settled ones."""
    scope = queries.cases_seen(reader(request))
    settled = queries.cases(scope, state=Case.State.SETTLED)[:SETTLED_TOLD]
    return answer({"open": queries.cases_in(scope), "settled": case_views(settled)})


@router.post("/cases/{case_id}/settle", summary="Settle a difference")
def settle(request: HttpRequest, case_id: UUID, body: Result) -> HttpResponse:
    """Say what became of what differed; the books follow."""
    done = services.settle(
        case_id, resolution=body.resolution, words=body.words, by=reader(request), now=timezone.now()
    )
    return answer({"case": case_views([done])[0]})


@router.post("/cases/{case_id}/holder", summary="Let another person answer for a difference")
def reassign(request: HttpRequest, case_id: UUID, body: Holder) -> HttpResponse:
    """Let another person answer for what differed; who did before, and why, stays on record."""
    done = services.reassign(
        case_id, person=body.person, reason=body.reason, by=reader(request), now=timezone.now()
    )
    return answer({"case": case_views([done])[0]})


@router.get("/stock/batches/{batch_id}/custody", summary="A batch's chain of custody")
def custody(request: HttpRequest, batch_id: UUID) -> HttpResponse:
    """Give every hop with what was sent, received, back, damaged, written off and missing: where it stopped first."""
    batch = one_batch(batch_id, by=reader(request))
    return answer({"number": batch.number, "closed_at": batch.closed_at, **chain.told(chain.custody(batch))})


@router.post("/stock/batches/{batch_id}/close", summary="Close a batch")
def close(request: HttpRequest, batch_id: UUID) -> HttpResponse:
    """Close a batch whose every hop adds up and of which nothing is left."""
    batch = services.close_batch(batch_id, by=reader(request), now=timezone.now())
    return answer({"number": batch.number, "closed_at": batch.closed_at})


@router.post("/vouchers", summary="Make a village's vouchers")
def vouchers(request: HttpRequest, body: Village) -> HttpResponse:
    """Make the vouchers of a village that are missing, and others for those that were lost."""
    made = services.make_vouchers(
        body.village, body.programme, anew=body.anew.split(), by=reader(request), now=timezone.now()
    )
    return answer({"made": len(made)}, 201)


@router.post("/vouchers/keys", summary="Change the key that signs vouchers")
def change_key(request: HttpRequest, body: Leak) -> HttpResponse:
    """Make another key; what the old one and those before it signed stays good unless they have leaked."""
    made = services.change_key(
        reason=body.reason,
        is_leaked=body.is_leaked,
        leaked=body.leaked,
        by=reader(request),
        now=timezone.now(),
    )
    return answer({"number": made.pk, "key": made.public}, 201)
