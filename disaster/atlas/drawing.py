"""Drawing a view of the map on a sheet, in the signs of the screen, good in black and white too."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from disaster.atlas.ground import Sign, View
from disaster.briefings.maps import borders, printed
from disaster.briefings.maps.sheet import Sheet

GRAVITIES = {
    3: ("#3f1266", "有人员死亡或失踪"),
    2: ("#7846b0", "有转移安置或房屋倒损"),
    1: ("#a887cf", "有其他损失"),
    0: ("#c9ced3", "零报告或无损失"),
}
"""As on the live map; each is also larger than the next, for black and white."""
SHADES = ((50_000, "#bda6dc"), (10_000, "#d5c5e9"), (2_000, "#e6dcf2"), (1, "#f1ecf7"))
"""People affected in a township, from so many on: the steps of static/map/view.js."""
SHELTERS = {
    "open": ("#15803d", "#ffffff", "避难场所 已开放"),
    "filling": ("#c2610c", "#ffffff", "避难场所 将满"),
    "standby": ("#ffffff", "#15803d", "避难场所 待命"),
    "closed": ("#ffffff", "#8a9690", "避难场所 已关闭"),
}
CLOSURE, LORRY, ROAD, EDGE, RETURNED = "#000000", "#1d4e89", "#c2b59b", "#55636c", "#56646f"
DASHES = (0, (4, 2))


def draw(sheet: Sheet, view: View, affected: Mapping[str, Decimal], *, is_near: bool) -> None:
    """Draw all layers; ``is_near``: near enough for the names of villages."""
    _shades(sheet, view, affected)
    _roads(sheet, view)
    _areas(sheet, view)
    # Asked for first, so left out last: whoever reads a sheet looks for a township.
    for one in view.townships:
        if one.point:
            sheet.label(one.name, printed.plane(one.point), size=8, zorder=8)
    _zones(sheet, view)
    _reports(sheet, view)
    _shelters(sheet, view)
    _trips(sheet, view, is_near=is_near)
    _closures(sheet, view, is_near=is_near)
    _silent(sheet, view)
    for one in view.villages if is_near else ():
        if one.point:
            sheet.label(one.name, printed.plane(one.point), size=6, zorder=8)


def _shades(sheet: Sheet, view: View, affected: Mapping[str, Decimal]) -> None:
    """Townships darken with the people affected in them."""
    used = set()
    for one in view.townships:
        people = affected.get(one.code, 0)
        step = next((step for step in SHADES if people >= step[0]), None)
        if one.shape and step:
            sheet.area(printed.rings(one.shape), facecolor=step[1], edgecolor="none", zorder=1)
            used.add(step)
    for limit, color in SHADES:
        if (limit, color) in used:
            sheet.legend(Patch(facecolor=color, edgecolor=EDGE, linewidth=0.4), f"受灾人口 {limit:,} 人以上")


def _roads(sheet: Sheet, view: View) -> None:
    for way in view.roads:
        width = printed.ROADS.get(way.kind, 0.4)
        sheet.line(printed.to_plane(way.line).coords, color=ROAD, linewidth=width, zorder=1.5)
    if view.roads:
        sheet.legend(Line2D([], [], color=ROAD, linewidth=2), "道路")


def _areas(sheet: Sheet, view: View) -> None:
    """Draw the borders, each once: a township's goes before its villages'."""
    townships = borders.once(one.shape for one in view.townships)
    villages = borders.once((one.shape for one in view.villages), without=townships)
    for between, width, dashes, name in (
        (villages, 0.25, (0, (2, 2)), "村界"),
        (townships, 0.7, DASHES, "乡镇界"),
    ):
        if not between.empty:
            printed.lines(sheet, between, color=EDGE, linewidth=width, linestyle=dashes, zorder=2)
            sheet.legend(Line2D([], [], color=EDGE, linewidth=width * 1.5, linestyle=dashes), name)


def _zones(sheet: Sheet, view: View) -> None:
    for zone in view.zones:
        color, hatch = printed.ZONES[zone.level]
        face = (*printed.rgb(color), 0.16)
        rings = printed.rings(zone.shape)
        sheet.area(rings, facecolor=face, edgecolor=color, hatch=hatch, linewidth=1, zorder=3)
        # Above the zone: a small one would vanish under its own name.
        center, (_, _, _, north) = zone.shape.centroid, zone.shape.extent
        place = printed.plane((center.x, north))
        sheet.label(zone.name, place, size=7, beside=True, fontweight="bold", zorder=8)
    for level in (level for level in printed.ZONES if any(zone.level == level for zone in view.zones)):
        color, hatch = printed.ZONES[level]
        count = sum(zone.level == level for zone in view.zones)
        mark = Patch(facecolor="white", edgecolor=color, hatch=hatch)
        sheet.legend(mark, f"{printed.LEVELS[level]}({count})")


def _reports(sheet: Sheet, view: View) -> None:
    for gravity, (color, text) in GRAVITIES.items():
        spots = [spot.point for spot in view.reports if spot.gravity == gravity and not spot.is_returned]
        _signs(sheet, spots, text, ("o", color, "black"), 14 + 12 * gravity, 5 + gravity / 10)
    _signs(
        sheet,
        [spot.point for spot in view.reports if spot.is_returned],
        "已退回",
        ("o", "white", RETURNED),
        20,
        5.4,
    )


def _shelters(sheet: Sheet, view: View) -> None:
    for state, (face, edge, text) in SHELTERS.items():
        _signs(sheet, _at(view.shelters, state), text, ("^", face, edge), 30, 6)


def _trips(sheet: Sheet, view: View, *, is_near: bool) -> None:
    for way in view.ways:
        sheet.line(printed.to_plane(way).coords, color=LORRY, linewidth=1.6, zorder=4)
    _signs(sheet, [one.point for one in view.trips], "运输车辆", ("D", LORRY, "white"), 36, 7)
    for one in view.trips if is_near else ():
        sheet.label(one.name, printed.plane(one.point), size=6.5, beside=True, zorder=8)


def _closures(sheet: Sheet, view: View, *, is_near: bool) -> None:
    spots = [(one.shape.centroid.x, one.shape.centroid.y) for one in view.closures]
    _signs(sheet, spots, "断路", ("X", CLOSURE, "white"), 46, 7)
    for one, spot in zip(view.closures, spots, strict=True) if is_near else ():
        sheet.label(one.reason, printed.plane(spot), size=6, beside=True, zorder=8)


def _silent(sheet: Sheet, view: View) -> None:
    _signs(sheet, [one.point for one in view.silent], "沉默村(应报未报)", ("s", "none", "black"), 60, 7)


def _at(signs: list[Sign], state: str) -> list[tuple[float, float]]:
    return [one.point for one in signs if one.state == state]


def _signs(
    sheet: Sheet,
    spots: list[tuple[float, float]],
    text: str,
    look: tuple[str, str, str],
    size: float,
    zorder: float,
) -> None:
    """Draw signs of one kind, and tell how many there are on the sheet."""
    marker, face, edge = look
    style = {"marker": marker, "facecolor": face, "edgecolor": edge, "linewidth": 0.5}
    sheet.dots(printed.plane_all(spots), s=size, zorder=zorder, **style)
    if spots:
        sheet.legend(printed.sign(marker, face, edge), f"{text}({len(spots)})")
