"""Payment batches: made by one person, released by another, taken back before the bank has them."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from disaster import problems
from disaster.journal import bulk
from disaster.people.scope import Rights, require
from disaster.problems import FieldError, Words
from disaster.relief.funds import bank, ledger, pick, vouchers
from disaster.relief.funds.ledger import Step
from disaster.relief.funds.models import Account, Balance, Entry, PayBatch, PayLine, Voucher
from disaster.relief.funds.money import yuan
from disaster.relief.funds.share import Part, Purse, Short, draw
from disaster.relief.needs import states
from disaster.relief.needs.models import Application, Grant, Household, Programme
from disaster.rules import book
from gis.models import Area
from gis.scope import AreaScope

MAX_REMARK = 20
NO_PROGRAMME = Words("没有这个救助批次", "There is no such programme")
NOWHERE = Words("请选择发放范围", "Choose where to pay")
NO_LONGER = Words("放行前已暂停、停发或变动", "Held, stopped or changed before the release")


@transaction.atomic
def make_batch(
    batch_id: UUID,
    *,
    programme: UUID,
    villages: Collection[str],
    quotas: Sequence[UUID],
    by: Rights,
    now: datetime,
    applications: Collection[UUID] | None = None,
    remark: str = "",
) -> PayBatch:
    """Put what may be paid into a batch (制单): its money leaves the quotas at once.

    ``villages`` are area codes, each with all below it; ``applications`` narrows it to some (then
    without ``villages`` anywhere), and lets those in that the bank refused as they are. What plans reserved for a village pays it
    first, then the quotas in the order given. ``remark`` (摘要) is what the household reads.

    Raises
    ------
    Problem
        403.1/404.1; 400.2; 409.1; 409.31 if nothing may be paid; 409.33 for a quota of another
        purpose; 409.34 if the quotas have not so much.
    """
    # One clerk at a time in a programme: the second finds what the first left.
    found = Programme.objects.select_for_update(no_key=True).filter(pk=programme).first()
    if found is None:
        raise problems.BAD_FIELDS({"programme": FieldError(NO_PROGRAMME)})
    county = str(found.area_id)
    require(by, "fund.write", county)
    if vouchers.repeat(batch_id, Voucher.Kind.PAY):
        return PayBatch.objects.get(pk=batch_id)
    ids = vouchers.known(quotas, "quotas")
    _same_purpose(found, ids)
    if not villages and applications is None:
        raise problems.BAD_FIELDS({"villages": FieldError(NOWHERE)})
    most = int(book.value("fund.batch_lines"))
    grants = pick.chosen(
        programme, AreaScope.of(villages or [county]), applications, on=_today(now), most=most
    )
    if not grants:
        raise problems.NOTHING_TO_PAY()
    batch = PayBatch.objects.create(
        pk=batch_id,
        number=vouchers.number(Voucher.Kind.PAY, now),
        programme=found,
        area_id=county,
        remark=(remark.strip() or str(found.get_kind_display()))[:MAX_REMARK],
        made_at=now,
        made_by=by.name,
        made_by_id=by.person_id,
    )
    bulk.insert(_line(batch, serial, grant) for serial, grant in enumerate(grants, start=1))
    lines = list(batch.lines.order_by("serial"))
    voucher = vouchers.new(
        batch_id, Voucher.Kind.PAY, county, by=by, now=now, batch=batch, numbered=batch.number
    )
    account = Account.objects.create(kind=Account.Kind.BANK, batch=batch)
    drawn = _drawn(ids, lines)
    ledger.move(
        voucher,
        [
            Step(part.quota, part.account, account.pk, part.amount, line.pk)
            for line, parts in zip(lines, drawn, strict=True)
            for part in parts
        ],
    )
    vouchers.tell("fund.batch_made", "paybatch", batch.pk, county, by, now)
    return batch


@transaction.atomic
def release(batch_id: UUID, *, by: Rights, now: datetime) -> PayBatch:
    """Let a batch go to the bank (放行), by another person than who made it.

    Whoever was held, stopped or changed meanwhile drops out, and the money goes back.

    Raises
    ------
    Problem
        403.1/404.1; 409.2 if it is not waiting for that; 409.31 if nobody is left in it; 409.32
        to whoever made it.
    """
    batch = locked(batch_id, PayBatch.State.MADE, verb="fund.release", by=by)
    if batch.made_by_id == by.person_id:
        raise problems.SAME_HAND()
    lines = list(batch.lines.filter(state=PayLine.State.WAITING))
    gone = _no_longer(lines, _today(now))
    if len(gone) == len(lines):
        raise problems.NOTHING_TO_PAY()
    _drop(batch, gone, NO_LONGER.zh, by, now)
    batch.state, batch.released_at, batch.released_by = PayBatch.State.RELEASED, now, by.name
    batch.released_by_id = by.person_id
    batch.check_sum = bank.file_of(batch).check_sum
    batch.save(update_fields=["state", "released_at", "released_by", "released_by_id", "check_sum"])
    vouchers.tell("fund.batch_released", "paybatch", batch.pk, str(batch.area_id), by, now)
    return batch


@transaction.atomic
def cancel(batch_id: UUID, *, reason: str, by: Rights, now: datetime) -> PayBatch:
    """Take back a batch the bank has not got yet (撤销): its money goes back where it came from.

    Raises
    ------
    Problem
        403.1/404.1; 400.2 without a reason; 409.2 once it is released.
    """
    batch = locked(batch_id, PayBatch.State.MADE, verb="fund.write", by=by)
    batch.reason = vouchers.needs_reason(reason)
    _drop(batch, list(batch.lines.filter(state=PayLine.State.WAITING)), batch.reason, by, now)
    batch.state, batch.closed_at = PayBatch.State.CANCELLED, now
    batch.save(update_fields=["state", "closed_at", "reason"])
    vouchers.tell("fund.batch_cancelled", "paybatch", batch.pk, str(batch.area_id), by, now)
    return batch


def locked(batch_id: UUID, *stands: PayBatch.State, verb: str, by: Rights) -> PayBatch:
    """Give a batch, locked, for whoever may do ``verb`` to it; 403.1, 404.1, or 409.2 in another state."""
    found = PayBatch.objects.select_for_update(of=("self",), no_key=True).filter(pk=batch_id).first()
    if found is None:
        raise problems.NOT_FOUND()
    require(by, verb, str(found.area_id))
    if found.state not in stands:
        raise problems.NOT_OPEN(number=found.number)
    return found


def taken_back(lines: Iterable[PayLine], account: Account) -> list[Step]:
    """Give the steps that bring the money of lines back to where each fen came from."""
    came = Entry.objects.filter(target=account, line__in=[line.pk for line in lines])
    return [Step(one.quota_id, account.pk, one.source_id, one.amount, one.line_id) for one in came]


def _today(now: datetime) -> date:
    return now.astimezone(book.BEIJING).date()


def _line(batch: PayBatch, serial: int, grant: Grant) -> PayLine:
    household = grant.application.household
    return PayLine(
        batch=batch,
        serial=serial,
        application=grant.application,
        area_id=grant.application.area_id,
        name=household.name,
        card_sealed=bytes(household.card_sealed),
        card_hash=household.card_hash,
        card_tail=household.card[-4:],
        bank=household.bank,
        amount=grant.quantity - grant.settled,
    )


def _same_purpose(programme: Programme, quotas: Sequence[UUID]) -> None:
    """Refuse (409.33) a quota that is for something else (专款专用, 条例 Art. 22), or another county's."""
    for quota in ledger.lock(quotas).values():
        if quota.purpose != programme.kind or quota.area_id != programme.area_id:
            raise problems.WRONG_PURPOSE(
                name=quota.number, purpose=str(quota.get_purpose_display()), other=programme.name
            )


def _drawn(quotas: Sequence[UUID], lines: Sequence[PayLine]) -> list[list[Part]]:
    """Say out of what each line is paid; 409.34 if there is not enough."""
    rows = Balance.objects.filter(
        quota__in=quotas, amount__gt=0, account__kind__in=[Account.Kind.FREE, Account.Kind.PLANNED]
    ).select_related("account", "quota")
    purses = [
        Purse(row.account_id, row.quota_id, row.account.area_code or row.quota.intent, row.amount)
        for row in sorted(rows, key=lambda row: (quotas.index(row.quota_id), row.account_id))
    ]
    try:
        return draw(purses, [(str(line.area_id), line.amount) for line in lines])
    except Short as short:
        area = Area.objects.defer("boundary").get(pk=short.area)
        raise problems.FUNDS_SHORT(
            wanted=yuan(sum(line.amount for line in lines)), short=yuan(short.missing), area=area.name
        ) from None


def _no_longer(lines: Sequence[PayLine], on: date) -> list[PayLine]:
    """Give the lines that may not be paid any more; nobody changes the others until it is done."""
    applications = Application.objects.select_for_update(of=("self",), no_key=True)
    ours = applications.filter(pk__in=[line.application_id for line in lines]).order_by("pk")
    good = {
        one.pk
        for one in ours.select_related("household").only(
            "state", "held_at", "notice_until", "household__state"
        )
        if one.state == states.APPROVED
        and one.held_at is None
        and not (one.notice_until and on <= one.notice_until)
        and one.household.state == Household.State.LIVING
    }
    grants = Grant.objects.filter(application__in=good, item__isnull=True)
    left = {grant.application_id: grant.quantity - grant.settled for grant in grants}
    return [line for line in lines if left.get(line.application_id) != line.amount]


def _drop(batch: PayBatch, lines: Sequence[PayLine], why: str, by: Rights, now: datetime) -> None:
    if not lines:
        return
    voucher = vouchers.new(
        uuid.uuid4(), Voucher.Kind.BACK, str(batch.area_id), by=by, now=now, batch=batch, reason=why
    )
    ledger.move(voucher, taken_back(lines, batch.account))
    batch.lines.filter(pk__in=[line.pk for line in lines]).update(state=PayLine.State.DROPPED, why=why)
