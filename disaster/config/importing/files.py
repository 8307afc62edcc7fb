"""What was uploaded, kept between the steps: one folder for each file, its person's alone.

``imports/<person>/<id>/`` holds what :mod:`gis.formats.sandbox` read as ``table.json`` and the file's
name and digest as ``about.json``; the file itself is not kept.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
import time
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path, PurePath
from typing import NamedTuple

from django.core.files.storage import default_storage

from disaster import problems
from disaster.problems import FieldError, Words
from disaster.rules import book
from gis.formats import Table, Unreadable, sandbox

UNREADABLE = Words("文件无法读取:{why}", "The file can't be read: {why}")
EMPTY = Words("文件里没有数据", "The file holds nothing")
_HOUR = 3600
_AT_MOST = 5
"""Files of one person at a time: the oldest gives way."""


class Kept(NamedTuple):
    """A file that was read: its id, its name as it came, its SHA-256, and its rows."""

    id: uuid.UUID
    name: str
    digest: str
    table: Table


def keep(name: str, chunks: Iterable[bytes], *, person_id: int) -> Kept:
    """Read an upload in the sandbox and keep what it holds.

    Raises
    ------
    Problem
        413.1 if it is too large, 400.2 (field ``file``) if it can't be read.
    """
    sweep(now=time.time())
    limit: int = book.value("map.import.bytes")
    name = PurePath(name.replace("\\", "/")).name[:200] or "?"
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"upload{PurePath(name).suffix.lower()[:12]}"
        digest = _write(path, chunks, limit)
        try:
            table = sandbox.read(path, sandbox.Limits(rows=book.value("map.import.rows")))
        except Unreadable as error:
            raise problems.BAD_FIELDS({"file": FieldError(UNREADABLE, {"why": str(error)})}) from error
    if not table.rows:
        raise problems.BAD_FIELDS({"file": FieldError(EMPTY)})
    kept = Kept(uuid.uuid4(), name, digest, table)
    _store(kept, person_id)
    return kept


def get(file_id: uuid.UUID, *, person_id: int) -> Kept:
    """Give a kept file of a person.

    Raises
    ------
    Problem
        404.1 if there is none, it is another's, or its time is over.
    """
    folder = _folder(person_id) / str(file_id)
    try:
        about = json.loads((folder / "about.json").read_text("utf-8"))
        table = sandbox.load(Path(about["name"]), json.loads((folder / "table.json").read_text("utf-8")))
    except OSError:
        raise problems.NOT_FOUND() from None
    return Kept(file_id, about["name"], about["digest"], table)


@contextmanager
def taken(file_id: uuid.UUID, *, person_id: int) -> Iterator[Kept]:
    """Take a file out for good: of two who press the button at once, one finds it gone.

    It is put back if what is done with it fails.
    """
    kept = get(file_id, person_id=person_id)
    folder = _folder(person_id) / str(file_id)
    aside = folder.with_name(f"{file_id}.taken")
    try:
        folder.rename(aside)
    except OSError:
        raise problems.NOT_FOUND() from None
    try:
        yield kept
    except BaseException:
        aside.rename(folder)
        raise
    shutil.rmtree(aside, ignore_errors=True)


def sweep(*, now: float) -> int:
    """Remove what was left for longer than ``map.import.keep_hours``; give how many."""
    oldest = now - book.value("map.import.keep_hours") * _HOUR
    old = [folder for folder in _root().glob("*/*") if _age(folder) < oldest]
    for folder in old:
        shutil.rmtree(folder, ignore_errors=True)
    return len(old)


def _age(folder: Path) -> float:
    try:
        return folder.stat().st_mtime
    except OSError:  # another process was quicker
        return float("inf")


def _write(path: Path, chunks: Iterable[bytes], limit: int) -> str:
    digest, size = hashlib.sha256(), 0
    with path.open("wb") as file:
        for chunk in chunks:
            size += len(chunk)
            if size > limit:
                raise problems.TOO_LARGE(limit=f"{limit // 1024 // 1024} MB")
            digest.update(chunk)
            file.write(chunk)
    return digest.hexdigest()


def _store(kept: Kept, person_id: int) -> None:
    own = _folder(person_id)
    own.mkdir(parents=True, exist_ok=True)
    for old in sorted(own.iterdir(), key=_age, reverse=True)[_AT_MOST - 1 :]:
        shutil.rmtree(old, ignore_errors=True)
    half = own / f"{kept.id}.half"
    half.mkdir()
    (half / "table.json").write_text(json.dumps(sandbox.dump(kept.table), ensure_ascii=False), "utf-8")
    about = {"name": kept.name, "digest": kept.digest}
    (half / "about.json").write_text(json.dumps(about, ensure_ascii=False), "utf-8")
    half.rename(own / str(kept.id))


def _folder(person_id: int) -> Path:
    return _root() / str(person_id)


def _root() -> Path:
    return Path(default_storage.path("imports"))
