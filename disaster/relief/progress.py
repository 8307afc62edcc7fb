"""Saying to the feed that relief has moved on somewhere: one signal an act, and nothing of whom it concerns.

Boards and the map ask for their figures anew when they hear it (:mod:`disaster.relief.board`). It is put
as over at once (``told``), so snapshots know nothing of it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Literal

import msgspec

from disaster.journal import append
from gis.scope import common

VERB = "relief.moved"


class ProgressView(msgspec.Struct, frozen=True, tag_field="object", tag="progress"):
    """The figures of an area, or what is late in it, are others than before; ``id`` is the area's code."""

    id: str
    at: datetime
    state: Literal["told"] = "told"


def row(areas: Iterable[str], *, by: append.Actor | None, now: datetime) -> append.Row:
    """Make the journal's row of one act, told to the smallest area that holds all it was about, and above."""
    area = common(areas)
    return append.Row(
        verb=VERB,
        object_kind="progress",
        object_id=area,
        area_code=area,
        at=now,
        put=append.images([ProgressView(id=area, at=now)]),
        actor_id=by.person_id if by else None,
        actor=by.name if by else "",
    )
