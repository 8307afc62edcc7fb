"""What one process keeps behind its sockets: hub, gatherers, relay, sealer, errands. Started once."""

from __future__ import annotations

import logging

from django.conf import settings

from disaster.journal import read
from disaster.journal.read import Told
from disaster.people.scope import Rights
from disaster.people.sessions import Bearer, rights_of_bearers
from disaster.problems import Problem
from disaster.relief.dispatch.messages import TripFixed
from disaster.relief.dispatch.services.following import Batch, take_many
from disaster.reports.messages import ReportStored
from disaster.reports.services import Submission, submit_many
from realtime import protocol
from realtime.errands import Errands
from realtime.hub import Hub, Watcher, frame, text
from realtime.ingest import Gatherer
from realtime.relay import Relay
from realtime.sealer import Sealer
from realtime.threads import DbThreads

log = logging.getLogger(__name__)
FRAME_ROWS = 500
"""How many changes one catch-up frame holds at most."""


class Door:
    """The parts of one process, wired together."""

    def __init__(self) -> None:
        self.hub = Hub()
        self.ingest: Gatherer[Submission, ReportStored | Problem] = Gatherer(
            "ingest",
            submit_many,
            window_s=settings.INGEST_WINDOW_S,
            limit=settings.INGEST_BATCH,
            writers=settings.INGEST_WRITERS,
        )
        self.follow: Gatherer[Batch, TripFixed | Problem] = Gatherer(
            "follow", take_many, window_s=settings.INGEST_WINDOW_S, limit=50
        )
        self.identify: Gatherer[Bearer, Rights | None] = Gatherer(
            "identify", rights_of_bearers, window_s=0.005, limit=500
        )
        self.relay = Relay(self.hub)
        self.sealer = Sealer() if settings.RUN_SEALER else None
        self.errands = Errands() if settings.RUN_SEALER else None
        self._readers = DbThreads("resume", 2)

    async def open(self) -> None:
        """Start everything; the relay first finds the journal's head."""
        await self.relay.start()
        self.ingest.start()
        self.follow.start()
        self.identify.start()
        if self.sealer:
            self.sealer.start(on_sealed=self.relay.wake)
        if self.errands:
            self.errands.start()

    async def shut(self) -> None:
        """Answer what was taken in, then stop."""
        await self.ingest.stop()
        await self.follow.stop()
        await self.identify.stop()
        if self.errands:
            await self.errands.stop()
        if self.sealer:
            await self.sealer.stop()
        await self.relay.stop()
        await self._readers.stop()

    def committed(self) -> None:
        """Hear that something was committed here: seal it now rather than at the next tick."""
        if self.sealer:
            self.sealer.wake()

    async def resume(self, watcher: Watcher, request: protocol.FeedResume) -> None:
        """Bring a socket up to date, then let it live on. Complete, or an explicit fresh start."""
        since = request.since
        if request.epoch != self.hub.epoch:
            return self._start_over(watcher, "epoch")
        if since > self.hub.position:
            await self.relay.catch_up()  # the snapshot may be newer than what we have relayed
            if since > self.hub.position:
                return self._start_over(watcher, "ahead")
        rows = self.hub.since(since, watcher.scope_seen)
        if rows is None:
            old, until = await self._older(since, watcher)
            newer = self.hub.since(until, watcher.scope_seen)
            if len(old) >= settings.FEED_MAX_CATCH_UP or newer is None:
                return self._start_over(watcher, "far")
            rows = old + newer
        # From here nothing waits: what is published next finds this socket watching.
        chunks = [rows[start : start + FRAME_ROWS] for start in range(0, len(rows), FRAME_ROWS)] or [[]]
        for chunk in chunks:
            complete = self.hub.position if chunk is chunks[-1] else chunk[-1].position
            watcher.push(frame(complete, chunk))
        self.hub.watch(watcher)
        return None

    async def _older(self, since: int, watcher: Watcher) -> tuple[list[Told], int]:
        until = self.hub.position
        rows = await self._readers.run(
            read.after, since, limit=settings.FEED_MAX_CATCH_UP, scope=watcher.scope_seen
        )
        return [row for row in rows if row.position <= until and row.put != "[]"], until

    def _start_over(self, watcher: Watcher, reason: str) -> None:
        watcher.push(text(protocol.SnapshotNeeded(reason, self.hub.position, self.hub.epoch)))


_current: Door | None = None


def current() -> Door:
    """Give the door of this process.

    Raises
    ------
    RuntimeError
        Before the ASGI lifespan has opened it.
    """
    if _current is None:
        raise RuntimeError("the door is not open: run an ASGI server with lifespan support")
    return _current


async def open_door() -> Door:
    """Open the door of this process."""
    global _current
    _current = Door()
    await _current.open()
    return _current


async def shut_door() -> None:
    """Shut the door of this process."""
    global _current
    if _current is not None:
        await _current.shut()
        _current = None
