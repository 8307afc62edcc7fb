"""The keys that sign vouchers: made when the first voucher is printed, changed when there is a reason to."""

from __future__ import annotations

from datetime import datetime

from django.db import connection, transaction

from disaster import problems
from disaster.journal import append
from disaster.people import private
from disaster.people.scope import Rights
from disaster.relief.receipts import voucher_code
from disaster.relief.receipts.models import Voucher, VoucherKey
from disaster.relief.stock import checks


def signing(*, by: Rights, now: datetime) -> VoucherKey:
    """Give the key that signs now, made if there is none; inside the caller's transaction."""
    _in_turn()
    found: VoucherKey | None = VoucherKey.objects.filter(retired_at=None).first()
    return found or _made("", by, now)


@transaction.atomic
def change(*, reason: str, is_leaked: bool, by: Rights, now: datetime) -> VoucherKey:
    """Let another key sign from now on (更换密钥); if the old one leaked, what it signed is void.

    Phones have the new public key once they have been online: vouchers of a key a phone does
    not know are told apart from forged ones.

    Raises
    ------
    Problem
        403.1 for whoever may not; 400.2 without a reason.
    """
    scope = by.where("voucher.key")
    if not scope.prefixes:
        raise problems.NOT_ALLOWED()
    checks.needs_reason(reason)
    _in_turn()
    for old in VoucherKey.objects.select_for_update().filter(retired_at=None):
        old.retired_at, old.leaked_at = now, now if is_leaked else None
        old.save(update_fields=["retired_at", "leaked_at"])
        if is_leaked:
            Voucher.objects.filter(key=old, void_at=None, used_at=None).update(void_at=now)
    made = _made(reason.strip(), by, now)
    append.one(
        "voucher.key_changed",
        object_kind="voucher_key",
        object_id=str(made.pk),
        area_code=by.posts[0].area_code,
        put=(),
        by=by,
        at=now,
    )
    return made


def _made(reason: str, by: Rights, now: datetime) -> VoucherKey:
    last = VoucherKey.objects.order_by("-number").first()
    key = voucher_code.new_key()
    made: VoucherKey = VoucherKey.objects.create(
        number=last.number + 1 if last else 1,
        public=voucher_code.public_text(key),
        sealed=private.seal(voucher_code.private_text(key)),
        reason=reason,
        made_at=now,
        made_by=by.name,
    )
    return made


def _in_turn() -> None:
    """Let two clerks who print the first vouchers at the same moment come one after the other."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('voucher key', 0))")
