"""A batch as the bank's file tells it: the only place that opens the cards of many."""

from __future__ import annotations

from disaster.relief.funds.bankfile import BankFile, Payment
from disaster.relief.funds.models import PayBatch, PayLine


def file_of(batch: PayBatch) -> BankFile:
    """Give everything of a batch that goes to the bank, whole card numbers included."""
    lines = batch.lines.exclude(state=PayLine.State.DROPPED).order_by("serial")
    return BankFile(
        batch.number,
        batch.remark,
        [
            Payment(line.serial, line.application.number, line.name, line.card, line.bank, line.amount)
            for line in lines.select_related("application")
        ],
    )
