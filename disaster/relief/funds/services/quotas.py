"""Quotas: entered as their paper says, given back upward, moved to another of the same purpose."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from disaster import problems
from disaster.people.scope import Rights, require
from disaster.problems import FieldError
from disaster.relief.funds import checks, ledger, vouchers
from disaster.relief.funds.checks import BAD_AMOUNT, FROM, Coming
from disaster.relief.funds.ledger import Step
from disaster.relief.funds.models import Account, Quota, Voucher


@transaction.atomic
def enter_quota(quota_id: UUID, it: Coming, *, by: Rights, now: datetime, is_sample: bool = False) -> Quota:
    """Enter a quota (指标下达): its money is on the county's special account from now on.

    Raises
    ------
    Problem
        403.1/404.1 without the right there; 400.2 naming what is wrong; 409.1 if the id is another's.
    """
    require(by, "fund.write", it.area)
    if vouchers.repeat(quota_id, Voucher.Kind.RECEIVE):
        return Quota.objects.get(pk=quota_id)
    if errors := checks.coming_errors(it, now):
        raise problems.BAD_FIELDS(errors)
    quota = Quota.objects.create(
        pk=quota_id,
        number=it.number.strip(),
        source=it.source,
        purpose=it.purpose,
        area_id=it.area,
        amount=it.amount,
        received_on=it.received_on,
        giver=it.giver.strip(),
        intent=it.intent,
        remarks=it.remarks.strip(),
        entered_at=now,
        entered_by=by.name,
        is_sample=is_sample,
    )
    voucher = vouchers.new(quota_id, Voucher.Kind.RECEIVE, it.area, by=by, now=now, reference=it.number)
    giver, free = ledger.account(FROM[Quota.Source(it.source)]), ledger.account(Account.Kind.FREE)
    ledger.move(voucher, [Step(quota_id, giver.pk, free.pk, it.amount)])
    vouchers.tell("fund.quota_received", "quota", quota_id, it.area, by, now)
    return quota


@transaction.atomic
def return_up(
    voucher_id: UUID,
    *,
    quota: UUID,
    amount: int,
    reference: str,
    reason: str,
    by: Rights,
    now: datetime,
) -> Voucher:
    """Give back what a quota has left and nothing needs (结余上缴); ``amount`` is fen.

    Raises
    ------
    Problem
        403.1/404.1; 400.2; 409.1; 409.30 if it has not so much that is free.
    """
    found = _locked(quota)
    require(by, "fund.write", str(found.area_id))
    if known := vouchers.repeat(voucher_id, Voucher.Kind.RETURN):
        return known
    _positive(amount)
    voucher = vouchers.new(
        voucher_id,
        Voucher.Kind.RETURN,
        str(found.area_id),
        by=by,
        now=now,
        reference=vouchers.needs_reference(reference),
        reason=vouchers.needs_reason(reason),
    )
    free, returned = ledger.account(Account.Kind.FREE), ledger.account(Account.Kind.RETURNED)
    ledger.move(voucher, [Step(quota, free.pk, returned.pk, amount)])
    vouchers.tell("fund.returned", "quota", quota, str(found.area_id), by, now)
    return voucher


@transaction.atomic
def transfer(
    voucher_id: UUID,
    *,
    source: UUID,
    target: UUID,
    amount: int,
    reference: str,
    reason: str,
    by: Rights,
    now: datetime,
) -> Voucher:
    """Move free money to another quota (指标调剂): of the same purpose, county and donor's wish only.

    Raises
    ------
    Problem
        403.1/404.1; 400.2; 409.1; 409.30 if the source has not so much that is free; 409.33 for
        another purpose (专款专用, 自然灾害救助条例 Art. 22).
    """
    quotas = ledger.lock([source, target])
    if len(quotas) < 2:
        raise problems.BAD_FIELDS({"target": FieldError(vouchers.UNKNOWN_QUOTA)})
    giving, taking = quotas[source], quotas[target]
    for quota in (giving, taking):
        require(by, "fund.write", str(quota.area_id))
    if known := vouchers.repeat(voucher_id, Voucher.Kind.TRANSFER):
        return known
    _positive(amount)
    if _bound(giving) != _bound(taking):
        raise problems.WRONG_PURPOSE(
            name=giving.number, purpose=str(giving.get_purpose_display()), other=taking.number
        )
    voucher = vouchers.new(
        voucher_id,
        Voucher.Kind.TRANSFER,
        str(giving.area_id),
        by=by,
        now=now,
        reference=vouchers.needs_reference(reference),
        reason=vouchers.needs_reason(reason),
    )
    free, shift = ledger.account(Account.Kind.FREE), ledger.account(Account.Kind.SHIFT)
    steps = [Step(source, free.pk, shift.pk, amount), Step(target, shift.pk, free.pk, amount)]
    ledger.move(voucher, steps)
    for quota in (giving, taking):
        vouchers.tell("fund.transferred", "quota", quota.pk, str(quota.area_id), by, now)
    return voucher


def _locked(quota: UUID) -> Quota:
    found = ledger.lock([quota]).get(quota)
    if found is None:
        raise problems.NOT_FOUND()
    return found


def _bound(quota: Quota) -> tuple[str, str, str]:
    """Give what ties a quota's money: county, purpose, the area its donor named."""
    return str(quota.area_id), quota.purpose, quota.intent


def _positive(amount: int) -> None:
    if amount <= 0:
        raise problems.BAD_FIELDS({"amount": FieldError(BAD_AMOUNT)})
