"""Keeping the voice notes of a report: like its photos they travel apart from it, and come later."""

from __future__ import annotations

import hashlib
from datetime import datetime
from uuid import UUID

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction

from disaster import problems
from disaster.journal import append
from disaster.people.scope import Rights
from disaster.reports.models import Report, Voice
from disaster.reports.shown import views
from disaster.rules import book

KB = 1024
EBML = b"\x1a\x45\xdf\xa3"
"""How every Matroska and WebM file begins (RFC 8794)."""
HEAD_BYTES = 4096
"""Where a recorder writes what the tracks are."""
FILMS = (b"V_VP", b"V_AV1", b"V_MPEG", b"V_MS", b"V_THEORA")
"""How the names of the codecs of moving pictures begin in WebM."""
WEBM, MP4 = "audio/webm", "audio/mp4"


def path_of(voice_hash: str) -> str:
    """Give the place of a voice note in the storage."""
    return f"voices/{voice_hash[:2]}/{voice_hash}"


def most_bytes() -> int:
    """Give the size of the largest voice note that is taken."""
    return int(book.value("voice.max_kb")) * KB


def kind_of(data: bytes) -> str | None:
    """Say by its head whether it is WebM with Opus or MP4 with sound, and no picture; else None."""
    head = data[:HEAD_BYTES]
    if (
        head.startswith(EBML)
        and b"webm" in head[:64]
        and b"A_OPUS" in head
        and not any(kind in head for kind in FILMS)
    ):
        return WEBM
    # The handler box of a track tells what it carries: sound or video.
    if head[4:8] == b"ftyp" and b"soun" in data and b"vide" not in head:
        return MP4
    return None


def store_voice(report_id: UUID, voice_hash: str, data: bytes, *, by: Rights, now: datetime) -> None:
    """Keep one voice note that the report named by its hash; a repeat changes nothing.

    Raises
    ------
    Problem
        404.1 if there is no such report of this officer naming it, 413.1 if it is too large,
        400.6 if it did not arrive whole, 400.8 if it is no recording.
    """
    report = Report.objects.filter(id=report_id, author_id=by.person_id).first()
    if report is None or voice_hash not in report.voices:
        raise problems.NOT_FOUND()
    if len(data) > most_bytes():
        raise problems.TOO_LARGE(limit=f"{most_bytes() // KB} KB")
    if hashlib.sha256(data).hexdigest() != voice_hash:
        raise problems.WRONG_HASH()
    mime = kind_of(data)
    if mime is None:
        raise problems.NOT_A_VOICE()
    # Named by content: an upload cut short before the commit is simply written again.
    if not default_storage.exists(path_of(voice_hash)):
        default_storage.save(path_of(voice_hash), ContentFile(data))
    with transaction.atomic():
        _, is_new = Voice.objects.get_or_create(
            report=report,
            hash=voice_hash,
            defaults={"mime": mime, "bytes": len(data), "stored_at": now},
        )
        if is_new:
            append.one(
                "report.voice_stored",
                object_kind="report",
                object_id=str(report.id),
                area_code=report.area_id,
                put=views("report.id = %s", [report.id]),
                by=by,
                at=now,
            )
