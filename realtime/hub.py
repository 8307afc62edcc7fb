"""Which sockets watch which areas in this process; each frame is encoded once for all of a scope.

Everything here runs on the event loop without waiting: a published change is in the
sockets' buffers, or their socket is being closed, before the next one is looked at.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Any, Protocol

import msgspec

from disaster.journal.read import Told
from gis.scope import BLOCK_ENDS, AreaScope
from realtime import protocol

PREFIX_LENGTHS = (0, *BLOCK_ENDS)
RING = 50_000
"""How many of the newest changes are kept in memory for those who come back."""


class Watcher(Protocol):
    """One open socket as the hub sees it."""

    scope_seen: AreaScope
    person_id: int

    def push(self, message: dict[str, Any]) -> None:
        """Send a prepared message without waiting."""
        ...

    def expel(self, code: int) -> None:
        """Close the socket with one of the protocol's codes."""
        ...


class Hub:
    """The watchers of this process and the newest changes."""

    def __init__(self) -> None:
        self.position = 0
        self.epoch = ""
        self.ring_start = 0
        self._ring: deque[Told] = deque()
        self._by_scope: dict[AreaScope, set[Watcher]] = {}
        self._scopes_at: dict[str, set[AreaScope]] = {}
        self._open: dict[int, set[Watcher]] = {}

    def begin(self, *, epoch: str, position: int) -> None:
        """Stand at the journal's head; all watchers of another life start over."""
        self.epoch, self.position, self.ring_start = epoch, position, position
        self._ring.clear()
        for watcher in [watcher for watchers in self._open.values() for watcher in watchers]:
            watcher.expel(1012)

    # Who is there

    def enter(self, watcher: Watcher) -> None:
        """Know a socket, so that it can be closed when its person's rights change."""
        self._open.setdefault(watcher.person_id, set()).add(watcher)

    def watch(self, watcher: Watcher) -> None:
        """Send a socket every change from now on."""
        scope = watcher.scope_seen
        if scope not in self._by_scope:
            self._by_scope[scope] = set()
            for prefix in scope.prefixes:
                self._scopes_at.setdefault(prefix, set()).add(scope)
        self._by_scope[scope].add(watcher)

    def leave(self, watcher: Watcher) -> None:
        """Forget a socket."""
        of_person = self._open.get(watcher.person_id, set())
        of_person.discard(watcher)
        if not of_person:
            self._open.pop(watcher.person_id, None)
        scope = watcher.scope_seen
        watchers = self._by_scope.get(scope)
        if watchers is None:
            return
        watchers.discard(watcher)
        if not watchers:
            del self._by_scope[scope]
            for prefix in scope.prefixes:
                self._scopes_at[prefix].discard(scope)
                if not self._scopes_at[prefix]:
                    del self._scopes_at[prefix]

    def watches(self, watcher: Watcher) -> bool:
        """Say whether a socket is sent every change."""
        return watcher in self._by_scope.get(watcher.scope_seen, ())

    @property
    def sockets(self) -> int:
        """How many sockets are open."""
        return sum(map(len, self._open.values()))

    # What is told

    def publish(self, rows: Sequence[Told]) -> None:
        """Tell new rows, in order, to all whom they concern."""
        rows = [row for row in rows if row.position > self.position]
        if not rows:
            return
        self._remember(rows)
        told: dict[AreaScope, list[Told]] = {}
        for row in rows:
            if row.verb.startswith("person."):
                self._rights_changed(int(row.object_id))
            if row.put != "[]":
                for scope in self._concerned(row):
                    told.setdefault(scope, []).append(row)
        for scope, changes in told.items():
            message = frame(self.position, changes)
            for watcher in tuple(self._by_scope[scope]):
                watcher.push(message)

    def since(self, position: int, scope: AreaScope) -> list[Told] | None:
        """Give the remembered rows after ``position`` for a scope; None when it is too long ago."""
        if position < self.ring_start:
            return None
        newest = list(
            islice(reversed(self._ring), max(self.position - position, 0))
        )  # positions have no holes
        return [row for row in reversed(newest) if row.put != "[]" and row.concerns(scope)]

    def _remember(self, rows: Iterable[Told]) -> None:
        for row in rows:
            self._ring.append(row)
            self.position = row.position
        while len(self._ring) > RING:
            self.ring_start = self._ring.popleft().position

    def _concerned(self, row: Told) -> set[AreaScope]:
        code = row.area_code
        found: set[AreaScope] = set()
        for length in PREFIX_LENGTHS:
            found |= self._scopes_at.get(code[:length], set())
        if row.downward:
            found |= {scope for scope in self._by_scope if scope.touches(code)}
        return found

    def _rights_changed(self, person_id: int) -> None:
        for watcher in tuple(self._open.get(person_id, ())):
            watcher.expel(4409)


def frame(position: int, rows: Iterable[Told]) -> dict[str, Any]:
    """Encode changes once, ready to be sent to any number of sockets."""
    changes = [
        protocol.Change(row.position, row.at, row.verb, row.area_code, msgspec.Raw(row.put.encode()))
        for row in rows
    ]
    return text(protocol.Changes(position, changes))


def text(message: Any) -> dict[str, Any]:
    """Encode one message as an ASGI text frame."""
    return {"type": "websocket.send", "text": protocol.encode(message).decode()}
