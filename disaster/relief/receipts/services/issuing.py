"""Goods to households (签领) and back from them: grant, stock and signature change together or not at all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from disaster import problems
from disaster.people.scope import Rights, require
from disaster.problems import FieldError, Words
from disaster.relief.needs import services as needs
from disaster.relief.needs.models import Application, Grant
from disaster.relief.receipts.models import Issue, Receipt, Voucher
from disaster.relief.receipts.services import vouchers
from disaster.relief.receipts.services.signing import Hand, checked, content_of, in_turn, repeat, write
from disaster.relief.stock import checks
from disaster.relief.stock.checks import Wanted
from disaster.relief.stock.models import Document
from disaster.relief.stock.services import handing
from disaster.relief.stock.services.handing import Back

NEEDS_HAND = Words("代领须由代领人手写签名", "Whoever signs for another signs by hand")


class Given(Hand, frozen=True, kw_only=True):
    """What a phone sends of goods given to a household: item → whole units, out of a place of ours.

    ``voucher`` is the line of the voucher's QR code, "" where the household was found on the list.
    """

    application: UUID
    place: UUID
    goods: Mapping[str, int]
    voucher: str = ""


class GivenBack(Hand, frozen=True, kw_only=True):
    """What a phone sends of goods a household gives back: item → whole and damaged ones."""

    application: UUID
    place: UUID
    goods: Mapping[str, Mapping[str, int]]


def issue(given: Given, *, by: Rights, now: datetime) -> Receipt:
    """Give a household what was granted (发放签领); the same issue sent twice is taken once.

    Raises
    ------
    Problem
        403.1/404.1 without the right at the household and at the place; 400.2 naming what is wrong;
        409.1; 409.61 telling who gave it already; 409.62, 409.63 of a voucher that is used or void;
        what :mod:`disaster.relief.needs` refuses (held, not approved); 409.9 if the place has too few.
    """
    content = content_of(given)
    wanted = [Wanted(item, quantity) for item, quantity in given.goods.items() if quantity]
    with transaction.atomic():
        in_turn(given.id)
        if known := repeat(given.id, content, by):
            return known
        seen = checked(given)
        if given.relation != Receipt.Relation.SELF and "signature" not in seen:
            raise problems.BAD_FIELDS({"signature": FieldError(NEEDS_HAND)})
        application = locked(given.application, by)
        checks.refuse(checks.wanted_errors(wanted))
        if given.voucher:
            vouchers.check(given.voucher, application, now=now)
        is_last = _is_last(application, wanted)
        _settle(application, wanted, by, now)
        area = str(application.area_id)
        document = handing.give(given.id, place=given.place, area=area, wanted=wanted, by=by, now=now)
        receipt = write(given, document.pk, area, _counts(document, "given"), content, seen, by=by, now=now)
        _note(receipt, application, Issue.Kind.GIVEN, [(one.item, one.quantity, "whole") for one in wanted])
        if is_last:
            Voucher.objects.filter(application=application, void_at=None).update(used_at=now, used_by=by.name)
    return receipt


def take_back(back: GivenBack, *, by: Rights, now: datetime) -> Receipt:
    """Take goods back from a household (退回): whole ones into stock, damaged ones out; it may be given them anew.

    Raises
    ------
    Problem
        403.1/404.1; 400.2 without a reason or for more than it was given; 409.1; 409.2 once the issue was
        disclosed.
    """
    content = content_of(back)
    goods = [
        Back(item, one.get("whole", 0), one.get("damaged", 0))
        for item, one in back.goods.items()
        if any(one.values())
    ]
    with transaction.atomic():
        in_turn(back.id)
        if known := repeat(back.id, content, by):
            return known
        seen = checked(back)
        application = locked(back.application, by)
        papers = Issue.objects.filter(application=application).values_list("receipt__document", flat=True)
        document = handing.take_back(
            back.id, place=back.place, goods=goods, given=list(papers), reason=back.reason, by=by, now=now
        )
        needs.unsettle(
            application.pk,
            {one.item: one.whole + one.damaged for one in goods},
            why=back.reason,
            by=by,
            now=now,
        )
        area = str(application.area_id)
        receipt = write(back, document.pk, area, _counts(document, "back"), content, seen, by=by, now=now)
        rows = [(one.item, getattr(one, how), how) for one in goods for how in ("whole", "damaged")]
        _note(receipt, application, Issue.Kind.BACK, rows)
        Voucher.objects.filter(application=application, void_at=None).update(used_at=None, used_by="")
    return receipt


def locked(application_id: UUID, by: Rights) -> Application:
    """Give an application, locked, to whoever may give out at its village; 403.1, 404.1."""
    found: Application | None = (
        Application.objects.select_for_update(of=("self",))
        .select_related("household")
        .filter(pk=application_id)
        .first()
    )
    if found is None:
        raise problems.NOT_FOUND()
    require(by, "stock.issue", str(found.area_id))
    return found


def _is_last(application: Application, wanted: list[Wanted]) -> bool:
    """Say whether nothing is to come after this; tell whoever comes second who gave it, and when."""
    grants = {
        one.item_id: one
        for one in Grant.objects.filter(application=application, item__isnull=False).select_related("item")
    }
    left = Counter({item: one.quantity - one.settled for item, one in grants.items()})
    for one in wanted:
        grant = grants.get(one.item)
        if grant is None or one.quantity <= left[one.item]:
            continue
        last = (
            Issue.objects.filter(application=application, item=one.item, kind=Issue.Kind.GIVEN)
            .select_related("receipt")
            .last()
        )
        if grant.item and last:
            raise problems.GRANT_ALREADY_GIVEN(
                name=str(application.household),
                item=grant.item.name,
                unit=grant.item.unit,
                left=left[one.item],
                who=last.receipt.by_name,
                at=f"{timezone.localtime(last.at):%m-%d %H:%M}",
            )
    return not +(left - Counter({one.item: one.quantity for one in wanted}))


def _settle(application: Application, wanted: list[Wanted], by: Rights, now: datetime) -> None:
    """Book it upon the grant; what needs refuses is refused here."""
    rows = [needs.Settled(application.pk, one.item, one.quantity) for one in wanted]
    (answer,) = needs.settle_many(rows, by=by, now=now)
    if answer.problem:
        raise answer.problem


def _counts(document: Document, name: str) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {}
    for row in document.movements.all():
        line = found.setdefault(str(row.batch_id), {name: 0})
        line[name] += row.quantity
    return found


def _note(
    receipt: Receipt, application: Application, kind: Issue.Kind, rows: list[tuple[str, int, str]]
) -> None:
    Issue.objects.bulk_create(
        Issue(
            receipt=receipt,
            application=application,
            item_id=item,
            kind=kind,
            condition=condition,
            quantity=quantity,
            at=receipt.stored_at,
        )
        for item, quantity, condition in rows
        if quantity
    )
