"""Which trip carries a paper: told by the room above, which knows trips, so that a scanned trip finds its papers offline."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from uuid import UUID

Finder = Callable[[Collection[UUID]], Mapping[UUID, str]]
"""Documents' ids → the token of the trip that carries each, in one statement; papers without one are left out."""

_finders: list[Finder] = []


def register(finder: Finder) -> None:
    """Let a room that knows trips say so, once, when its app is ready."""
    if finder not in _finders:
        _finders.append(finder)


def trips_of(documents: Collection[UUID]) -> dict[UUID, str]:
    """Give each paper's trip, as its QR code names it."""
    found: dict[UUID, str] = {}
    for finder in _finders:
        found |= finder(documents)
    return found
