"""The printed maps of a briefing: situation, dangers and who is exposed, reports received, roads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django.contrib.gis.gdal import CoordTransform, SpatialReference
from django.contrib.gis.geos import GEOSGeometry, MultiPoint, MultiPolygon, Point, Polygon
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from disaster.briefings.maps import borders, classes
from disaster.briefings.maps.ground import Ground, Shape
from disaster.briefings.maps.sheet import Marks, Rings, Sheet

PLANE = 4548
REACH = (72.0, 0.0, 162.0, 60.0)
"""West, south, east and north of where a sheet can lie, in degrees: a transverse Mercator tears apart farther
than 45° from its meridian, 117° E here."""
ZONES = {
    "red": ("#d7191c", "xxxx"),
    "orange": ("#d96a00", "////"),
    "yellow": ("#b38f00", "...."),
    "blue": ("#1e6fd9", "----"),
}
"""Colour and hatch of a danger: in grey the hatch tells them apart."""
BORDER: dict[str, Any] = {"color": "#3d4a52", "linewidth": 0.8, "linestyle": (0, (7, 2, 1.2, 2))}
"""Of a township: dashes and dots, so that no copier makes a road of it."""
LEVELS = {"red": "红色危险区", "orange": "橙色危险区", "yellow": "黄色危险区", "blue": "蓝色危险区"}
ROADS = {"motorway": 1.6, "national": 1.4, "provincial": 1.2, "county": 0.8, "township": 0.5}


def situation(
    ground: Ground, values: Mapping[str, Decimal], what: str, marks: Marks, size: str = "A4"
) -> bytes:
    """Draw how much of one figure each village, or where there are none each township, reported."""
    sheet = _base(ground, marks, size)
    parts = [one for one in ground.villages if one.shape] or [one for one in ground.townships if one.shape]
    limits = classes.breaks(values[one.code] for one in parts if one.code in values)
    for one in parts:
        grade = classes.grade(values.get(one.code), limits)
        if grade and one.shape:
            sheet.area(
                rings(one.shape),
                facecolor=classes.COLORS[grade],
                edgecolor="#8a979f",
                linewidth=0.2,
                zorder=1,
            )
    sheet.legend(Patch(facecolor="white", edgecolor="#555555", linewidth=0.4), f"{what} 无报告或为零")
    for grade, text in enumerate(classes.names(limits), start=1):
        sheet.legend(
            Patch(facecolor=classes.COLORS[grade], edgecolor="#555555", linewidth=0.4), f"{what} {text}"
        )
    _townships(sheet, ground, values)
    return sheet.png()


def delivered(
    ground: Ground,
    granted: Mapping[str, Decimal],
    settled: Mapping[str, Decimal],
    unit: str,
    marks: Marks,
    size: str = "A4",
) -> bytes:
    """Draw by village how much was granted (the ring) and how much of it has arrived (its filling)."""
    sheet = _base(ground, marks, size)
    known = [(one, granted[one.code]) for one in ground.villages if one.point and granted.get(one.code)]
    most = max((value for _, value in known), default=Decimal(1))
    rings, fills, widths, full = [], [], [], []
    for one, value in known:
        area = 18 + 160 * float(value / most)
        share = float(settled.get(one.code, Decimal(0)) / value)
        at = plane(one.point)  # type: ignore[arg-type]
        rings.append(at)
        widths.append(area)
        if share:
            fills.append(at)
            full.append(area * share)
    sheet.dots(rings, s=widths, marker="o", facecolor="white", edgecolor="black", linewidth=0.7, zorder=5)
    sheet.dots(fills, s=full, marker="o", facecolor="#2f6d95", edgecolor="none", zorder=6)
    sheet.legend(sign("o", "white", "black"), f"核准(最多 {most:f} {unit})")
    sheet.legend(sign("o", "#2f6d95", "black"), "已到户(占核准的面积)")
    missing = sum(1 for one, value in known if settled.get(one.code, Decimal(0)) < value)
    sheet.legend(sign(".", "white", "white"), f"未到齐的村 {missing} 个")
    _townships(sheet, ground)
    return sheet.png()


def exposure(ground: Ground, marks: Marks, size: str = "A4") -> bytes:
    """Draw the dangers in force, the villages inside them and the shelters."""
    sheet = _base(ground, marks, size)
    inside: list[tuple[float, float]] = []
    for zone in ground.zones:
        color, hatch = ZONES[zone.level]
        sheet.area(
            rings(zone.shape),
            facecolor=(*rgb(color), 0.18),
            edgecolor=color,
            hatch=hatch,
            linewidth=1,
            zorder=3,
        )
        prepared = zone.shape.prepared
        inside += [one.point for one in ground.villages if one.point and prepared.contains(_point(one.point))]
    sheet.dots(
        plane_all(list(dict.fromkeys(inside))),
        s=14,
        marker="o",
        facecolor="white",
        edgecolor="black",
        linewidth=0.9,
        zorder=5,
    )
    sheet.dots(
        plane_all([one.point for one in ground.shelters]),
        s=26,
        marker="^",
        facecolor="#1a6b3c",
        edgecolor="white",
        linewidth=0.4,
        zorder=5,
    )
    _zone_levels(sheet, ground)
    if ground.villages:
        sheet.legend(sign("o", "white", "black"), f"危险区内的村({len(set(inside))}个)")
    sheet.legend(sign("^", "#1a6b3c", "white"), "避难场所")
    for zone in ground.zones:
        center = zone.shape.point_on_surface
        at = plane((center.x, center.y))
        name = f"{zone.name}·{LEVELS[zone.level][0]}"
        sheet.label(name, at, size=7, beside=True, fontweight="bold", zorder=8)
    _townships(sheet, ground)
    return sheet.png()


def received(ground: Ground, spoke: Mapping[str, int], marks: Marks, size: str = "A4") -> bytes:
    """Draw which villages have reported, and which have not."""
    sheet = _base(ground, marks, size)
    told = [one for one in ground.villages if one.point and spoke.get(one.code)]
    silent = [one for one in ground.villages if one.point and not spoke.get(one.code)]
    sheet.dots(
        plane_all([one.point for one in told if one.point]),
        s=16,
        marker="o",
        facecolor="#2f6d95",
        edgecolor="white",
        linewidth=0.3,
        zorder=5,
    )
    sheet.dots(
        plane_all([one.point for one in silent if one.point]),
        s=18,
        marker="s",
        facecolor="white",
        edgecolor="black",
        linewidth=0.8,
        zorder=5,
    )
    sheet.legend(sign("o", "#2f6d95", "white"), f"已报({len(told)}个村)")
    sheet.legend(sign("s", "white", "black"), f"未报({len(silent)}个村)")
    _townships(sheet, ground)
    return sheet.png()


def roads(ground: Ground, marks: Marks, size: str = "A4") -> bytes:
    """Draw roads and where they are closed, over the dangers."""
    sheet = _base(ground, marks, size, bold_roads=True)
    for zone in ground.zones:
        color, hatch = ZONES[zone.level]
        sheet.area(rings(zone.shape), facecolor="none", edgecolor=color, hatch=hatch, linewidth=0.6, zorder=2)
    spots = []
    for closed in ground.closures:
        center = closed.shape.centroid
        spots.append(plane((center.x, center.y)))
        sheet.label(closed.reason, spots[-1], size=6.5, beside=True, zorder=8)
    sheet.dots(spots, s=46, marker="X", facecolor="black", edgecolor="white", linewidth=0.6, zorder=7)
    for kind, text in (("provincial", "高速、国道、省道"), ("county", "县道"), ("township", "乡道")):
        sheet.legend(Line2D([], [], color="#5b4a2f", linewidth=ROADS[kind] * 1.8), text)
    sheet.legend(sign("X", "black", "white"), f"断路({len(spots)}处)")
    _zone_levels(sheet, ground)
    _townships(sheet, ground)
    return sheet.png()


def _base(ground: Ground, marks: Marks, size: str, *, bold_roads: bool = False) -> Sheet:
    """The outline and roads under every map."""
    outline = to_plane(ground.outline) if ground.outline else to_plane(_hull(ground))
    sheet = Sheet(size, marks, outline.extent)
    sheet.area(_rings_of(outline), facecolor="none", edgecolor="black", linewidth=1.4, zorder=4)
    for way in ground.roads:
        weight = ROADS[way.kind] * (1.8 if bold_roads else 0.6)
        sheet.line(
            to_plane(way.line).coords,
            color="#5b4a2f" if bold_roads else "#c2b59b",
            linewidth=weight,
            zorder=3 if bold_roads else 1.5,
        )
    return sheet


def _townships(sheet: Sheet, ground: Ground, values: Mapping[str, Decimal] | None = None) -> None:
    """Draw the borders of the townships and name them; a township's own is the map's."""
    sheet.legend(Line2D([], [], color="black", linewidth=1.4), "本图范围界")
    rim = ground.outline.boundary if ground.outline else None
    between = borders.once((one.shape for one in ground.townships), without=rim)
    if not between.empty:
        lines(sheet, between, **BORDER, zorder=4)
        sheet.legend(Line2D([], [], **BORDER), "乡镇界")
    if len(ground.townships) == 1 and ground.villages:
        _villages(sheet, ground, values or {})
        return
    for one in ground.townships:
        if one.point:
            text = (
                one.name if values is None or one.code not in values else f"{one.name}\n{values[one.code]:f}"
            )
            sheet.label(text, plane(one.point), size=7.5, zorder=8)


def _villages(sheet: Sheet, ground: Ground, values: Mapping[str, Decimal]) -> None:
    """Name the villages of a township's map, with what they reported where that is drawn."""
    for one in ground.villages:
        if one.point:
            value = values.get(one.code)
            text = one.name if value is None else f"{one.name} {value:f}"
            sheet.label(text, plane(one.point), size=6.5, beside=True, zorder=8)


def _zone_levels(sheet: Sheet, ground: Ground) -> None:
    """Put the levels of danger into the legend, the gravest first."""
    known = {zone.level for zone in ground.zones}
    for level in (one for one in ZONES if one in known):
        color, hatch = ZONES[level]
        sheet.legend(Patch(facecolor="white", edgecolor=color, hatch=hatch), LEVELS[level])


def _hull(ground: Ground) -> GEOSGeometry:
    points: list[Shape] = [*ground.villages, *ground.townships]
    return MultiPoint(*(_point(one.point) for one in points if one.point), srid=4326).convex_hull.buffer(0.02)


def lines(sheet: Sheet, shape: GEOSGeometry, **style: Any) -> None:
    """Draw a line or several (EPSG:4326)."""
    drawn = to_plane(shape)
    for line in drawn if drawn.geom_type == "MultiLineString" else [drawn]:
        sheet.line(line.coords, **style)


def sign(marker: str, face: str, edge: str) -> Line2D:
    """Make a sign for the legend."""
    return Line2D(
        [], [], linestyle="none", marker=marker, markerfacecolor=face, markeredgecolor=edge, markersize=7
    )


def rgb(color: str) -> tuple[float, float, float]:
    """Give a colour's three parts, 0 to 1."""
    return tuple(int(color[at : at + 2], 16) / 255 for at in (1, 3, 5))  # type: ignore[return-value]


def _point(at: tuple[float, float]) -> Point:
    return Point(*at, srid=4326)


def plane(at: tuple[float, float]) -> tuple[float, float]:
    """Bring a position to the sheet's metres."""
    return plane_all([at])[0]


def plane_all(points: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """Bring positions (EPSG:4326) to the sheet's metres (EPSG:4548)."""
    if not points:
        return []
    return [(one.x, one.y) for one in to_plane(MultiPoint(*(Point(*at) for at in points), srid=4326))]


@lru_cache(maxsize=1)
def _way_to_plane() -> CoordTransform:
    """Made once: looking up a reference system takes longer than transforming a county."""
    return CoordTransform(SpatialReference(4326), SpatialReference(PLANE))


def to_plane(shape: GEOSGeometry) -> Any:
    """Bring a shape (EPSG:4326) to the sheet's metres (EPSG:4548)."""
    return shape.transform(_way_to_plane(), clone=True)


def rings(shape: GEOSGeometry) -> list[Rings]:
    """Give the rings of a shape's parts in the sheet's metres."""
    return _rings_of(to_plane(shape))


def _rings_of(shape: GEOSGeometry) -> list[Rings]:
    parts = shape if isinstance(shape, MultiPolygon) else [shape]
    return [[[(x, y) for x, y, *_ in ring] for ring in part] for part in parts if isinstance(part, Polygon)]
