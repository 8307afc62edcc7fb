"""Serialising the changes of one series."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db import connection


def lock_series(series: Iterable[UUID | None]) -> None:
    """Let one transaction at a time change a series, until it ends.

    The keys are sorted, so that two batches never wait for each other in a ring.
    """
    keys = sorted({int.from_bytes(key.bytes[:8], signed=True) for key in series if key})
    if keys:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(key) FROM unnest(%s::bigint[]) AS key", [keys])
