"""Making, finding and telling of vouchers: what every verb on money shares."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import connection

from disaster import problems
from disaster.journal import append
from disaster.people.scope import Rights
from disaster.problems import FieldError, Words
from disaster.relief import progress
from disaster.relief.funds.models import PayBatch, Quota, Voucher
from disaster.rules import book

UNKNOWN_QUOTA = Words("没有这个资金指标", "There is no such quota")
NEEDS_REFERENCE = Words(
    "须填写文号,最多 {limit} 字", "Give the paper's number, in {limit} characters at most"
)
NEEDS_REASON = Words("须写明原因,最多{limit}字", "Say why, in {limit} characters at most")
TOO_LONG = Words("最多 {limit} 字", "At most {limit} characters")
MAX_REASON, MAX_REFERENCE = 200, 60
TOLD = frozenset({"fund.batch_made", "fund.batch_released", "fund.batch_cancelled"})
"""What boards hear of here; of the bank's answer they hear by what it settles."""
_LETTERS = {
    Voucher.Kind.RECEIVE: "ZB",
    Voucher.Kind.PLAN: "JH",
    Voucher.Kind.UNPLAN: "JX",
    Voucher.Kind.PAY: "FF",
    Voucher.Kind.BACK: "TH",
    Voucher.Kind.ANSWER: "HP",
    Voucher.Kind.RETURN: "JY",
    Voucher.Kind.TRANSFER: "TJ",
}


def repeat(voucher_id: UUID, kind: Voucher.Kind) -> Voucher | None:
    """Give the voucher this id already made, None where it is new; 409.1 if it made another kind."""
    known: Voucher | None = Voucher.objects.filter(pk=voucher_id).first()
    if known is not None and known.kind != kind:
        raise problems.ID_REUSED()
    return known


def number(kind: Voucher.Kind, now: datetime) -> str:
    """Give the next number of a kind, with the year of Beijing's clock."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('funds_number')")
        serial = cursor.fetchone()[0]
    return f"{_LETTERS[kind]}{now.astimezone(book.BEIJING):%Y}-{serial:05d}"


def new(
    voucher_id: UUID,
    kind: Voucher.Kind,
    area_code: str,
    *,
    by: Rights,
    now: datetime,
    batch: PayBatch | None = None,
    plan_id: UUID | None = None,
    reference: str = "",
    reason: str = "",
    numbered: str = "",
) -> Voucher:
    """Write a voucher with the next number, or the one given."""
    return Voucher.objects.create(
        pk=voucher_id,
        number=numbered or number(kind, now),
        kind=kind,
        area_code=area_code,
        batch=batch,
        plan_id=plan_id,
        reference=reference.strip(),
        reason=reason.strip(),
        at=now,
        by_id=by.person_id,
        by_name=by.name,
    )


def known(quotas: Iterable[UUID], field: str) -> list[UUID]:
    """Give quota ids, each once, in their order; 400.2 under ``field`` if one is none."""
    ids = list(dict.fromkeys(quotas))
    if not ids or Quota.objects.filter(pk__in=ids).count() < len(ids):
        raise problems.BAD_FIELDS({field: FieldError(UNKNOWN_QUOTA)})
    return ids


def needs_reason(reason: str, field: str = "reason") -> str:
    """Give what was said; 400.2 where nobody explained, or at too great length."""
    said = reason.strip()
    if not said or len(said) > MAX_REASON:
        raise problems.BAD_FIELDS({field: FieldError(NEEDS_REASON, {"limit": MAX_REASON})})
    return said


def needs_reference(reference: str) -> str:
    """Give the paper's number; 400.2 where there is none, or too long a one."""
    said = reference.strip()
    if not said or len(said) > MAX_REFERENCE:
        raise problems.BAD_FIELDS({"reference": FieldError(NEEDS_REFERENCE, {"limit": MAX_REFERENCE})})
    return said


def tell(verb: str, kind: str, object_id: UUID, area_code: str, by: Rights, now: datetime) -> None:
    """Write what was done to the journal: for audit alone; boards hear that something changed, not what."""
    append.one(verb, object_kind=kind, object_id=str(object_id), area_code=area_code, put=(), by=by, at=now)
    if verb in TOLD:
        append.many([progress.row([area_code], by=by, now=now)])
