"""Questions about payments: the batches with their one next step, their lines, what villages got."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from django.db.models import Case, Count, Exists, IntegerField, OuterRef, Q, QuerySet, Sum, Value, When

from disaster import problems
from disaster.people.scope import Rights
from disaster.relief.funds.models import PayBatch, PayLine
from disaster.relief.funds.queries import seen
from disaster.rules import book
from gis.scope import AreaScope

MADE, RELEASED = PayBatch.State.MADE, PayBatch.State.RELEASED


def batches(scope: AreaScope) -> QuerySet[PayBatch]:
    """Give the batches of a scope, or with a payment in it: what waits first, then the newest."""
    lines = PayLine.objects.within(scope).filter(batch=OuterRef("pk"))
    inside = PayBatch.objects.within(scope).values("pk")
    found = PayBatch.objects.filter(Q(pk__in=inside) | Exists(lines)).select_related("programme")
    order = Case(
        When(state__in=[MADE, RELEASED], then=Value(0)), default=Value(1), output_field=IntegerField()
    )
    return found.order_by(order, "-made_at", "number")


class Sums(NamedTuple):
    """Households and fen of a batch, by what became of them; dropped ones do not count in all."""

    households: int = 0
    fen: int = 0
    paid: int = 0
    paid_fen: int = 0
    refused: int = 0
    refused_fen: int = 0
    waiting: int = 0
    dropped: int = 0


def sums_of(ids: list[UUID], scope: AreaScope) -> dict[UUID, Sums]:
    """Count the payments of batches that lie in a scope, in one statement."""
    states = PayLine.State
    sent = ~Q(state=states.DROPPED)
    rows = (
        PayLine.objects.within(scope)
        .filter(batch__in=ids)
        .values("batch_id")
        .annotate(
            households=Count("pk", filter=sent),
            fen=Sum("amount", filter=sent, default=0),
            paid=Count("pk", filter=Q(state=states.PAID)),
            paid_fen=Sum("amount", filter=Q(state=states.PAID), default=0),
            refused=Count("pk", filter=Q(state=states.REFUSED)),
            refused_fen=Sum("amount", filter=Q(state=states.REFUSED), default=0),
            waiting=Count("pk", filter=Q(state=states.WAITING)),
            dropped=Count("pk", filter=Q(state=states.DROPPED)),
        )
        .order_by()
    )
    return {row.pop("batch_id"): Sums(**row) for row in rows}


def lines(batch: PayBatch, scope: AreaScope, *, state: str = "") -> QuerySet[PayLine]:
    """Give a batch's payments in a scope, of one state or all, as the bank's file has them."""
    found: QuerySet[PayLine] = PayLine.objects.within(scope).filter(batch=batch)
    if state:
        found = found.filter(state=state)
    return (
        found.select_related("application", "area").defer("area__boundary", "card_sealed").order_by("serial")
    )


def next_step(batch: PayBatch, rights: Rights) -> str:
    """Name the one next step of a batch, if it is the reader's to take: release, or answer."""
    area = str(batch.area_id)
    if batch.state == MADE:
        may = rights.may("fund.release", area) and rights.person_id != batch.made_by_id
        return "release" if may else ""
    return "answer" if batch.state == RELEASED and rights.may("fund.write", area) else ""


def is_late(batch: PayBatch, now: datetime) -> bool:
    """Say whether the bank should have answered by now (rule fund.answer_days)."""
    days = timedelta(days=int(book.value("fund.answer_days")))
    return batch.state == RELEASED and batch.released_at is not None and now > batch.released_at + days


def one_batch(batch_id: UUID, *, by: Rights) -> PayBatch:
    """Give a batch; 403.1 for whoever sees no money, 404.1 if nothing of it is in the reader's sight."""
    found = batches(seen(by)).filter(pk=batch_id).first()
    if found is None:
        raise problems.NOT_FOUND()
    return found


class VillagePaid(NamedTuple):
    """What a village got: households and fen paid, and fen at the bank."""

    area: str
    households: int
    paid_fen: int
    flight_fen: int


def paid_by_village(scope: AreaScope, *, programme: UUID | None = None) -> list[VillagePaid]:
    """Say what the villages of a scope got, of one programme or of all, in one statement."""
    asked = PayLine.objects.within(scope)
    if programme is not None:
        asked = asked.filter(batch__programme=programme)
    paid, out = Q(state=PayLine.State.PAID), Q(state=PayLine.State.WAITING)
    rows = (
        asked.filter(paid | out)
        .values("area_id")
        .annotate(
            households=Count("application", filter=paid, distinct=True),
            paid_fen=Sum("amount", filter=paid, default=0),
            flight_fen=Sum("amount", filter=out, default=0),
        )
        .order_by("area_id")
    )
    return [
        VillagePaid(row["area_id"], row["households"], row["paid_fen"], row["flight_fen"]) for row in rows
    ]
