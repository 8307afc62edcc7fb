"""Vouchers (领取凭证): made for a village at once, good until the window closes, refused when used or void."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey, EllipticCurvePublicKey
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from disaster import problems
from disaster.journal import append
from disaster.people.scope import Rights, require
from disaster.problems import FieldError, Words
from disaster.relief.needs.models import Application, Grant
from disaster.relief.receipts import voucher_code, voucher_keys
from disaster.relief.receipts.models import Voucher, VoucherKey
from disaster.relief.receipts.services import keys
from disaster.relief.stock import checks
from disaster.rules import book

NO_VOUCHER = Words("这不是本系统的领取凭证,或已被改动", "This is no voucher of ours, or it was changed")
NOT_THEIRS = Words(
    "这张凭证是 {number} 的,不是这一户的", "This voucher is of {number}, not of this household"
)
NO_SUCH_VILLAGE = Words(
    "这个村在本批次没有待发放物资的家庭", "Nobody in this village waits for goods in this programme"
)


@transaction.atomic
def make(
    village: str, programme: UUID, *, by: Rights, now: datetime, anew: Collection[str] = ()
) -> list[Voucher]:
    """Make the vouchers of a village that are missing (制作凭证); ``anew`` names applications that lost theirs.

    A household whose grant has changed gets another one too, and the old one is void. Held
    applications get none. All in a constant number of statements.

    Raises
    ------
    Problem
        403.1/404.1; 400.2 if nobody there waits for goods.
    """
    require(by, "voucher.print", village)
    some_goods = Grant.objects.filter(application=OuterRef("pk"), item__isnull=False)
    waiting = list(
        Application.objects.select_for_update(of=("self",))
        .select_related("household", "programme", "area")
        .filter(Exists(some_goods), area=village, programme=programme)
        .filter(state=Application.State.APPROVED, held_at__isnull=True)
        .order_by("pk")
    )
    if not waiting:
        checks.refuse({"village": FieldError(NO_SUCH_VILLAGE)})
    goods = _goods(waiting)
    key, known = keys.signing(by=by, now=now), voucher_keys.known()
    secret = voucher_keys.private_of(key)
    good = {one.application_id: one for one in Voucher.objects.filter(application__in=waiting, void_at=None)}
    made: list[Voucher] = []
    void: list[UUID] = []
    for one in waiting:
        old = good.get(one.pk)
        if old and one.number not in anew and _says(old, known) == goods[one.pk]:
            continue
        if old:
            void.append(old.pk)
        made.append(_made(one, goods[one.pk], key, secret, by, now))
    Voucher.objects.filter(pk__in=void).update(void_at=now)
    Voucher.objects.bulk_create(made)
    if made:
        append.one(
            "voucher.printed",
            object_kind="voucher",
            object_id=str(programme),
            area_code=village,
            put=(),
            by=by,
            at=now,
        )
    return made


def check(line: str, application: Application, *, now: datetime) -> Voucher:
    """Give the voucher a line names if it is good for an application, inside the caller's transaction.

    Raises
    ------
    Problem
        400.2 if it was not signed here or is another household's; 409.62 used up; 409.63 void or too old.
    """
    said = voucher_code.read(line, voucher_keys.known())
    found: Voucher | None = Voucher.objects.select_for_update().filter(pk=said.id).first() if said else None
    if said is None or found is None:
        raise problems.BAD_FIELDS({"voucher": FieldError(NO_VOUCHER)})
    if found.application_id != application.pk:
        raise problems.BAD_FIELDS({"voucher": FieldError(NOT_THEIRS, {"number": said.number})})
    if found.void_at is not None:
        raise problems.VOUCHER_VOID(at=f"{timezone.localtime(found.void_at):%m-%d %H:%M}")
    if found.until < now.astimezone(book.BEIJING).date():
        raise problems.VOUCHER_TOO_OLD(until=f"{found.until:%Y-%m-%d}")
    if found.used_at is not None:
        raise problems.VOUCHER_USED(at=f"{timezone.localtime(found.used_at):%m-%d %H:%M}", who=found.used_by)
    return found


def _goods(applications: Iterable[Application]) -> dict[UUID, dict[str, int]]:
    goods: dict[UUID, dict[str, int]] = {}
    for one in Grant.objects.filter(application__in=applications, item__isnull=False).order_by("item"):
        goods.setdefault(one.application_id, {})[str(one.item_id)] = one.quantity
    return goods


def _says(voucher: Voucher, keys: Mapping[int, EllipticCurvePublicKey]) -> dict[str, int]:
    said = voucher_code.read(voucher.code, keys)
    return dict(said.goods) if said else {}


def _made(
    application: Application,
    goods: dict[str, int],
    key: VoucherKey,
    secret: EllipticCurvePrivateKey,
    by: Rights,
    now: datetime,
) -> Voucher:
    paper = voucher_code.Voucher(
        id=uuid.uuid4(),
        number=application.number,
        name=str(application.household),
        area=str(application.area_id),
        village=application.area.name,
        programme=application.programme.name,
        goods=goods,
        until=application.programme.ends_on,
        key=key.pk,
    )
    return Voucher(
        pk=paper.id,
        application=application,
        area_code=paper.area,
        key=key,
        code=voucher_code.line(paper, secret),
        until=paper.until,
        printed_at=now,
        printed_by=by.name,
    )
