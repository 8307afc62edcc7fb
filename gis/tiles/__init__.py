"""Vector tiles: one SQL statement each, built once however many ask at the same time.

Tiles are kept gzipped in each process, by layer version, reader's scope and place; a layer
that changed has another version, so nothing has to be thrown out by hand. Where several processes
serve, they share the costly ones through the database (:mod:`gis.tiles.shared`).
"""

from __future__ import annotations

import hashlib
import logging
import zlib

from gis.layers import Layer
from gis.scope import AreaScope
from gis.tiles import quick, shared
from gis.tiles.cache import Cache, Turnstile
from gis.tiles.statement import BUFFER, EXTENT, Place, statement
from gis.tiles.versions import Versions

__all__ = [
    "BUFFER",
    "EXTENT",
    "Place",
    "exists",
    "forget",
    "kept",
    "key",
    "knows_version",
    "packed",
    "statement",
    "tag",
    "tile",
    "version",
]

CAP = 500_000
"""Bytes of a tile before packing, at most (PERFORMANCE P12: 500 KB)."""
LARGE = 4 * 1024
"""Bytes from which on a tile is packed quickly rather than well."""
_GZIP = 16
"""Added to the window's bits it makes zlib write a gzip file."""
KEPT_BYTES = 32 * 1024 * 1024
BUILDERS = 4
"""Statements of tiles under way at once in a process: they never take the whole pool of connections."""
_log = logging.getLogger(__name__)


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
    name = key(layer, scope, place)

    def build() -> bytes:
        with _turnstile:
            return shared.once(place, name, lambda: _packed(layer, scope, place))

    return _cache.get(name, build)


def kept(layer: Layer, scope: AreaScope, place: Place) -> bytes | None:
    """Give a tile gzipped if it is at hand."""
    return _cache.peek(key(layer, scope, place))


def version(layer: Layer) -> str:
    """Name the state of a layer's content."""
    return _versions.get(layer)


def knows_version(layer: Layer) -> bool:
    """Say whether the version can be named without asking the database."""
    return _versions.knows(layer)


def forget() -> None:
    """Ask for versions anew; for loaders in this process, and for tests."""
    _versions.clear()


def key(layer: Layer, scope: AreaScope, place: Place) -> tuple[object, ...]:
    """Give what a tile is kept under."""
    return layer.name, version(layer), scope.prefixes, place


def _packed(layer: Layer, scope: AreaScope, place: Place) -> bytes:
    return packed(_build(layer, scope, place))


def packed(content: bytes) -> bytes:
    """Pack as gzip. The window is no wider than the content: most tiles are small, and to clear 32 KB for each takes longer than packing it."""
    # Who asks for a large tile waits for the packing too, and gains two hundredths by a better one.
    level = 1 if len(content) > LARGE else 5
    bits = min(zlib.MAX_WBITS, max(9, len(content).bit_length()))
    packer = zlib.compressobj(level, zlib.DEFLATED, _GZIP + bits, min(zlib.DEF_MEM_LEVEL, bits - 7))
    return packer.compress(content) + packer.flush()


def _build(layer: Layer, scope: AreaScope, place: Place) -> bytes:
    """Build a tile; of one that would be too heavy, show an even part of the rows."""
    content, share = _run(layer, scope, place, 1.0), 1.0
    while len(content) > CAP:
        share *= 0.9 * CAP / len(content)
        _log.warning("tile %s %s: %d bytes, showing %.2f of its rows", layer.name, place, len(content), share)
        content = _run(layer, scope, place, share)
    return content


def _run(layer: Layer, scope: AreaScope, place: Place, share: float) -> bytes:
    return quick.fetch(*statement(layer, scope, place, share=share))


_versions = Versions()
_cache = Cache(KEPT_BYTES)
_turnstile = Turnstile(BUILDERS)
