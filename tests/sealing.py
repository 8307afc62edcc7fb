"""Sealing in tests: other databases of the cluster may hold a transaction open for a moment."""

from __future__ import annotations

import time

from django.db import connection

from disaster.journal import seal


def unsealed() -> int:
    """How many committed rows have no position yet."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM journal_entry entry WHERE NOT EXISTS"
            " (SELECT 1 FROM journal_seal seal WHERE seal.entry_id = entry.id)"
        )
        return int(cursor.fetchone()[0])


def seal_everything(seconds: float = 20) -> int:
    """Seal until every committed row has its position, and give how many were sealed."""
    until = time.monotonic() + seconds
    sealed = seal.seal_all()
    while unsealed():
        assert time.monotonic() < until, "rows stay unsealed: somebody holds a transaction open"
        time.sleep(0.005)  # the condition is asked again; nothing depends on the pause
        sealed += seal.seal_all()
    return sealed
