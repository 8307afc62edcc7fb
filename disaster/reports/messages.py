"""What an officer's phone says: typed once, used by the socket and by HTTP alike.

Pure: no Django here. A message is decoded by msgspec, which refuses unknown fields and
wrong types; what a type cannot say (relations between figures, places, times) is checked
in :mod:`disaster.reports.checks`.
"""

from __future__ import annotations

import hashlib
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Literal
from uuid import UUID

import msgspec

AreaCode = Annotated[str, msgspec.Meta(pattern=r"^[0-9]{12}$")]
"""National 12-digit statistical code (统计用区划代码)."""
Moment = Annotated[datetime, msgspec.Meta(tz=True)]
"""A time with its offset; a time without one is refused."""
PhotoHash = Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{64}$")]
"""SHA-256 of the bytes of a photo or a voice note as the phone will upload them."""
Datum = Literal["wgs84", "cgcs2000", "gcj02", "bd09"]

Kind = Literal["first", "followup", "verified", "zero"]
"""初报, 续报, 核报, 零报告 (《自然灾害情况统计调查制度》)."""

MAX_TEXT = 2_000
MAX_PHOTOS = 9
MAX_VOICES = 3
MAX_BYTES = 64 * 1024
"""The largest report message, in bytes; photos travel apart."""


class Fix(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A position as it was captured. The capture path names the datum; nobody guesses it.

    ``lon``, ``lat`` are degrees in ``datum``; ``accuracy_m`` metres (68 %), ``age_s``
    seconds since the position was taken.
    """

    lon: Annotated[float, msgspec.Meta(ge=-180, le=180)]
    lat: Annotated[float, msgspec.Meta(ge=-90, le=90)]
    datum: Datum
    method: Literal["gps", "network", "pin", "village"]
    accuracy_m: Annotated[float, msgspec.Meta(ge=0, le=1_000_000)] | None = None
    age_s: Annotated[float, msgspec.Meta(ge=0)] | None = None


class Proxy(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A report filed for somebody else's area (代报), or taken down from a telephone call (电话速报).

    ``caller`` is who gave the figures, ``called_at`` when; the report's text says what.
    """

    why: Literal["unreachable", "phone", "paper"]
    caller: Annotated[str, msgspec.Meta(max_length=40)] = ""
    called_at: Moment | None = None


class Report(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One report of one area (灾情报告), cumulative since the event began.

    ``id`` is made by the phone and is the report's key for ever. ``corrects`` names the
    version this one was written upon. ``figures`` maps indicator keys
    (:mod:`disaster.reports.indicators`) to values in the indicator's unit, except those
    in ``units``, which are given in 亩 and stored as 公顷. ``notes`` answers soft checks
    by their key. ``proxy`` says that somebody at a desk filed it for the village.
    """

    id: UUID
    area: AreaCode
    kind: Kind
    hazard: Annotated[str, msgspec.Meta(max_length=40)]
    occurred_at: Moment
    submitted_at: Moment
    discovered_at: Moment | None = None
    event: UUID | None = None
    corrects: UUID | None = None
    fix: Fix | None = None
    figures: dict[str, Decimal] = {}
    units: dict[str, Literal["mu"]] = {}
    text: Annotated[str, msgspec.Meta(max_length=MAX_TEXT)] = ""
    photos: Annotated[tuple[PhotoHash, ...], msgspec.Meta(max_length=MAX_PHOTOS)] = ()
    voices: Annotated[tuple[PhotoHash, ...], msgspec.Meta(max_length=MAX_VOICES)] = ()
    notes: dict[str, Annotated[str, msgspec.Meta(max_length=200)]] = {}
    proxy: Proxy | None = None


class ReportSubmit(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="report.submit"):
    """Ask for a report to be stored. ``sent_at`` is the phone's clock as this frame leaves."""

    report: Report
    sent_at: Moment


class ReportStored(msgspec.Struct, frozen=True, omit_defaults=False, tag="report.stored"):
    """The receipt, sent only after the commit; a repeat gets this very receipt again.

    The five times are 发生, 发现, 提交, 接收, 审核. ``clock_skew_s`` is how far the phone's
    clock runs ahead of the server's, in seconds. ``crosses`` names a version that was
    filed meanwhile and that this one did not know.
    """

    id: UUID
    number: str
    area: str
    occurred_at: datetime
    discovered_at: datetime | None
    submitted_at: datetime
    received_at: datetime
    approved_at: datetime | None
    clock_skew_s: float
    crosses: UUID | None


_canonical = msgspec.json.Encoder(order="deterministic", decimal_format="number")
_submit = msgspec.json.Decoder(ReportSubmit)


def digest(report: Report) -> bytes:
    """SHA-256 of the content: tells a repeat from the same id with other content."""
    return hashlib.sha256(_canonical.encode(report)).digest()


def decode_submit(body: bytes) -> ReportSubmit:
    """Read a ``report.submit`` message.

    Raises
    ------
    msgspec.ValidationError, msgspec.DecodeError
        If the bytes are no such message.
    """
    return _submit.decode(body)
