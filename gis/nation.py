"""A country by simulation: 690,000 villages with all that stands above them, and 30,000 zones.

For measuring at national size. The codes begin with 90–99, which no province has (国家统计局统计用区划代码:
11–82), every place is marked as simulated, and the same call makes the same country. Ten provinces lie
side by side, each narrower than the one to its west, as the east is the denser half.

Outlines are rectangles bent by one smooth field: neighbours share their borders as real ones do, and the
same field bends every level. EPSG:4326; areas have about as many vertices as generalised real ones.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, cast

import numpy as np
import shapely
from django.contrib.gis.geos import GEOSGeometry, MultiPolygon
from django.db import connection, transaction
from numpy.typing import NDArray

from gis import locate, tiles
from gis.models import Area, HazardZone

VILLAGES = 690_000
"""As many as the country has (PERFORMANCE P12)."""
ZONES = 30_000
FIRST_PROVINCE = 90
SOURCE = "全国规模模拟"

_WEST, _EAST, _SOUTH, _NORTH = 78.0, 122.0, 22.0, 48.0
_NARROWER = 0.75
"""Width of a province over that of its western neighbour."""
_PROVINCES, _PREFECTURES, _COUNTIES, _TOWNSHIPS = 10, (2, 7), (5, 4), (3, 5)
"""How many, or columns by rows, in one of the level above."""
_ROWS_OF_VILLAGES = 4
_EDGE = {"province": 400, "prefecture": 150, "city": 100, "township": 30, "village": 6}
"""Vertices along one side."""
_SEED = 690_000
_BEGAN = datetime(2026, 6, 1, tzinfo=UTC)
_NAMESPACE = uuid.UUID("5f6b1f36-9d0f-4a55-8b58-900000000000")

Boxes = NDArray[np.float64]
Counts = NDArray[np.int64]
"""Rows of west, south, east, north before bending, degrees."""


@dataclass(frozen=True)
class Level:
    """All areas of one level, in order of their codes; ``parent`` counts rows of the level above."""

    name: str
    codes: list[str]
    parent: Counts
    boxes: Boxes


class OccupiedError(Exception):
    """The database holds real areas."""


def make(villages: int = VILLAGES, zones: int = ZONES, *, beside_real: bool = False) -> str:
    """Create the country; one that is there already is replaced.

    Raises
    ------
    OccupiedError
        If the database holds areas that are not simulated, unless ``beside_real``.
    """
    if not beside_real and _real_areas():
        raise OccupiedError
    with transaction.atomic():
        remove()
        levels = _levels(villages)
        for above, level in zip((None, *levels), levels, strict=False):
            _copy(level, above)
        _zones(levels[-1], zones)
    _settle()
    return f"{', '.join(f'{len(level.codes)} {level.name}' for level in levels)}, {zones} zones"


def remove() -> int:
    """Take the country away again; give how many areas there were."""
    prefixes = tuple(str(FIRST_PROVINCE + number) for number in range(_PROVINCES))
    with transaction.atomic(), connection.cursor() as cursor:
        for table, column in (("places_hazardzone", "area_code"), ("places_shelter", "area_code")):
            cursor.execute(f"DELETE FROM {table} WHERE left({column}, 2) = ANY(%s)", [list(prefixes)])  # noqa: S608
        cursor.execute("DELETE FROM places_area WHERE left(code, 2) = ANY(%s)", [list(prefixes)])
        gone = cursor.rowcount
    _settle()
    return gone


def _real_areas() -> bool:
    """Say whether somebody's own areas are here; the sample county's are simulated but for its county."""
    return Area.objects.filter(is_approximate=False, level__in=["township", "village"]).exists()


def _settle() -> None:
    """Let planner and processes know."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE places_area, places_hazardzone")
    locate.reload()
    tiles.forget()


# ------------------------------------------------------------------ where they lie


def _levels(villages: int) -> list[Level]:
    provinces = Level(
        "province",
        [f"{FIRST_PROVINCE + number}0000000000" for number in range(_PROVINCES)],
        np.zeros(_PROVINCES, dtype=np.int64),
        _bands(),
    )
    prefectures = _split("prefecture", provinces, *_PREFECTURES)
    counties = _split("city", prefectures, *_COUNTIES)
    townships = _split("township", counties, *_TOWNSHIPS)
    return [provinces, prefectures, counties, townships, _villages(townships, villages)]


def _bands() -> Boxes:
    widths = _NARROWER ** np.arange(_PROVINCES)
    edges = _WEST + (_EAST - _WEST) * np.concatenate([[0], np.cumsum(widths) / widths.sum()])
    return np.column_stack([edges[:-1], np.full(_PROVINCES, _SOUTH), edges[1:], np.full(_PROVINCES, _NORTH)])


_BLOCK = {"prefecture": (2, 4), "city": (4, 6), "township": (6, 9), "village": (9, 12)}


def _split(name: str, above: Level, columns: int, rows: int) -> Level:
    """Cut each area above into ``columns`` by ``rows``."""
    count = columns * rows
    parent = np.repeat(np.arange(len(above.codes)), count)
    within = np.tile(np.arange(count), len(above.codes))
    boxes = _cut(
        above.boxes[parent], within % columns, within // columns, np.full(len(parent), columns), rows
    )
    return Level(name, _codes(name, above, parent, within), parent, boxes)


def _villages(townships: Level, total: int) -> Level:
    """Share the villages out evenly; the last of a township's rows takes what is left over."""
    parent = np.sort(np.arange(total) % len(townships.codes))
    counts = np.bincount(parent, minlength=len(townships.codes))
    within = np.arange(total) - np.repeat(np.cumsum(counts) - counts, counts)
    each = counts[parent] // _ROWS_OF_VILLAGES
    last = _ROWS_OF_VILLAGES - 1
    row = np.where(each > 0, np.minimum(within // np.maximum(each, 1), last), last)
    columns = np.where(row == last, counts[parent] - last * each, each)
    boxes = _cut(
        townships.boxes[parent], (within - row * each).astype(np.int64), row, columns, _ROWS_OF_VILLAGES
    )
    return Level("village", _codes("village", townships, parent, within), parent, boxes)


def _cut(boxes: Boxes, column: Counts, row: Counts, columns: Counts, rows: int) -> Boxes:
    west, south, east, north = boxes.T
    wide, high = (east - west) / columns, (north - south) / rows
    left, low = west + column * wide, south + row * high
    return np.column_stack([left, low, left + wide, low + high])


def _codes(name: str, above: Level, parent: Counts, within: Counts) -> list[str]:
    start, stop = _BLOCK[name]
    first = 201 if name == "village" else 1
    return [
        f"{above.codes[up][:start]}{first + number:0{stop - start}d}".ljust(12, "0")
        for up, number in zip(parent.tolist(), within.tolist(), strict=True)
    ]


# ------------------------------------------------------------------ how they look


def _bend(x: NDArray[np.float64], y: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Bend straight lines; each wave is too flat to fold the plane, so that borders do not cross."""
    east, north = x.copy(), y.copy()
    for turns, high in ((3.0, 0.03), (17.0, 0.005), (90.0, 0.0009), (500.0, 0.00015)):
        east += high * np.sin(turns * y + 1.7 * turns * x)
        north += high * np.sin(turns * x - 1.3 * turns * y + 2.0)
    return east, north


def _outlines(boxes: Boxes, side: int) -> NDArray[np.object_]:
    along = np.arange(side) / side
    flat, one = np.zeros(side), np.ones(side)
    across = np.concatenate([along, one, 1 - along, flat, [0.0]])
    up = np.concatenate([flat, along, one, 1 - along, [0.0]])
    west, south, east, north = (edge[:, None] for edge in boxes.T)
    x, y = _bend(west + (east - west) * across, south + (north - south) * up)
    return _shapes(x, y)


def _shapes(x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.object_]:
    rings: Any = shapely.polygons(np.stack([x, y], axis=-1))
    shapes: Any = shapely.multipolygons(rings[:, None])
    return cast("NDArray[np.object_]", shapely.set_srid(shapes, 4326))


def _seats(boxes: Boxes) -> NDArray[np.float64]:
    """A point well inside of each, not quite its middle."""
    random = np.random.default_rng(_SEED)
    share = random.uniform(0.3, 0.7, (len(boxes), 2))
    x, y = _bend(*(boxes[:, :2] + share * (boxes[:, 2:] - boxes[:, :2])).T)
    return np.column_stack([x, y])


# ------------------------------------------------------------------ putting them in

_AT_ONCE = 20_000
_NAMES = {
    "province": "模拟省",
    "prefecture": "模拟市",
    "city": "模拟县",
    "township": "模拟镇",
    "village": "模拟村",
}


def _copy(level: Level, above: Level | None) -> None:
    columns = "code, name, level, parent_id, population, boundary, point, is_approximate, source"
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY places_area ({columns}) FROM STDIN") as into,
    ):
        for row in _rows(level, above):
            into.write_row(row)


def _rows(level: Level, above: Level | None) -> Iterator[Sequence[object]]:
    people = np.random.default_rng(_SEED + 1).integers(300, 4000, len(level.codes))
    known, seats = level.name == "village", _seats(level.boxes)
    for start in range(0, len(level.codes), _AT_ONCE):
        part = slice(start, start + _AT_ONCE)
        points = shapely.set_srid(shapely.points(seats[part]), 4326)
        shapes = _outlines(level.boxes[part], _EDGE[level.name])
        for code, parent, count, shape, seat in zip(
            level.codes[part],
            level.parent[part].tolist(),
            people[part].tolist(),
            _hex(shapes),
            _hex(points),
            strict=True,
        ):
            up = above.codes[parent] if above else None
            name = f"{_NAMES[level.name]}{code[: _BLOCK.get(level.name, (0, 2))[1]]}"
            yield code, name, level.name, up, count if known else None, shape, seat, True, SOURCE


def _hex(shapes: Any) -> list[str]:
    written: Any = shapely.to_wkb(shapes, hex=True, include_srid=True)
    return list(written)


def _zones(villages: Level, count: int) -> None:
    """Draw zones about villages: uneven rounds of 300 m to 3 km."""
    random = np.random.default_rng(_SEED + 2)
    chosen = random.choice(len(villages.codes), count, replace=count > len(villages.codes))
    seats = _seats(villages.boxes)[chosen]
    angle = np.linspace(0, 2 * np.pi, 24, endpoint=False)
    reach = random.uniform(300, 3000, count)[:, None] / 111_000 * random.uniform(0.75, 1.25, (count, 24))
    x, y = seats[:, :1] + reach * np.cos(angle), seats[:, 1:] + reach * np.sin(angle) * 0.85
    shapes = _hex(_shapes(x, y))
    kinds, levels = HazardZone.Kind.values, HazardZone.Level.values
    HazardZone.objects.bulk_create(
        (
            HazardZone(
                id=uuid.uuid5(_NAMESPACE, str(number)),
                name=f"模拟危险区{number + 1}",
                kind=kinds[number % len(kinds)],
                level=levels[number % len(levels)],
                area_id=villages.codes[at],
                boundary=cast("MultiPolygon", GEOSGeometry(shape)),
                source=SOURCE,
                valid_from=_BEGAN,
            )
            for number, (at, shape) in enumerate(zip(chosen.tolist(), shapes, strict=True))
        ),
        batch_size=2000,
    )
