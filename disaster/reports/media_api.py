"""HTTP doors for photos that arrive in pieces."""

from __future__ import annotations

from uuid import UUID

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Router

from disaster import problems
from disaster.reports.api import answer, reader
from disaster.reports.services import uploads
from disaster.rules import book

router = Router(tags=["reports"])

MOST_DIGITS = 16
"""An offset of more digits is none: no file is that large."""


@router.get("/uploads/{photo_hash}", summary="How much of a photo has arrived")
def get_progress(request: HttpRequest, photo_hash: str, report: UUID) -> HttpResponse:
    """Say from which byte to go on with a photo that the report named by its SHA-256."""
    return answer(uploads.progress(report, photo_hash, by=reader(request))._asdict())


@router.patch("/uploads/{photo_hash}", summary="A piece of a photo")
def add_chunk(request: HttpRequest, photo_hash: str, report: UUID, size: int) -> HttpResponse:
    """Add the body at the byte that the header Upload-Offset tells; ``size`` is the whole photo's."""
    told = request.headers.get("Upload-Offset", "")
    # What is no offset is a wrong one: whoever may send is told the right one, all others 404.
    offset = int(told) if told.isascii() and told.isdigit() and len(told) < MOST_DIGITS else -1
    try:
        chunk = request.body
    except RequestDataTooBig:
        raise problems.TOO_LARGE(limit=f"{book.value('upload.chunk_kb')} KB") from None
    found = uploads.add_chunk(
        report, photo_hash, chunk, offset=offset, size=size, by=reader(request), now=timezone.now()
    )
    return answer(found._asdict())
