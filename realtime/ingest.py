"""Gathering what arrives in a few milliseconds, so that one commit serves many.

Alone when quiet, together under load: while a batch is being written, the next gathers.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from disaster import problems
from realtime.threads import DbThreads

log = logging.getLogger(__name__)
In = TypeVar("In")
Out = TypeVar("Out")


class Gatherer(Generic[In, Out]):
    """Turns single items into batches for ``work``, and its answers into single futures.

    ``work`` takes a batch and gives as many answers in the same order. ``writers`` batches
    may be under way at once; more than ``max_waiting`` waiting items are refused with
    ``503.1``, which a phone answers by trying again.
    """

    def __init__(
        self,
        name: str,
        work: Callable[[Sequence[In]], Sequence[Out]],
        *,
        window_s: float,
        limit: int,
        writers: int = 1,
        max_waiting: int = 20_000,
    ) -> None:
        self._work = work
        self._window_s = window_s
        self._limit = limit
        self._max_waiting = max_waiting
        self._waiting: list[tuple[In, asyncio.Future[Out]]] = []
        self._arrived = asyncio.Event()
        self._free = asyncio.Semaphore(writers)
        self._writers = writers
        self._busy = 0
        self._batches: set[asyncio.Task[None]] = set()
        self._threads = DbThreads(name, writers)
        self._runner: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to gather on the running loop."""
        self._runner = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """Write what waits, then end."""
        waiting = [future for _, future in self._waiting]
        await asyncio.gather(*waiting, *self._batches, return_exceptions=True)
        if self._runner:
            self._runner.cancel()
        await self._threads.stop()

    def put(self, item: In) -> asyncio.Future[Out]:
        """Hand an item over. The future has the answer, or a Problem as its exception."""
        future: asyncio.Future[Out] = asyncio.get_running_loop().create_future()
        if len(self._waiting) >= self._max_waiting:
            future.set_exception(problems.TRY_AGAIN(retry_after_s=5))
            return future
        self._waiting.append((item, future))
        self._arrived.set()
        return future

    async def _run(self) -> None:
        while True:
            await self._arrived.wait()
            if self._busy:  # others are being written: wait for company
                await asyncio.sleep(self._window_s)
            await self._free.acquire()
            batch, self._waiting = self._waiting[: self._limit], self._waiting[self._limit :]
            if not self._waiting:
                self._arrived.clear()
            self._busy += 1
            task = asyncio.create_task(self._serve(batch))
            self._batches.add(task)
            task.add_done_callback(self._batches.discard)

    async def _serve(self, batch: list[tuple[In, asyncio.Future[Out]]]) -> None:
        try:
            answers = await self._threads.run(self._work, [item for item, _ in batch])
            for (_, future), answer in zip(batch, answers, strict=True):
                if not future.done():
                    future.set_result(answer)
        except Exception:  # the database is away: every phone keeps its report and tries again
            log.exception("a batch of %d could not be served", len(batch))
            for _, future in batch:
                if not future.done():
                    future.set_exception(problems.TRY_AGAIN(retry_after_s=2))
        finally:
            self._busy -= 1
            self._free.release()
