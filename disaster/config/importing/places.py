"""What is known already: the areas of the person, their villages' points, things stored under a name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from disaster.config.importing.faults import Fault
from disaster.problems import Words
from gis import locate
from gis.datum import LonLat
from gis.models import Area, HazardZone, Shelter
from gis.scope import BLOCK_ENDS, AreaScope, pad, prefix_of

NOWHERE = Words("位置不在已知的村(社区)内,请补充行政区划", "It lies in no known village: give its area")
NOT_MINE = Words("不在您负责的范围内", "This area is not yours")
NO_AREA = Words("没有找到行政区划“{text}”", "There is no area “{text}”")
SEVERAL = Words("有几个行政区划叫“{text}”,请写代码", "Several areas are called “{text}”: give the code")
NO_VILLAGE = Words("“{text}”不是村(社区)", "“{text}” is no village")
STORED = Words("“{name}”已经存在", "“{name}” is there already")
_SAMPLED = 64
"""Vertices of an outline that are located: enough to tell which townships it touches."""
_SHORTEST = 3
"""Letters of a village's name that may be looked for within another name."""


class _Area(NamedTuple):
    code: str
    name: str
    level: str
    point: LonLat | None


@dataclass(frozen=True, slots=True)
class Known:
    """The areas a person may import into, by code and by name."""

    scope: AreaScope
    by_code: dict[str, _Area]
    by_name: dict[str, list[str]]

    def find(self, text: str, *, villages: bool) -> str | Words:
        """Give the code of an area called ``text``, or why there is none."""
        plain = text.removesuffix(".0")
        codes = (
            [pad(plain)]
            if plain.isascii() and plain.isdigit() and len(plain) in (6, 9, 12)
            else self.by_name.get(plain, [])
        )
        if villages:
            codes = [
                code for code in codes if code not in self.by_code or self.by_code[code].level == "village"
            ] or codes
        if not codes or codes[0] not in self.by_code:
            return NO_AREA
        if len(codes) > 1:
            return SEVERAL
        return NO_VILLAGE if villages and self.by_code[codes[0]].level != "village" else codes[0]

    def mine(self, code: str) -> bool:
        """Say whether the person may import into an area."""
        return self.scope.covers(code)

    def at(self, shape: BaseGeometry) -> str:
        """Give the smallest area that holds what is known of a shape's villages; "" outside all."""
        numbers = shapely.get_coordinates(shape)
        step = max(1, len(numbers) // _SAMPLED)
        middle = shape.representative_point()
        positions = np.vstack([numbers[::step], [[middle.x, middle.y]]])
        codes = {code for code in locate.villages_at([(float(x), float(y)) for x, y in positions]) if code}
        return _common(codes) if codes else ""

    def village_of(self, area: str, name: str) -> _Area | None:
        """Give the village that an area's text, or a village's name within a name, speaks of."""
        found = self.find(area, villages=True) if area else NO_AREA
        if isinstance(found, str):
            return self.by_code[found]
        within = [
            codes[0]
            for called, codes in self.by_name.items()
            if len(codes) == 1 and len(called) >= _SHORTEST and called in name
        ]
        villages = [self.by_code[code] for code in within if self.by_code[code].level == "village"]
        return villages[0] if len(villages) == 1 else None


def known_to(scope: AreaScope) -> Known:
    """Read the areas of a scope by one statement."""
    rows = Area.objects.within(scope).order_by("code").values_list("code", "name", "level", "point")
    areas = [
        _Area(code, name, level, (point.x, point.y) if point else None) for code, name, level, point in rows
    ]
    by_name: dict[str, list[str]] = {}
    for area in areas:
        by_name.setdefault(area.name, []).append(area.code)
    return Known(scope, {area.code: area for area in areas}, by_name)


def pairs(
    rows: Iterable[tuple[LonLat | None, tuple[str, str]]], known: Known
) -> Iterator[tuple[LonLat, LonLat]]:
    """Give where rows lie beside where their villages are known to be."""
    for place, hints in rows:
        village = known.village_of(*hints)
        if (
            place is not None
            and village is not None
            and village.point is not None
            and locate.in_china(*place)
        ):
            yield place, village.point


def stored_already(kind: str, rows: Iterable[tuple[int, str, str]]) -> list[Fault]:
    """Tell which rows are called like a thing of the same area that is kept already."""
    listed = list(rows)
    areas = {area for _, area, _ in listed}
    if kind == "zones":
        kept = HazardZone.objects.filter(area_id__in=areas, lifted_at__isnull=True)
        have = set(kept.values_list("area_id", "name"))
    elif kind == "shelters":
        have = set(Shelter.objects.filter(area_id__in=areas).values_list("area_id", "name"))
    else:
        have = set()
    return [Fault(row, "name", STORED, {"name": name}) for row, area, name in listed if (area, name) in have]


def _common(codes: set[str]) -> str:
    """Give the smallest area above all of these."""
    first, *others = sorted(codes)
    own = prefix_of(first)
    for end in reversed(BLOCK_ENDS):
        if end <= len(own) and all(code.startswith(own[:end]) for code in others):
            return pad(own[:end])
    return ""
