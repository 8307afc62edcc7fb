"""A plan as a drawing (示意图): zone, villages, shelters, and a straight arrow from each to each.

Plain SVG with classes alone: it goes on the page, on paper and into black and white.
"""

from __future__ import annotations

import math
from html import escape
from typing import Any

import shapely
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from disaster.refuge.models import Plan

WIDTH, HEIGHT, MARGIN = 720, 520, 54
GLYPH = 15
"""Height and width of a Chinese character, as the style sheet has it: a name stays on the sheet."""
LABELS = 40
"""With more places than this names would lie over each other."""


class _Sheet:
    """From degrees (EPSG:4326) to the sheet's units; longitude shrunk by the latitude's cosine."""

    def __init__(self, points: list[tuple[float, float]]) -> None:
        west, east = min(x for x, _ in points), max(x for x, _ in points)
        south, north = min(y for _, y in points), max(y for _, y in points)
        self.shrink = math.cos(math.radians((south + north) / 2))
        wide, high = max((east - west) * self.shrink, 1e-3), max(north - south, 1e-3)
        self.scale = min((WIDTH - 2 * MARGIN) / wide, (HEIGHT - 2 * MARGIN) / high)
        self.west, self.north = west, north
        self.left = (WIDTH - wide * self.scale) / 2
        self.top = (HEIGHT - high * self.scale) / 2

    def __call__(self, lon: float, lat: float) -> tuple[float, float]:
        x = self.left + (lon - self.west) * self.shrink * self.scale
        return round(x, 1), round(self.top + (self.north - lat) * self.scale, 1)


def draw(plan: Plan, rows: list[dict[str, Any]], unplaced: list[dict[str, Any]]) -> SafeString:
    """Draw a plan's rows; nothing where there are none."""
    if not rows:
        return SafeString("")
    zone = shapely.from_wkb(bytes(plan.zone.boundary.wkb)) if plan.zone else None
    points = [tuple(row[end]) for row in rows for end in ("from", "to")]
    sheet = _Sheet(points)
    parts = _zone(zone, sheet) if zone is not None else []
    parts += [_arrow(row, sheet) for row in rows]
    named = len({row["village"] for row in rows}) + len({row["shelter"] for row in rows}) <= LABELS
    short = {one["village"] for one in unplaced}
    for code, (name, place) in {row["village"]: (row["name"], row["from"]) for row in rows}.items():
        x, y = sheet(*place)
        parts.append(f'<circle class="village{" short" if code in short else ""}" cx="{x}" cy="{y}" r="4"/>')
        parts += [_label(name, x, y - 8, "village")] if named else []
    for name, place in {row["shelter"]: (row["shelter_name"], row["to"]) for row in rows}.values():
        x, y = sheet(*place)
        parts.append(f'<rect class="shelter" x="{x - 6}" y="{y - 6}" width="12" height="12" rx="2"/>')
        parts.append(_label(name, x, y + 19, "shelter"))
    head = (
        f'<svg class="sketch" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(gettext("示意图"))}"'
        ' xmlns="http://www.w3.org/2000/svg">'
    )
    # Every name in it is escaped, the rest are numbers of ours.
    return mark_safe(f"{head}{''.join(parts)}</svg>")  # noqa: S308


def _zone(zone: Any, sheet: _Sheet) -> list[str]:
    found = []
    for part in zone.geoms:
        rings = [part.exterior, *part.interiors]
        paths = [
            "M" + "L".join(f"{x} {y}" for x, y in (sheet(*xy) for xy in ring.coords)) + "Z" for ring in rings
        ]
        found.append(f'<path class="zone" fill-rule="evenodd" d="{"".join(paths)}"/>')
    return found


def _arrow(row: dict[str, Any], sheet: _Sheet) -> str:
    (x1, y1), (x2, y2) = sheet(*row["from"]), sheet(*row["to"])
    width = round(1 + min(5.0, math.sqrt(row["persons"]) / 8), 1)
    return f'<line class="way" x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}" stroke-width="{width}"/>'


def _label(text: str, x: float, y: float, kind: str) -> str:
    half = len(text) * GLYPH / 2
    x = min(max(x, half + 4), WIDTH - half - 4)
    return f'<text class="{kind}" x="{x:.1f}" y="{y}" text-anchor="middle">{escape(text)}</text>'
