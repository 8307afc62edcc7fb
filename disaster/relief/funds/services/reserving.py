"""What an approved relief plan reserves: money of a quota for villages, kept aside until it is paid."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction

from disaster import problems
from disaster.people.scope import Rights, require
from disaster.problems import FieldError, Words
from disaster.relief.funds import ledger, vouchers
from disaster.relief.funds.ledger import Step
from disaster.relief.funds.models import Account, Balance, Entry, Voucher
from gis.models import Area
from gis.scope import prefix_of

BAD_VILLAGE = Words(
    "{code} 不在指标 {number} 可用的地区内", "{code} is not where quota {number} may be spent"
)
BAD_AMOUNT = Words("金额须大于0", "The amount must be above nothing")


@transaction.atomic
def reserve(
    quota: UUID, plan_id: UUID, amounts: Mapping[str, int], *, by: Rights, now: datetime, reference: str = ""
) -> Voucher | None:
    """Set money of a quota aside for villages (village code → fen), upon an approved plan.

    Payments of a village take what is reserved for it first. The same again changes nothing;
    None if there is nothing to reserve.

    Raises
    ------
    Problem
        403.1/404.1 without the right; 400.2 naming a village where the quota may not be spent;
        409.1 if the plan has reserved something else of it; 409.30 if not so much is free.
    """
    found = ledger.lock([quota]).get(quota)
    if found is None:
        raise problems.NOT_FOUND()
    require(by, "plan.approve", str(found.area_id))
    wanted = {village: amount for village, amount in amounts.items() if amount}
    last = Voucher.objects.filter(plan_id=plan_id, entries__quota=quota).order_by("-entries__id").first()
    if last is not None and last.kind == Voucher.Kind.PLAN:
        if _reserved_by(last, quota) != wanted:
            raise problems.ID_REUSED()
        return last
    if not wanted:
        return None
    bound = prefix_of(found.intent or str(found.area_id))
    villages = set(Area.objects.filter(pk__in=wanted, code__startswith=bound).values_list("pk", flat=True))
    errors = {
        code: FieldError(BAD_VILLAGE, {"code": code, "number": found.number})
        for code in wanted
        if code not in villages
    } | {code: FieldError(BAD_AMOUNT) for code, amount in wanted.items() if amount < 0}
    if errors:
        raise problems.BAD_FIELDS(errors)
    voucher = vouchers.new(
        uuid.uuid4(),
        Voucher.Kind.PLAN,
        str(found.area_id),
        by=by,
        now=now,
        plan_id=plan_id,
        reference=reference,
    )
    free, accounts = ledger.account(Account.Kind.FREE), _accounts(plan_id, wanted)
    ledger.move(voucher, [Step(quota, free.pk, accounts[code].pk, wanted[code]) for code in sorted(wanted)])
    vouchers.tell("fund.reserved", "quota", quota, str(found.area_id), by, now)
    return voucher


@transaction.atomic
def unreserve(plan_id: UUID, *, by: Rights, now: datetime, reason: str = "") -> int:
    """Free what is left of a plan's reservations (the plan is over, or another took its place); gives fen.

    Raises
    ------
    Problem
        403.1/404.1 without the right.
    """
    aside = Balance.objects.filter(account__plan_id=plan_id, amount__gt=0)
    quotas = ledger.lock(aside.values_list("quota_id", flat=True))
    for quota in quotas.values():
        require(by, "plan.approve", str(quota.area_id))
    free = ledger.account(Account.Kind.FREE)
    freed = 0
    for quota in quotas.values():
        rows = list(aside.filter(quota=quota).order_by("account_id"))
        voucher = vouchers.new(
            uuid.uuid4(),
            Voucher.Kind.UNPLAN,
            str(quota.area_id),
            by=by,
            now=now,
            plan_id=plan_id,
            reason=reason[: vouchers.MAX_REASON],
        )
        ledger.move(voucher, [Step(quota.pk, row.account_id, free.pk, row.amount) for row in rows])
        vouchers.tell("fund.unreserved", "quota", quota.pk, str(quota.area_id), by, now)
        freed += sum(row.amount for row in rows)
    return freed


def _accounts(plan_id: UUID, villages: Mapping[str, int]) -> dict[str, Account]:
    """Open a plan's account for each village that has none, and give them all."""
    Account.objects.bulk_create(
        [Account(kind=Account.Kind.PLANNED, plan_id=plan_id, area_code=code) for code in villages],
        ignore_conflicts=True,
    )
    return {one.area_code: one for one in Account.objects.filter(plan_id=plan_id)}


def _reserved_by(voucher: Voucher, quota: UUID) -> dict[str, int]:
    rows = Entry.objects.filter(voucher=voucher, quota=quota)
    return dict(rows.values_list("target__area_code", "amount"))
