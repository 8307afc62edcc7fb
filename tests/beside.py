"""Two acts at once, one surely before the other: the second meets what the first has not yet settled."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from django.db import connection, transaction

Given = TypeVar("Given")


def beside(first: Callable[[], object], second: Callable[[], Given]) -> Given:
    """Do the first in a transaction kept open until the second waits for it (or is through); give what that gave.

    For tests with real transactions.
    """

    def act() -> Given:
        try:
            return second()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            first()
            later = pool.submit(act)
            while not later.done() and not _somebody_waits():
                pass
        return later.result()


def _somebody_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid)))"
        )
        return bool(cursor.fetchone()[0])
