"""HTTP doors for voice notes, and for photos and voice notes that arrive in pieces."""

from __future__ import annotations

import re
from uuid import UUID

from django.core.exceptions import RequestDataTooBig
from django.core.files.storage import default_storage
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Router

from disaster import problems
from disaster.people.http import answer, reader
from disaster.reports import queries, services
from disaster.reports.services import uploads
from disaster.reports.services.voices import path_of
from disaster.rules import book

router = Router(tags=["reports"])

RANGE = re.compile(r"bytes=(\d{1,12})-(\d{0,12})")
"""A part of a file as players ask for it; anything else is answered with the whole."""
MOST_DIGITS = 16
"""An offset of more digits is none: no file is that large."""


@router.get("/uploads/{photo_hash}", summary="How much of a photo has arrived")
def get_progress(
    request: HttpRequest, photo_hash: str, report: UUID, kind: uploads.Kind = "photo"
) -> HttpResponse:
    """Say from which byte to go on with a photo or voice note that the report named by its SHA-256."""
    return answer(uploads.progress(report, photo_hash, by=reader(request), kind=kind)._asdict())


@router.patch("/uploads/{photo_hash}", summary="A piece of a photo")
def add_chunk(
    request: HttpRequest, photo_hash: str, report: UUID, size: int, kind: uploads.Kind = "photo"
) -> HttpResponse:
    """Add the body at the byte that the header Upload-Offset tells; ``size`` is the whole photo's."""
    told = request.headers.get("Upload-Offset", "")
    # What is no offset is a wrong one: whoever may send is told the right one, all others 404.
    offset = int(told) if told.isascii() and told.isdigit() and len(told) < MOST_DIGITS else -1
    try:
        chunk = request.body
    except RequestDataTooBig:
        raise problems.TOO_LARGE(limit=f"{book.value('upload.chunk_kb')} KB") from None
    found = uploads.add_chunk(
        report,
        photo_hash,
        chunk,
        offset=offset,
        size=size,
        by=reader(request),
        now=timezone.now(),
        kind=kind,
    )
    return answer(found._asdict())


@router.put("/reports/{report_id}/voices/{voice_hash}", summary="Upload a voice note of a report")
def put_voice(request: HttpRequest, report_id: UUID, voice_hash: str) -> HttpResponse:
    """Keep the bytes of a voice note that the report named by their SHA-256."""
    try:
        data = request.body
    except RequestDataTooBig:
        raise problems.TOO_LARGE(limit=f"{book.value('voice.max_kb')} KB") from None
    services.store_voice(report_id, voice_hash, data, by=reader(request), now=timezone.now())
    return answer({"hash": voice_hash, "stored": True}, 201)


@router.get("/voices/{voice_hash}", summary="A voice note")
def voice(request: HttpRequest, voice_hash: str) -> HttpResponse:
    """Give a voice note of a report in the reader's sight, or the part of it a player asks for."""
    mime = queries.voice_mime(voice_hash, scope=reader(request).sees)
    if mime is None or not default_storage.exists(path_of(voice_hash)):
        raise problems.NOT_FOUND()
    with default_storage.open(path_of(voice_hash)) as file:
        data = file.read()
    headers = {
        "Accept-Ranges": "bytes",
        "Cache-Control": "private, max-age=31536000, immutable",
        "Content-Disposition": "inline",
        "X-Content-Type-Options": "nosniff",
    }
    # Safari plays no sound that can't be asked for in parts (RFC 9110, 14.2).
    asked = RANGE.fullmatch(request.headers.get("Range", ""))
    first, last = (int(asked[1]), int(asked[2] or len(data))) if asked else (0, -1)
    last = min(last, len(data) - 1)
    if first > last:
        return HttpResponse(data, content_type=mime, headers=headers)
    headers["Content-Range"] = f"bytes {first}-{last}/{len(data)}"
    return HttpResponse(data[first : last + 1], status=206, content_type=mime, headers=headers)
