"""Costly tiles shared by the processes: built by one, read by the others.

Deep tiles take about as long as asking for them would, so only those far away are shared, and only
where several processes serve (``REDIS_URL``).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from gis.tiles.statement import Place

BELOW = 10
"""Tiles of lower zooms are shared."""
_KEPT = "1 hour"
_CLASS = 0x7A71
"""First half of the advisory locks, the second is the key's."""


def once(place: Place, key: object, build: Callable[[], bytes]) -> bytes:
    """Give what another process has built under the key, else build it while the others wait."""
    if not settings.REDIS_URL or place[0] >= BELOW:
        return build()
    name = hashlib.sha256(repr(key).encode()).hexdigest()
    if kept := _read(name):
        return kept
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_CLASS, int(name[:7], 16)])
        content = _read(name)
        if content is None:
            content = build()
            _keep(cursor, name, content)
        return content


def _read(name: str) -> bytes | None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT content FROM places_tile WHERE key = %s", [name])
        row = cursor.fetchone()
    return bytes(row[0]) if row else None


def _keep(cursor: Any, name: str, content: bytes) -> None:
    cursor.execute(f"DELETE FROM places_tile WHERE built_at < now() - interval '{_KEPT}'")  # noqa: S608
    cursor.execute(
        "INSERT INTO places_tile (key, content) VALUES (%s, %s) ON CONFLICT DO NOTHING", [name, content]
    )
