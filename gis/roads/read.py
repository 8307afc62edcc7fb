"""Ways out of files: GeoJSON, GeoPackage, Shapefile by their attributes, OpenStreetMap by its tags."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import osmium
import shapely

from gis import formats
from gis.models import Road
from gis.roads.build import BadRoads, Way

OSM_KINDS = {
    "motorway": Road.Kind.MOTORWAY,
    "trunk": Road.Kind.NATIONAL,
    "primary": Road.Kind.PROVINCIAL,
    "secondary": Road.Kind.COUNTY,
    "tertiary": Road.Kind.TOWNSHIP,
    "unclassified": Road.Kind.VILLAGE,
    "residential": Road.Kind.VILLAGE,
    "living_street": Road.Kind.VILLAGE,
    "service": Road.Kind.VILLAGE,
    "track": Road.Kind.TRACK,
}
"""OpenStreetMap's ``highway`` → our class, as the mapping guide for China has it."""
_NAMES = {
    "name": ("name", "名称", "路名"),
    "kind": ("kind", "class", "fclass", "highway", "类别", "等级"),
    "bridge": ("bridge", "is_bridge", "桥梁"),
    "oneway": ("oneway", "is_oneway", "单行"),
    "climb": ("climb", "slope", "坡度", "纵坡"),
}
_WORDS = {str(kind.label): kind.value for kind in Road.Kind}
_NO = frozenset({"", "no", "0", "false", "f", "none", "否"})


def read(path: Path) -> list[Way]:
    """Read a file's ways by its ending.

    Raises
    ------
    gis.formats.Unreadable
        If the file can't be read at all.
    BadRoads
        Naming each feature that is no road.
    """
    if path.name.lower().endswith((".osm", ".osm.pbf", ".pbf", ".osm.bz2")):
        return _osm(path)
    table = formats.read(path)
    errors: dict[int, str] = {}
    ways: list[Way] = []
    for row in table.rows:
        kind = _kind(_given(row.values, "kind"))
        if kind is None:
            errors[row.number] = f"不认识的道路类别“{_given(row.values, 'kind')}”"
        elif row.shape is None or row.shape.geom_type not in ("LineString", "MultiLineString"):
            errors[row.number] = "不是线"
        else:
            ways += _ways(row.number, row.shape, kind, row.values)
    if errors:
        raise BadRoads(errors)
    return ways


def _ways(number: int, shape: Any, kind: str, values: Mapping[str, Any]) -> Iterator[Way]:
    for line in getattr(shape, "geoms", [shape]):
        yield Way(
            number,
            [(x, y) for x, y in shapely.get_coordinates(line).tolist()],
            kind,
            str(_given(values, "name") or ""),
            _yes(_given(values, "bridge")),
            _yes(_given(values, "oneway")),
            _number(_given(values, "climb")),
        )


def _given(values: Mapping[str, Any], what: str) -> Any:
    known = {str(name).lower(): value for name, value in values.items()}
    return next((known[name] for name in _NAMES[what] if known.get(name) not in (None, "")), None)


def _kind(word: Any) -> str | None:
    text = str(word or "").strip()
    if text in Road.Kind.values:
        return text
    return _WORDS.get(text) or OSM_KINDS.get(text.removesuffix("_link"))


def _yes(value: Any) -> bool:
    return str(value or "").strip().lower() not in _NO


def _number(value: Any) -> float | None:
    try:
        return None if value is None else float(value)
    except (TypeError, ValueError):
        return None


def _osm(path: Path) -> list[Way]:
    try:
        found = (
            osmium.FileProcessor(str(path)).with_locations().with_filter(osmium.filter.KeyFilter("highway"))
        )
        return [way for one in found if isinstance(one, osmium.osm.Way) for way in _osm_way(one)]
    except RuntimeError as error:
        raise formats.Unreadable("不是可读的 OpenStreetMap 文件") from error


def _osm_way(one: Any) -> Iterator[Way]:
    tags = {tag.k: tag.v for tag in one.tags}
    kind = OSM_KINDS.get(tags.get("highway", "").removesuffix("_link"))
    if kind is None or tags.get("access") in ("no", "private"):
        return
    line = [(node.location.lon, node.location.lat) for node in one.nodes if node.location.valid()]
    oneway = tags.get("oneway", "yes" if tags.get("highway") == "motorway" else "no")
    if oneway == "-1":
        line.reverse()
    if len(line) > 1:
        name = tags.get("name:zh") or tags.get("name") or tags.get("ref") or ""
        yield Way(one.id, line, kind, name, _yes(tags.get("bridge")), _yes(oneway))
