"""The keys that sign vouchers: made when the first voucher is printed, changed when there is a reason to."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import connection, transaction

from disaster import problems
from disaster.journal import append
from disaster.people import private
from disaster.people.scope import Rights
from disaster.problems import FieldError, Words
from disaster.relief.receipts import voucher_code
from disaster.relief.receipts.models import Voucher, VoucherKey
from disaster.relief.stock import checks
from gis.scope import pad

UNKNOWN_KEY = Words("没有已停用的第 {number} 号密钥", "There is no retired key {number}")


def signing(*, by: Rights, now: datetime) -> VoucherKey:
    """Give the key that signs now, made if there is none; inside the caller's transaction."""
    _in_turn()
    found: VoucherKey | None = VoucherKey.objects.filter(retired_at=None).first()
    return found or _made("", by, now)


@transaction.atomic
def change(
    *, reason: str, is_leaked: bool, by: Rights, now: datetime, leaked: Collection[int] = ()
) -> VoucherKey:
    """Let another key sign from now on (更换密钥); if the old one leaked, what it signed is void.

    ``leaked`` are the numbers of keys retired before of which it is now known that they leaked: they are
    kept sealed in every backup of their time, and what they signed was good until today.

    Phones have the new public key once they have been online: vouchers of a key a phone does
    not know are told apart from forged ones.

    Raises
    ------
    Problem
        403.1 for whoever may not; 400.2 without a reason, or for a number that no retired key has.
    """
    scope = by.where("voucher.key")
    if not scope.prefixes:
        raise problems.NOT_ALLOWED()
    checks.needs_reason(reason)
    _in_turn()
    _void(leaked, now)
    for old in VoucherKey.objects.select_for_update().filter(retired_at=None):
        old.retired_at = now
        old.save(update_fields=["retired_at"])
        if is_leaked:
            _void([old.pk], now)
    made = _made(reason.strip(), by, now)
    append.one(
        "voucher.key_changed",
        object_kind="voucher_key",
        object_id=str(made.pk),
        area_code=pad(scope.prefixes[0]),
        put=(),
        by=by,
        at=now,
    )
    return made


def _void(numbers: Collection[int], now: datetime) -> None:
    """Say of retired keys that they leaked, and void what they signed that is not used up; 400.2 naming another."""
    found = VoucherKey.objects.select_for_update().filter(pk__in=numbers, retired_at__isnull=False)
    if missing := set(numbers) - {one.pk for one in found}:
        checks.refuse({"leaked": FieldError(UNKNOWN_KEY, {"number": min(missing)})})
    VoucherKey.objects.filter(pk__in=numbers, leaked_at=None).update(leaked_at=now)
    Voucher.objects.filter(key__in=numbers, void_at=None, used_at=None).update(void_at=now)


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
