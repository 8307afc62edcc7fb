"""Periodic work beside the sealer: reminders and the like, each safe in several processes at once."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from typing import NamedTuple

from django.utils import timezone

from disaster.atlas import names
from disaster.briefings.subscriptions import engine as briefings
from disaster.duty.reminders.engine import remind
from disaster.relief.dispatch import services as trips
from disaster.reports import proposals
from disaster.reports.services import uploads
from disaster.warnings import deliver, settle, sources
from realtime.threads import DbThreads

log = logging.getLogger(__name__)


class Errand(NamedTuple):
    """One piece of work and how often it is done, in seconds."""

    name: str
    every_s: float
    do: Callable[[], object]


def _remind() -> object:
    return remind(now=timezone.now())


def _tell_subscribers() -> object:
    return briefings.tell(now=timezone.now())


def _sweep() -> object:
    return uploads.sweep(now=timezone.now())


def _propose() -> object:
    return proposals.look_everywhere(now=timezone.now())


def _settle_warnings() -> object:
    return settle.settle(now=timezone.now())


def _send_notices() -> object:
    return deliver.send_waiting(now=timezone.now())


def _watch_trips() -> object:
    return trips.watch(now=timezone.now())


ERRANDS: tuple[Errand, ...] = (
    Errand("ways of trips", 2, _watch_trips),
    Errand("names for the map's search", 5, names.refresh),
    Errand("alerts in the folder", 5, sources.look_in_folder),
    Errand("alerts at addresses", 60, sources.poll),
    Errand("warnings sent", 5, _send_notices),
    Errand("warnings run out", 10, _settle_warnings),
    Errand("reminders", 30, _remind),
    Errand("briefings subscribed to", 30, _tell_subscribers),
    Errand("possible events", 300, _propose),
    Errand("unfinished uploads", 86_400, _sweep),
)
"""Each decides by the database whether there is anything to do; none holds a lock for long."""


FIRST_AFTER_S = 60
"""A daily errand is done soon after a start, too: a server that is started every night would never do it."""


class Errands:
    """The loop of one process. What fails is logged and tried again the next time."""

    def __init__(self, errands: tuple[Errand, ...] = ERRANDS) -> None:
        self._errands = errands
        self._threads = DbThreads("errands")
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin; the first round waits for its turn, so that a start is quick."""
        self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """End; an errand that is being done is finished first."""
        if self._task:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        await self._threads.stop()

    async def _run(self) -> None:
        due = {errand.name: time.monotonic() + min(errand.every_s, FIRST_AFTER_S) for errand in self._errands}
        while True:
            errand = min(self._errands, key=lambda one: due[one.name])
            await asyncio.sleep(max(0.0, due[errand.name] - time.monotonic()))
            try:
                await self._threads.run(errand.do)
            except Exception:
                log.warning("%s could not be done just now", errand.name, exc_info=True)
            due[errand.name] = time.monotonic() + errand.every_s
