"""Rolling reports up: village → township → county, as of any cutoff.

Each report is cumulative since its event began, so one version of each series counts: the
newest that had arrived by the cutoff and had not been returned by then. Nothing else is
needed, because whatever supersedes a version is newer than it, and a return brings the
older one back. Where a report stood in another event at that time, its moves say so.

A township's own entry (本级) is a report filed for the township itself; it adds to its
villages' figures.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Literal, NamedTuple
from uuid import UUID

import msgspec
from django.db import connection

from disaster.reports.indicators import ONCE_A_TOWNSHIP
from disaster.reports.shown import ReportView, views
from gis.scope import AreaScope, pad

Basis = Literal["received", "passed", "approved"]
"""Which reports count: all that arrived (初步统计), those the township passed, those the county approved (核定)."""

SINCE = {
    "received": "report.received_at",
    "passed": "least(report.passed_at, report.approved_at)",
    "approved": "report.approved_at",
}
"""Basis → the SQL moment from which a report counts."""
_figures = msgspec.json.Decoder(dict[str, Decimal])


class Standing(NamedTuple):
    """The version that counts for one series at the cutoff."""

    id: UUID
    area: str
    received_at: datetime
    figures: Mapping[str, Decimal]


class Row(NamedTuple):
    """One area's sums. ``own``: figures of its own entry, where it is no village."""

    area: str
    reports: int
    villages: int
    newest_at: datetime | None
    figures: dict[str, Decimal]
    own: dict[str, Decimal]


def standing(*, event: UUID, cutoff: datetime, scope: AreaScope, basis: Basis = "received") -> list[Standing]:
    """Give the version that counted for each series of an event at the cutoff, by one statement."""
    covered, params = scope.covers_sql("report.area_code")
    since = SINCE[basis]
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT DISTINCT ON (series_then) id, area_code, received_at, figures::text FROM (
                SELECT report.id, report.area_code, report.received_at, report.figures, report.serial,
                       CASE WHEN moved.id IS NULL THEN report.event_id ELSE moved.from_event_id END AS event_then,
                       CASE WHEN moved.id IS NULL THEN report.series ELSE moved.from_series END AS series_then
                  FROM reports_report report
                  LEFT JOIN LATERAL (
                       SELECT move.id, move.from_event_id, move.from_series FROM reports_move move
                        WHERE move.report_id = report.id AND move.at > %s
                        ORDER BY move.at, move.id LIMIT 1) moved ON true
                 WHERE (report.event_id = %s OR report.id IN (
                           SELECT move.report_id FROM reports_move move WHERE move.from_event_id = %s))
                   AND {since} <= %s AND (report.returned_at IS NULL OR report.returned_at > %s) AND {covered}
            ) placed
             WHERE event_then = %s ORDER BY series_then, serial DESC
            """,  # noqa: S608 - conditions of ours, values as parameters
            [cutoff, event, event, cutoff, cutoff, *params, event],
        )
        return [
            Standing(report, area, received_at, _figures.decode(figures))
            for report, area, received_at, figures in cursor.fetchall()
        ]


def table(*, event: UUID, cutoff: datetime, scope: AreaScope, basis: Basis = "received") -> dict[str, Row]:
    """Give the sums of every village, township and county in ``scope`` with reports, by 12-digit code."""
    rows = roll_up(standing(event=event, cutoff=cutoff, scope=scope, basis=basis))
    # What lies above the reader's area would be a sum of a part only.
    return {area: row for area, row in rows.items() if scope.covers(area)}


def sources(*, event: UUID, cutoff: datetime, area: str, basis: Basis = "received") -> list[ReportView]:
    """Give the reports behind one area's sums at a cutoff: what a total is made of."""
    behind = standing(event=event, cutoff=cutoff, scope=AreaScope.of([area]), basis=basis)
    return views("report.id = ANY(%s)", [[one.id for one in behind]], order="report.area_code, report.serial")


def roll_up(counted: Iterable[Standing]) -> dict[str, Row]:
    """Add up what counts, for each area and all above it (pure).

    Sums of a township's villages and its own entry make the township, townships make the
    county. A flooded township (受淹乡镇) is counted once, however many of its villages say so.
    """
    found: dict[str, _Sum] = {}
    for one in counted:
        for area in lineage(one.area):
            found.setdefault(area, _Sum(area)).add(one)
    for area in [code for code in found if is_township(code)]:
        found[area].count_once()
    for area, whole in found.items():
        if area.endswith("0" * 6):
            whole.count_townships(
                part for code, part in found.items() if is_township(code) and code[:6] == area[:6]
            )
    return {area: whole.row() for area, whole in sorted(found.items())}


def lineage(area: str) -> tuple[str, ...]:
    """Give an area with its township and county.

    >>> lineage("340882101201")
    ('340882101201', '340882101000', '340882000000')
    """
    return tuple(dict.fromkeys((area, pad(area[:9]), pad(area[:6]))))


def is_township(area: str) -> bool:
    """Say whether a code names a township."""
    return area.endswith("000") and not area.endswith("000000")


class _Sum:
    """The sums of one area while they are made."""

    def __init__(self, area: str) -> None:
        self.area = area
        self.reports = 0
        self.villages: set[str] = set()
        self.newest_at: datetime | None = None
        self.figures: dict[str, Decimal] = {}
        self.own: dict[str, Decimal] = {}

    def add(self, one: Standing) -> None:
        self.reports += 1
        if not one.area.endswith("000"):
            self.villages.add(one.area)
        if self.newest_at is None or one.received_at > self.newest_at:
            self.newest_at = one.received_at
        add_to(self.figures, one.figures)
        if one.area == self.area and self.area.endswith("000"):
            add_to(self.own, one.figures)

    def count_once(self) -> None:
        for key in ONCE_A_TOWNSHIP & self.figures.keys():
            self.figures[key] = min(self.figures[key], Decimal(1))

    def count_townships(self, parts: Iterable[_Sum]) -> None:
        townships = list(parts)
        for key in ONCE_A_TOWNSHIP & self.figures.keys():
            direct = self.own.get(key, Decimal(0))
            self.figures[key] = sum((part.figures.get(key, Decimal(0)) for part in townships), direct)

    def row(self) -> Row:
        return Row(self.area, self.reports, len(self.villages), self.newest_at, self.figures, self.own)


def add_to(sums: dict[str, Decimal], figures: Mapping[str, Decimal]) -> None:
    """Add figures to sums; a figure nobody gave stays absent."""
    for key, value in figures.items():
        sums[key] = sums.get(key, Decimal(0)) + value
