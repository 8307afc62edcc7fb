"""Writing the money ledger: the only module that moves a fen.

The quotas moved are locked first, in one order, so that any number of clerks count as one
and none waits for another in a circle; the database itself keeps and checks the balances.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple
from uuid import UUID

from disaster import problems
from disaster.journal import bulk
from disaster.relief.funds.models import Account, Balance, Entry, Quota, Voucher
from disaster.relief.funds.money import yuan


class Step(NamedTuple):
    """So many fen of a quota from one account to another; ``line`` is the payment it is for."""

    quota: UUID
    source: int
    target: int
    amount: int
    line: int | None = None


def lock(quotas: Iterable[UUID]) -> dict[UUID, Quota]:
    """Lock quotas: whoever moves any of their money waits, and finds what is left."""
    # No key is changed, so that rows which name a quota may still be written meanwhile.
    rows = Quota.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=set(quotas))
    return {quota.pk: quota for quota in rows.select_related("area").defer("area__boundary").order_by("pk")}


def account(kind: Account.Kind) -> Account:
    """Give the account of a kind there is one of."""
    return Account.objects.get(kind=kind)


def move(voucher: Voucher, steps: Iterable[Step]) -> None:
    """Write entries, inside the caller's transaction; nothing of nothing moves.

    Raises
    ------
    Problem
        409.30 naming the first quota of which an account of ours has not so much.
    """
    wanted = [step for step in steps if step.amount]
    quotas = lock(step.quota for step in wanted)
    _check(wanted, quotas)
    bulk.insert(
        Entry(
            voucher=voucher,
            quota_id=step.quota,
            source_id=step.source,
            target_id=step.target,
            line_id=step.line,
            amount=step.amount,
        )
        for step in wanted
    )


def _check(steps: list[Step], quotas: dict[UUID, Quota]) -> None:
    """Say in words what the database would refuse."""
    taken: Counter[tuple[int, UUID]] = Counter()
    for step in steps:
        taken[step.source, step.quota] += step.amount
    accounts = Account.objects.in_bulk({source for source, _ in taken})
    have = {
        (row.account_id, row.quota_id): row.amount
        for row in Balance.objects.filter(account__in=accounts, quota__in=quotas)
    }
    for (source, quota), amount in taken.items():
        left = have.get((source, quota), 0)
        if accounts[source].kind not in Account.OWING and amount > left:
            raise problems.NOT_ENOUGH_MONEY(
                name=quotas[quota].number, left=yuan(left), wanted=yuan(amount), short=yuan(amount - left)
            )
