"""Keeping the photos of a report: they travel apart from it and may come later."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.contrib.gis.geos import Point
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection, transaction

from disaster import problems
from disaster.journal import append
from disaster.people.scope import Rights
from disaster.reports.models import Photo, Report
from disaster.reports.pictures import NotAPicture, Picture, clean
from disaster.reports.shown import views
from disaster.rules.book import BEIJING

EXIF_TIME = "%Y:%m:%d %H:%M:%S"
"""How EXIF 2.3 writes a time (DateTimeOriginal): the camera's own clock, without an offset."""


def path_of(photo_hash: str, size: str) -> str:
    """Give the place of a photo in the storage; ``size`` is "full" or "thumb"."""
    return f"photos/{photo_hash[:2]}/{photo_hash}.{size}.jpg"


def store_photo(report_id: UUID, photo_hash: str, data: bytes, *, by: Rights, now: datetime) -> None:
    """Keep one photo that the report named by its hash; a repeat changes nothing.

    Raises
    ------
    Problem
        404.1 if there is no such report of this officer naming this photo, 413.1 if it is
        too large, 400.6 if it did not arrive whole, 400.5 if it is no picture.
    """
    report = Report.objects.filter(id=report_id, author_id=by.person_id).first()
    if report is None or photo_hash not in report.photos:
        raise problems.NOT_FOUND()
    if len(data) > settings.MAX_PHOTO_BYTES:
        raise problems.TOO_LARGE(limit=f"{settings.MAX_PHOTO_BYTES // 1024 // 1024} MB")
    if hashlib.sha256(data).hexdigest() != photo_hash:
        raise problems.WRONG_HASH()
    if Photo.objects.filter(report=report, hash=photo_hash).exists():
        return
    try:
        picture = clean(data, max_pixels=settings.MAX_PHOTO_PIXELS)
    except NotAPicture:
        raise problems.NOT_A_PICTURE() from None
    _keep(report, photo_hash, picture, by=by, now=now)


def _keep(report: Report, photo_hash: str, picture: Picture, *, by: Rights, now: datetime) -> None:
    for size, content in (("full", picture.full), ("thumb", picture.thumb)):
        # Named by content: an upload cut short before the commit is simply written again.
        if not default_storage.exists(path_of(photo_hash, size)):
            default_storage.save(path_of(photo_hash, size), ContentFile(content))
    with transaction.atomic():
        _, is_new = Photo.objects.get_or_create(
            report=report,
            hash=photo_hash,
            defaults={
                "width": picture.width,
                "height": picture.height,
                "taken_at": picture.taken_at,
                "taken_point": Point(*picture.taken_lonlat, srid=4326) if picture.taken_lonlat else None,
                "far_m": _far_m(report, picture.taken_lonlat),
                "hours_off": hours_off(picture.taken_at, report.occurred_at, report.submitted_at),
                "stored_at": now,
            },
        )
        if is_new:
            append.one(
                "report.photo_stored",
                object_kind="report",
                object_id=str(report.id),
                area_code=report.area_id,
                put=views("report.id = %s", [report.id]),
                by=by,
                at=now,
            )


def hours_off(taken_at: str, occurred_at: datetime, submitted_at: datetime) -> float | None:
    """Give the hours a photo was taken before the disaster or after the filing; 0 between them.

    ``taken_at`` is EXIF's text, in Beijing time; None if it is no time.
    """
    try:
        taken = datetime.strptime(taken_at, EXIF_TIME).replace(tzinfo=BEIJING)
    except ValueError:
        return None
    off = max(occurred_at - taken, taken - submitted_at, timedelta())
    return round(off.total_seconds() / 3600, 2)


def _far_m(report: Report, taken: tuple[float, float] | None) -> int | None:
    """Give the metres between where a photo was taken and its report's point, else its village's."""
    if taken is None:
        return None
    with connection.cursor() as cursor:
        # Geography, so metres on the ellipsoid; EXIF's datum is WGS-84, ours within a metre of it.
        cursor.execute(
            """
            SELECT ST_Distance(ST_SetSRID(ST_MakePoint(%s, %s), 4326)::geography,
                               coalesce(report.point, area.point)::geography)
              FROM reports_report report JOIN places_area area ON area.code = report.area_code
             WHERE report.id = %s
            """,
            [*taken, report.id],
        )
        [metres] = cursor.fetchone()
    return None if metres is None else round(metres)
