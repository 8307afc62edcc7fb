"""Carrying sealed rows from the journal to this process's sockets.

The wake-up may be lost (Redis forgets, a process dies): the relay looks by itself soon
enough, and the journal is the truth.
"""

from __future__ import annotations

import asyncio
import logging
import time

from channels.layers import get_channel_layer
from django.conf import settings

from disaster.journal import read, seal
from realtime.hub import Hub
from realtime.threads import DbThreads

log = logging.getLogger(__name__)
LOOK_S = 0.5
"""How long the relay waits for a wake-up before it looks by itself."""
ROWS = 5_000
GROUP = "journal.sealed"


class Relay:
    """Reads what was sealed, at most once a tick, and has the hub publish it."""

    def __init__(self, hub: Hub) -> None:
        self.hub = hub
        self._threads = DbThreads("relay")
        self._woken = asyncio.Event()
        self._turn = asyncio.Lock()
        self._tasks: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        """Stand at the journal's head and begin to read on."""
        await self._begin()
        self._tasks = [asyncio.create_task(self._run())]
        if settings.REDIS_URL:
            self._tasks.append(asyncio.create_task(self._listen()))

    async def stop(self) -> None:
        """End."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._threads.stop()

    def wake(self) -> None:
        """Hear that rows were sealed."""
        self._woken.set()

    async def catch_up(self) -> None:
        """Publish everything sealed so far."""
        async with self._turn:
            while True:
                rows = await self._threads.run(read.after, self.hub.position, limit=ROWS)
                self.hub.publish(rows)
                if len(rows) < ROWS:
                    return

    async def _begin(self) -> None:
        life = await self._threads.run(seal.current_life)
        top = await self._threads.run(seal.head)
        self.hub.begin(epoch=str(life.epoch), position=top.position)

    async def _run(self) -> None:
        lost = False
        while True:
            started = time.monotonic()
            try:
                if lost:  # the database was away: it may have been restored
                    await self._check_life()
                    lost = False
                await self.catch_up()
            except Exception:
                log.warning("the journal can't be read just now", exc_info=not lost)
                lost = True
            # At most one look a tick: what comes meanwhile travels in one frame.
            await asyncio.sleep(max(0.0, settings.FEED_TICK_S - (time.monotonic() - started)))
            try:
                async with asyncio.timeout(LOOK_S):
                    await self._woken.wait()
            except TimeoutError:
                pass
            self._woken.clear()

    async def _check_life(self) -> None:
        life = await self._threads.run(seal.current_life)
        if str(life.epoch) != self.hub.epoch:
            await self._begin()

    async def _listen(self) -> None:
        """Be woken through the channel layer by the sealer of another process."""
        while True:
            try:
                layer = get_channel_layer()
                channel = await layer.new_channel()
                await layer.group_add(GROUP, channel)
                while True:
                    await layer.receive(channel)
                    self.wake()
            except asyncio.CancelledError:
                raise
            except Exception:
                log.warning("no wake-ups: the channel layer is away")
                await asyncio.sleep(1)
