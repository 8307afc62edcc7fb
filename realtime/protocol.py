"""The socket's language: one envelope, one union, one table of close codes.

Requests are imperative, events are past tense. Pure: no Django here. ``docs/protocol.md``
and ``docs/protocol.schema.json`` are generated from these types and compared in a test.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec

from disaster.relief.dispatch.messages import TripFix, TripFixed
from disaster.reports.messages import MAX_BYTES, ReportStored, ReportSubmit

MAX_FRAME = MAX_BYTES
"""The largest frame a client may send, in bytes."""


class FeedResume(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="feed.resume"):
    """Ask for everything after ``since``, then live on. ``epoch`` names the journal's life."""

    since: int
    epoch: str


class Ping(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="ping"):
    """Ask whether the line is alive; answered by ``pong`` with the server's clock."""

    sent_at: datetime | None = None


class Pong(msgspec.Struct, frozen=True, tag="pong"):
    """The line is alive. ``position`` is what a resumed reader has been sent everything up to.

    It is null before the feed was resumed: then nothing is known to have been sent.
    """

    server_time: datetime
    position: int | None


class Welcome(msgspec.Struct, frozen=True, tag="welcome"):
    """First word of the server: who you are, what you may see, where the journal stands."""

    person: str
    name: str
    areas: list[str]
    position: int
    epoch: str
    server_time: datetime


class Change(msgspec.Struct, frozen=True):
    """One journal row. ``put`` holds each changed object whole, as a snapshot would."""

    position: int
    at: datetime
    verb: str
    area: str
    put: msgspec.Raw


class Changes(msgspec.Struct, frozen=True, tag="change"):
    """What happened since the last frame, in order, complete up to ``position``."""

    position: int
    changes: list[Change]


class SnapshotNeeded(msgspec.Struct, frozen=True, tag="snapshot_needed"):
    """The gap can't be filled from here: fetch ``/api/feed/snapshot``, then resume.

    ``reason`` is ``epoch`` (another journal), ``ahead`` (a position never given) or
    ``far`` (too many rows missed).
    """

    reason: str
    position: int
    epoch: str


class ProblemTold(msgspec.Struct, frozen=True, omit_defaults=True, tag="problem"):
    """A refusal in the reader's language. ``re`` is the id of the message it answers.

    ``errors`` maps field names to sentences; ``confirm`` maps those fields that a note
    would settle to the check's key.
    """

    number: str
    message: str
    errors: dict[str, str] = {}
    confirm: dict[str, str] = {}
    re: str | None = None
    retry_after_s: float | None = None


REQUESTS = (FeedResume, ReportSubmit, TripFix, Ping)
EVENTS = (Welcome, ReportStored, TripFixed, ProblemTold, Changes, SnapshotNeeded, Pong)
Request = FeedResume | ReportSubmit | TripFix | Ping
"""What a client may say."""


CLOSE_CODES = {
    4400: "not our protocol (too many unreadable frames)",
    4401: "not signed in, or the session ended: sign in again",
    4403: "the Origin is not allowed",
    4408: "too slow to follow: reconnect and resume",
    4409: "rights changed: reconnect",
    4413: "a frame was too large",
    1012: "the server restarts: reconnect",
}
"""Why the server closes a socket. 4401 asks for a sign-in; after all others, reconnect."""

_request = msgspec.json.Decoder(Request)
_encoder = msgspec.json.Encoder(decimal_format="number")


def decode(frame: bytes | str) -> Request:
    """Read one frame.

    Raises
    ------
    msgspec.ValidationError, msgspec.DecodeError
        If it is no message of ours.
    """
    return _request.decode(frame)


def encode(message: Any) -> bytes:
    """Write one message."""
    return _encoder.encode(message)
