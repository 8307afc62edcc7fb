"""What is asked of households and applications before they are kept; no statement in here."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from functools import lru_cache

from disaster.people import private
from disaster.problems import FieldError, Words
from disaster.registers import identity
from disaster.registers.checks import BAD_PHONE, open_errors
from disaster.relief.needs.entries import ApplicationEntry, HouseholdEntry, MemberEntry
from disaster.relief.needs.models import Application
from disaster.rules import book
from gis import locate

MISSING = Words("请填写,最多 {limit} 字", "This is needed, in {limit} characters at most")
TOO_LONG = Words("最多 {limit} 字", "At most {limit} characters")
BAD_MEMBERS = Words("家庭人口须在 1 到 {limit} 之间", "A household has 1 to {limit} members")
BAD_PERSONS = Words(
    "需救助人口须在 1 到家庭人口({limit})之间", "Persons in need are 1 to the household's {limit}"
)
FEWER_MEMBERS = Words(
    "申请中需救助 {persons} 人,家庭人口不能更少",
    "An application is for {persons}: the household can't be smaller",
)
ALL_ENTERED = Words(
    "家庭人口 {limit} 人已全部登记,多出的请先改家庭人口",
    "All {limit} persons of the household are entered: correct their number first",
)
FEWER_STATED = Words(
    "已登记 {entered} 人,家庭人口不能更少", "{entered} persons are entered: the household can't be smaller"
)
BAD_NUMBER = Words("须在 0 到 {limit} 之间", "Between 0 and {limit}")
NEEDS_TYPE = Words("请至少选一项家庭类型", "Choose at least one type of household")
UNKNOWN_CODE = Words("没有“{key}”这一项", "There is no entry “{key}”")
UNKNOWN_ORIGIN = Words("来源须为本人申请或村民小组提名", "It is applied for, or nominated by the group")
BAD_MONTH = Words("月份须在 1 到 12 之间", "Months are 1 to 12")
HALF_PLACE = Words("经度、纬度须同时填写且在国内", "Give both longitude and latitude, inside China")
NEEDS_WHY = Words(
    "人均 {yuan} 元,超过限额 {limit} 元,须写明超限额说明",
    "{yuan} yuan a person is above {limit}: say why",
)
MOST_MEMBERS, MOST_NUMBER = 30, 1_000_000
LENGTHS = {"name": 40, "group": 20, "bank": 40, "address": 120, "card": 40}
CARD_LENGTHS = range(12, 20)
"""Digits a bank card or passbook of the 一卡通 has."""


def plain_card(text: str) -> str:
    """Bring a card number to the one form that is kept: half-width, without blanks.

    >>> plain_card("６２１７ 0012-3456 7890 123")
    '6217001234567890123'
    """
    return "".join(unicodedata.normalize("NFKC", text).split()).replace("-", "").upper()


def card_doubt(number: str) -> bool:
    """Say whether a card number looks wrong: of another length, or failing Luhn's check digit.

    A doubt only: passbooks of village banks follow no such rule.
    """
    if not (number.isascii() and number.isdigit()) or len(number) not in CARD_LENGTHS:
        return True
    digits = [int(one) for one in reversed(number)]
    doubled = sum(sum(divmod(2 * one, 10)) for one in digits[1::2])
    return (sum(digits[::2]) + doubled) % 10 != 0


def household_errors(entry: HouseholdEntry) -> dict[str, FieldError]:
    """Name what is wrong with a household, by field."""
    errors: dict[str, FieldError] = {}
    if not entry.name.strip() or len(entry.name.strip()) > LENGTHS["name"]:
        errors["name"] = FieldError(MISSING, {"limit": LENGTHS["name"]})
    for name in ("group", "bank", "address", "card"):
        if len((getattr(entry, name) or "").strip()) > LENGTHS[name]:
            errors[name] = FieldError(TOO_LONG, {"limit": LENGTHS[name]})
    if not 1 <= entry.members <= MOST_MEMBERS:
        errors["members"] = FieldError(BAD_MEMBERS, {"limit": MOST_MEMBERS})
    number = identity.plain(entry.identity or "")
    if number and (words := identity.fault(number)):
        errors["identity"] = FieldError(words)
    if (entry.phone or "").strip() and not private.plain_phone(entry.phone or ""):
        errors["phone"] = FieldError(BAD_PHONE)
    errors |= _code_errors("types", "household_type", entry.types)
    if not entry.types:
        errors["types"] = FieldError(NEEDS_TYPE)
    if not _has_place(entry):
        errors["lon"] = FieldError(HALF_PLACE)
    return errors | open_errors({name: getattr(entry, name) for name in ("name", "group", "bank", "address")})


def member_errors(entry: MemberEntry) -> dict[str, FieldError]:
    """Name what is wrong with a member of a household, by field."""
    errors: dict[str, FieldError] = {}
    if not entry.name.strip() or len(entry.name.strip()) > LENGTHS["name"]:
        errors["name"] = FieldError(MISSING, {"limit": LENGTHS["name"]})
    number = identity.plain(entry.identity or "")
    if number and (words := identity.fault(number)):
        errors["identity"] = FieldError(words)
    errors |= _code_errors("relation", "member_relation", [entry.relation])
    errors |= _code_errors("marks", "member_mark", entry.marks)
    return errors | open_errors({"name": entry.name})


def application_errors(entry: ApplicationEntry, *, members: int, limit_yuan: int) -> dict[str, FieldError]:
    """Name what is wrong with an application, by field; ``limit_yuan`` a person is the rule's."""
    errors: dict[str, FieldError] = {}
    if not 1 <= entry.persons <= members:
        errors["persons"] = FieldError(BAD_PERSONS, {"limit": members})
    for name in ("grain_kg", "heating_yuan", "medical_yuan", "water_yuan", "other_yuan"):
        if not 0 <= getattr(entry, name) <= MOST_NUMBER:
            errors[name] = FieldError(BAD_NUMBER, {"limit": MOST_NUMBER})
    if not 0 <= entry.clothing <= MOST_MEMBERS * 10:
        errors["clothing"] = FieldError(BAD_NUMBER, {"limit": MOST_MEMBERS * 10})
    if entry.origin not in Application.Origin.values:
        errors["origin"] = FieldError(UNKNOWN_ORIGIN)
    if any(not 1 <= month <= 12 for month in entry.months):
        errors["months"] = FieldError(BAD_MONTH)
    for name in ("over_limit_why", "remarks"):
        if len(getattr(entry, name).strip()) > 200:
            errors[name] = FieldError(TOO_LONG, {"limit": 200})
    errors |= _code_errors("hardships", "hardship", entry.hardships)
    yuan = entry.heating_yuan + entry.medical_yuan + entry.water_yuan + entry.other_yuan
    if entry.persons >= 1 and yuan > limit_yuan * entry.persons and not entry.over_limit_why.strip():
        errors["over_limit_why"] = FieldError(
            NEEDS_WHY, {"yuan": round(yuan / entry.persons), "limit": limit_yuan}
        )
    return errors | open_errors({"over_limit_why": entry.over_limit_why, "remarks": entry.remarks})


def under(prefix: str, errors: Mapping[str, FieldError]) -> dict[str, FieldError]:
    """Put a prefix before the names of fields."""
    return {f"{prefix}{name}": error for name, error in errors.items()}


def _has_place(entry: HouseholdEntry) -> bool:
    if entry.lon is None and entry.lat is None:
        return True
    return entry.lon is not None and entry.lat is not None and locate.in_china(entry.lon, entry.lat)


def _code_errors(field: str, listed: str, keys: object) -> dict[str, FieldError]:
    known = _known(listed, book.edition())
    for key in keys if isinstance(keys, list | tuple) else ():
        if key not in known:
            return {field: FieldError(UNKNOWN_CODE, {"key": str(key)[:40]})}
    return {}


@lru_cache(maxsize=8)
def _known(listed: str, _edition: int) -> frozenset[str]:
    return frozenset(one.key for one in book.codes(listed))
