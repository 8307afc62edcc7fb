"""The verbs on shelters (避难场所): entered, changed, opened, closed.

The capacity is never typed: usable area over the area per person of its type
(GB 51143-2015), rounded down. Address and route are for the public (自然灾害救助条例 Art. 11);
the keeper's telephone number is not.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import msgspec
from django.contrib.gis.geos import Point
from django.db import transaction

from disaster import problems
from disaster.journal import append
from disaster.people import private
from disaster.people.scope import Rights, require
from disaster.problems import FieldError, Words
from disaster.rules import book
from gis.models import Area, Shelter
from gis.shown import shelter_view

NEEDS_NAME = Words("须填写名称,最多{limit}字", "Give it a name of {limit} characters at most")
UNKNOWN_WORD = Words("不认识的取值 {value}", "The value {value} is unknown")
NEEDS_AREA = Words("有效避难面积须大于0", "The usable area must be more than nothing")
TOO_SMALL = Words("按人均 {each} 平方米,这个面积容不下一人", "At {each} m² a person it holds nobody")
HOLDS_MORE = Words("现有 {occupancy} 人,容量不能少于此", "It has {occupancy} people; it can't hold fewer")
NOT_A_VILLAGE = Words("请选到村(社区)", "Choose a village")
NO_PHONE = Words("不是电话号码", "This is no telephone number")
NO_PLACE = Words("经纬度不对", "This is no position")
TAKEN = Words("已有同名或同编号的避难场所", "Another shelter has this name or code")
TOO_LONG = Words("最多 {limit} 字", "At most {limit} characters")
NEEDS_REASON = Words("须写明原因", "Say why")
MAX_NAME, MAX_CODE, MAX_ADDRESS, MAX_ROUTE, MAX_KEEPER, MAX_REASON = 60, 30, 120, 300, 40, 200
MAX_M2 = 2_000_000_000
_LENGTHS = {"code": MAX_CODE, "address": MAX_ADDRESS, "route": MAX_ROUTE, "keeper": MAX_KEEPER}


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """A shelter as it is entered; ``lon`` and ``lat`` are EPSG:4326, ``usable_area_m2`` 有效避难面积.

    ``keeper_phone`` None leaves the number that is kept.
    """

    name: str
    area: str
    lon: float
    lat: float
    usable_area_m2: int
    kind: str = Shelter.Kind.SHORT.value
    level: str = Shelter.Level.TOWNSHIP.value
    setting: str = Shelter.Setting.INDOOR.value
    code: str = ""
    address: str = ""
    route: str = ""
    is_accessible: bool = False
    keeper: str = ""
    keeper_phone: str | None = None
    facilities: Sequence[str] = ()


def capacity_of(kind: str, usable_area_m2: int, *, on: date | None = None, area: str = "") -> int:
    """Give how many persons a usable area holds: floor(area / area per person)."""
    each: Decimal = book.value(f"shelter.m2.{kind}", on=on, area=area)
    return int(Decimal(usable_area_m2) // each)


def is_filling(occupancy: int, capacity: int, *, area: str = "") -> bool:
    """Say whether so many persons are at or above the share that alerts."""
    return occupancy * 100 >= capacity * int(book.value("shelter.filling_pct", area=area))


@transaction.atomic
def make(entry: Entry, *, by: Rights, now: datetime) -> Shelter:
    """Put a shelter on the list (登记避难场所); it stands by until it is opened.

    Raises
    ------
    Problem
        403.1/404.1 without the right in its village; 400.2 naming what is wrong.
    """
    require(by, "shelter.write", entry.area)
    _refuse(_errors(entry, None))
    shelter = Shelter()
    _fill(shelter, entry)
    shelter.save(force_insert=True)
    tell("shelter.made", shelter, by=by, now=now)
    return shelter


@transaction.atomic
def change(shelter_id: UUID, entry: Entry, *, version: int, by: Rights, now: datetime) -> Shelter:
    """Change a shelter, upon the version that was read.

    Raises
    ------
    Problem
        403.1/404.1; 400.2; 409.5 if somebody changed it meanwhile.
    """
    shelter = locked(shelter_id, "shelter.write", by)
    if entry.area != shelter.area_id:
        require(by, "shelter.write", entry.area)
    if version != shelter.version:
        raise problems.CHANGED_MEANWHILE(name=shelter.name)
    _refuse(_errors(entry, shelter))
    _fill(shelter, entry)
    shelter.version += 1
    shelter.save()
    tell("shelter.changed", shelter, by=by, now=now)
    return shelter


@transaction.atomic
def open_shelter(shelter: Shelter, *, by: Rights, now: datetime, reason: str = "") -> Shelter:
    """Open a shelter to people (启用避难场所)."""
    return _set_state(shelter, "shelter.open", "shelter.opened", Shelter.State.OPEN, reason, by, now)


@transaction.atomic
def close_shelter(shelter: Shelter, *, by: Rights, now: datetime, reason: str = "") -> Shelter:
    """Close a shelter (关闭避难场所); who is inside stays counted until they are checked out."""
    return _set_state(shelter, "shelter.close", "shelter.closed", Shelter.State.CLOSED, reason, by, now)


def locked(shelter_id: UUID, verb: str, by: Rights) -> Shelter:
    """Lock a shelter for a verb: whoever comes next waits, and finds what this one leaves.

    Raises
    ------
    Problem
        403.1/404.1 without the right; 404.1 where there is none.
    """
    shelter: Shelter | None = Shelter.objects.select_for_update().filter(pk=shelter_id).first()
    if shelter is None:
        raise problems.NOT_FOUND()
    require(by, verb, shelter.area_id)
    return shelter


def tell(verb: str, shelter: Shelter, *, by: Rights, now: datetime) -> None:
    """Write the journal's row of a change, with the shelter as it is now."""
    append.one(
        verb,
        object_kind="shelter",
        object_id=str(shelter.pk),
        area_code=shelter.area_id,
        put=[shelter_view(shelter)],
        by=by,
        at=now,
        downward=True,
    )


def reveal(shelter: Shelter, *, by: Rights, now: datetime) -> str:
    """Give the keeper's telephone number in clear; who looked stands in the journal."""
    require(by, "shelter.reveal", shelter.area_id)
    with transaction.atomic():
        append.one(
            "shelter.revealed",
            object_kind="shelter",
            object_id=str(shelter.pk),
            area_code=shelter.area_id,
            put=[],
            by=by,
            at=now,
        )
    return phone_of(shelter)


def phone_of(shelter: Shelter) -> str:
    """Give the keeper's number in clear: for masking, and for who may see it."""
    sealed = bytes(shelter.keeper_phone_sealed)
    return private.open_sealed(sealed) if sealed else ""


def _set_state(
    shelter: Shelter, right: str, verb: str, state: Any, reason: str, by: Rights, now: datetime
) -> Shelter:
    shelter = locked(shelter.pk, right, by)
    if len(reason.strip()) > MAX_REASON:
        _refuse({"reason": FieldError(TOO_LONG, {"limit": MAX_REASON})})
    shelter.state, shelter.reason = state, reason.strip()
    shelter.version += 1
    shelter.save(update_fields=["state", "reason", "version"])
    tell(verb, shelter, by=by, now=now)
    return shelter


def _fill(shelter: Shelter, entry: Entry) -> None:
    shelter.area_id, shelter.point = entry.area, Point(entry.lon, entry.lat, srid=4326)
    for name in ("kind", "level", "setting", "usable_area_m2", "is_accessible"):
        setattr(shelter, name, getattr(entry, name))
    for name in ("name", "code", "address", "route", "keeper"):
        setattr(shelter, name, getattr(entry, name).strip())
    shelter.facilities = list(dict.fromkeys(entry.facilities))
    shelter.capacity = capacity_of(entry.kind, entry.usable_area_m2, area=entry.area)
    shelter.is_filling = is_filling(shelter.occupancy, shelter.capacity, area=entry.area)
    if entry.keeper_phone is not None:
        number = private.plain_phone(entry.keeper_phone)
        shelter.keeper_phone_sealed = private.seal(number) if number else b""


def _errors(entry: Entry, known: Shelter | None) -> dict[str, FieldError]:
    errors = _word_errors(entry) | _size_errors(entry, known)
    if not entry.name.strip() or len(entry.name.strip()) > MAX_NAME:
        errors["name"] = FieldError(NEEDS_NAME, {"limit": MAX_NAME})
    for name, limit in _LENGTHS.items():
        if len(getattr(entry, name).strip()) > limit:
            errors[name] = FieldError(TOO_LONG, {"limit": limit})
    if not (-180 <= entry.lon <= 180 and -90 <= entry.lat <= 90):
        errors["lon"] = FieldError(NO_PLACE)
    if entry.keeper_phone and not private.plain_phone(entry.keeper_phone):
        errors["keeper_phone"] = FieldError(NO_PHONE)
    if not Area.objects.filter(pk=entry.area, level=Area.Level.VILLAGE).exists():
        errors["area"] = FieldError(NOT_A_VILLAGE)
    others = Shelter.objects.exclude(pk=known.pk) if known else Shelter.objects.all()
    if others.filter(area_id=entry.area, name=entry.name.strip()).exists():
        errors["name"] = FieldError(TAKEN)
    if entry.code.strip() and others.filter(code=entry.code.strip()).exists():
        errors["code"] = FieldError(TAKEN)
    return errors


def _word_errors(entry: Entry) -> dict[str, FieldError]:
    known: dict[str, Iterable[str]] = {
        "kind": Shelter.Kind.values,
        "level": Shelter.Level.values,
        "setting": Shelter.Setting.values,
    }
    errors = {
        name: FieldError(UNKNOWN_WORD, {"value": getattr(entry, name)})
        for name, words in known.items()
        if getattr(entry, name) not in words
    }
    keys = {one.key for one in book.codes("shelter_facility")}
    if unknown := [key for key in entry.facilities if key not in keys]:
        errors["facilities"] = FieldError(UNKNOWN_WORD, {"value": unknown[0]})
    return errors


def _size_errors(entry: Entry, known: Shelter | None) -> dict[str, FieldError]:
    if not 0 < entry.usable_area_m2 < MAX_M2:
        return {"usable_area_m2": FieldError(NEEDS_AREA)}
    if entry.kind not in Shelter.Kind.values:
        return {}
    holds = capacity_of(entry.kind, entry.usable_area_m2, area=entry.area)
    if not holds:
        each = book.value(f"shelter.m2.{entry.kind}", area=entry.area)
        return {"usable_area_m2": FieldError(TOO_SMALL, {"each": each})}
    if known is not None and holds < min(known.occupancy, known.capacity):
        return {"usable_area_m2": FieldError(HOLDS_MORE, {"occupancy": known.occupancy})}
    return {}


def _refuse(errors: dict[str, FieldError]) -> None:
    if errors:
        raise problems.BAD_FIELDS(errors)
