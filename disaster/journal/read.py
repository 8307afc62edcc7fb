"""Reading the feed: after a position. Only sealed rows exist for readers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db import connection

from gis.scope import AreaScope


class Told(NamedTuple):
    """One sealed row as readers get it; ``put`` is the JSON array of changed objects."""

    position: int
    at: datetime
    verb: str
    object_kind: str
    object_id: str
    area_code: str
    downward: bool
    put: str

    def concerns(self, scope: AreaScope) -> bool:
        """Say whether readers of ``scope`` may be shown this row."""
        return scope.touches(self.area_code) if self.downward else scope.covers(self.area_code)


_SELECT = """
    SELECT seal.position, entry.at, entry.verb, entry.object_kind, entry.object_id,
           entry.area_code, entry.downward, entry.put
      FROM journal_seal seal JOIN journal_entry entry ON entry.id = seal.entry_id
"""


def visible(scope: AreaScope) -> tuple[str, list[str]]:
    """Give the SQL condition, with its parameters, for the rows of ``entry`` that readers of a scope may see.

    :meth:`Told.concerns` says the same of one row.
    """
    covered, params = scope.covers_sql("entry.area_code")
    touched, touched_params = scope.touches_sql("entry.area_code")
    return f"({covered} OR (entry.downward AND {touched}))", [*params, *touched_params]


def after(position: int, *, limit: int, scope: AreaScope | None = None) -> list[Told]:
    """Give the rows after ``position`` in order, at most ``limit``; all areas without a scope."""
    seen, params = ("TRUE", []) if scope is None else visible(scope)
    with connection.cursor() as cursor:
        cursor.execute(
            f"{_SELECT} WHERE seal.position > %s AND {seen} ORDER BY seal.position LIMIT %s",
            [position, *params, limit],
        )
        return [Told(*row) for row in cursor.fetchall()]


def position_at(moment: datetime) -> int:
    """Give the newest position sealed by ``moment``; 0 when there is none."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(position), 0) FROM journal_seal WHERE sealed_at <= %s", [moment])
        return int(cursor.fetchone()[0])


def newest(object_kind: str, ids: Iterable[str], *, moment: datetime) -> dict[str, int]:
    """Give where in the feed each object's newest row by a moment stands; the unsealed are left out."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT entry.object_id, max(seal.position)
              FROM journal_entry entry JOIN journal_seal seal ON seal.entry_id = entry.id
             WHERE entry.object_kind = %s AND entry.object_id = ANY(%s) AND entry.at <= %s
             GROUP BY entry.object_id
            """,
            [object_kind, list(ids), moment],
        )
        return dict(cursor.fetchall())


def newest_by_area(
    object_kind: str, ids: Iterable[str], *, moments: Sequence[datetime]
) -> list[dict[str, int]]:
    """Give where some objects' newest row by each moment stands, by the area it was about, in one statement.

    ``moments`` are in order of time.
    """
    # A row counts for a moment it is of: thresholds lie just after.
    thresholds = [moment + timedelta(microseconds=1) for moment in moments]
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT width_bucket(entry.at, %s::timestamptz[]), entry.area_code, max(seal.position)
              FROM journal_entry entry JOIN journal_seal seal ON seal.entry_id = entry.id
             WHERE entry.object_kind = %s AND entry.object_id = ANY(%s) AND entry.at <= %s
             GROUP BY 1, 2
            """,
            [thresholds, object_kind, list(ids), moments[-1]],
        )
        rows = cursor.fetchall()
    found: list[dict[str, int]] = [{} for _ in moments]
    for first, area, position in rows:
        for known in found[first:]:
            known[area] = max(position, known.get(area, 0))
    return found


def positions_of(object_kind: str, ids: Iterable[str], *, verb: str) -> dict[str, int]:
    """Give where in the feed each object's first row of a verb stands; the unsealed are left out."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT entry.object_id, min(seal.position)
              FROM journal_entry entry JOIN journal_seal seal ON seal.entry_id = entry.id
             WHERE entry.object_kind = %s AND entry.object_id = ANY(%s) AND entry.verb = %s
             GROUP BY entry.object_id
            """,
            [object_kind, list(ids), verb],
        )
        return dict(cursor.fetchall())
