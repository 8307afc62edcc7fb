"""Vector tiles: one SQL statement each, built once however many ask at the same time.

Tiles are kept gzipped in each process, by layer version, reader's scope and place; a layer
that changed has another version, so nothing has to be thrown out by hand.
"""

from __future__ import annotations

import gzip
import hashlib
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future

from django.db import connection

from gis.layers import Layer
from gis.scope import AreaScope

EXTENT = 4096
BUFFER = 64
"""Units of the extent drawn beyond a tile's edge, so that lines meet."""
KEPT_BYTES = 32 * 1024 * 1024

Place = tuple[int, int, int]
"""Zoom, column, row, counted from the north-west."""
_Key = tuple[str, str, tuple[str, ...], Place]


def exists(layer: Layer, place: Place) -> bool:
    """Say whether the layer has such a tile."""
    z, x, y = place
    return layer.minzoom <= z <= layer.maxzoom and 0 <= x < 2**z and 0 <= y < 2**z


def tag(layer: Layer, scope: AreaScope, place: Place) -> str:
    """Name the content of a tile for a reader: the same name, the same content."""
    parts = repr((layer.name, version(layer), scope.prefixes, place))
    return hashlib.sha256(parts.encode()).hexdigest()[:32]


def tile(layer: Layer, scope: AreaScope, place: Place) -> bytes:
    """Give a tile gzipped; one that holds nothing is empty."""
    key = (layer.name, version(layer), scope.prefixes, place)
    return _cache.get(key, lambda: gzip.compress(_build(layer, scope, place), compresslevel=5, mtime=0))


def version(layer: Layer) -> str:
    """Name the state of a layer's content."""
    return _versions.get(layer)


def forget() -> None:
    """Ask for versions anew; for loaders in this process, and for tests."""
    _versions.clear()


def _build(layer: Layer, scope: AreaScope, place: Place) -> bytes:
    sql, params = statement(layer, scope, place)
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return bytes(cursor.fetchone()[0])


def statement(layer: Layer, scope: AreaScope, place: Place) -> tuple[str, list[int | str]]:
    """Give the SQL of a tile and its parameters."""
    columns = [layer.geometry] if place[0] >= layer.geometry_from else []
    columns += [layer.point] if layer.point else []
    visible, seen = layer.visible_to(scope)
    fields = ", ".join(f'{sql} AS "{name}"' for name, sql in layer.fields.items())
    parts: list[str] = []
    params: list[int | str] = []
    for column in columns:
        parts.append(
            f"SELECT {fields}, ST_AsMVTGeom(ST_Transform(t.{column}, 3857), ST_TileEnvelope(%s, %s, %s),"  # noqa: S608
            f" {EXTENT}, {BUFFER}) AS geom FROM {layer.table} t WHERE {layer.where} AND {visible}"
            f" AND t.{column} && ST_Transform(ST_TileEnvelope(%s, %s, %s, margin => {BUFFER / EXTENT}), 4326)"
        )
        params += [*place, *seen, *place]
    # set_config() is not parallel-safe, and that is why it stands here: starting workers takes
    # 20 ms, a tile takes one. MATERIALIZED, or each shape would be cut twice: once to be tested, once to be drawn.
    sql = (
        f"WITH tile AS MATERIALIZED ({' UNION ALL '.join(parts)})"  # noqa: S608
        f" SELECT coalesce(ST_AsMVT(tile, %s, {EXTENT}, 'geom'), ''), set_config('zaiqing.tile', '', true) FROM tile WHERE geom IS NOT NULL"
    )
    params.append(layer.name)
    return sql, params


class _Versions:
    """Versions of layers, each believed for a while and asked for by one thread at a time."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[str, float]] = {}
        self._lock = threading.Lock()

    def get(self, layer: Layer) -> str:
        known = self._known.get(layer.name)
        if known is None or time.monotonic() >= known[1]:
            with self._lock:
                known = self._known.get(layer.name)
                if known is None or time.monotonic() >= known[1]:
                    known = (_ask_version(layer), time.monotonic() + layer.believed_s)
                    self._known[layer.name] = known
        return known[0]

    def clear(self) -> None:
        with self._lock:
            self._known.clear()


def _ask_version(layer: Layer) -> str:
    with connection.cursor() as cursor:
        cursor.execute(layer.version_sql)
        row = cursor.fetchone()
    return hashlib.sha256(repr(row).encode()).hexdigest()[:12]


class _Cache:
    """The tiles used last, within a number of bytes; who comes while one is built waits for it."""

    def __init__(self) -> None:
        self._kept: OrderedDict[_Key, bytes] = OrderedDict()
        self._coming: dict[_Key, Future[bytes]] = {}
        self._size = 0
        self._lock = threading.Lock()

    def get(self, key: _Key, build: Callable[[], bytes]) -> bytes:
        with self._lock:
            kept = self._kept.get(key)
            if kept is not None:
                self._kept.move_to_end(key)
                return kept
            coming = self._coming.get(key)
            if coming is None:
                own = self._coming[key] = Future()
        return coming.result() if coming is not None else self._fill(key, own, build)

    def _fill(self, key: _Key, own: Future[bytes], build: Callable[[], bytes]) -> bytes:
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

    def _keep(self, key: _Key, content: bytes) -> None:
        self._kept[key] = content
        self._size += len(content)
        while self._size > KEPT_BYTES:
            _, dropped = self._kept.popitem(last=False)
            self._size -= len(dropped)


_versions = _Versions()
_cache = _Cache()
