"""The hash chain: what is hashed, and how the links join. Pure.

``hash(n) = SHA-256(hash(n-1) ‖ body(n))``, with 32 zero bytes before the first. The body
is a JSON array, written without spaces, of the position and every column of the entry;
times are UTC with six decimals. ``docs/architecture.md`` repeats this for outsiders.
"""

from __future__ import annotations

import hashlib
from datetime import UTC
from typing import TYPE_CHECKING, NamedTuple

import msgspec

if TYPE_CHECKING:
    from datetime import datetime

GENESIS = bytes(32)
_encoder = msgspec.json.Encoder()


class Sealable(NamedTuple):
    """The columns of an entry that the chain covers, in the order it covers them."""

    id: int
    at: datetime
    verb: str
    object_kind: str
    object_id: str
    area_code: str
    downward: bool
    actor_id: int | None
    actor: str
    put: str


COLUMNS = ", ".join(f"entry.{name}" for name in Sealable._fields)


def body(position: int, entry: Sealable) -> bytes:
    """Write the bytes of an entry that are hashed."""
    entry_id, at, *rest = entry
    return _encoder.encode([position, entry_id, at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"), *rest])


def link(previous: bytes, position: int, entry: Sealable) -> bytes:
    """Give the hash of an entry at ``position`` after ``previous``."""
    return hashlib.sha256(previous + body(position, entry)).digest()
