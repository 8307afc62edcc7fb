"""A report as the feed, the snapshot and the API show it: one shape everywhere."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from django.db import connection

from disaster.rules import book


class PhotoFlag(msgspec.Struct, frozen=True):
    """What is odd about a photo: taken ``far_m`` metres from the report's place, or ``hours_off``
    hours outside the time from the disaster to the filing; null where that is as it should be.
    """

    far_m: int | None
    hours_off: float | None


class ReportView(msgspec.Struct, frozen=True, tag_field="object", tag="report"):
    """A report whole. ``lon``, ``lat`` are EPSG:4326; ``figures`` are in statutory units."""

    id: UUID
    number: str
    series: UUID
    area: str
    kind: str
    hazard: str
    event: UUID | None
    state: str
    remark: str
    by: str
    corrects: UUID | None
    crosses: UUID | None
    superseded_by: UUID | None
    occurred_at: datetime
    discovered_at: datetime | None
    submitted_at: datetime
    received_at: datetime
    seen_at: datetime | None
    passed_at: datetime | None
    passed_by: str
    approved_at: datetime | None
    approved_by: str
    returned_at: datetime | None
    returned_fields: list[str]
    proxy: msgspec.Raw
    clock_skew_s: float
    lon: float | None
    lat: float | None
    accuracy_m: float | None
    method: str
    placed_in: str
    figures: msgspec.Raw
    text: str
    photos: list[str]
    photos_stored: list[str]
    photo_flags: dict[str, PhotoFlag]
    voices: list[str]
    voices_stored: list[str]


_COLUMNS = """
    report.id, report.number, report.series, report.area_code, report.kind, report.hazard,
    report.event_id, report.state, report.remark, report.author_name, report.corrects,
    report.crosses, report.superseded_by, report.occurred_at, report.discovered_at,
    report.submitted_at, report.received_at, report.seen_at,
    report.passed_at, report.passed_by, report.approved_at, report.approved_by,
    report.returned_at, report.returned_fields, coalesce(report.proxy::text, 'null'),
    report.clock_skew_s, ST_X(report.point), ST_Y(report.point), report.accuracy_m, report.method, report.placed_in, report.figures::text, report.text, report.photos,
    ARRAY(SELECT photo.hash FROM reports_photo photo WHERE photo.report_id = report.id ORDER BY photo.id),
    (SELECT jsonb_object_agg(photo.hash, jsonb_build_object(
                'far_m', CASE WHEN photo.far_m > %s THEN photo.far_m END,
                'hours_off', CASE WHEN photo.hours_off > %s THEN photo.hours_off END))::text
       FROM reports_photo photo
      WHERE photo.report_id = report.id AND (photo.far_m > %s OR photo.hours_off > %s)),
    report.voices,
    ARRAY(SELECT voice.hash FROM reports_voice voice WHERE voice.report_id = report.id ORDER BY voice.id)
"""
_PROXY, _FIGURES, _FLAGS = 24, 31, 35
_flags = msgspec.json.Decoder(dict[str, PhotoFlag])


def views(
    where: str, params: Iterable[Any], *, order: str = "report.serial", limit: int | None = None
) -> list[ReportView]:
    """Give the reports that meet an SQL condition of ours, in one statement."""
    sql = f"SELECT {_COLUMNS} FROM reports_report report WHERE {where} ORDER BY {order}"  # noqa: S608
    limits = [book.value("photo.far"), book.value("photo.old") / 60]
    values = [*limits, *limits, *params]
    if limit is not None:
        sql += " LIMIT %s"
        values.append(limit)
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return [_view(row) for row in cursor.fetchall()]


def _view(row: tuple[Any, ...]) -> ReportView:
    values = list(row)
    for column in (_PROXY, _FIGURES):
        values[column] = msgspec.Raw(row[column].encode())
    values[_FLAGS] = _flags.decode(row[_FLAGS] or "{}")
    return ReportView(*values)
