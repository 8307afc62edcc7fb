"""What is asked of the words and numbers of dispatch, before anything is written."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

import msgspec

from disaster import problems
from disaster.problems import FieldError, Words
from disaster.relief.dispatch.messages import FixEntry

BAD_PLATE = Words("须填写车牌号,最多{limit}字", "Give the number plate, {limit} characters at most")
PLATE_TAKEN = Words("这个车牌号已登记", "This number plate is entered already")
BAD_KG = Words("载重须在 1 到 {limit} 公斤之间", "Between 1 and {limit} kg")
BAD_M3 = Words("容积须在 0.1 到 {limit} 立方米之间", "Between 0.1 and {limit} m³")
UNKNOWN_HOME = Words("没有这个储备库或储备点", "There is no such warehouse or point")
UNKNOWN_DRIVER = Words("这个人不能驾驶本地的车辆", "This person does not drive here")
NO_DOCUMENTS = Words(
    "请选择待运的调拨单,最多{limit}张", "Choose the transfers to be carried, {limit} at most"
)
NO_VEHICLES = Words("请选择车辆,最多{limit}辆", "Choose lorries, {limit} at most")
BAD_START = Words("发车须在前后{days}天以内", "The departure is within {days} days")
BAD_HOURS = Words("回场须晚于发车,最多相隔{hours}小时", "Back later than departure, {hours} hours at most")
BAD_TURNS = Words("每车 1 到 {limit} 趟", "1 to {limit} trips a lorry")
UNKNOWN_AIM = Words("请选择省路程或早送到", "Choose the cheapest or the soonest")
EMPTY_PLAN = Words("这个方案没有车次", "This plan has no trips")
OLD_PLAN = Words(
    "这个方案是系统更新前编排的,请重新编排",
    "This plan was worked out before the system was updated: work it out again",
)
NEXT_STOP = Words("下一站是 {place},请按次序", "The next stop is {place}: keep the order")
BAD_FIX = Words("位置不对", "This is no position")
TOO_MANY = Words("一次最多 {limit} 条", "At most {limit} at a time")
UNKNOWN_STOP = Words("这个车次没有这一站", "This trip has no such stop")
UNKNOWN_ACT = Words("没有这种动作", "There is no such act")
MAX_PLATE, MAX_KG, MAX_M3 = 12, 60_000, 200
MAX_DOCUMENTS, MAX_VEHICLES, MAX_TURNS, MAX_HOURS, MAX_FIXES, MAX_DAYS = 200, 60, 5, 48, 500, 30


class VehicleEntry(msgspec.Struct, frozen=True, kw_only=True):
    """A lorry as it is entered."""

    plate: str
    capacity_kg: int
    capacity_m3: Decimal
    home: UUID
    kind: str = ""
    driver: int | None = None
    is_usable: bool = True


def vehicle_errors(entry: VehicleEntry) -> dict[str, FieldError]:
    """Name what is wrong with a lorry as it is entered."""
    errors: dict[str, FieldError] = {}
    if not entry.plate.strip() or len(entry.plate.strip()) > MAX_PLATE:
        errors["plate"] = FieldError(BAD_PLATE, {"limit": MAX_PLATE})
    if not 1 <= entry.capacity_kg <= MAX_KG:
        errors["capacity_kg"] = FieldError(BAD_KG, {"limit": MAX_KG})
    if not Decimal("0.1") <= entry.capacity_m3 <= MAX_M3:
        errors["capacity_m3"] = FieldError(BAD_M3, {"limit": MAX_M3})
    return errors


def wish_errors(
    documents: Sequence[UUID],
    vehicles: Sequence[UUID],
    starts_at: datetime,
    ends_at: datetime,
    turns: int,
    now: datetime,
) -> dict[str, FieldError]:
    """Name what is wrong with what is to be planned."""
    errors: dict[str, FieldError] = {}
    if not 1 <= len(set(documents)) <= MAX_DOCUMENTS:
        errors["documents"] = FieldError(NO_DOCUMENTS, {"limit": MAX_DOCUMENTS})
    if not 1 <= len(set(vehicles)) <= MAX_VEHICLES:
        errors["vehicles"] = FieldError(NO_VEHICLES, {"limit": MAX_VEHICLES})
    if abs(starts_at - now) > timedelta(days=MAX_DAYS):
        errors["starts_at"] = FieldError(BAD_START, {"days": MAX_DAYS})
    if not timedelta() < ends_at - starts_at <= timedelta(hours=MAX_HOURS):
        errors["ends_at"] = FieldError(BAD_HOURS, {"hours": MAX_HOURS})
    if not 1 <= turns <= MAX_TURNS:
        errors["turns"] = FieldError(BAD_TURNS, {"limit": MAX_TURNS})
    return errors


def fix_errors(fixes: Sequence[FixEntry]) -> dict[str, FieldError]:
    """Name what can't be a batch of positions."""
    if not 1 <= len(fixes) <= MAX_FIXES:
        return {"fixes": FieldError(TOO_MANY, {"limit": MAX_FIXES})}
    return {
        f"fixes.{at}": FieldError(BAD_FIX)
        for at, one in enumerate(fixes)
        if not (-180 <= one.lon <= 180 and -90 <= one.lat <= 90)
    }


def refuse(errors: dict[str, FieldError]) -> None:
    """Raise 400.2 with the fields named, if there are any."""
    if errors:
        raise problems.BAD_FIELDS(errors)
