"""The tiles used last, and who may build one."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future

from django.db import connection


class Cache:
    """Contents within a number of bytes; who comes while one is built waits for it."""

    def __init__(self, kept_bytes: int) -> None:
        self._kept: OrderedDict[Hashable, bytes] = OrderedDict()
        self._coming: dict[Hashable, Future[bytes]] = {}
        self._limit = kept_bytes
        self._size = 0
        self._lock = threading.Lock()

    def get(self, key: Hashable, build: Callable[[], bytes]) -> bytes:
        """Give what is kept under a key; build it if nobody has, or is about to."""
        with self._lock:
            kept = self._kept.get(key)
            if kept is not None:
                self._kept.move_to_end(key)
                return kept
            coming = self._coming.get(key)
            if coming is None:
                own = self._coming[key] = Future()
        if coming is None:
            return self._fill(key, own, build)
        let_go()
        return coming.result()

    def peek(self, key: Hashable) -> bytes | None:
        """Give what is kept under a key, if anything."""
        with self._lock:
            kept = self._kept.get(key)
            if kept is not None:
                self._kept.move_to_end(key)
            return kept

    def _fill(self, key: Hashable, own: Future[bytes], build: Callable[[], bytes]) -> bytes:
        try:
            content = build()
        except BaseException as error:
            with self._lock:
                del self._coming[key]
            own.set_exception(error)
            raise
        with self._lock:
            self._keep(key, content)
            del self._coming[key]
        own.set_result(content)
        return content

    def _keep(self, key: Hashable, content: bytes) -> None:
        self._kept[key] = content
        self._size += len(content)
        while self._size > self._limit:
            _, dropped = self._kept.popitem(last=False)
            self._size -= len(dropped)


class Turnstile:
    """Lets a number of threads through at once; the others wait without holding a connection."""

    def __init__(self, places: int) -> None:
        self._free = threading.BoundedSemaphore(places)

    def __enter__(self) -> None:
        if not self._free.acquire(blocking=False):
            let_go()
            self._free.acquire()

    def __exit__(self, *_: object) -> None:
        self._free.release()


def let_go() -> None:
    """Give this thread's connection back to the pool, so that whoever we wait for can have it."""
    if not connection.in_atomic_block:
        connection.close()
