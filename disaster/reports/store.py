"""The statements that keep reports: each is one SQL for a whole batch."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

import msgspec
from django.db import connection

from disaster.journal import bulk
from disaster.reports.messages import ReportStored
from disaster.reports.shown import ReportView, views
from disaster.reports.submission import Accepted
from disaster.reports.versions import Said, Series, Version

_figures = msgspec.json.Decoder(dict[str, Decimal])
_encoder = msgspec.json.Encoder(decimal_format="number")

_RECEIPT_COLUMNS = """
    id, number, area_code, occurred_at, discovered_at, submitted_at, received_at,
    approved_at, clock_skew_s, crosses
"""


def first_receipts(ids: Sequence[UUID]) -> dict[UUID, tuple[bytes, ReportStored]]:
    """Give digest and receipt of those ids that are stored already."""
    if not ids:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT digest, {_RECEIPT_COLUMNS} FROM reports_report WHERE id = ANY(%s)",  # noqa: S608
            [list(ids)],
        )
        # approved_at is left out: a repeat gets the first receipt, not a newer one.
        return {row[1]: (bytes(row[0]), _first_receipt(row[1:])) for row in cursor.fetchall()}


def _first_receipt(row: tuple[Any, ...]) -> ReportStored:
    return ReportStored(*row[:7], None, *row[8:])  # type: ignore[call-arg]


def series_of_versions(ids: Sequence[UUID]) -> dict[UUID | None, UUID]:
    """Give the series each stored version belongs to."""
    if not ids:
        return {}
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, series FROM reports_report WHERE id = ANY(%s)", [list(ids)])
        return dict(cursor.fetchall())


def visible_versions(series: Iterable[UUID]) -> dict[UUID, Series]:
    """Give the versions not superseded, by series, oldest first."""
    keys = list(series)
    found: dict[UUID, Series] = {}
    if not keys:
        return found
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT series, id, state, figures::text, text, hazard, occurred_at, photos, voices, returned_fields
              FROM reports_report
             WHERE series = ANY(%s) AND superseded_by IS NULL ORDER BY serial
            """,
            [keys],
        )
        for key, version, state, figures, *rest, fields in cursor.fetchall():
            text, hazard, occurred_at, photos, voices = rest
            said = Said(text, hazard, occurred_at, tuple(photos), tuple(voices))
            found.setdefault(key, Series(key, [])).versions.append(
                Version(version, state, _figures.decode(figures), said, tuple(fields))
            )
    return found


_INSERT = """
    INSERT INTO reports_report (
        id, serial, number, digest, series, event_id, area_code, kind, hazard, state, remark,
        author_id, author_name, corrects, crosses, occurred_at, discovered_at, submitted_at,
        received_at, clock_skew_s, point, raw_lon, raw_lat, datum, method, accuracy_m, age_s,
        placed_in, figures, entered, text, notes, photos, voices, proxy, passed_by, approved_by,
        returned_by, returned_fields)
    SELECT id, serial,
           left(area, 6) || '-' || to_char(received_at AT TIME ZONE 'Asia/Shanghai', 'YYYYMMDD')
                || '-' || lpad(serial::text, greatest(6, length(serial::text)), '0'),
           decode(digest, 'base64'), series, event, area, kind, hazard, 'stored', '',
           author_id, author_name, corrects, crosses, occurred_at, discovered_at, submitted_at,
           received_at, clock_skew_s,
           CASE WHEN lon IS NULL THEN NULL ELSE ST_SetSRID(ST_MakePoint(lon, lat), 4326) END,
           (fix->>'lon')::float8, (fix->>'lat')::float8, coalesce(fix->>'datum', ''),
           coalesce(fix->>'method', ''), (fix->>'accuracy_m')::float8, (fix->>'age_s')::float8,
           placed_in, figures, entered, text, notes, photos, voices, proxy, '', '', '', '{}'
      FROM (SELECT nextval('reports_serial') AS serial, row.*
              FROM json_to_recordset(%s::json) AS row(
                   id uuid, digest text, series uuid, event uuid, area text, kind text, hazard text,
                   author_id bigint, author_name text, corrects uuid, crosses uuid,
                   occurred_at timestamptz, discovered_at timestamptz, submitted_at timestamptz,
                   received_at timestamptz, clock_skew_s float8, lon float8, lat float8,
                   fix json, placed_in text, figures jsonb, entered jsonb, text text,
                   notes jsonb, photos text[], voices text[], proxy jsonb)) AS numbered
    ON CONFLICT (id) DO NOTHING
    RETURNING id, number
"""


def insert(accepted: Sequence[Accepted]) -> dict[UUID, ReportView]:
    """Write reports by one statement, and show those that were new.

    The statement reads the fields of :class:`Accepted` by their names, as JSON.
    """
    numbers = dict(bulk.execute(_INSERT, _encoder.encode(accepted)))
    return {item.id: _shown(item, numbers[item.id]) for item in accepted if item.id in numbers}


def _shown(item: Accepted, number: str) -> ReportView:
    return ReportView(
        id=item.id,
        number=number,
        series=item.series,
        area=item.area,
        kind=item.kind,
        hazard=item.hazard,
        event=item.event,
        state="stored",
        remark="",
        by=item.author_name,
        corrects=item.corrects,
        crosses=item.crosses,
        superseded_by=None,
        occurred_at=item.occurred_at,
        discovered_at=item.discovered_at,
        submitted_at=item.submitted_at,
        received_at=item.received_at,
        seen_at=None,
        passed_at=None,
        passed_by="",
        approved_at=None,
        approved_by="",
        returned_at=None,
        returned_fields=[],
        proxy=msgspec.Raw(_encoder.encode(item.proxy)),
        clock_skew_s=item.clock_skew_s,
        lon=item.lon,
        lat=item.lat,
        accuracy_m=item.fix.accuracy_m if item.fix else None,
        method=item.fix.method if item.fix else "",
        placed_in=item.placed_in,
        figures=msgspec.Raw(_encoder.encode(item.figures)),
        text=item.text,
        photos=list(item.photos),
        photos_stored=[],
        photo_flags={},
        voices=list(item.voices),
        voices_stored=[],
    )


def receipt(view: ReportView) -> ReportStored:
    """Write the receipt of a report that has just been stored."""
    return ReportStored(
        id=view.id,
        number=view.number,
        area=view.area,
        occurred_at=view.occurred_at,
        discovered_at=view.discovered_at,
        submitted_at=view.submitted_at,
        received_at=view.received_at,
        approved_at=None,
        clock_skew_s=view.clock_skew_s,
        crosses=view.crosses,
    )


def supersede(pairs: Sequence[tuple[UUID, UUID]]) -> dict[UUID, ReportView]:
    """Mark old versions as replaced by new ones, and show the old ones as they are now."""
    if not pairs:
        return {}
    old, new = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE reports_report report SET superseded_by = pair.new
              FROM unnest(%s::uuid[], %s::uuid[]) AS pair(old, new)
             WHERE report.id = pair.old
            """,
            [old, new],
        )
    return {view.id: view for view in views("report.id = ANY(%s)", [old])}
