"""One setting of a base map, understood."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from gis.basemap import pmtiles

SLOTS = ("vector", "image", "terrain")
_TIANDITU = {"vector": ("vec", "cva"), "image": ("img", "cia"), "terrain": ("ter", "cta")}
"""Ground and names of 天地图's three maps."""
_TIANDITU_DEEPEST = {"vec": 18, "cva": 18, "img": 18, "cia": 18, "ter": 14, "cta": 14}
_SERVERS = range(8)


class BadSource(Exception):  # noqa: N818 - a setting, not a fault of ours
    """A setting that can't be used; says which and why."""


@dataclass(frozen=True)
class Source:
    """One set of tiles in Web Mercator.

    ``layers`` names the layers of vector tiles; ``file`` is the PMTiles file we serve ourselves, if any.
    """

    tiles: tuple[str, ...]
    kind: str = "raster"
    size: int = 256
    minzoom: int = 0
    maxzoom: int = 18
    layers: tuple[str, ...] = ()
    file: Path | None = None
    bounds: tuple[float, float, float, float] | None = None

    @property
    def origins(self) -> set[str]:
        """Name the foreign origins asked."""
        parts = [urlsplit(tile) for tile in self.tiles]
        return {f"{part.scheme}://{part.netloc}" for part in parts if part.netloc}

    def shown(self) -> dict[str, Any]:
        """Give what the map needs."""
        about = {
            "type": self.kind,
            "tiles": list(self.tiles),
            "minzoom": self.minzoom,
            "maxzoom": self.maxzoom,
        }
        about |= {"layers": list(self.layers)} if self.kind == "vector" else {"tileSize": self.size}
        return about | ({"bounds": list(self.bounds)} if self.bounds else {})


def parse(slot: str, text: str, tianditu_key: str) -> list[Source]:
    """Read a setting: ``tianditu``, an XYZ template, or the path of a ``.pmtiles`` file."""
    if text == "tianditu":
        return _tianditu(slot, tianditu_key)
    if text.endswith(".pmtiles"):
        return [_file(slot, Path(text))]
    return [_template(slot, text)]


def _tianditu(slot: str, key: str) -> list[Source]:
    if not key:
        raise BadSource("ZAIQING_TIANDITU_KEY 未设置,不能使用天地图")
    return [
        Source(
            tuple(
                f"https://t{server}.tianditu.gov.cn/{layer}_w/wmts?SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0"
                f"&LAYER={layer}&STYLE=default&TILEMATRIXSET=w&FORMAT=tiles"
                f"&TILEMATRIX={{z}}&TILEROW={{y}}&TILECOL={{x}}&tk={quote(key, safe='')}"
                for server in _SERVERS
            ),
            maxzoom=_TIANDITU_DEEPEST[layer],
        )
        for layer in _TIANDITU[slot]
    ]


def _template(slot: str, text: str) -> Source:
    name = f"ZAIQING_BASEMAP_{slot.upper()}"
    part = urlsplit(text)
    lacking = [mark for mark in ("{z}", "{x}", "{y}") if mark not in text]
    if part.scheme not in ("http", "https") or not part.hostname or lacking:
        raise BadSource(f"{name} 须为含 {{z}} {{x}} {{y}} 的 http(s) 地址、.pmtiles 文件或 tianditu")
    if set(part.netloc) & set("{}*;,'\"@ "):
        raise BadSource(f"{name} 的主机须逐字写明,不能含通配或账号")
    return Source((text,))


def _file(slot: str, path: Path) -> Source:
    try:
        archive = pmtiles.open_file(path)
    except (OSError, pmtiles.Unreadable) as error:
        raise BadSource(f"ZAIQING_BASEMAP_{slot.upper()}: {path}: {error}") from error
    head = archive.head
    return Source(
        (f"/basemap/{slot}/{{z}}/{{x}}/{{y}}",),
        kind="vector" if head.is_vector else "raster",
        minzoom=head.minzoom,
        maxzoom=head.maxzoom,
        layers=archive.layers(),
        file=path,
        bounds=head.bounds,
    )
