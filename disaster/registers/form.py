"""The controls of a register's form, and the words of its values."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from disaster.people import private
from disaster.registers.models import CASUALTIES, MODELS, Casualty, DamagedHome, Kind
from disaster.registers.shown import CODED, choices, coded
from disaster.rules import book

Row = Casualty | DamagedHome


@dataclass(frozen=True)
class Control:
    """One control: ``type`` is an input's, or ``select``, ``checks``, ``textarea``."""

    name: str
    label: str
    type: str = "text"
    value: Any = ""
    options: list[tuple[str, str]] = field(default_factory=list)
    required: bool = False
    hint: str = ""
    limit: int = 0


_LABELS: dict[str, Callable[[], str]] = {
    "area": lambda: _("村(社区)"),
    "identity": lambda: _("身份证号"),
    "phone": lambda: _("联系电话"),
    "point": lambda: _("经纬度"),
}
_FORMS: dict[Kind, tuple[tuple[Callable[[], str], tuple[str, ...]], ...]] = {
    CASUALTIES: (
        (
            lambda: _("本人"),
            (
                "name",
                "identity",
                "sex",
                "birth_date",
                "age",
                "ethnicity",
                "residence",
                "address",
                "is_resident",
            ),
        ),
        (lambda: _("经过"), ("hazard", "cause", "capacity", "occurred_at", "place", "lon", "lat", "datum")),
        (lambda: _("家属与抚慰"), ("family_contact", "phone", "comfort_yuan", "remarks")),
    ),
    "homes": (
        (lambda: _("住户"), ("name", "identity", "phone", "household_types", "members", "address")),
        (
            lambda: _("房屋与损坏"),
            (
                *("hazard", "occurred_at", "structure", "rooms_collapsed", "rooms_severe", "rooms_slight"),
                *("lon", "lat", "datum"),
            ),
        ),
        (
            lambda: _("重建与补助"),
            (
                *("rebuild_way", "rooms_to_rebuild", "rooms_to_repair", "subsidy_yuan", "insured"),
                *("completed_on", "remarks"),
            ),
        ),
    ),
}
_NEEDED = {"name", "sex", "hazard", "cause", "capacity", "occurred_at", "place", "structure", "members"}
_MONEY = {"comfort_yuan", "subsidy_yuan"}
_DEGREES = {"lon", "lat"}


def label(kind: Kind, name: str) -> str:
    """Give a field's name as the form and the history write it."""
    if name in _LABELS:
        return _LABELS[name]()
    column: Any = MODELS[kind]._meta.get_field(name)
    return str(column.verbose_name)


def words(kind: Kind, name: str, value: Any, language: str) -> str:
    """Give a stored or remembered value in words."""
    if name in CODED:
        return coded(name, value, language)
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if name in ("status", "sex"):
        kinds = Casualty.Status if name == "status" else Casualty.Sex
        return str(dict(kinds.choices).get(value, value))
    if isinstance(value, datetime):
        return value.astimezone(book.BEIJING).strftime("%Y-%m-%d %H:%M")
    if isinstance(value, list):
        return "、".join(map(str, value))
    return "" if value is None else str(value)


def groups(kind: Kind, row: Row | None, language: str) -> list[tuple[str, list[Control]]]:
    """Give the form's groups of controls, filled from a row."""
    return [(title(), list(_controls(kind, names, row, language))) for title, names in _FORMS[kind]]


def _controls(kind: Kind, names: Iterable[str], row: Row | None, language: str) -> Iterable[Control]:
    for name in names:
        yield _control(kind, name, row, language)


def _control(kind: Kind, name: str, row: Row | None, language: str) -> Control:
    if name in ("identity", "phone"):
        return _private(name, row)
    if name in _DEGREES or name == "datum":
        return _place(name, row)
    value = getattr(row, name, None) if row else None
    shown: dict[str, Any] = {"label": label(kind, name), "required": name in _NEEDED}
    if name in CODED:
        options = choices(name, language)
        many = name == "household_types"
        return Control(name, type="checks" if many else "select", value=value or [], options=options, **shown)
    if name == "sex":
        sexes = [(str(key), str(words)) for key, words in Casualty.Sex.choices]
        return Control(name, type="select", value=value or "", options=sexes, **shown)
    return Control(
        name, type=_type(kind, name), value=_written(name, value, row), limit=_limit(kind, name), **shown
    )


def _type(kind: Kind, name: str) -> str:
    column = MODELS[kind]._meta.get_field(name).get_internal_type()
    if name == "remarks":
        return "textarea"
    return {
        "DateTimeField": "datetime-local",
        "DateField": "date",
        "BooleanField": "checkbox",
        "DecimalField": "money",
        "PositiveSmallIntegerField": "number",
    }.get(column, "text")


def _written(name: str, value: Any, row: Row | None) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(book.BEIJING).strftime("%Y-%m-%dT%H:%M")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value:.2f}"
    if name == "age" and isinstance(row, Casualty) and (row.birth_date or row.identity_hash):
        return ""  # it follows from the birthday, or from the number
    if value is None:
        return row is None if name == "is_resident" else ""
    return value


def _limit(kind: Kind, name: str) -> int:
    return getattr(MODELS[kind]._meta.get_field(name), "max_length", None) or 0


def _private(name: str, row: Row | None) -> Control:
    masks = {"identity": private.mask_identity, "phone": private.mask_phone}
    known = masks[name](getattr(row, name)) if row else ""
    hint = _("现为 %(known)s,留空则不变") % {"known": known} if known else ""
    return Control(name, _LABELS[name](), hint=hint, limit=40)


def _place(name: str, row: Row | None) -> Control:
    if name == "datum":
        options = [
            ("wgs84", _("WGS-84 / CGCS2000(天地图、手机定位)")),
            ("gcj02", _("GCJ-02(高德、腾讯地图)")),
            ("bd09", _("BD-09(百度地图)")),
        ]
        return Control(name, _("坐标系"), type="select", value="wgs84", options=options, required=True)
    point = row.point if row else None
    value = f"{point.x if name == 'lon' else point.y:.6f}" if point else ""
    return Control(name, _("经度") if name == "lon" else _("纬度"), type="degrees", value=value)
