"""Alerts that are fetched rather than brought: a watched folder, and polled addresses.

Both are safe in several processes (one of them looks at a time) and to be interrupted anywhere: an
alert taken twice changes nothing, so a file is moved and an entry noted only after it was taken.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connection
from django.utils import timezone

from disaster.problems import Problem
from disaster.warnings import web
from disaster.warnings.alerts.receive import receive
from disaster.warnings.alerts.xml import MAX_BYTES
from disaster.warnings.models import Alert, Fetched
from disaster.warnings.tokens import feeder

log = logging.getLogger(__name__)
_FOLDER, _URL = 0x7A71A1E8, 0x7A71A1E9
STILL_WRITTEN_S = 1.0
"""A file changed this lately may still be being written; the next look takes it."""
UNFINISHED = (".part", ".tmp", ".filepart")
ROUND_S = 60.0
"""How long one round of polling may take: other errands wait for it."""


@contextmanager
def _alone(key: int) -> Iterator[bool]:
    """Say whether this process is the one that looks now."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [key])
        mine = bool(cursor.fetchone()[0])
        try:
            yield mine
        finally:
            if mine:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [key])


def look_in_folder() -> int:
    """Take every file of ZAIQING_ALERT_FOLDER; give how many.

    A file that was taken is moved to ``done/``, one that was refused to ``refused/`` beside a
    ``.txt`` that says why. Hidden files, links and unfinished ones are left alone.
    """
    if not settings.ALERT_FOLDER:
        return 0
    folder = Path(settings.ALERT_FOLDER)
    with _alone(_FOLDER) as mine:
        if not mine or not folder.is_dir():
            return 0
        files = sorted(path for path in folder.iterdir() if _is_ready(path))
        taken = 0
        for path in files:
            try:
                _take_file(folder, path)
                taken += 1
            except OSError:  # one that can't be read or moved holds up no other
                log.warning("%s could not be taken", path, exc_info=True)
        return taken


def _is_ready(path: Path) -> bool:
    if path.is_symlink() or not path.is_file() or path.name.startswith("."):
        return False
    return path.suffix.lower() not in UNFINISHED and time.time() - path.stat().st_mtime >= STILL_WRITTEN_S


def _take_file(folder: Path, path: Path) -> None:
    now = timezone.now()
    name = f"{now:%Y%m%d-%H%M%S-%f}-{path.name}"
    with path.open("rb") as file:
        data = file.read(MAX_BYTES + 1)
    try:
        receive(data, way=Alert.Way.FOLDER, by=feeder(folder.name[:30], settings.ALERT_AREA), now=now)
    except Problem as problem:
        _move(path, folder / "refused" / name)
        reasons = (folder / "refused" / name).with_name(f"{name}.txt")
        reasons.write_text(told(problem) + "\n", encoding="utf-8")
    else:
        _move(path, folder / "done" / name)


def _move(path: Path, target: Path) -> None:
    target.parent.mkdir(exist_ok=True)
    path.rename(target)


def told(problem: Problem) -> str:
    """Write a refusal down: its number and sentence, then each element with what is wrong."""
    lines = [f"{problem.kind.number} {problem.message('zh')}"]
    lines += [f"{where}: {error.say('zh')}" for where, error in problem.errors.items()]
    return "\n".join(lines)


def poll() -> int:
    """Ask every address of ZAIQING_ALERT_URL for news; give how many alerts were taken.

    An address gives one alert, or an Atom or RSS index of links to alerts on the same host.
    """
    if not settings.ALERT_URLS:
        return 0
    until = time.monotonic() + ROUND_S
    with _alone(_URL) as mine:
        return sum(_poll(url, until) for url in settings.ALERT_URLS) if mine else 0


def _poll(url: str, until: float) -> int:
    now = timezone.now()
    known = Fetched.objects.filter(url=url).first() or Fetched(url=url, at=now)
    try:
        answer = web.get(url, etag=known.etag, modified=known.modified)
    except web.Unreachable as error:
        return _note(known, now, told=str(error))
    if answer is None:  # nothing new
        return 0
    entries = web.entries(answer.data, url)
    if entries is None:
        _take(answer.data, url, known, now)
        return _note(known, now, etag=answer.etag, modified=answer.modified, taken=1)
    taken, whole = 0, True
    seen = dict(Fetched.objects.filter(url__in=[one.url for one in entries]).values_list("url", "version"))
    for entry in entries:
        if seen.get(entry.url) == entry.version:
            continue
        if time.monotonic() > until:
            whole = False
            break
        done = _take_entry(entry, now)
        taken, whole = taken + done, whole and done
    # Only a whole round is remembered: what could not be fetched is asked for again.
    remembered = {"etag": answer.etag, "modified": answer.modified} if whole else {}
    return _note(known, now, taken=taken, **remembered)


def _take_entry(entry: web.Entry, now: datetime) -> bool:
    row = Fetched.objects.filter(url=entry.url).first() or Fetched(url=entry.url, at=now)
    try:
        answer = web.get(entry.url)
    except web.Unreachable as error:
        log.warning("%s could not be fetched: %s", entry.url, error)
        return False
    if answer is not None:
        _take(answer.data, entry.url, row, now)
    row.version = entry.version
    row.at = now
    row.save()
    return True


def _take(data: bytes, url: str, row: Fetched, now: datetime) -> None:
    try:
        receive(
            data,
            way=Alert.Way.URL,
            by=feeder((urlsplit(url).hostname or url)[:30], settings.ALERT_AREA),
            now=now,
        )
    except Problem as problem:
        row.told = told(problem)[:300]
    else:
        row.told = ""


def _note(
    row: Fetched,
    now: datetime,
    *,
    etag: str = "",
    modified: str = "",
    told: str | None = None,
    taken: int = 0,
) -> int:
    row.etag, row.modified, row.at = etag[:200], modified[:60], now
    if told is not None:
        row.told = told[:300]
    row.save()
    return taken
