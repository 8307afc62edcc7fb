"""Versions of layers, each believed for a while and asked for by one thread at a time."""

from __future__ import annotations

import hashlib
import threading
import time

from django.db import connection

from gis.layers import Layer


class Versions:
    """What the layers' versions were when last asked."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[str, float]] = {}
        self._lock = threading.Lock()

    def get(self, layer: Layer) -> str:
        """Name the state of a layer's content; who comes while it is asked for hears the one before."""
        known = self._known.get(layer.name)
        if known is not None and time.monotonic() < known[1]:
            return known[0]
        if not self._lock.acquire(blocking=known is None):
            assert known is not None  # noqa: S101 - or it would have waited
            return known[0]
        try:
            known = self._known.get(layer.name)
            if known is None or time.monotonic() >= known[1]:
                known = (_ask(layer), time.monotonic() + layer.believed_s)
                self._known[layer.name] = known
            return known[0]
        finally:
            self._lock.release()

    def knows(self, layer: Layer) -> bool:
        """Say whether the version is believed still."""
        known = self._known.get(layer.name)
        return known is not None and time.monotonic() < known[1]

    def clear(self) -> None:
        """Believe nothing any more."""
        with self._lock:
            self._known.clear()


def _ask(layer: Layer) -> str:
    if layer.prepare:
        layer.prepare()
    with connection.cursor() as cursor:
        cursor.execute(layer.version_sql)
        row = cursor.fetchone()
    return hashlib.sha256(repr(row).encode()).hexdigest()[:12]
