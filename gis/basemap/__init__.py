"""What lies under our own layers: 天地图, any XYZ tiles, a PMTiles file, relief from a DEM, or nothing.

Set by the environment (docs/operations.md). A browser asks only the hosts named here, and the page's
Content-Security-Policy names no other; with nothing set no foreign request is made at all. 天地图 is in
CGCS2000, which is treated as equal to ours; tiles in 火星坐标 (GCJ-02) would lie hundreds of metres off.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings

from gis.basemap import pmtiles, relief
from gis.basemap.sources import SLOTS, BadSource, Source, parse

__all__ = ["SLOTS", "BadSource", "choices", "hosts", "notice", "sources"]


def sources() -> dict[str, list[Source]]:
    """Give what each of the three choices draws, bottom first; one that is not set is missing.

    Raises
    ------
    BadSource
        If a setting can't be used.
    """
    given = settings.BASEMAP
    found = {}
    for slot in SLOTS:
        text = given[slot] or ("tianditu" if given["tianditu_key"] else "")
        if text:
            found[slot] = parse(slot, text, given["tianditu_key"])
    return found


def hosts() -> list[str]:
    """Name the foreign origins a map may ask, exactly; none where all is ours."""
    return sorted({origin for drawn in sources().values() for one in drawn for origin in one.origins})


def choices() -> dict[str, Any]:
    """Tell the map what it may lay under the layers."""
    found = [{"id": slot, "sources": [one.shown() for one in drawn]} for slot, drawn in sources().items()]
    return {"choices": found, "relief": relief.about(), "notice": notice()}


def notice() -> str:
    """Give credit and 审图号 as the map must show them (地图管理条例 第十五条); empty without a foreign map."""
    if not sources():
        return ""
    given = settings.BASEMAP
    credit = given["credit"] or ("天地图" if any(_is_tianditu(drawn) for drawn in sources().values()) else "")
    number = f"审图号:{given['approval']}" if given["approval"] else ""
    return " ".join(part for part in (credit, number) if part)


def _is_tianditu(drawn: list[Source]) -> bool:
    return any("tianditu" in origin for one in drawn for origin in one.origins)


def stored(slot: str, place: tuple[int, int, int]) -> pmtiles.Tile | None:
    """Give a tile of a PMTiles file of ours; None where there is none."""
    for one in sources().get(slot, []):
        if one.file:
            return pmtiles.open_file(one.file).tile(*place)
    return None
