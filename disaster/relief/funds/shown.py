"""Quotas and batches as the API shows them: amounts in fen, cards by their last four digits."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

import msgspec

from disaster.relief.funds.models import PayBatch, PayLine
from disaster.relief.funds.paying import Sums
from disaster.relief.funds.queries import QuotaRow


class QuotaView(msgspec.Struct, frozen=True, kw_only=True):
    """A quota with where its money is; every amount is fen."""

    id: UUID
    number: str
    source: str
    purpose: str
    area: str
    intent: str
    received_on: date
    received_fen: int
    shifted_fen: int
    free_fen: int
    planned_fen: int
    approved_fen: int
    in_flight_fen: int
    paid_fen: int
    returned_fen: int
    balance_fen: int


class BatchView(msgspec.Struct, frozen=True, kw_only=True):
    """A payment batch with its sums (of what the reader sees); every amount is fen."""

    id: UUID
    number: str
    programme: UUID
    state: str
    remark: str
    check_sum: str
    made_at: datetime
    made_by: str
    released_at: datetime | None
    released_by: str
    closed_at: datetime | None
    count: int
    total_fen: int
    paid: int
    paid_fen: int
    refused: int
    refused_fen: int
    waiting: int


class LineView(msgspec.Struct, frozen=True, kw_only=True):
    """One household's payment; ``amount_fen`` is fen."""

    serial: int
    application: UUID
    number: str
    area: str
    name: str
    card: str
    amount_fen: int
    state: str
    why: str


def quota_view(row: QuotaRow) -> QuotaView:
    """Show a quota."""
    quota, it = row
    return QuotaView(
        id=quota.pk,
        number=quota.number,
        source=quota.source,
        purpose=quota.purpose,
        area=str(quota.area_id),
        intent=quota.intent,
        received_on=quota.received_on,
        received_fen=it.received,
        shifted_fen=it.shifted,
        free_fen=it.free,
        planned_fen=it.planned,
        approved_fen=it.approved,
        in_flight_fen=it.flight,
        paid_fen=it.paid,
        returned_fen=it.returned,
        balance_fen=it.balance,
    )


def batch_view(batch: PayBatch, sums: Sums) -> BatchView:
    """Show a batch."""
    return BatchView(
        id=batch.pk,
        number=batch.number,
        programme=batch.programme_id,
        state=batch.state,
        remark=batch.remark,
        check_sum=batch.check_sum,
        made_at=batch.made_at,
        made_by=batch.made_by,
        released_at=batch.released_at,
        released_by=batch.released_by,
        closed_at=batch.closed_at,
        count=sums.households,
        total_fen=sums.fen,
        paid=sums.paid,
        paid_fen=sums.paid_fen,
        refused=sums.refused,
        refused_fen=sums.refused_fen,
        waiting=sums.waiting,
    )


def line_view(line: PayLine) -> LineView:
    """Show a payment."""
    return LineView(
        serial=line.serial,
        application=line.application_id,
        number=line.application.number,
        area=str(line.area_id),
        name=line.name,
        card=line.card_masked,
        amount_fen=line.amount,
        state=line.state,
        why=line.why,
    )
