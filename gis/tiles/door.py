"""Tiles answered before Django is asked, for readers it knew a moment ago.

A map asks for dozens of tiles at once; looking up session and rights for each costs five times the tile.
This ASGI application stands before Django's and answers what it surely can, from what is kept or by a few
threads of its own; everything else, refusals and errors too, it leaves to Django.
"""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.db import Error, connection

from gis import layers, tiles
from gis.tiles import quick, readers

MVT = "application/vnd.mapbox-vector-tile"
ASK_AGAIN = "private, no-cache"
"""A browser may keep a tile, but asks each time whether it still holds: rights may have ended."""
VARY = "Accept-Encoding, Cookie"
_PATH = re.compile(r"/tiles/([a-z][a-z_-]{0,40})/(\d{1,2})/(\d{1,8})/(\d{1,8})\.mvt")
_log = logging.getLogger(__name__)

App = Callable[[Any, Any, Any], Awaitable[None]]
Answer = tuple[int, str, bytes]
"""Status, ETag, packed content."""


class Door:
    """Stands before Django's application."""

    def __init__(self, inner: App) -> None:
        self._inner = inner
        self._threads = ThreadPoolExecutor(tiles.BUILDERS, "tiles", quick.keep_connection)
        self._coming: dict[tuple[Any, ...], asyncio.Task[bytes]] = {}

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer, or leave it to Django."""
        answer = await self._answer(scope)
        if answer is None:
            await self._inner(scope, receive, send)
            return
        status, tag, content = answer
        headers = [
            (b"etag", tag.encode()),
            (b"cache-control", ASK_AGAIN.encode()),
            (b"vary", VARY.encode()),
            (b"x-content-type-options", b"nosniff"),
        ]
        if status == 200:
            headers += [
                (b"content-type", MVT.encode()),
                (b"content-encoding", b"gzip"),
                (b"content-length", str(len(content)).encode()),
            ]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": content})

    async def _answer(self, scope: Any) -> Answer | None:
        asked = _PATH.fullmatch(scope["path"]) if scope["method"] == "GET" else None
        if asked is None:
            return None
        given = {name: value.decode("latin-1") for name, value in scope["headers"]}
        reader = readers.recall(given.get(b"cookie", ""), given.get(b"authorization", ""))
        layer, place = layers.get(asked[1]), (int(asked[2]), int(asked[3]), int(asked[4]))
        packs = "gzip" in given.get(b"accept-encoding", "")
        if reader is None or layer is None or not packs or not tiles.exists(layer, place):
            return None
        try:
            if not tiles.knows_version(layer):
                await self._in_thread(tiles.version, layer)
            tag = f'W/"{tiles.tag(layer, reader, place)}"'
            if is_named(tag, given.get(b"if-none-match", "")):
                return 304, tag, b""
            kept = tiles.kept(layer, reader, place)
            return 200, tag, kept if kept is not None else await self._built(layer, reader, place)
        except Error as error:  # Django's own way is to try again, and to say so
            _log.warning("tile left to Django: %s", error)
            return None

    async def _built(self, *asked: Any) -> bytes:
        """Have one thread build a tile, however many wait for it."""
        key = tiles.key(*asked)
        task = self._coming.get(key)
        if task is None:
            task = self._coming[key] = asyncio.create_task(self._in_thread(tiles.tile, *asked))
            task.add_done_callback(lambda _: self._coming.pop(key, None))
        return await asyncio.shield(task)  # one who leaves takes the tile from nobody

    async def _in_thread(self, work: Callable[..., Any], *asked: Any) -> Any:
        return await asyncio.get_running_loop().run_in_executor(self._threads, _safely, work, *asked)


def is_named(tag: str, header: str) -> bool:
    """Say whether an ``If-None-Match`` names this tag."""
    return bool(header) and tag in [part.strip() for part in header.split(",")]


def _safely(work: Callable[..., Any], *asked: Any) -> Any:
    """Work on this thread's lasting connection; a broken one is not kept."""
    try:
        return work(*asked)
    except Error:
        connection.close()
        raise
