"""One socket: accept, decode, hand over, answer. It holds no rules and never waits in ``receive``."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from datetime import UTC, datetime
from functools import partial
from typing import Any

import msgspec
from channels.consumer import get_handler_name
from channels.generic.websocket import AsyncWebsocketConsumer
from django.conf import settings

from disaster import problems
from disaster.people.scope import Rights
from disaster.problems import Problem
from disaster.relief.dispatch.messages import TripFix
from disaster.relief.dispatch.services.following import Batch
from disaster.reports import reading
from disaster.reports.messages import ReportSubmit
from disaster.reports.services import Submission
from gis.scope import NOWHERE, AreaScope
from realtime import door, hub, protocol
from realtime.identify import Bearer, bearer_of, language_of, origin_is_ours
from realtime.limits import Bucket

log = logging.getLogger(__name__)
MAX_BACKLOG = 64
"""How many frames may wait for a slow socket before it is closed; it resumes by position."""
MAX_BAD_FRAMES = 20


class Socket(AsyncWebsocketConsumer):
    """A phone or a map at ``/ws/``."""

    # The channel layer only wakes processes (realtime.relay); a socket needs no channel of its own.
    channel_layer_alias = "none"

    person_id = 0
    scope_seen: AreaScope = NOWHERE
    rights: Rights | None = None
    _bad_frames = 0
    _drainer: asyncio.Task[None] | None = None

    async def dispatch(self, message: dict[str, Any]) -> None:
        """Call the handler of an event.

        The base class asks a thread to close old database connections before each message,
        a third of its cost; no handler here has one (see realtime.threads).
        """
        await getattr(self, get_handler_name(message))(message)

    async def connect(self) -> None:
        """Let in who is signed in, from our own pages; tell all others why not."""
        await self.accept()
        if not origin_is_ours(self.scope):
            await self.close(4403)
            return
        bearer: Bearer | None = bearer_of(self.scope)
        try:
            self.rights = await door.current().identify.put(bearer) if bearer else None
        except Problem:
            await self.close(1012)
            return
        if self.rights is None:
            await self.close(4401)
            return
        self.language = language_of(self.scope)
        self.person_id = self.rights.person_id
        self.scope_seen = self.rights.sees
        self.bucket = Bucket.of(self.person_id, per_minute=settings.REPORTS_PER_MINUTE)
        self._backlog: deque[dict[str, Any]] = deque()
        door.current().hub.enter(self)
        self.push(hub.text(self._welcome(self.rights)))

    def _welcome(self, rights: Rights) -> protocol.Welcome:
        ours = door.current().hub
        return protocol.Welcome(
            person=str(rights.person_id),
            name=rights.name,
            areas=sorted({held.area_code for held in rights.posts}),
            position=ours.position,
            epoch=ours.epoch,
            server_time=datetime.now(UTC),
        )

    async def disconnect(self, code: int) -> None:
        """Forget the socket."""
        if self.rights is not None:
            door.current().hub.leave(self)
        if self._drainer:
            self._drainer.cancel()

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        """Take one frame; whatever is wrong with it is answered, and the socket lives on."""
        if self.rights is None:
            return
        received_at = datetime.now(UTC)
        frame = text_data.encode() if text_data is not None else bytes_data or b""
        try:
            if len(frame) > protocol.MAX_FRAME:
                raise reading.too_large()
            message = protocol.decode(frame)
        except Problem as problem:
            self._tell(problem, reading.id_in(frame))
            self._count_bad_frame()
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
            self._tell(reading.problem_of(error), reading.id_in(frame))
            self._count_bad_frame()
        else:
            self._handle(message, received_at)

    def _handle(self, message: Any, received_at: datetime) -> None:
        if isinstance(message, ReportSubmit):
            self._submit(message, received_at)
        elif isinstance(message, TripFix):
            self._follow(message, received_at)
        elif isinstance(message, protocol.FeedResume):
            self._resuming = asyncio.create_task(door.current().resume(self, message))
        else:
            ours = door.current().hub
            self.push(hub.text(protocol.Pong(received_at, ours.position if ours.watches(self) else None)))

    def _submit(self, message: ReportSubmit, received_at: datetime) -> None:
        assert self.rights is not None  # noqa: S101 - receive() has checked
        report_id = str(message.report.id)
        if wait_s := self.bucket.take():
            self._tell(problems.TOO_FAST(retry_after_s=wait_s), report_id)
            return
        submission = Submission(message.report, self.rights, message.sent_at, received_at)
        door.current().ingest.put(submission).add_done_callback(partial(self._answer, report_id))

    def _follow(self, message: TripFix, received_at: datetime) -> None:
        assert self.rights is not None  # noqa: S101 - receive() has checked
        if wait_s := self.bucket.take():
            self._tell(problems.TOO_FAST(retry_after_s=wait_s), str(message.trip))
            return
        batch = Batch(message, self.rights, received_at)
        door.current().follow.put(batch).add_done_callback(partial(self._answer, str(message.trip)))

    def _answer(self, report_id: str, future: asyncio.Future[Any]) -> None:
        if future.cancelled():
            return
        outcome = future.exception() or future.result()
        if isinstance(outcome, Problem):
            self._tell(outcome, report_id)
        elif isinstance(outcome, Exception):
            self._tell(problems.TRY_AGAIN(retry_after_s=5), report_id)
        else:
            self.push(hub.text(outcome))
            door.current().committed()

    def _tell(self, problem: Problem, report_id: str | None) -> None:
        self.push(hub.text(protocol.ProblemTold(**problem.told(self.language), re=report_id)))

    def _count_bad_frame(self) -> None:
        self._bad_frames += 1
        if self._bad_frames >= MAX_BAD_FRAMES:
            self.expel(4400)

    def push(self, message: dict[str, Any]) -> None:
        """Send a prepared message without waiting.

        The server's ``send`` only waits when the socket's buffer is full. So it is run by
        hand up to its first wait: mostly it is done by then. If it would wait, nothing has
        been written yet, and a task takes over for this one socket alone.
        """
        if self.rights is None:  # it is being closed
            return
        if self._backlog:
            self._queue(message)
            return
        sending = self.base_send(message)
        try:
            sending.send(None)
        except StopIteration:
            return
        except Exception:  # the socket is gone; disconnect() follows
            return
        sending.close()
        self._queue(message)
        self._drainer = asyncio.create_task(self._drain())

    def _queue(self, message: dict[str, Any]) -> None:
        self._backlog.append(message)
        if len(self._backlog) > MAX_BACKLOG:
            self.expel(4408)

    async def _drain(self) -> None:
        try:
            while self._backlog:
                await self.base_send(self._backlog[0])
                self._backlog.popleft()
        except Exception:  # the socket is gone; disconnect() follows
            self._backlog.clear()

    def expel(self, code: int) -> None:
        """Close the socket with one of the protocol's codes."""
        if self.rights is None:
            return
        door.current().hub.leave(self)
        self.rights = None
        self._backlog.clear()
        if self._drainer:
            self._drainer.cancel()
        self._closing = asyncio.create_task(self._close_now(code))

    async def _close_now(self, code: int) -> None:
        try:
            async with asyncio.timeout(5):
                await self.close(code)
        except Exception:
            log.debug("a socket was gone before it could be closed")
