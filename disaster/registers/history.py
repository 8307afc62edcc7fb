"""What a change leaves behind: a version of the row, and a silent line in the journal."""

from __future__ import annotations

import json
from datetime import datetime
from decimal import Decimal
from typing import Any

from disaster.journal import append
from disaster.people import private
from disaster.people.scope import Rights
from disaster.registers.models import HOMES, Casualty, DamagedHome, Version
from disaster.registers.shown import COMMON, FIELDS
from disaster.rules import book

Row = Casualty | DamagedHome


def state(row: Row) -> dict[str, Any]:
    """Give what a history may tell openly, as plain JSON values."""
    point = f"{row.point.x:.6f}, {row.point.y:.6f}" if row.point else ""
    told = {name: _plain(getattr(row, name)) for name in (*COMMON, *FIELDS[row.kind])}
    return {"area": row.area_id, "name": row.name, "point": point, **told}


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(book.BEIJING).strftime("%Y-%m-%d %H:%M")
    if isinstance(value, Decimal):
        return f"{value:.2f}"
    return value if isinstance(value, bool | int | str | list) else "" if value is None else str(value)


def whole(row: Row) -> dict[str, str]:
    """Give the private values in clear, to be compared and sealed."""
    return {"identity": row.identity, "phone": row.phone}


def differences(before: dict[str, Any], hidden: dict[str, str], row: Row) -> dict[str, list[Any]]:
    """Say what a change changed: field → [before, after], private values masked."""
    after, masks = state(row), {"identity": private.mask_identity, "phone": private.mask_phone}
    changes = {name: [before[name], after[name]] for name in after if before[name] != after[name]}
    for name, value in whole(row).items():
        if value != hidden[name]:
            changes[name] = [masks[name](hidden[name]), masks[name](value)]
    return changes


def note(
    row: Row,
    act: Version.Act,
    *,
    why: str,
    changes: dict[str, Any],
    by: Rights,
    now: datetime,
    hidden: dict[str, str] | None = None,
) -> None:
    """Write the version a change makes, and its journal row."""
    is_private = bool(changes.keys() & {"identity", "phone"})
    Version.objects.create(
        row_id=row.id,
        kind=row.kind,
        number=row.version,
        event=row.event,
        area_code=row.area_id,
        counts_as=_counts_as(row),
        act=act,
        why=why.strip(),
        changes=changes,
        before_sealed=private.seal(json.dumps(hidden)) if is_private else b"",
        at=now,
        by_id=by.person_id,
        by_name=by.name,
    )
    verbs = {Version.Act.ENTERED: "register.entered", Version.Act.WITHDRAWN: "register.withdrawn"}
    tell(verbs.get(act, "register.changed"), row, by=by, now=now)


def _counts_as(row: Row) -> str:
    """Give the figure the row adds one to: none once withdrawn, or found alive."""
    if row.withdrawn_at is not None:
        return ""
    if isinstance(row, DamagedHome):
        return row.damage
    return "" if row.status == Casualty.Status.ALIVE else row.status


def tell(verb: str, row: Row, *, by: Rights, now: datetime) -> None:
    """Journal that something was done to a row, and nothing of what it holds."""
    append.one(
        verb,
        object_kind="home" if row.kind == HOMES else "casualty",
        object_id=str(row.id),
        area_code=row.area_id,
        put=[],
        by=by,
        at=now,
    )
