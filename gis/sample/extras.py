"""Sample shelters and hazard zones, all made up and all named 示例; part of ``make``."""

from __future__ import annotations

import csv
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import shapely
from shapely.geometry import LineString, Point, shape
from shapely.geometry.base import BaseGeometry

HERE = Path(__file__).parent
M2_A_PERSON = {"emergency": 0.5, "short": 2.0, "long": 4.5}
"""Least usable area per person by length of stay, GB 51143-2015."""
DEGREES_A_KM = 1 / 111.2

PLACES = [("中心学校", "short"), ("文化广场", "emergency"), ("敬老院", "long"), ("第二小学", "short")]
TOWNS = [
    "340882100000",
    "340882101000",
    "340882102000",
    "340882103000",
    "340882105000",
    "340882107000",
    "340882202000",
]
"""Townships with a second shelter."""

ZONES: list[tuple[str, str, str, str, float]] = [
    ("340882103000", "皖河圩区洪水危险区", "flood", "orange", 1.2),
    ("340882108000", "皖河下游圩区洪水危险区", "flood", "red", 1.2),
    ("340882201000", "潜水沿岸洪水危险区", "flood", "yellow", 1.0),
    ("340882100000", "城区低洼内涝点", "waterlogging", "yellow", 0.8),
    ("340882202000", "龙湾山洪危险区", "flash_flood", "red", 0.7),
    ("340882106000", "水吼河谷山洪危险区", "flash_flood", "orange", 0.7),
    ("340882107000", "官庄切坡建房滑坡隐患区", "landslide", "orange", 0.6),
    ("340882200000", "塔畈泥石流沟口", "debris_flow", "yellow", 0.5),
    ("340882110000", "天柱山景区崩塌隐患点", "rockfall", "yellow", 0.4),
    ("340882109000", "黄柏山路积雪结冰路段", "ice", "blue", 0.5),
]
"""Township, name, kind, level, half width in km."""


def make(features: list[dict[str, Any]]) -> list[tuple[dict[str, Any], BaseGeometry]]:
    """Write shelters.csv from the features of areas.geojson; give the zones' properties and outlines."""
    areas = {feature["properties"]["code"]: feature for feature in features}
    villages = [f for f in features if f["properties"]["level"] == "village" and f["geometry"]]
    _shelters(areas, villages)
    return list(_zones(areas, villages))


def _shelters(areas: dict[str, Any], villages: list[dict[str, Any]]) -> None:
    chance = random.Random("shelters")  # noqa: S311 - a repeatable drawing, no secret
    townships = [
        code for code, area in areas.items() if area["properties"]["level"] == "township" and area["geometry"]
    ]
    rows: list[dict[str, Any]] = []
    for code in [*townships, *TOWNS]:
        number = sum(row["township"] == code for row in rows)
        village = [item for item in villages if item["properties"]["parent"] == code][number * 2]
        place, kind = PLACES[chance.choices([0, 1, 2], [5, 3, 2])[0] if number == 0 else 3]
        usable = chance.randrange(600, 2400, 50)
        spot = _near(village, chance)
        rows.append(
            {
                "township": code,
                "area_code": village["properties"]["code"],
                "name": f"{areas[code]['properties']['name']}{place}(示例)",
                "lon": round(spot.x, 6),
                "lat": round(spot.y, 6),
                "kind": kind,
                "usable_area_m2": usable,
                "capacity": int(usable / M2_A_PERSON[kind]),
                "keeper": f"{village['properties']['name']}(示例)",
                "facilities": "water|power|toilet|ramp" if number == 0 else "water|toilet",
                "code": f"示例-{code[:9]}-{number + 1:02d}",
                "level": "township" if number == 0 else "village",
                "setting": "outdoor" if kind == "emergency" else "indoor",
                "address": f"{areas[code]['properties']['name']}{village['properties']['name']}(示例)",
            }
        )
    with (HERE / "shelters.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0])[1:], extrasaction="ignore", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def _near(village: dict[str, Any], chance: random.Random) -> Point:
    """Give a spot within some 400 m of a village's seat and inside it."""
    own, outline = village["properties"], shape(village["geometry"])
    while True:
        spot = Point(own["lon"] + chance.uniform(-0.004, 0.004), own["lat"] + chance.uniform(-0.004, 0.004))
        if outline.contains(spot):
            return spot


def _zones(
    areas: dict[str, Any], villages: list[dict[str, Any]]
) -> Iterator[tuple[dict[str, Any], BaseGeometry]]:
    for code, name, kind, level, width in ZONES:
        outline = shape(areas[code]["geometry"])
        zone = _zone(name, outline, [v for v in villages if v["properties"]["parent"] == code], width)
        properties = {"area_code": code, "name": f"{name}(示例)", "kind": kind, "level": level}
        yield properties, zone


def _zone(name: str, township: BaseGeometry, villages: list[dict[str, Any]], width: float) -> BaseGeometry:
    """A strip through two or three villages: as a river's valley would run."""
    first = next((v for v in villages if v["properties"]["name"][:2] == name[:2]), villages[0])
    own = first["properties"]
    near = sorted(villages, key=lambda v: shape(v["geometry"]).distance(Point(own["lon"], own["lat"])))[:2]
    spine = LineString([(v["properties"]["lon"], v["properties"]["lat"]) for v in near])
    strip = spine.buffer(width * DEGREES_A_KM * 0.6, quad_segs=4).intersection(township)
    largest = max(getattr(strip, "geoms", [strip]), key=lambda part: part.area)
    return shapely.set_precision(largest, 1e-6)
