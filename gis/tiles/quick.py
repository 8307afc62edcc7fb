"""Running a tile's statement on a lasting connection: prepared once, its bytes not written as text.

Planning takes as long as a deep tile itself. A plan for any place is as good as one for this place, since
all of them go by the spatial index; so the database is told not to plan again. Only the door's own threads
have lasting connections; elsewhere statements go the ordinary way.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import Any
from weakref import WeakSet

import psycopg
from django.db import connection

_here = threading.local()
_told: WeakSet[Any] = WeakSet()


def keep_connection() -> None:
    """Say that this thread's connection lasts."""
    _here.lasts = True


def fetch(sql: str, params: Sequence[int | str]) -> bytes:
    """Give the first value of a statement, which is bytes."""
    if not getattr(_here, "lasts", False):
        with connection.cursor() as cursor:
            cursor.execute(sql, params)
            return bytes(cursor.fetchone()[0])
    connection.ensure_connection()
    raw: Any = connection.connection
    with connection.wrap_database_errors, psycopg.Cursor(raw) as prepared:
        if raw not in _told:
            prepared.execute("SET plan_cache_mode = force_generic_plan")
            _told.add(raw)
        prepared.execute(sql, params, prepare=True, binary=True)
        (content, *_), *_ = prepared.fetchall()
        return bytes(content)
