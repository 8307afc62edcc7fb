"""The bank's answer: paid money is with the household, refused money back where it came from."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

import msgspec
from django.db import transaction

from disaster import problems
from disaster.journal import bulk
from disaster.people.scope import Rights
from disaster.problems import FieldError, Words
from disaster.relief.funds import bankfile, ledger, vouchers
from disaster.relief.funds.bankfile import BadAnswer, Result
from disaster.relief.funds.bankfile.answer import Sent
from disaster.relief.funds.ledger import Step
from disaster.relief.funds.models import Account, Answer, Entry, PayBatch, PayLine, Voucher
from disaster.relief.funds.services.batches import locked, taken_back
from disaster.relief.needs import services as needs
from disaster.relief.needs.services import Settled
from disaster.reports.forms.guard import Limits
from disaster.rules import book

_MB = 1024 * 1024
MOST_WHY = 200
"""Characters of a refusal's reason that are kept."""
NOT_SETTLED = Words("序号 {serial} 不能入账:{why}", "Line {serial} can't be booked: {why}")
MOST_ERRORS = 200
"""Rows named in one refusal."""


_MARK = """
    WITH rows AS (SELECT json_array_elements(%s::json) AS row)
    UPDATE funds_payline SET state = row->>1, answered_at = %s, why = row->>2, bank_number = row->>3
      FROM rows WHERE id = (row->>0)::bigint
"""


class Answered(NamedTuple):
    """What became of the lines in a file, and how many of the batch wait still."""

    paid: int
    refused: int
    waiting: int


@transaction.atomic
def read_answer(batch_id: UUID, data: bytes, *, by: Rights, now: datetime) -> Answered:
    """Take over the bank's answer (.csv or .xlsx), whole or not at all.

    Paid lines settle their grants; refused ones give the money back and mark the application.
    The same content again gives the same result and changes nothing.

    Raises
    ------
    Problem
        403.1/404.1; 409.2 before the release; 400.30 with what is wrong, by row.
    """
    batch = locked(batch_id, *PayBatch.SENT, verb="fund.write", by=by)
    lines = {line.serial: line for line in _sent(batch)}
    told = _read(batch, data, lines)
    known = Answer.objects.filter(batch=batch, digest=told.digest).first()
    if known is not None and not told.errors:
        return Answered(known.paid, known.refused, _waiting(batch))
    if wrong := told.errors | told.repeated:
        raise problems.BAD_ANSWER(dict(list(wrong.items())[:MOST_ERRORS]), rows=len(wrong))
    paid = [result for result in told.results if result.is_paid]
    refused = [result for result in told.results if not result.is_paid]
    _move(batch, lines, paid, refused, by, now)
    _mark(lines, told.results, now)
    Answer.objects.create(
        batch=batch, digest=told.digest, paid=len(paid), refused=len(refused), at=now, by_name=by.name
    )
    waiting = _waiting(batch)
    if not waiting:
        batch.state, batch.closed_at = PayBatch.State.ANSWERED, now
        batch.save(update_fields=["state", "closed_at"])
    _tell_needs(lines, paid, refused, by, now)
    vouchers.tell("fund.answered", "paybatch", batch.pk, str(batch.area_id), by, now)
    return Answered(len(paid), len(refused), waiting)


def limits() -> Limits:
    """Give how large an answer may be (rules fund.*)."""
    most = int(book.value("fund.answer_mb")) * _MB
    return Limits(most, most * 8, int(book.value("fund.batch_lines")) + 20)


def _sent(batch: PayBatch) -> list[PayLine]:
    rows = batch.lines.exclude(state=PayLine.State.DROPPED).select_related("application")
    return list(rows.defer("card_sealed"))


def _read(batch: PayBatch, data: bytes, lines: dict[int, PayLine]) -> bankfile.Answered:
    sent = {
        serial: Sent(line.application.number, line.name, line.amount, line.state == PayLine.State.WAITING)
        for serial, line in lines.items()
    }
    try:
        return bankfile.read(data, number=batch.number, check_sum=batch.check_sum, sent=sent, limits=limits())
    except BadAnswer as bad:
        raise problems.BAD_ANSWER(bad.errors, rows=1) from None


def _move(
    batch: PayBatch,
    lines: dict[int, PayLine],
    paid: Sequence[Result],
    refused: Sequence[Result],
    by: Rights,
    now: datetime,
) -> None:
    account, out = batch.account, ledger.account(Account.Kind.PAID)
    voucher = vouchers.new(uuid.uuid4(), Voucher.Kind.ANSWER, str(batch.area_id), by=by, now=now, batch=batch)
    sent = Entry.objects.filter(target=account, line__in=[lines[one.serial].pk for one in paid])
    steps = [Step(one.quota_id, account.pk, out.pk, one.amount, one.line_id) for one in sent]
    ledger.move(voucher, [*steps, *taken_back([lines[one.serial] for one in refused], account)])


def _mark(lines: dict[int, PayLine], results: Sequence[Result], now: datetime) -> None:
    marked = [lines[result.serial] for result in results]
    for line, result in zip(marked, results, strict=True):
        line.state = PayLine.State.PAID if result.is_paid else PayLine.State.REFUSED
        line.answered_at, line.bank_number = now, result.bank_number
        line.why = _why(result, f"(回盘户名“{result.holder}”,送出“{line.name}”)")
    rows = [[line.pk, line.state, line.why, line.bank_number] for line in marked]
    bulk.execute(_MARK, msgspec.json.encode(rows), now)


def _why(refused: Result, other: str) -> str:
    """Give why a line was refused, with ``other`` words where the bank names another account holder."""
    words = other if refused.holder else ""
    return refused.why[: MOST_WHY - len(words)] + words


def _waiting(batch: PayBatch) -> int:
    return batch.lines.filter(state=PayLine.State.WAITING).count()


def _tell_needs(
    lines: dict[int, PayLine], paid: Sequence[Result], refused: Sequence[Result], by: Rights, now: datetime
) -> None:
    """Let the applications know: what reached the household is settled, a card the bank refused is to be corrected.

    The bank has paid already, so a hold that came in between is no reason to deny it.
    """
    rows = [Settled(lines[one.serial].application_id, None, lines[one.serial].amount) for one in paid]
    answers = needs.settle_many(rows, by=by, now=now, happened=True) if rows else []
    if wrong := {
        f"row.{one.serial}": FieldError(
            NOT_SETTLED, {"serial": one.serial, "why": told.problem.message("zh")}
        )
        for one, told in zip(paid, answers, strict=True)
        if told.problem
    }:
        raise problems.BAD_ANSWER(wrong, rows=len(wrong))
    needs.cards_accepted([row.application for row in rows])
    if refused:
        # Whoever may not read names in full reads this reason too: it says that they differ, not how.
        whys = {lines[one.serial].application_id: _why(one, "(回盘户名与登记不同)") for one in refused}
        needs.card_refused_many(whys, by=by, now=now)
