"""A figure over time and by area: the roll-up of an event as of many moments, by one statement.

The same versions count as in :mod:`disaster.reports.rollup`; a test holds both against each other.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from django.db import connection

from disaster import problems
from disaster.events.models import Event
from disaster.people.scope import Rights
from disaster.problems import FieldError, Words
from disaster.reports.indicators import BY_KEY, ONCE_A_TOWNSHIP
from disaster.rules import book
from gis.scope import AreaScope, pad, prefix_of

NO_INDICATOR = Words("没有这个指标", "There is no such figure")
AHEAD = Words("截止时间不能晚于现在,也不能早于过程开始", "The end must lie between the event's start and now")
TOWNSHIP, VILLAGE = 9, 12

_SQL = """
    SELECT moment, left(area_code, %s) AS part, sum(figure), count(*) FROM (
        SELECT DISTINCT ON (moment, series_then) moment, area_code, coalesce((figures->>%s)::numeric, 0) AS figure, event_then
          FROM (
            SELECT moment, report.area_code, report.figures, report.serial,
                   CASE WHEN moved.id IS NULL THEN report.event_id ELSE moved.from_event_id END AS event_then,
                   CASE WHEN moved.id IS NULL THEN report.series ELSE moved.from_series END AS series_then
              FROM unnest(%s::timestamptz[]) AS moment
              JOIN reports_report report ON report.received_at <= moment
               AND (report.returned_at IS NULL OR report.returned_at > moment) AND {covered}
               AND (report.event_id = %s OR report.id IN (SELECT move.report_id FROM reports_move move WHERE move.from_event_id = %s))
              LEFT JOIN LATERAL (
                   SELECT move.id, move.from_event_id, move.from_series FROM reports_move move
                    WHERE move.report_id = report.id AND move.at > moment
                    ORDER BY move.at, move.id LIMIT 1) moved ON true) placed
         WHERE event_then = %s ORDER BY moment, series_then, serial DESC) standing
     GROUP BY moment, part ORDER BY moment, part
"""


class Trend(NamedTuple):
    """``totals`` stand beside ``moments``; ``parts``: area's code → its figure at the last of them."""

    moments: list[datetime]
    totals: list[Decimal]
    reports: list[int]
    parts: dict[str, Decimal]
    level: str


def of(*, event_id: UUID, indicator: str, area: str, until: datetime, by: Rights, now: datetime) -> Trend:
    """Give an indicator of an event from its start to a moment, by township, or of one township by village.

    Raises
    ------
    Problem
        403.1 without the right to see reports, 404.1 for an event or area out of sight, 400.2
        for what can't be asked.
    """
    seen = by.where("report.see")
    if not seen.prefixes:
        raise problems.NOT_ALLOWED()
    event: Event | None = Event.objects.touching(seen).filter(pk=event_id).first()
    if event is None or (area and not seen.covers(area)):
        raise problems.NOT_FOUND()
    errors = {}
    if indicator not in BY_KEY:
        errors["indicator"] = FieldError(NO_INDICATOR)
    if not event.started_at <= until <= now:
        errors["until"] = FieldError(AHEAD)
    if errors:
        raise problems.BAD_FIELDS(errors)
    scope = AreaScope.of([area]) if area else seen
    length = VILLAGE if all(len(prefix) >= TOWNSHIP for prefix in scope.prefixes) else TOWNSHIP
    moments = moments_of(event.started_at, until, book.value("chart.moments"))
    return add_up(moments, _rows(event_id, indicator, moments, scope, length), indicator, length)


def moments_of(start: datetime, end: datetime, most: int) -> list[datetime]:
    """Give moments the same time apart, the last of them the end itself.

    >>> from datetime import UTC
    >>> [at.hour for at in moments_of(datetime(2026, 7, 1, tzinfo=UTC), datetime(2026, 7, 1, 6, tzinfo=UTC), 3)]
    [2, 4, 6]
    """
    step = (end - start) / most
    if step < timedelta(minutes=1):
        most = max(1, int((end - start) / timedelta(minutes=1)))
        step = (end - start) / most
    return [end - step * back for back in range(most - 1, -1, -1)]


Row = tuple[datetime, str, Decimal, int]


def add_up(moments: list[datetime], rows: Iterable[Row], indicator: str, length: int) -> Trend:
    """Add parts to totals; what is counted once a township, once a township (pure)."""
    once = indicator in ONCE_A_TOWNSHIP
    townships: dict[tuple[datetime, str], Decimal] = defaultdict(Decimal)
    reports: dict[datetime, int] = defaultdict(int)
    parts: dict[str, Decimal] = {}
    for moment, part, figure, count in rows:
        reports[moment] += count
        townships[moment, part[:TOWNSHIP]] += figure
        if moment == moments[-1]:
            # A township that is counted once in all is counted once in its row; villages keep what they say.
            parts[pad(part)] = min(figure, Decimal(1)) if once and _is_township(part) else figure
    totals: dict[datetime, Decimal] = defaultdict(Decimal)
    for (moment, part), figure in townships.items():
        totals[moment] += min(figure, Decimal(1)) if once and _is_township(part) else figure
    return Trend(
        moments,
        [totals[at] for at in moments],
        [reports[at] for at in moments],
        parts,
        "village" if length == VILLAGE else "township",
    )


def _is_township(part: str) -> bool:
    return len(prefix_of(pad(part))) == TOWNSHIP


def _rows(event: UUID, indicator: str, moments: list[datetime], scope: AreaScope, length: int) -> list[Row]:
    covered, params = scope.covers_sql("report.area_code")
    with connection.cursor() as cursor:
        cursor.execute(
            _SQL.format(covered=covered), [length, indicator, moments, *params, event, event, event]
        )
        return cursor.fetchall()
