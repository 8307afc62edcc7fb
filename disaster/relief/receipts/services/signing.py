"""Signing for a transfer (签收): the paper's second confirmation, by somebody else than who sent it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

import msgspec
from django.contrib.gis.geos import Point
from django.db import connection, transaction

from disaster import problems
from disaster.journal import append
from disaster.people.scope import Rights
from disaster.problems import FieldError, Words
from disaster.relief.receipts import pictures
from disaster.relief.receipts.models import Receipt
from disaster.relief.receipts.services import cases
from disaster.relief.stock import checks
from disaster.relief.stock.checks import Arrived
from disaster.relief.stock.services import handing

NO_SIGNER = Words("请填写签收人姓名,最多 {limit} 字", "Who signs? {limit} characters at most")
BAD_RELATION = Words("代领关系不在清单中", "This relation is not on the list")
NOT_HERE = Words("经纬度不在地球上", "That is nowhere on earth")
BAD_OVER = Words("多出的数量须在 0 到 {limit} 之间", "What is over is between 0 and {limit}")
MAX_NAME, MAX_OVER = 40, 1_000_000


class Hand(msgspec.Struct, frozen=True, kw_only=True):
    """Whose hand is under a receipt. ``signature`` and ``photo`` are base64; ``lon``, ``lat`` EPSG:4326.

    Without a ``signature`` the name itself, typed on the screen before the signer, is one.
    """

    id: UUID
    signer: str
    taken_at: datetime
    relation: str = "self"
    reason: str = ""
    signature: str = ""
    photo: str = ""
    lon: float | None = None
    lat: float | None = None
    accuracy_m: float | None = None


class Signed(Hand, frozen=True, kw_only=True):
    """What a phone sends of a transfer's receipt: batch → received, damaged, returned, over.

    ``load`` is the number of the lorry load; 0 where only one is on its way.
    """

    document: UUID
    counts: Mapping[UUID, Mapping[str, int]]
    load: int = 0


def sign(signed: Signed, *, by: Rights, now: datetime) -> Receipt:
    """Take a receipt for goods on their way; the same one sent twice is taken once.

    Raises
    ------
    Problem
        403.1/404.1 without the right at the paper's target; 400.2 naming what is wrong; 409.1 if the id was
        used for something else; 409.2 if nothing is on its way.
    """
    content = content_of(signed)
    arrived = [
        Arrived(batch, **{name: one.get(name, 0) for name in ("received", "damaged", "returned")})
        for batch, one in signed.counts.items()
    ]
    with transaction.atomic():
        in_turn(signed.id)
        if known := repeat(signed.id, content, by):
            return known
        seen = checked(signed)
        over = _over(signed)
        document, load = handing.receive(
            signed.document, arrived, by=by, now=now, reason=signed.reason, load=signed.load
        )
        counts = {str(batch): dict(one) for batch, one in signed.counts.items()}
        area = str(document.target.area_id)
        receipt = write(signed, document.pk, area, counts, content, seen, by=by, now=now, load=load)
        cases.follow(document, receipt, arrived, over, by=by, now=now)
    return receipt


def _over(signed: Signed) -> dict[UUID, int]:
    """Give what came beyond what was sent; 400.2 if it is no number or nobody explained it."""
    over = {batch: one["over"] for batch, one in signed.counts.items() if one.get("over")}
    if any(not 0 < quantity <= MAX_OVER for quantity in over.values()):
        checks.refuse({"counts": FieldError(BAD_OVER, {"limit": MAX_OVER})})
    if over:
        checks.needs_reason(signed.reason)
    return over


def checked(signed: Hand) -> dict[str, bytes]:
    """Read a receipt's pictures and refuse (400.2) what can't be taken."""
    errors: dict[str, FieldError] = {}
    if not signed.signer.strip() or len(signed.signer.strip()) > MAX_NAME:
        errors["signer"] = FieldError(NO_SIGNER, {"limit": MAX_NAME})
    if signed.relation not in Receipt.Relation.values:
        errors["relation"] = FieldError(BAD_RELATION)
    if not (-180 <= (signed.lon or 0) <= 180 and -90 <= (signed.lat or 0) <= 90):
        errors["lon"] = FieldError(NOT_HERE)
    read: dict[str, bytes] = {}
    for name, reader in (("signature", pictures.signature), ("photo", pictures.photo)):
        if text := getattr(signed, name):
            try:
                read[name] = reader(text)
            except pictures.Unreadable as wrong:
                errors |= wrong.errors
    if errors:
        raise problems.BAD_FIELDS(errors)
    return read


def content_of(signed: Hand) -> str:
    """Give the SHA-256 of everything a phone sent."""
    plain = msgspec.to_builtins(signed, str_keys=True)
    if not plain.get("load"):
        # As it was sent before loads had numbers: a receipt that is repeated stays the same.
        plain.pop("load", None)
    return hashlib.sha256(msgspec.json.encode(plain, order="deterministic")).hexdigest()


def repeat(receipt_id: UUID, content: str, by: Rights) -> Receipt | None:
    """Give the receipt this id already made; 409.1 if it was another's or of other content."""
    known: Receipt | None = Receipt.objects.filter(pk=receipt_id).first()
    if known is not None and (known.content != content or known.by_id != by.person_id):
        raise problems.ID_REUSED()
    return known


def in_turn(receipt_id: UUID) -> None:
    """Let the same receipt, sent over two lines at once, come one after the other."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [str(receipt_id)])


def write(
    signed: Hand,
    document_id: UUID,
    area_code: str,
    counts: Mapping[str, Mapping[str, int]],
    content: str,
    seen: dict[str, bytes],
    *,
    by: Rights,
    now: datetime,
    load: int = 1,
) -> Receipt:
    """Keep the receipt with its pictures, and write it to the journal."""
    here = signed.lon is not None and signed.lat is not None
    receipt: Receipt = Receipt.objects.create(
        pk=signed.id,
        document_id=document_id,
        load=load,
        area_code=area_code,
        signer=signed.signer.strip(),
        relation=signed.relation,
        counts=counts,
        reason=signed.reason.strip(),
        has_signature="signature" in seen,
        has_photo="photo" in seen,
        point=Point(signed.lon, signed.lat, srid=4326) if here else None,
        accuracy_m=signed.accuracy_m,
        taken_at=signed.taken_at,
        stored_at=now,
        by_id=by.person_id,
        by_name=by.name,
        content=content,
    )
    for kind, data in seen.items():
        pictures.keep(receipt.pk, kind, data)
    append.one(
        "receipt.signed",
        object_kind="receipt",
        object_id=str(receipt.pk),
        area_code=receipt.area_code,
        put=(),
        by=by,
        at=now,
    )
    return receipt
