"""How a row is shown: identity and telephone numbers masked, names in full to the desk alone (§8.3)."""

from __future__ import annotations

from typing import Any

from disaster.people import private
from disaster.people.scope import Rights
from disaster.registers.models import Casualty, DamagedHome, Version, mask_name
from disaster.rules import book

COMMON = ("address", "hazard", "occurred_at", "remarks")
FIELDS: dict[str, tuple[str, ...]] = {
    "casualties": (
        *("status", "sex", "birth_date", "age", "ethnicity", "residence", "is_resident", "place"),
        *("cause", "capacity", "family_contact", "comfort_yuan"),
    ),
    "homes": (
        *("household_types", "members", "structure", "rooms_collapsed", "rooms_severe", "rooms_slight"),
        *("rebuild_way", "rooms_to_rebuild", "rooms_to_repair", "subsidy_yuan", "insured", "completed_on"),
        "photos",
    ),
}
"""The columns of each register besides those of both, in the order of the form."""

CODED = {
    "hazard": "hazard",
    "cause": "casualty_cause",
    "capacity": "casualty_identity",
    "ethnicity": "ethnicity",
    "structure": "house_structure",
    "rebuild_way": "rebuild_way",
    "household_types": "household_type",
}
"""Field → the code list it is taken from."""


def name_for(name: str, area_code: str, *, to: Rights) -> str:
    """Give a name in full to who works on the register of that area, else its first character."""
    return name if to.may("register.write", area_code) else mask_name(name)


def show(row: Casualty | DamagedHome, *, to: Rights) -> dict[str, Any]:
    """Show a row as lists, pages and answers have it; no private value is whole in it."""
    return {
        "id": row.id,
        "kind": row.kind,
        "number": row.number,
        "event": row.event_id,
        "event_name": row.event.name,
        "area": row.area_id,
        "area_name": row.area.name,
        "township_name": row.area.parent.name if row.area.parent else "",
        "name": name_for(row.name, row.area_id, to=to),
        "identity": private.mask_identity(row.identity),
        "phone": private.mask_phone(row.phone),
        "point": [round(row.point.x, 6), round(row.point.y, 6)] if row.point else None,
        "version": row.version,
        "entered_at": row.entered_at,
        "entered_by": row.entered_by,
        "changed_at": row.changed_at,
        "withdrawn_at": row.withdrawn_at,
        **{name: getattr(row, name) for name in (*COMMON, *FIELDS[row.kind])},
        **_masked_contact(row, to),
        **({"damage": row.damage} if isinstance(row, DamagedHome) else {}),
    }


def _masked_contact(row: Casualty | DamagedHome, to: Rights) -> dict[str, str]:
    if not isinstance(row, Casualty):
        return {}
    return {"family_contact": name_for(row.family_contact, row.area_id, to=to)}


def show_version(version: Version, *, to: Rights) -> dict[str, Any]:
    """Show what one change did; names in it are masked as elsewhere."""
    changes = dict(version.changes)
    for field in ("name", "family_contact"):
        if field in changes:
            changes[field] = [name_for(text, version.area_code, to=to) for text in changes[field]]
    return {
        "number": version.number,
        "act": version.act,
        "act_name": str(version.get_act_display()),
        "why": version.why,
        "changes": changes,
        "at": version.at,
        "by": version.by_name,
    }


def coded(field: str, value: Any, language: str) -> str:
    """Give the words of a coded value; what has left the list is shown by its key."""
    if isinstance(value, list):
        return "、".join(coded(field, key, language) for key in value)
    return dict(choices(field, language)).get(value, str(value or ""))


def choices(field: str, language: str) -> list[tuple[str, str]]:
    """Give the keys and words one may choose from; a sub-hazard is named with its hazard (洪涝-其他)."""
    entries = book.codes(CODED[field])
    names = {entry.key: entry.name(language) for entry in entries}
    return [
        (
            entry.key,
            f"{names[entry.parent]}-{names[entry.key]}" if entry.parent in names else names[entry.key],
        )
        for entry in entries
    ]


def main_type(types: list[str]) -> str:
    """Give the one household type (家庭类型) that the statutory form takes: the gravest need first.

    The order is the code list's; a type that has left the list comes last.
    """
    order = [entry.key for entry in book.codes("household_type")]
    return min(types, key=lambda key: order.index(key) if key in order else len(order), default="")
