"""Which trip carries a paper: told by the room above, which knows trips, so that a scanned trip finds its papers offline."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from uuid import UUID

Carried = tuple[UUID, int]
"""A document and the number of its load."""
Finder = Callable[[Collection[UUID]], Mapping[Carried, str]]
"""Documents' ids → the token of the trip that carries each load, in one statement; loads without one are left out."""

_finders: list[Finder] = []


def register(finder: Finder) -> None:
    """Let a room that knows trips say so, once, when its app is ready."""
    if finder not in _finders:
        _finders.append(finder)


def trips_of(documents: Collection[UUID]) -> dict[Carried, str]:
    """Give each load's trip, as its QR code names it."""
    found: dict[Carried, str] = {}
    for finder in _finders:
        found |= finder(documents)
    return found
