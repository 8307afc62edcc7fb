"""Questions about the registers: each is one statement and takes the areas it may look into."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db import connection

from disaster.problems import FieldError
from disaster.registers.agree import VERIFIED, Counts, agrees
from gis.scope import AreaScope

# An event merged into another brings its rows along.
_EVENTS = """
    WITH RECURSIVE meant (id) AS (
        SELECT id FROM events_event WHERE id = ANY(%s)
        UNION SELECT event.id FROM events_event event JOIN meant ON event.merged_into_id = meant.id)
"""
_COUNTS = """
    {events}
    SELECT area_code, {sums} FROM (
        SELECT DISTINCT ON (row_id) area_code, counts_as FROM registers_version
         WHERE event_id IN (SELECT id FROM meant) AND at <= COALESCE(%s, 'infinity'::timestamptz)
         ORDER BY row_id, number DESC) newest
     WHERE counts_as <> '' AND {where}
     GROUP BY area_code ORDER BY area_code
"""
_KEYS = ("dead", "missing", "collapsed", "severe", "slight")
_SUMS = ", ".join(f"count(*) FILTER (WHERE counts_as = '{key}')" for key in _KEYS)


def counts(
    event_ids: Sequence[UUID], *, scope: AreaScope, cutoff: datetime | None = None
) -> dict[str, Counts]:
    """Count the rows in force by village, as they stood at ``cutoff`` (default: now).

    A person whose status changed, and a row moved to another village or withdrawn, counts
    as it did at the cutoff.
    """
    where, params = scope.covers_sql("area_code")
    with connection.cursor() as cursor:
        cursor.execute(
            _COUNTS.format(events=_EVENTS, sums=_SUMS, where=where), [list(event_ids), cutoff, *params]
        )
        return {row[0]: Counts(*row[1:]) for row in cursor.fetchall()}


def total(found: Mapping[str, Counts]) -> Counts:
    """Add up the counts of villages."""
    return Counts(*(sum(getattr(each, key) for each in found.values()) for key in _KEYS))


def agreement(
    event_id: UUID,
    area_code: str,
    figures: Mapping[str, Decimal],
    *,
    kind: str = VERIFIED,
    cutoff: datetime | None = None,
) -> dict[str, FieldError]:
    """Hold the figures of an area against its registers; empty where they agree.

    Deaths and missing have to equal their rows in a report of any ``kind``, households only
    in a 核报 (``verified``). Keys are ``figures.<key>``, as the other checks name them.
    """
    found = counts([event_id], scope=AreaScope.of([area_code]), cutoff=cutoff)
    return agrees(figures, total(found), kind=kind)
