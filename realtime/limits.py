"""How fast one officer may send."""

from __future__ import annotations

import time


class Bucket:
    """A token bucket: a burst of a minute's allowance, refilled evenly."""

    __slots__ = ("_at", "_left", "_per_s", "_size")
    _known: dict[int, Bucket] = {}  # noqa: RUF012 - one for each person, shared by all their sockets

    def __init__(self, per_minute: int) -> None:
        self._size = float(per_minute)
        self._per_s = per_minute / 60
        self._left = self._size
        self._at = time.monotonic()

    @classmethod
    def of(cls, person_id: int, *, per_minute: int) -> Bucket:
        """Give the bucket of a person; reconnecting does not fill it."""
        if len(cls._known) > 100_000:
            cls._known = {key: bucket for key, bucket in cls._known.items() if not bucket.is_full()}
        return cls._known.setdefault(person_id, cls(per_minute))

    def is_full(self) -> bool:
        """Say whether the bucket has nothing to remember."""
        return self._left + (time.monotonic() - self._at) * self._per_s >= self._size

    def take(self) -> float:
        """Take one; 0.0 when there was one, else the seconds until there is."""
        now = time.monotonic()
        self._left = min(self._size, self._left + (now - self._at) * self._per_s)
        self._at = now
        if self._left >= 1:
            self._left -= 1
            return 0.0
        return (1 - self._left) / self._per_s
