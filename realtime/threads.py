"""Database work beside the event loop, on threads that keep their own connection."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

from django.db import InterfaceError, OperationalError, connection

P = ParamSpec("P")
R = TypeVar("R")


class DbThreads:
    """A few threads for database work. A lost connection is dropped, and made anew later."""

    def __init__(self, name: str, count: int = 1) -> None:
        self._count = count
        self._pool = ThreadPoolExecutor(count, thread_name_prefix=name)

    async def run(self, work: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Do ``work`` on one of the threads."""
        return await asyncio.get_running_loop().run_in_executor(
            self._pool, lambda: _guarded(work, *args, **kwargs)
        )

    async def stop(self) -> None:
        """Let running work end, and give the connections back."""
        together = threading.Barrier(self._count)  # so that each thread closes its own

        def close() -> None:
            together.wait(10)
            connection.close()

        loop = asyncio.get_running_loop()
        await asyncio.gather(*(loop.run_in_executor(self._pool, close) for _ in range(self._count)))
        self._pool.shutdown(wait=False)


def _guarded(work: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    try:
        return work(*args, **kwargs)
    except (OperationalError, InterfaceError):
        connection.close()
        raise
