"""Keeping the journal sealed: of all processes that try, the one that holds the lock does it."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable

from channels.layers import get_channel_layer
from django.conf import settings
from django.db import DatabaseError

from disaster.journal import seal
from disaster.journal.models import Life
from realtime.relay import GROUP
from realtime.threads import DbThreads

log = logging.getLogger(__name__)
TICK_S = 0.05
"""How often the sealer looks when nothing wakes it."""
PAUSE_S = 0.02
"""A breath after each round under load: more rows for the next, fewer rounds in all."""
STAND_BY_S = 1.0
"""How often a process that is not the sealer tries to become it."""


class Sealer:
    """The sealing loop of one process, on a thread whose connection holds the lock."""

    def __init__(self) -> None:
        self._threads = DbThreads("sealer")
        self._woken = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def start(self, *, on_sealed: Callable[[], None]) -> None:
        """Begin; ``on_sealed`` hears of each batch in this process."""
        self._task = asyncio.create_task(self._run(on_sealed))

    async def stop(self) -> None:
        """End, and free the lock for another process (a pooled connection would keep it)."""
        if self._task:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
            with contextlib.suppress(DatabaseError):
                await self._threads.run(seal.release_lock)
        await self._threads.stop()

    def wake(self) -> None:
        """Hear that something was committed."""
        self._woken.set()

    async def _run(self, on_sealed: Callable[[], None]) -> None:
        life: Life | None = None
        while True:
            try:
                if life is None and await self._threads.run(seal.hold_lock):
                    life = await self._threads.run(seal.current_life)
                sealed = await self._threads.run(seal.seal_once, life) if life else 0
                if sealed:
                    on_sealed()
                    await self._tell_others()
            except Exception:
                log.warning("the journal can't be sealed just now", exc_info=life is not None)
                life, sealed = None, 0
            if sealed:
                await asyncio.sleep(PAUSE_S)
            else:
                await self._wait(TICK_S if life else STAND_BY_S)

    async def _wait(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._woken.wait()
        except TimeoutError:
            pass
        self._woken.clear()

    async def _tell_others(self) -> None:
        if settings.REDIS_URL:
            try:
                await get_channel_layer().group_send(GROUP, {"type": "journal.sealed"})
            except Exception:
                log.warning("other processes could not be woken; they look by themselves")
