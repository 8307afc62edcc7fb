"""Telling one state of a table of places from another, whatever its size.

Triggers note each statement that changes areas, shelters or zones (``places_change``). The sum of the
notes' weights differs after each commit, in whatever order commits come, and reading it costs nothing.
"""

from __future__ import annotations

from django.db import connection

_MANY = 500
"""So many notes of one table are gathered into one; their sum stays."""
_GATHER = """
WITH gone AS (DELETE FROM places_change WHERE changed = %s RETURNING weight)
INSERT INTO places_change (changed, weight) SELECT %s, sum(weight) FROM gone HAVING count(*) > 0
"""


def state_sql(table: str) -> str:
    """Give SQL of one value that differs whenever the table's rows do; ``table`` is a name of ours."""
    return f"SELECT coalesce(sum(weight), 0) FROM places_change WHERE changed = '{table}'"  # noqa: S608


def gather() -> None:
    """Keep the notes few."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT changed FROM places_change GROUP BY 1 HAVING count(*) > %s", [_MANY])
        for (table,) in cursor.fetchall():
            cursor.execute(_GATHER, [table, table])
