"""A plan as a drawing (示意图): roads, zone, villages, shelters, and the way from each to each.

Plain SVG with classes alone: it goes on the page, on paper and into black and white.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from html import escape
from typing import Any

import shapely
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from disaster.refuge.evacuation.ground import Ground, points_of

WIDTH, HEIGHT, MARGIN = 720, 520, 54
LOW = 380
"""Height of a drawing that shares its sheet of paper with a table."""
GLYPH = 15
"""Height and width of a Chinese character, as the style sheet has it: a name stays on the sheet."""
LABELS = 40
"""With more places than this names would lie over each other."""
SMALLEST = 0.012
"""Degrees across at least, some 1.3 km: two neighbouring places are not drawn a world apart."""
LonLat = tuple[float, float]


class _Sheet:
    """From degrees (EPSG:4326) to the sheet's units; longitude shrunk by the latitude's cosine."""

    def __init__(self, points: list[LonLat], height: int) -> None:
        west, east = min(x for x, _ in points), max(x for x, _ in points)
        south, north = min(y for _, y in points), max(y for _, y in points)
        self.height = height
        self.shrink = math.cos(math.radians((south + north) / 2))
        wide, high = max((east - west) * self.shrink, SMALLEST), max(north - south, SMALLEST)
        self.scale = min((WIDTH - 2 * MARGIN) / wide, (height - 2 * MARGIN) / high)
        self.middle = (west + east) / 2, (south + north) / 2

    def __call__(self, lon: float, lat: float) -> LonLat:
        x = WIDTH / 2 + (lon - self.middle[0]) * self.shrink * self.scale
        return round(x, 1), round(self.height / 2 + (self.middle[1] - lat) * self.scale, 1)

    @property
    def box(self) -> tuple[float, float, float, float]:
        """What the sheet shows: west, south, east, north."""
        lon, lat = self.middle
        wide, high = WIDTH / 2 / self.scale / self.shrink, self.height / 2 / self.scale
        return lon - wide, lat - high, lon + wide, lat + high


def draw(
    rows: list[dict[str, Any]],
    unplaced: list[dict[str, Any]],
    ground: Ground,
    *,
    number: int = 0,
    height: int = HEIGHT,
) -> SafeString:
    """Draw a plan's rows; nothing where there are none. ``number`` tells it from the other drawings of its page."""
    if not rows:
        return SafeString("")
    sheet = _Sheet([point for row in rows for point in points_of(row)], height)
    parts = [_line(road.coords, sheet, "road") for road in ground.roads_in(sheet.box)]
    parts += _zone(ground.zone, sheet, number) if ground.zone else []
    parts += [_line(points_of(row), sheet, "rim", _width(row) + 3) for row in rows if _is_safe(row)]
    parts += [
        _line(points_of(row), sheet, "way" if _is_safe(row) else "way guess", _width(row)) for row in rows
    ]
    parts += [_shut(*sheet(*place)) for place in ground.closures_in(sheet.box)]
    parts += [*_villages(rows, unplaced, sheet), *_shelters(rows, sheet)]
    head = (
        f'<svg class="sketch" viewBox="0 0 {WIDTH} {height}" role="img" aria-label="{escape(gettext("示意图"))}"'
        ' xmlns="http://www.w3.org/2000/svg">'
    )
    # Every name in it is escaped, the rest are numbers of ours.
    return mark_safe(f"{head}{''.join(parts)}</svg>")  # noqa: S308


def _villages(rows: list[dict[str, Any]], unplaced: list[dict[str, Any]], sheet: _Sheet) -> list[str]:
    named = len({row["village"] for row in rows}) + len({row["shelter"] for row in rows}) <= LABELS
    short, parts = {one["village"] for one in unplaced}, []
    for code, (name, place) in {row["village"]: (row["name"], row["from"]) for row in rows}.items():
        x, y = sheet(*place)
        parts.append(f'<circle class="village{" short" if code in short else ""}" cx="{x}" cy="{y}" r="5"/>')
        parts += [_label(name, x, y - 9, "village")] if named else []
    return parts


def _shelters(rows: list[dict[str, Any]], sheet: _Sheet) -> list[str]:
    parts = []
    for name, place in {row["shelter"]: (row["shelter_name"], row["to"]) for row in rows}.values():
        x, y = sheet(*place)
        parts.append(f'<rect class="shelter" x="{x - 8}" y="{y - 8}" width="16" height="16" rx="2"/>')
        parts.append(f'<text class="sign" lang="zh-Hans" x="{x}" y="{y + 4}" text-anchor="middle">避</text>')
        parts.append(_label(name, x, y + 23, "shelter"))
    return parts


def _zone(zone: Any, sheet: _Sheet, number: int) -> list[str]:
    """Tint a zone and hatch it: on a black and white printer the tint alone is lost."""
    found = [
        f'<pattern id="hatch-{number}" width="9" height="9" patternUnits="userSpaceOnUse">'
        '<path class="hatch" d="M0 9L9 0"/></pattern>'
    ]
    for part in shapely.get_parts(zone):
        rings = [part.exterior, *part.interiors]
        d = "".join(f"M{_points(ring.coords, sheet)}Z" for ring in rings)
        found.append(f'<path class="zone" fill-rule="evenodd" d="{d}"/>')
        found.append(f'<path class="hatched" fill="url(#hatch-{number})" fill-rule="evenodd" d="{d}"/>')
    return found


def _points(places: Iterable[LonLat], sheet: _Sheet) -> str:
    return "L".join(f"{x} {y}" for x, y in (sheet(*place) for place in places))


def _line(places: Iterable[LonLat], sheet: _Sheet, kind: str, width: float = 0.0) -> str:
    stroke = f' stroke-width="{width}"' if width else ""
    return f'<path class="{kind}" d="M{_points(places, sheet)}"{stroke}/>'


def _is_safe(row: dict[str, Any]) -> bool:
    """Broken lines are for ways that nobody may be sent along, or whose roads are not known."""
    return bool(row.get("way")) and not (row.get("now") or {}).get("is_cut")


def _width(row: dict[str, Any]) -> float:
    return float(round(2 + min(4.0, math.sqrt(row["persons"]) / 10), 1))


def _shut(x: float, y: float) -> str:
    return f'<path class="shut" d="M{x - 6} {y - 6}L{x + 6} {y + 6}M{x - 6} {y + 6}L{x + 6} {y - 6}"/>'


def _label(text: str, x: float, y: float, kind: str) -> str:
    half = len(text) * GLYPH / 2
    x = min(max(x, half + 4), WIDTH - half - 4)
    return f'<text class="{kind}" x="{x:.1f}" y="{y}" text-anchor="middle">{escape(text)}</text>'
