"""Running a tile's statement on a lasting connection: prepared once, its bytes not written as text.

Planning takes as long as a deep tile itself. A plan for any place is as good as one for this place, since
all of them go by the spatial index; so the database is told not to plan again. A cursor of Python's costs a
fifth of a millisecond, a fifth of the tile: the statement goes to libpq as it is. Only the door's own threads
have lasting connections; elsewhere statements go the ordinary way.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import Any
from weakref import WeakKeyDictionary

from django.db import connection
from psycopg.errors import error_from_result
from psycopg.pq import ExecStatus, Format

MOST = 200
"""Statements prepared on a connection at most; layers, zooms and scopes make some dozens."""
_INT4, _ANY = 23, 0
_here = threading.local()
_prepared: WeakKeyDictionary[Any, dict[str, bytes]] = WeakKeyDictionary()


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
    with connection.wrap_database_errors:
        return _ask(connection.connection, sql, params)


def _ask(raw: Any, sql: str, params: Sequence[int | str]) -> bytes:
    names = _prepared.get(raw)
    if names is None:
        _done(raw.pgconn.exec_(b"SET plan_cache_mode = force_generic_plan"))
        names = _prepared[raw] = {}
    values, types = [str(one).encode() for one in params], [_type(one) for one in params]
    name = names.get(sql)
    if name is None and len(names) < MOST:
        name = f"tile_{len(names)}".encode()
        _done(raw.pgconn.prepare(name, _numbered(sql), types))
        names[sql] = name
    if name is None:
        result = raw.pgconn.exec_params(_numbered(sql), values, types, result_format=Format.BINARY)
    else:
        result = raw.pgconn.exec_prepared(name, values, result_format=Format.BINARY)
    return bytes(_done(result).get_value(0, 0) or b"")


def _type(value: int | str) -> int:
    return _INT4 if isinstance(value, int) else _ANY


def _numbered(sql: str) -> bytes:
    """Write a statement's places as libpq has them: ``%s`` is ``$1`` and so on, ``%%`` is ``%``."""
    first, *rest = sql.split("%s")
    parts = [first, *(f"${at}{part}" for at, part in enumerate(rest, 1))]
    return "".join(part.replace("%%", "%") for part in parts).encode()


def _done(result: Any) -> Any:
    """Pass a result on; a refusal becomes the error it stands for."""
    if result.status not in (ExecStatus.COMMAND_OK, ExecStatus.TUPLES_OK):
        raise error_from_result(result)
    return result
