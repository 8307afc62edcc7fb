"""Photos and voice notes that arrive in pieces over a bad link: what has arrived is never asked for again.

An unfinished upload is one file, ``uploads/<person>/<hash>.part``: eight bytes with the
size of the whole, then the bytes so far. Its length is the offset, so a write that was
cut short leaves a true one behind.
"""

from __future__ import annotations

import os
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal, NamedTuple
from uuid import UUID

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import connection, transaction

from disaster import problems
from disaster.people.scope import Rights
from disaster.problems import FieldError, Words
from disaster.reports.models import Photo, Report, Voice
from disaster.reports.services.photos import store_photo
from disaster.reports.services.voices import most_bytes, store_voice
from disaster.rules import book

Kind = Literal["photo", "voice"]
HEAD_BYTES = 8
"""Length of the size that stands before the bytes (unsigned, big-endian)."""
KB = 1024
GO_ON_FROM = Words("请从第 {offset} 字节续传", "Go on from byte {offset}")


class Progress(NamedTuple):
    """How much of an upload has arrived, in bytes; ``size`` is 0 before the first piece."""

    offset: int
    size: int
    stored: bool


def progress(report_id: UUID, photo_hash: str, *, by: Rights, kind: Kind = "photo") -> Progress:
    """Say where to go on with a photo or a voice note.

    Raises
    ------
    Problem
        404.1 if there is no such report of this officer naming it.
    """
    _require_named(report_id, photo_hash, by, kind)
    if _is_stored(report_id, photo_hash, kind):
        return Progress(0, 0, stored=True)
    return _read(_part(by, photo_hash))


def add_chunk(
    report_id: UUID,
    photo_hash: str,
    chunk: bytes,
    *,
    offset: int,
    size: int,
    by: Rights,
    now: datetime,
    kind: Kind = "photo",
) -> Progress:
    """Add a piece at ``offset`` to a photo of ``size`` bytes; the last one has it checked and stored.

    An empty piece at the very end finishes an upload whose storing was interrupted.

    Raises
    ------
    Problem
        404.1 as in :func:`progress`; 413.1 if the piece, the photo or all that this officer
        has unfinished is too large; 400.7 if the sizes contradict; 409.6 if ``offset`` is not
        where the upload stands; 400.6, 400.5 and 400.8 as in
        ``store_photo`` and ``store_voice``.
    """
    _require_named(report_id, photo_hash, by, kind)
    chunk_kb = book.value("upload.chunk_kb")
    if len(chunk) > chunk_kb * KB:
        raise problems.TOO_LARGE(limit=f"{chunk_kb} KB")
    largest = settings.MAX_PHOTO_BYTES if kind == "photo" else most_bytes()
    if size > largest:
        raise problems.TOO_LARGE(
            limit=f"{largest // KB // KB} MB" if kind == "photo" else f"{largest // KB} KB"
        )
    with transaction.atomic():
        _lock(by)
        if _is_stored(report_id, photo_hash, kind):
            return Progress(size, size, stored=True)
        part = _part(by, photo_hash)
        before = _read(part)
        if offset != before.offset:
            told = FieldError(GO_ON_FROM, {"offset": before.offset})
            raise problems.WRONG_OFFSET({"offset": told}, offset=before.offset)
        if size < 1 or before.size not in (0, size) or offset + len(chunk) > size:
            raise problems.BAD_UPLOAD()
        if not before.size:
            _require_room(part, size)
        _append(part, chunk, size)
        if offset + len(chunk) < size:
            return Progress(offset + len(chunk), size, stored=False)
        _finish(part, report_id, photo_hash, by=by, now=now, kind=kind)
    part.unlink(missing_ok=True)
    return Progress(size, size, stored=True)


def sweep(*, now: datetime) -> int:
    """Remove the uploads nobody went on with for ``upload.keep_days``; give their number."""
    oldest = (now - timedelta(days=book.value("upload.keep_days"))).timestamp()
    stale = [part for part in _root().glob("*/*.part") if part.stat().st_mtime < oldest]
    for part in stale:
        part.unlink(missing_ok=True)
    return len(stale)


def _require_named(report_id: UUID, photo_hash: str, by: Rights, kind: Kind) -> None:
    # Named by a stored report, so a hash: nothing else of the address becomes a path.
    if not Report.objects.filter(
        id=report_id, author_id=by.person_id, **{f"{kind}s__contains": [photo_hash]}
    ).exists():
        raise problems.NOT_FOUND()


def _is_stored(report_id: UUID, photo_hash: str, kind: Kind) -> bool:
    stored = Photo if kind == "photo" else Voice
    return stored._default_manager.filter(report_id=report_id, hash=photo_hash).exists()


def _root() -> Path:
    return Path(default_storage.path("uploads"))


def _part(by: Rights, photo_hash: str) -> Path:
    return _root() / str(by.person_id) / f"{photo_hash}.part"


def _read(part: Path) -> Progress:
    try:
        with part.open("rb") as file:
            head = file.read(HEAD_BYTES)
            length = os.fstat(file.fileno()).st_size
    except FileNotFoundError:
        return Progress(0, 0, stored=False)
    if len(head) < HEAD_BYTES:
        return Progress(0, 0, stored=False)
    return Progress(length - HEAD_BYTES, int.from_bytes(head), stored=False)


def _lock(by: Rights) -> None:
    """Let one piece of a person's uploads be written at a time, until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"upload {by.person_id}"])


def _require_room(part: Path, size: int) -> None:
    # Counted by what they will grow to, or many short beginnings would pass.
    others = [_read(other).size for other in part.parent.glob("*.part") if other != part]
    files, limit_kb = book.value("upload.files"), book.value("upload.total_kb")
    if len(others) >= files or sum(others) + size > limit_kb * KB:
        raise problems.TOO_LARGE(limit=f"{files} × / {limit_kb // KB} MB")


def _append(part: Path, chunk: bytes, size: int) -> None:
    part.parent.mkdir(parents=True, exist_ok=True)
    is_begun = _read(part).size > 0
    with part.open("ab" if is_begun else "wb") as file:
        file.write(chunk if is_begun else size.to_bytes(HEAD_BYTES) + chunk)


def _finish(part: Path, report_id: UUID, photo_hash: str, *, by: Rights, now: datetime, kind: Kind) -> None:
    store = store_photo if kind == "photo" else store_voice
    try:
        store(report_id, photo_hash, part.read_bytes()[HEAD_BYTES:], by=by, now=now)
    except problems.Problem:
        # Whole and wrong: nothing can be added to it, it has to come again from the start.
        part.unlink(missing_ok=True)
        raise
