"""What a row has to satisfy before it is kept: hard checks, each naming its field."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta

from disaster.events.models import Event
from disaster.people import private
from disaster.problems import FieldError, Words
from disaster.registers import identity
from disaster.registers.entries import CasualtyEntry, Entry, HomeEntry
from disaster.rules import book
from gis import datum, locate

MISSING = Words("请填写", "This is needed")
NEEDS_CODE = Words("请选择一项", "Choose one")
UNKNOWN_CODE = Words("没有“{key}”这一项", "There is no entry “{key}”")
NEEDS_WHY = Words("请说明原因", "Say why")
BAD_PHONE = Words("电话号码格式不对", "This is no telephone number")
FUTURE = Words("不能晚于现在", "This can't be in the future")
TOO_EARLY = Words(
    "比灾害过程开始早 {days} 天以上,请核对时间或灾害过程",
    "Over {days} days before the event began; check the time or the event",
)
HALF_PLACE = Words("经度、纬度须同时填写", "Give both longitude and latitude")
NOT_IN_CHINA = Words("位置不在国内,请核对经纬度", "The position is outside China; check it")
BIRTH_DIFFERS = Words("与身份证号中的出生日期不一致", "The identity number says another birthday")
SEX_DIFFERS = Words("与身份证号中的性别不一致", "The identity number says the other sex")
BIRTH_OR_AGE = Words(
    "身份证号、出生日期、年龄至少填一项", "Give the identity number, the birthday or the age"
)
AGE_DIFFERS = Words("与出生日期不符,应为 {age} 岁", "By the birthday the age is {age}")
BORN_AFTER = Words("出生日期晚于发生时间,请核对", "The birthday is after the time of occurrence; check it")
NOT_ALIVE_FIRST = Words(
    "新登记的只能是死亡或失踪;生还由失踪变更而来",
    "A new row is dead or missing; “found alive” comes by a change of status",
)
NO_ROOMS = Words(
    "倒塌、严重损坏、一般损坏间数至少有一项大于0", "At least one room has collapsed or is damaged"
)
TOO_MANY_ROOMS = Words(
    "不能多于倒塌、严重损坏和一般损坏间数之和({rooms})",
    "More than the rooms collapsed and damaged together ({rooms})",
)
NUMBER_IN_TEXT = Words(
    "这里不能写身份证号,请填在“身份证号”一栏", "No identity number here: it has a field of its own"
)
NO_MEMBERS = Words("家庭人口至少为1人", "A household has at least one member")
AGE_TOLERANCE = 1
"""By how many years 虚岁 and 周岁 may differ before an age is wrong."""


OPEN_TEXTS = ("name", "address", "residence", "place", "family_contact", "remarks", "why")
"""Fields kept in clear: an identity number in one of them would escape sealing and masking."""
_NUMBER = re.compile(r"[0-9]{17}[0-9X]")


def why_error(why: str) -> dict[str, FieldError]:
    """Ask for a reason where there is none."""
    return {} if why.strip() else {"why": FieldError(NEEDS_WHY)}


def open_errors(texts: Mapping[str, str]) -> dict[str, FieldError]:
    """Name the open texts that hold an identity number."""
    return {
        name: FieldError(NUMBER_IN_TEXT)
        for name, text in texts.items()
        if _NUMBER.search(identity.plain(text))
    }


def row_errors(entry: Entry, number: str, *, event: Event, now: datetime) -> dict[str, FieldError]:
    """Name what is wrong with an entry; ``number`` is the identity number it will have, or ""."""
    errors = _common(entry, event, now)
    if number and (words := identity.fault(number)):
        errors["identity"] = FieldError(words)
    if isinstance(entry, CasualtyEntry):
        errors |= _casualty(entry)
        # What is wrong already is not held against the rest.
        return errors if errors.keys() & {"identity", "occurred_at"} else errors | _born(entry, number)
    if isinstance(entry, HomeEntry):
        return {**errors, **_home(entry, now)}
    raise TypeError(type(entry).__name__)


def _common(entry: Entry, event: Event, now: datetime) -> dict[str, FieldError]:
    errors = open_errors({name: getattr(entry, name, "") for name in OPEN_TEXTS})
    errors |= _code("hazard", "hazard", entry.hazard)
    if not entry.name:
        errors["name"] = FieldError(MISSING)
    if entry.phone and not private.plain_phone(entry.phone):
        errors["phone"] = FieldError(BAD_PHONE)
    days = book.value("register.earliest", area=event.area_code)
    if entry.occurred_at > now:
        errors["occurred_at"] = FieldError(FUTURE)
    elif entry.occurred_at < event.started_at - timedelta(days=days):
        errors["occurred_at"] = FieldError(TOO_EARLY, {"days": days})
    if (entry.lon is None) != (entry.lat is None):
        errors["lon"] = FieldError(HALF_PLACE)
    elif (stored := position(entry)) and not locate.in_china(*stored):
        errors["lon"] = FieldError(NOT_IN_CHINA)
    return errors


def position(entry: Entry) -> tuple[float, float] | None:
    """Give the entry's place in EPSG:4326, None where it has none."""
    if entry.lon is None or entry.lat is None:
        return None
    return datum.to_stored(entry.lon, entry.lat, entry.datum)


def _casualty(entry: CasualtyEntry) -> dict[str, FieldError]:
    errors = {
        **_code("cause", "casualty_cause", entry.cause),
        **_code("capacity", "casualty_identity", entry.capacity),
        **_code("ethnicity", "ethnicity", entry.ethnicity, needed=False),
    }
    return errors if entry.place else errors | {"place": FieldError(MISSING)}


def _born(entry: CasualtyEntry, number: str) -> dict[str, FieldError]:
    """Hold sex, birthday and age against the identity number, and against each other."""
    errors: dict[str, FieldError] = {}
    told = identity.said(number) if number else None
    if told and told.sex != entry.sex:
        errors["sex"] = FieldError(SEX_DIFFERS)
    if told and entry.birth_date and told.born != entry.birth_date:
        errors["birth_date"] = FieldError(BIRTH_DIFFERS)
    born = told.born if told else entry.birth_date
    if born is None:
        return errors if entry.age is not None else {"birth_date": FieldError(BIRTH_OR_AGE)}
    age = age_on(born, entry.occurred_at)
    if age < 0:
        errors.setdefault("birth_date", FieldError(BORN_AFTER))
    elif entry.age is not None and abs(entry.age - age) > AGE_TOLERANCE:
        errors["age"] = FieldError(AGE_DIFFERS, {"age": age})
    return errors


def age_on(born: date, moment: datetime) -> int:
    """Give the age in full years (周岁) at a moment, by Beijing's calendar."""
    day = moment.astimezone(book.BEIJING).date()
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def _home(entry: HomeEntry, now: datetime) -> dict[str, FieldError]:
    errors = {
        **_code("structure", "house_structure", entry.structure),
        **_code("rebuild_way", "rebuild_way", entry.rebuild_way, needed=False),
    }
    known = {code.key for code in book.codes("household_type")}
    if not entry.household_types:
        errors["household_types"] = FieldError(NEEDS_CODE)
    for key in sorted(set(entry.household_types) - known):
        errors["household_types"] = FieldError(UNKNOWN_CODE, {"key": key})
    if entry.members < 1:
        errors["members"] = FieldError(NO_MEMBERS)
    rooms = entry.rooms_collapsed + entry.rooms_severe + entry.rooms_slight
    if not rooms:
        errors["rooms_collapsed"] = FieldError(NO_ROOMS)
    for name in ("rooms_to_rebuild", "rooms_to_repair"):
        if getattr(entry, name) > rooms:
            errors[name] = FieldError(TOO_MANY_ROOMS, {"rooms": rooms})
    if entry.completed_on and entry.completed_on > now.astimezone(book.BEIJING).date():
        errors["completed_on"] = FieldError(FUTURE)
    return errors


def _code(field: str, name: str, key: str, *, needed: bool = True) -> dict[str, FieldError]:
    if not key:
        return {field: FieldError(NEEDS_CODE)} if needed else {}
    return {} if book.code(name, key) else {field: FieldError(UNKNOWN_CODE, {"key": key})}
