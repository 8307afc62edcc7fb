"""Questions about reports: each is one statement and takes the reader's scope."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from django.db import connection
from django.utils import timezone

from disaster import problems
from disaster.people.scope import Rights, require
from disaster.reports.models import Photo, Report, Voice
from disaster.reports.shown import ReportView, views
from gis.scope import AreaScope

RECENT = timedelta(days=30)
"""How long reports outside any open event stay in snapshots."""


def reports_in(scope: AreaScope) -> list[ReportView]:
    """Give the reports of open events, and the recent others, for a reader's map."""
    covered, params = scope.covers_sql("report.area_code")
    where = f"""{covered} AND (
        report.event_id IN (SELECT id FROM events_event WHERE closed_at IS NULL)
        OR report.received_at >= %s)"""  # noqa: S608 - conditions of ours
    return views(where, [*params, timezone.now() - RECENT])


class Detail(NamedTuple):
    """A report with every version of its series, oldest first."""

    report: ReportView
    history: list[ReportView]


def detail(report_id: UUID, *, by: Rights) -> Detail:
    """Give one report and its history.

    Raises
    ------
    Problem
        404.1 if there is none in the reader's sight.
    """
    history = views(
        "report.series = (SELECT series FROM reports_report WHERE id = %s)",
        [report_id],
        order="report.serial",
    )
    found = next((version for version in history if version.id == report_id), None)
    if found is None:
        raise problems.NOT_FOUND()
    require(by, "report.see", found.area)
    return Detail(found, history)


class Totals(NamedTuple):
    """Sums over standing versions; ``figures`` in statutory units."""

    reports: int
    villages: int
    figures: dict[str, Decimal]


_STANDING = """
    SELECT DISTINCT ON (report.series) report.area_code, report.figures
      FROM reports_report report
     WHERE report.superseded_by IS NULL AND report.state <> 'returned' AND {where}
     ORDER BY report.series, report.serial DESC
"""


def totals(*, scope: AreaScope, event: UUID | None = None) -> Totals:
    """Add up the standing version of each series in ``scope``: cumulative, never doubled."""
    where, params = scope.covers_sql("report.area_code")
    values: list[str | UUID] = list(params)
    if event is not None:
        where += " AND report.event_id = %s"
        values.append(event)
    standing = _STANDING.format(where=where)
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            WITH standing AS ({standing})
            SELECT NULL, count(*)::numeric, count(DISTINCT area_code)::numeric FROM standing
            UNION ALL
            SELECT figure.key, sum(figure.value::numeric), NULL
              FROM standing, jsonb_each_text(standing.figures) AS figure GROUP BY figure.key
            """,  # noqa: S608 - conditions of ours, values as parameters
            values,
        )
        counts: tuple[int, int] = (0, 0)
        figures: dict[str, Decimal] = {}
        for key, value, villages in cursor.fetchall():
            if key is None:
                counts = (int(value), int(villages))
            else:
                figures[key] = value
    return Totals(*counts, figures)


def may_see_photo(photo_hash: str, *, scope: AreaScope) -> bool:
    """Say whether a stored photo belongs to a report in ``scope``."""
    covered, params = scope.covers_sql("report.area_code")
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT EXISTS (SELECT 1 FROM {Photo._meta.db_table} photo
                JOIN {Report._meta.db_table} report ON report.id = photo.report_id
               WHERE photo.hash = %s AND {covered})
            """,  # noqa: S608
            [photo_hash, *params],
        )
        return bool(cursor.fetchone()[0])


def voice_mime(voice_hash: str, *, scope: AreaScope) -> str | None:
    """Give the type of a stored voice note of a report in ``scope``; None if there is none."""
    covered, params = scope.covers_sql("report.area_code")
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT voice.mime FROM {Voice._meta.db_table} voice
              JOIN {Report._meta.db_table} report ON report.id = voice.report_id
             WHERE voice.hash = %s AND {covered} LIMIT 1
            """,  # noqa: S608
            [voice_hash, *params],
        )
        row = cursor.fetchone()
    return str(row[0]) if row else None
