"""What is asked of the words and numbers of a quota, before anything is written."""

from __future__ import annotations

from datetime import date, datetime

import msgspec

from disaster.problems import FieldError, Words
from disaster.relief.funds.models import Account, Quota
from disaster.relief.funds.money import MOST_FEN
from disaster.relief.funds.vouchers import MAX_REASON, MAX_REFERENCE, NEEDS_REFERENCE, TOO_LONG
from disaster.relief.needs.models import Programme
from disaster.rules import book
from gis.models import Area
from gis.scope import prefix_of

UNKNOWN_SOURCE = Words("资金来源须为中央、省、市、县或捐赠", "The money is the state's or a donor's")
UNKNOWN_PURPOSE = Words("没有这种用途", "There is no such purpose")
BAD_AMOUNT = Words("金额须大于0", "The amount must be above nothing")
TAKEN = Words("同一文号、来源和用途的指标已登记", "This quota is entered already")
NOT_YET = Words("下达日期不能晚于今天", "It can't have come after today")
NO_AREA = Words("没有这个行政区划", "There is no such area")
NOT_INSIDE = Words("定向地区须在本行政区划内", "The area the donor named must lie in this one")
NO_GIVER = Words("捐赠资金须写明捐赠人", "Say who gave it")
MAX_GIVER = 60
FROM = {
    Quota.Source.CENTRAL: Account.Kind.CENTRAL,
    Quota.Source.PROVINCE: Account.Kind.PROVINCE,
    Quota.Source.CITY: Account.Kind.CITY,
    Quota.Source.COUNTY: Account.Kind.COUNTY,
    Quota.Source.DONOR: Account.Kind.DONOR,
}
"""Whose account money of a source comes from, and goes back to."""


class Coming(msgspec.Struct, frozen=True, kw_only=True):
    """A quota as it is entered; ``amount`` is fen, ``intent`` the area a donor named."""

    number: str
    source: str
    purpose: str
    area: str
    amount: int
    received_on: date
    giver: str = ""
    intent: str = ""
    remarks: str = ""


def coming_errors(it: Coming, now: datetime) -> dict[str, FieldError]:
    """Name what is wrong with a quota."""
    errors: dict[str, FieldError] = {}
    if not it.number.strip() or len(it.number.strip()) > MAX_REFERENCE:
        errors["number"] = FieldError(NEEDS_REFERENCE, {"limit": MAX_REFERENCE})
    elif _is_taken(it):
        errors["number"] = FieldError(TAKEN)
    if it.source not in Quota.Source.values:
        errors["source"] = FieldError(UNKNOWN_SOURCE)
    if it.purpose not in Programme.Kind.values:
        errors["purpose"] = FieldError(UNKNOWN_PURPOSE)
    if not Area.objects.filter(pk=it.area).exists():
        errors["area"] = FieldError(NO_AREA)
    if not 0 < it.amount <= MOST_FEN:
        errors["amount"] = FieldError(BAD_AMOUNT)
    if it.received_on > now.astimezone(book.BEIJING).date():
        errors["received_on"] = FieldError(NOT_YET)
    return errors | _donor_errors(it) | _length_errors(it)


def _donor_errors(it: Coming) -> dict[str, FieldError]:
    errors: dict[str, FieldError] = {}
    if it.source == Quota.Source.DONOR and not it.giver.strip():
        errors["giver"] = FieldError(NO_GIVER)
    if it.intent and not (
        it.source == Quota.Source.DONOR
        and Area.objects.filter(pk=it.intent).exists()
        and it.intent.startswith(prefix_of(it.area))
    ):
        errors["intent"] = FieldError(NOT_INSIDE)
    return errors


def _length_errors(it: Coming) -> dict[str, FieldError]:
    limits = {"giver": (it.giver, MAX_GIVER), "remarks": (it.remarks, MAX_REASON)}
    return {
        name: FieldError(TOO_LONG, {"limit": limit})
        for name, (text, limit) in limits.items()
        if len(text.strip()) > limit
    }


def _is_taken(it: Coming) -> bool:
    return Quota.objects.filter(
        area=it.area, number=it.number.strip(), source=it.source, purpose=it.purpose, intent=it.intent
    ).exists()
