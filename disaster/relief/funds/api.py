"""HTTP doors of relief money: quotas, payment batches, the bank's file and its answer.

What comes in is yuan as people write it ("1300.50"); what goes out is fen, whole.
"""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Field, Router, Schema
from ninja.params.functions import Query

from disaster import problems
from disaster.people.http import answer, handed, reader
from disaster.people.scope import Rights
from disaster.problems import FieldError
from disaster.relief.funds import paying, queries, services
from disaster.relief.funds.checks import BAD_AMOUNT, Coming
from disaster.relief.funds.models import PayBatch, Quota
from disaster.relief.funds.money import fen
from disaster.relief.funds.paying import Sums
from disaster.relief.funds.services.answers import limits
from disaster.relief.funds.shown import batch_view, line_view, quota_view

router = Router(tags=["funds"])
SHOWN, MOST_SHOWN = 50, 200
"""Rows of a list, and the most one may ask for."""
BIGINT = 2**31
FROM = Query(0, ge=-BIGINT, lt=BIGINT)
UPTO = Query(SHOWN, ge=-BIGINT, lt=BIGINT)
_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


class Entered(Schema):
    """A quota as its paper says; ``amount`` is yuan."""

    id: UUID
    number: str = ""
    source: str
    purpose: str
    area: str
    amount: str
    received_on: date
    giver: str = ""
    intent: str = ""
    remarks: str = ""


class Returned(Schema):
    """What is given back upward; ``amount`` is yuan."""

    id: UUID
    amount: str
    reference: str = ""
    reason: str = ""


class Moved(Returned):
    """What is moved to another quota."""

    source: UUID
    target: UUID


class Made(Schema):
    """What is to be paid: all that may be in ``villages`` (area codes), or ``applications`` by id."""

    id: UUID
    programme: UUID
    quotas: list[UUID] = Field(default_factory=list)
    villages: list[str] = Field(default_factory=list)
    applications: list[UUID] | None = None
    remark: str = ""


class Why(Schema):
    """Why a batch is taken back."""

    reason: str = ""


class Wanted(Schema):
    """The bank's file: its format, and what it is taken for."""

    kind: str = "csv"
    why: str = ""


@router.get("/funds", summary="Quotas and where their money is, and the batches")
def standing(
    request: HttpRequest,
    offset: int = FROM,
    limit: int = UPTO,
) -> HttpResponse:
    """Give a page of the reader's quotas and of the batches, what waits first."""
    scope = queries.seen(reader(request))
    window = slice(max(0, offset), max(0, offset) + min(max(1, limit), MOST_SHOWN))
    rows = list(paying.batches(scope)[window])
    sums = paying.sums_of([row.pk for row in rows], scope)
    return answer(
        {
            "quotas": [quota_view(row) for row in queries.with_standing(queries.quotas(scope)[window])],
            "batches": [batch_view(row, sums.get(row.pk, Sums())) for row in rows],
        }
    )


@router.post("/funds/quotas", summary="Enter a quota")
def enter_quota(request: HttpRequest, body: Entered) -> HttpResponse:
    """Enter a quota; the id is the writer's own."""
    it = Coming(
        number=body.number,
        source=body.source,
        purpose=body.purpose,
        area=body.area,
        amount=_fen(body.amount),
        received_on=body.received_on,
        giver=body.giver,
        intent=body.intent,
        remarks=body.remarks,
    )
    return _told(services.enter_quota(body.id, it, by=reader(request), now=timezone.now()), 201)


@router.get("/funds/quotas/{quota_id}", summary="A quota with its ledger")
def one_quota(request: HttpRequest, quota_id: UUID, offset: int = FROM, limit: int = UPTO) -> HttpResponse:
    """Give where a quota's money is and a page of its ledger, the newest first."""
    found = queries.one_quota(quota_id, by=reader(request))
    window = slice(max(0, offset), max(0, offset) + min(max(1, limit), MOST_SHOWN))
    (row,) = queries.with_standing([found])
    return answer({"quota": quota_view(row), "ledger": list(queries.ledger(found)[window])})


@router.post("/funds/quotas/{quota_id}/return", summary="Give money back upward")
def return_up(request: HttpRequest, quota_id: UUID, body: Returned) -> HttpResponse:
    """Give back what a quota has left."""
    services.return_up(
        body.id,
        quota=quota_id,
        amount=_fen(body.amount),
        reference=body.reference,
        reason=body.reason,
        by=reader(request),
        now=timezone.now(),
    )
    return _told(Quota.objects.get(pk=quota_id), 201)


@router.post("/funds/transfers", summary="Move money to another quota of the same purpose")
def transfer(request: HttpRequest, body: Moved) -> HttpResponse:
    """Move free money between quotas; another purpose is refused."""
    services.transfer(
        body.id,
        source=body.source,
        target=body.target,
        amount=_fen(body.amount),
        reference=body.reference,
        reason=body.reason,
        by=reader(request),
        now=timezone.now(),
    )
    return _told(Quota.objects.get(pk=body.source), 201)


@router.post("/funds/batches", summary="Make a payment batch")
def make_batch(request: HttpRequest, body: Made) -> HttpResponse:
    """Put what may be paid into a batch; the id is the writer's own."""
    made = services.make_batch(
        body.id,
        programme=body.programme,
        villages=body.villages,
        quotas=body.quotas,
        applications=body.applications,
        remark=body.remark,
        by=reader(request),
        now=timezone.now(),
    )
    return _batch(made, reader(request), 201)


@router.get("/funds/batches/{batch_id}", summary="A batch with its payments")
def one_batch(
    request: HttpRequest, batch_id: UUID, state: str = "", offset: int = FROM, limit: int = UPTO
) -> HttpResponse:
    """Give a batch and a page of its payments, those in the reader's sight."""
    by = reader(request)
    found = paying.one_batch(batch_id, by=by)
    scope = queries.seen(by)
    window = slice(max(0, offset), max(0, offset) + min(max(1, limit), MOST_SHOWN))
    sums = paying.sums_of([found.pk], scope).get(found.pk, Sums())
    lines = [line_view(line) for line in paying.lines(found, scope, state=state)[window]]
    return answer({"batch": batch_view(found, sums), "lines": lines})


@router.post("/funds/batches/{batch_id}/release", summary="Let a batch go to the bank")
def release(request: HttpRequest, batch_id: UUID) -> HttpResponse:
    """Release a batch another has made."""
    done = services.release(batch_id, by=reader(request), now=timezone.now())
    return _batch(done, reader(request))


@router.post("/funds/batches/{batch_id}/cancel", summary="Take a batch back")
def cancel(request: HttpRequest, batch_id: UUID, body: Why) -> HttpResponse:
    """Take back a batch the bank has not got yet."""
    done = services.cancel(batch_id, reason=body.reason, by=reader(request), now=timezone.now())
    return _batch(done, reader(request))


@router.post("/funds/batches/{batch_id}/file", summary="The file for the bank")
def take_file(request: HttpRequest, batch_id: UUID, body: Wanted) -> HttpResponse:
    """Give the bank's file with whole card numbers; who took it and why is kept."""
    taken = services.take_file(batch_id, kind=body.kind, why=body.why, by=reader(request), now=timezone.now())
    return handed(taken.name, taken.data, _TYPES[body.kind])


@router.post("/funds/batches/{batch_id}/answer", summary="Take over the bank's answer")
def read_answer(request: HttpRequest, batch_id: UUID) -> HttpResponse:
    """Take over the bank's answer; the body is the .csv or .xlsx itself. All of it or nothing."""
    try:
        data = request.body
    except RequestDataTooBig:
        raise problems.TOO_LARGE(limit=f"{limits().packed // 1024 // 1024} MB") from None
    done = services.read_answer(batch_id, data, by=reader(request), now=timezone.now())
    return answer(done._asdict())


def _fen(written: str) -> int:
    """Read yuan; 400.2 under ``amount`` for what is none."""
    amount = fen(written)
    if amount is None:
        raise problems.BAD_FIELDS({"amount": FieldError(BAD_AMOUNT)})
    return amount


def _told(quota: Quota, status: int) -> HttpResponse:
    (row,) = queries.with_standing([quota])
    return answer({"quota": quota_view(row)}, status)


def _batch(batch: PayBatch, by: Rights, status: int = 200) -> HttpResponse:
    sums = paying.sums_of([batch.pk], by.known).get(batch.pk, Sums())
    return answer({"batch": batch_view(batch, sums)}, status)
