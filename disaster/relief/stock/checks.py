"""What is asked of the words and numbers of stock documents, before anything is written."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from uuid import UUID

import msgspec

from disaster import problems
from disaster.problems import FieldError, Words
from disaster.relief.stock.models import Document, Item, Place
from gis.models import Area

NO_LINES = Words("请至少列一种物资,同一品种只列一行", "List at least one item, each once")
UNKNOWN_ITEM = Words("没有这种物资", "There is no such item")
UNKNOWN_KIND = Words(
    "入库方式须为采购、上级调入或捐赠", "Goods come in by purchase, from above or as a donation"
)
BAD_QUANTITY = Words("数量须在 1 到 {limit} 之间", "Between 1 and {limit}")
BAD_PRICE = Words("单价须在 0 到 {limit} 元之间", "The price is between 0 and {limit} yuan")
BAD_DATES = Words("失效日期须晚于生产日期", "It must expire after it was made")
NEEDS_REASON = Words("须写明原因,最多{limit}字", "Say why, in {limit} characters at most")
TOO_LONG = Words("最多 {limit} 字", "At most {limit} characters")
BAD_INTENT = Words("没有这个定向地区", "There is no such area for the gift to go to")
MAX, MAX_PRICE, MAX_REASON, MAX_REFERENCE = 10_000_000, 1_000_000, 200, 60
IN = {
    Document.Kind.PURCHASE: Place.Kind.SUPPLIER,
    Document.Kind.UPPER: Place.Kind.UPPER,
    Document.Kind.DONATION: Place.Kind.DONOR,
}
"""How goods come in, and from where."""


class Coming(msgspec.Struct, frozen=True, kw_only=True):
    """A batch that comes in; ``price`` is yuan a unit, ``intent`` the area a donor named."""

    item: str
    quantity: int
    price: Decimal = Decimal(0)
    made_on: date | None = None
    expires_on: date | None = None
    giver: str = ""
    intent: str = ""
    intent_words: str = ""


class Wanted(msgspec.Struct, frozen=True):
    """So many of an item."""

    item: str
    quantity: int


class Arrived(msgspec.Struct, frozen=True):
    """What became of a batch on its way: whole, damaged, sent back."""

    batch: UUID
    received: int = 0
    damaged: int = 0
    returned: int = 0


def coming_errors(kind: str, batches: Sequence[Coming]) -> dict[str, FieldError]:
    """Name what is wrong with goods that come in, by row."""
    errors = wanted_errors([Wanted(one.item, one.quantity) for one in batches])
    if kind not in IN:
        errors["kind"] = FieldError(UNKNOWN_KIND)
    for one in batches:
        if not 0 <= one.price <= MAX_PRICE:
            errors[f"goods.{one.item}.price"] = FieldError(BAD_PRICE, {"limit": MAX_PRICE})
        if one.made_on and one.expires_on and one.expires_on <= one.made_on:
            errors[f"goods.{one.item}.expires_on"] = FieldError(BAD_DATES)
    meant = {one.intent for one in batches if one.intent}
    if Area.objects.filter(pk__in=meant).count() < len(meant):
        errors["intent"] = FieldError(BAD_INTENT)
    return errors


def wanted_errors(lines: Sequence[Wanted]) -> dict[str, FieldError]:
    """Name the rows whose item is unknown, repeated, or not of a possible number."""
    errors: dict[str, FieldError] = {}
    items = [line.item for line in lines]
    if not lines or len(set(items)) < len(items):
        errors["goods"] = FieldError(NO_LINES)
    known = set(Item.objects.filter(pk__in=items).values_list("pk", flat=True))
    for line in lines:
        if line.item not in known:
            errors[f"goods.{line.item}"] = FieldError(UNKNOWN_ITEM)
        if not 1 <= line.quantity <= MAX:
            errors[f"goods.{line.item}.quantity"] = FieldError(BAD_QUANTITY, {"limit": MAX})
    return errors


def text_errors(reference: str, reason: str) -> dict[str, FieldError]:
    """Name a reference or a reason that is too long."""
    errors: dict[str, FieldError] = {}
    for name, text, limit in (("reference", reference, MAX_REFERENCE), ("reason", reason, MAX_REASON)):
        if len(text.strip()) > limit:
            errors[name] = FieldError(TOO_LONG, {"limit": limit})
    return errors


def needs_reason(reason: str) -> None:
    """Refuse (400.2) what nobody explained."""
    if not reason.strip() or len(reason.strip()) > MAX_REASON:
        refuse({"reason": FieldError(NEEDS_REASON, {"limit": MAX_REASON})})


def refuse(errors: dict[str, FieldError]) -> None:
    """Raise 400.2 with the fields named, if there are any."""
    if errors:
        raise problems.BAD_FIELDS(errors)
