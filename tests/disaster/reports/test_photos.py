"""Photos: kept clean, kept once, and nothing that is no picture is kept at all."""

from __future__ import annotations

import hashlib
import io
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.test import Client
from PIL import ExifTags, Image

from disaster.journal.models import Entry
from disaster.reports.models import Photo, Report
from disaster.reports.pictures import NotAPicture, clean
from disaster.reports.services import submit
from disaster.reports.services.photos import path_of
from tests.world import JIA, World, a_report, submission

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _files_apart(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def picture(kind: str = "JPEG", size: tuple[int, int] = (640, 480), **options: Any) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "teal").save(out, kind, **options)
    return out.getvalue()


def with_exif() -> bytes:
    exif = Image.Exif()
    exif[ExifTags.Base.Artist] = "<script>alert(1)</script>"
    exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.DateTimeOriginal] = "2026:07:05 15:04:05"
    gps = exif.get_ifd(ExifTags.IFD.GPSInfo)
    gps[ExifTags.GPS.GPSLatitudeRef], gps[ExifTags.GPS.GPSLatitude] = "N", (30.0, 36.0, 36.0)
    gps[ExifTags.GPS.GPSLongitudeRef], gps[ExifTags.GPS.GPSLongitude] = "E", (116.0, 30.0, 36.0)
    return picture(exif=exif)


def name_of(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


@pytest.fixture
def upload(world: World, client_of: Callable[[str], Client]) -> Callable[..., Any]:
    """File a report naming the photo, then send the photo's bytes."""

    def send(
        data: bytes, *, account: str = "jia_a", name: str | None = None, report: Report | None = None
    ) -> Any:
        name = name or name_of(data)
        if report is None:
            filed = a_report(JIA, photos=(name,))
            submit(submission(filed, world.rights("jia_a")))
            report = Report.objects.get(id=filed.id)
        return client_of(account).put(
            f"/api/reports/{report.id}/photos/{name}", data, content_type="image/jpeg"
        )

    return send


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_photo_is_kept_and_shown_to_those_who_see_the_report(
    upload: Callable[..., Any], client_of: Callable[[str], Client], kind: str
) -> None:
    data = picture(kind)
    answer = upload(data)
    assert (answer.status_code, answer.json()) == (201, {"hash": name_of(data), "stored": True})
    for account, status in (
        ("jia_a", 200),
        ("east", 200),
        ("bureau", 200),
        ("bing_a", 404),
        ("west", 404),
        ("foreign", 404),
    ):
        for size in ("full", "thumb"):
            shown = client_of(account).get(f"/api/photos/{name_of(data)}?size={size}")
            assert shown.status_code == status, (account, size)
            if status == 200:
                assert Image.open(io.BytesIO(shown.content)).format == "JPEG"
                assert shown["X-Content-Type-Options"] == "nosniff"
    assert Entry.objects.filter(verb="report.photo_stored").count() == 1


def test_what_exif_said_is_kept_beside_the_picture_and_not_in_it(upload: Callable[..., Any]) -> None:
    data = with_exif()
    assert upload(data).status_code == 201
    photo = Photo.objects.get()
    assert photo.taken_at == "2026:07:05 15:04:05"
    assert photo.taken_point is not None
    assert (round(photo.taken_point.x, 4), round(photo.taken_point.y, 4)) == (116.51, 30.61)
    for size in ("full", "thumb"):
        with default_storage.open(path_of(photo.hash, size)) as file:
            kept = file.read()
        assert b"script" not in kept
        assert not Image.open(io.BytesIO(kept)).getexif()


def test_the_same_photo_again_changes_nothing(upload: Callable[..., Any]) -> None:
    data = picture()
    upload(data)
    report = Report.objects.get()
    assert upload(data, report=report).status_code == 201
    assert Photo.objects.count() == 1
    assert Entry.objects.filter(verb="report.photo_stored").count() == 1


def test_a_photo_cut_short_is_asked_for_again(upload: Callable[..., Any]) -> None:
    data = picture()
    answer = upload(data[:-100], name=name_of(data))
    assert (answer.status_code, answer.json()["number"]) == (400, "400.6")
    assert Photo.objects.count() == 0


def test_only_the_officer_who_named_the_photo_may_send_it(upload: Callable[..., Any]) -> None:
    data = picture()
    assert upload(data).status_code == 201
    report = Report.objects.get()
    other = picture(size=(10, 10))
    assert upload(other, report=report).status_code == 404, "the report names no such photo"
    for account in ("jia_b", "bing_a", "bureau"):
        assert upload(data, account=account, report=report).status_code == 404


def png_bomb() -> bytes:
    """A PNG of 50,000 × 50,000 pixels in a few kilobytes."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return len(body).to_bytes(4) + kind + body + zlib.crc32(kind + body).to_bytes(4)

    header = (50_000).to_bytes(4) + (50_000).to_bytes(4) + bytes([1, 0, 0, 0, 0])
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(bytes(100)))
        + chunk(b"IEND", b"")
    )


HOSTILE = {
    "text": b"hello, I am a photo",
    "nothing": b"",
    "svg": b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
    "html behind a jpeg's first bytes": b"\xff\xd8\xff\xe0" + b"<html><script>alert(1)</script>",
    "a pixel bomb": png_bomb(),
    "gif": picture("GIF"),
    "tiff": picture("TIFF"),
    "half a jpeg": picture(size=(2000, 1500), quality=95)[:5000],
    "pdf": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3",
    "zip": b"PK\x03\x04" + bytes(500),
    "xml entities": b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x "x">]><a>&x;</a>',
}


def test_an_iphone_s_own_format_is_refused_with_what_to_do(upload: Callable[..., Any]) -> None:
    box = b"ftypheic" + bytes(4) + b"mif1heicmiafMiHB"
    answer = upload((len(box) + 4).to_bytes(4) + box + bytes(2000))
    assert (answer.status_code, answer.json()["number"]) == (400, "400.5")
    assert "HEIC" in answer.json()["message"]
    assert "JPEG" in answer.json()["message"]
    assert Photo.objects.count() == 0


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_no_picture_is_refused_in_words(upload: Callable[..., Any], name: str) -> None:
    answer = upload(HOSTILE[name])
    assert (answer.status_code, answer.json()["number"]) == (400, "400.5")
    assert "照片" in answer.json()["message"]
    assert Photo.objects.count() == 0


def test_a_photo_too_large_is_refused_before_it_is_looked_at(
    upload: Callable[..., Any], settings: Any
) -> None:
    settings.MAX_PHOTO_BYTES = 1000
    answer = upload(picture(size=(900, 900), quality=100))
    assert (answer.status_code, answer.json()["number"]) == (413, "413.1")


def test_code_hidden_behind_a_picture_does_not_survive() -> None:
    polyglot = picture() + b"<?php system($_GET['c']); ?><script>alert(1)</script>"
    kept = clean(polyglot, max_pixels=40_000_000)
    assert b"php" not in kept.full + kept.thumb
    assert b"script" not in kept.full + kept.thumb


def test_a_large_picture_is_made_smaller_and_turned_upright() -> None:
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 6
    kept = clean(picture(size=(4000, 1000), exif=exif), max_pixels=40_000_000)
    assert (kept.width, kept.height) == (500, 2000)


def test_too_many_pixels_are_refused_before_decoding() -> None:
    with pytest.raises(NotAPicture):
        clean(picture(size=(300, 300)), max_pixels=80_000)
