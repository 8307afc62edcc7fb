"""A photo taken elsewhere or at another time is pointed out, to the map and to the reviewer."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.gis.geos import Point
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from PIL import ExifTags, Image

from disaster.reports.models import Photo
from disaster.reports.services import store_photo, submit
from disaster.reports.services.photos import hours_off
from disaster.reports.shown import ReportView, views
from disaster.rules.book import BEIJING
from tests.world import JIA, World, a_report, inside, submission

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 7, 5, 7, 0, tzinfo=UTC)
"""15:00 in Beijing."""


@pytest.fixture(autouse=True)
def _files_apart(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def degrees(value: float) -> tuple[float, float, float]:
    return (int(value), 0.0, (value - int(value)) * 3600)


def taken(at: datetime | None = None, place: tuple[float, float] | None = None) -> bytes:
    """A photo whose EXIF tells a moment (in Beijing time) and a place (longitude, latitude)."""
    exif = Image.Exif()
    if at:
        told = at.astimezone(BEIJING).strftime("%Y:%m:%d %H:%M:%S")
        exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.DateTimeOriginal] = told
    if place:
        gps = exif.get_ifd(ExifTags.IFD.GPSInfo)
        gps[ExifTags.GPS.GPSLongitudeRef], gps[ExifTags.GPS.GPSLongitude] = "E", degrees(place[0])
        gps[ExifTags.GPS.GPSLatitudeRef], gps[ExifTags.GPS.GPSLatitude] = "N", degrees(place[1])
    out = io.BytesIO()
    Image.new("RGB", (60, 40), "teal").save(out, "JPEG", exif=exif)
    return out.getvalue()


@pytest.fixture
def shown(world: World) -> Callable[..., ReportView]:
    """File a report with one photo, and give it as everybody sees it."""

    def file(data: bytes, **fields: Any) -> ReportView:
        name = hashlib.sha256(data).hexdigest()
        filed = a_report(JIA, photos=(name,), **{"fix": inside(JIA), **fields})
        submit(submission(filed, world.rights("jia_a")))
        store_photo(filed.id, name, data, by=world.rights("jia_a"), now=timezone.now())
        [view] = views("report.id = %s", [filed.id])
        return view

    return file


def here() -> tuple[float, float]:
    fix = inside(JIA)
    return fix.lon, fix.lat


def test_a_photo_of_here_and_now_is_not_flagged(shown: Callable[..., ReportView]) -> None:
    now = datetime.now(UTC)
    assert shown(taken(now - timedelta(minutes=5), here())).photo_flags == {}
    photo = Photo.objects.get()
    assert photo.far_m is not None
    assert photo.far_m < 50
    assert photo.hours_off == 0


def test_a_photo_that_tells_nothing_is_not_flagged(shown: Callable[..., ReportView]) -> None:
    assert shown(taken()).photo_flags == {}
    photo = Photo.objects.get()
    assert (photo.far_m, photo.hours_off) == (None, None)


def test_a_photo_taken_elsewhere_is_flagged_in_metres(shown: Callable[..., ReportView]) -> None:
    lon, lat = here()
    view = shown(taken(place=(lon, lat + 0.03)))
    [flag] = view.photo_flags.values()
    # 0.03° of latitude at 30° N are 3,326 m on the ellipsoid of WGS-84.
    assert flag.far_m == pytest.approx(3326, abs=10)
    assert flag.hours_off is None


def test_without_a_fix_the_village_is_where_the_report_is(shown: Callable[..., ReportView]) -> None:
    lon, lat = here()
    assert shown(taken(place=(lon, lat + 0.03)), fix=None).photo_flags


def test_an_old_photo_is_flagged_in_hours(shown: Callable[..., ReportView]) -> None:
    now = datetime.now(UTC)
    view = shown(taken(now - timedelta(hours=30, minutes=30)), occurred_at=now - timedelta(minutes=30))
    [flag] = view.photo_flags.values()
    assert flag.hours_off == pytest.approx(30, abs=0.1)
    assert flag.far_m is None


@pytest.mark.parametrize(
    ("told", "hours"),
    [
        ("2026:07:05 14:30:00", 0),
        ("2026:07:05 10:00:00", 4),
        ("2026:07:05 16:30:00", 1.5),
        ("2026:07:05 14:00:00", 0),
        ("2026:07:05 15:00:00", 0),
        ("0000:00:00 00:00:00", None),
        ("yesterday", None),
        ("", None),
    ],
)
def test_hours_are_counted_from_the_disaster_to_the_filing(told: str, hours: float | None) -> None:
    assert hours_off(told, NOW - timedelta(hours=1), NOW) == hours


def test_reports_with_photos_are_still_shown_by_one_statement(shown: Callable[..., ReportView]) -> None:
    lon, lat = here()
    view = shown(taken(place=(lon, lat + 0.03)))
    with CaptureQueriesContext(connection) as asked:
        assert views("report.id = %s", [view.id]) == [view]
    assert len(asked) == 1


def test_the_reviewer_reads_what_is_odd(
    shown: Callable[..., ReportView], client_of: Callable[[str], Client]
) -> None:
    lon, lat = here()
    now = datetime.now(UTC)
    view = shown(taken(now - timedelta(hours=40), (lon, lat + 0.03)), occurred_at=now - timedelta(hours=1))
    page = client_of("east").get(f"/review/{view.id}/").content.decode()
    assert "拍摄位置距报告 3.3 千米" in page
    assert "拍摄时间相差 39 小时" in page
    told = client_of("east").get(f"/api/reports/{view.id}").json()["report"]["photo_flags"]
    assert list(told) == view.photos_stored
    assert set(told[view.photos_stored[0]]) == {"far_m", "hours_off"}


def test_a_place_at_the_edge_of_exif_is_no_fault(shown: Callable[..., ReportView]) -> None:
    view = shown(taken(place=(179.0, 0.0)))
    assert view.photo_flags[view.photos[0]].far_m is not None
    assert Photo.objects.get().taken_point == Point(179, 0, srid=4326)
