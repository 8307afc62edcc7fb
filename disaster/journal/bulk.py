"""Many rows by one statement: a JSON document sent beside the SQL, not quoted into it.

Django binds parameters on its side, which for half a megabyte of JSON costs more than all
the rest. Errors are Django's own, as everywhere.
"""

from __future__ import annotations

from typing import Any

import psycopg
from django.db import connection


def execute(statement: str, document: bytes, *others: Any) -> list[tuple[Any, ...]]:
    """Run a statement of ours whose first parameter is a JSON document; give its rows, if any."""
    connection.ensure_connection()
    with connection.wrap_database_errors, psycopg.Cursor(connection.connection) as cursor:
        cursor.execute(statement, [document.decode(), *others])
        return cursor.fetchall() if cursor.description else []
