"""Replaying the feed by the clock: how things stood at a moment, and what changed after it.

A reader of positions follows the order of sealing; a reader of moments follows ``entry.at``, the time
the change itself carries, which the as-of questions of the rooms above use too. Rows of one moment
keep the order they were written in. Only sealed rows exist for readers.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

import msgspec
from django.db import connection

from disaster.journal import read
from gis.scope import AreaScope

PAGE = 1_000
"""Rows that one question about changes gives at most."""
PAGE_BYTES = 2_000_000
"""A page ends early when its objects would weigh more."""


class Happening(NamedTuple):
    """One row with objects: when, which verb, on what, where; ``put`` are the objects afterwards, whole."""

    at: datetime
    id: int
    verb: str
    object_kind: str
    object_id: str
    area_code: str
    put: msgspec.Raw


class Mark(NamedTuple):
    """One row without its objects."""

    at: datetime
    verb: str
    object_kind: str
    object_id: str
    area_code: str


def state(moment: datetime, *, scope: AreaScope, event: UUID) -> list[msgspec.Raw]:
    """Give every object the feed had told of by a moment, as it stood then, in one statement.

    A row may change several objects (a new version and the one it replaces): each object is taken
    from the newest row that holds it. Of reports only those that stood in ``event`` are given.
    """
    seen, params = read.visible(scope)
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT view::text FROM (
                SELECT DISTINCT ON (view->>'object', view->>'id') view, entry.at, entry.id
                  FROM journal_entry entry
                  JOIN journal_seal seal ON seal.entry_id = entry.id
                 CROSS JOIN LATERAL json_array_elements(entry.put::json) view
                 WHERE entry.at <= %s AND entry.put <> '[]' AND {seen}
                 ORDER BY view->>'object', view->>'id', entry.at DESC, entry.id DESC) newest
             WHERE view->>'object' <> 'report' OR view->>'event' = %s
             ORDER BY at, id
            """,  # noqa: S608 - conditions of ours, values as parameters
            [moment, *params, str(event)],
        )
        return [msgspec.Raw(row[0].encode()) for row in cursor.fetchall()]


def told(kinds: Sequence[str], ids: Sequence[str]) -> set[str]:
    """Give which of some objects the journal tells of at all."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT object_id FROM journal_entry WHERE object_kind = ANY(%s) AND object_id = ANY(%s)",
            [list(kinds), list(ids)],
        )
        return {row[0] for row in cursor.fetchall()}


def changes(
    since: datetime, until: datetime, *, scope: AreaScope, after: int | None = None, limit: int = PAGE
) -> list[Happening]:
    """Give what changed in (``since``, ``until``] in order of time, one page of it.

    ``after`` is the id of the last row of the page before, whose moment is then ``since``: rows of that
    very moment may still be left. A page holds ``limit`` rows or about :data:`PAGE_BYTES`, at least one.
    """
    seen, params = read.visible(scope)
    begin = "entry.at > %s" if after is None else "(entry.at, entry.id) > (%s, %s)"
    values = [since] if after is None else [since, after]
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT at, id, verb, object_kind, object_id, area_code, put FROM (
                SELECT entry.*, sum(length(put)) OVER (ORDER BY entry.at, entry.id) - length(put) AS weight
                  FROM (SELECT entry.at, entry.id, verb, object_kind, object_id, area_code, put
                          FROM journal_entry entry JOIN journal_seal seal ON seal.entry_id = entry.id
                         WHERE entry.at >= %s AND {begin} AND entry.at <= %s AND entry.put <> '[]' AND {seen}
                         ORDER BY entry.at, entry.id LIMIT %s) entry) weighed
             WHERE weight < %s ORDER BY at, id
            """,  # noqa: S608 - conditions of ours, values as parameters
            [since, *values, until, *params, min(limit, PAGE), PAGE_BYTES],
        )
        return [
            Happening(at, row_id, verb, kind, object_id, area, msgspec.Raw(put.encode()))
            for at, row_id, verb, kind, object_id, area, put in cursor.fetchall()
        ]


def marks(
    since: datetime, until: datetime, *, scope: AreaScope, verbs: Sequence[str], limit: int
) -> list[Mark]:
    """Give the rows of some verbs in [``since``, ``until``], without their objects: where to jump to.

    In order of time; of more than ``limit`` the newest.
    """
    seen, params = read.visible(scope)
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT entry.at, entry.verb, entry.object_kind, entry.object_id, entry.area_code
              FROM journal_entry entry JOIN journal_seal seal ON seal.entry_id = entry.id
             WHERE entry.at >= %s AND entry.at <= %s AND entry.verb = ANY(%s) AND {seen}
             ORDER BY entry.at DESC, entry.id DESC LIMIT %s
            """,  # noqa: S608 - conditions of ours, values as parameters
            [since, until, list(verbs), *params, limit],
        )
        return [Mark(*row) for row in reversed(cursor.fetchall())]


def counts(since: datetime, until: datetime, *, scope: AreaScope, verbs: Sequence[str]) -> dict[str, int]:
    """Count the rows of each of some verbs in (``since``, ``until``]; a verb with none is left out."""
    seen, params = read.visible(scope)
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT entry.verb, count(*)
              FROM journal_entry entry JOIN journal_seal seal ON seal.entry_id = entry.id
             WHERE entry.at > %s AND entry.at <= %s AND entry.verb = ANY(%s) AND {seen}
             GROUP BY entry.verb
            """,  # noqa: S608 - conditions of ours, values as parameters
            [since, until, list(verbs), *params],
        )
        return dict(cursor.fetchall())


def density(since: datetime, until: datetime, *, scope: AreaScope, verb: str, buckets: int) -> list[int]:
    """Count the rows of a verb in equal parts of a stretch of time."""
    seen, params = read.visible(scope)
    found = [0] * buckets
    length = max((until - since).total_seconds(), 1.0)
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT least(%s - 1, floor(extract(epoch FROM entry.at - %s) / %s * %s)::int) AS part, count(*)
              FROM journal_entry entry
             WHERE entry.at >= %s AND entry.at <= %s AND entry.verb = %s AND {seen} GROUP BY part
            """,  # noqa: S608 - conditions of ours, values as parameters
            [buckets, since, length, buckets, since, until, verb, *params],
        )
        for part, many in cursor.fetchall():
            found[part] = many
    return found
