"""A way in words: which roads to take in turn, which way, how far (沿X105县道向东 4.2 公里 → 村道 1.1 公里). Pure."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence

import msgspec

KINDS: dict[str, tuple[str, str]] = {
    "motorway": ("高速公路", "motorway"),
    "national": ("国道", "national road"),
    "provincial": ("省道", "provincial road"),
    "county": ("县道", "county road"),
    "township": ("乡道", "township road"),
    "village": ("村道", "village road"),
    "track": ("机耕路", "farm track"),
}
WINDS: tuple[tuple[str, str], ...] = (
    ("北", "north"),
    ("东北", "north-east"),
    ("东", "east"),
    ("东南", "south-east"),
    ("南", "south"),
    ("西南", "south-west"),
    ("西", "west"),
    ("西北", "north-west"),
)
TOLD_WALK_M = 20
"""From so many metres on, the walk between a place and the road is told."""
_NUMBER = re.compile(r"[GSXYCZ]\d{1,4}")
"""Road numbers of GB/T 917: letter by class, then digits."""
_SIMULATED = "(模拟)"


class Section(msgspec.Struct, frozen=True):
    """One road of a way, however many pieces of it: metres, the wind it leads to, bridges on it."""

    kind: str
    name: str
    metres: float
    wind: int
    """Place in ``WINDS``."""
    bridges: int = 0
    simulated: bool = False


class Bit(msgspec.Struct, frozen=True):
    """A stretch of one road, in the order driven; places in EPSG:4326."""

    kind: str
    name: str
    metres: float
    start: tuple[float, float]
    end: tuple[float, float]
    is_bridge: bool = False
    simulated: bool = False


def sections(bits: Iterable[Bit]) -> list[Section]:
    """Draw neighbouring stretches of the same road together."""
    runs: list[list[Bit]] = []
    for bit in bits:
        if runs and (runs[-1][-1].kind, runs[-1][-1].name) == (bit.kind, bit.name):
            runs[-1].append(bit)
        else:
            runs.append([bit])
    return [
        Section(
            kind=run[0].kind,
            name=run[0].name,
            metres=round(sum(bit.metres for bit in run), 1),
            wind=wind(run[0].start, run[-1].end),
            bridges=sum(bit.is_bridge for bit in run),
            simulated=any(bit.simulated for bit in run),
        )
        for run in runs
    ]


def wind(start: tuple[float, float], end: tuple[float, float]) -> int:
    """Say which of the eight winds one place lies from another (EPSG:4326), as a place in ``WINDS``."""
    east = (end[0] - start[0]) * math.cos(math.radians((start[1] + end[1]) / 2))
    return round(math.degrees(math.atan2(east, end[1] - start[1])) / 45) % 8


def say(told: Sequence[Section], walks: Sequence[float], language: str) -> str:
    """Say a way in one line; ``walks`` are the metres on foot before the road and after it."""
    english = language.startswith("en")
    steps = [_section(one, at, english) for at, one in enumerate(told)]
    before, after = walks
    if before >= TOLD_WALK_M or not steps:
        on = " to the road" if steps else ""
        steps.insert(
            0,
            f"on foot {far(before)}{on}"
            if english
            else f"步行 {far(before, zh=True)}{'上路' if steps else ''}",
        )
    if after >= TOLD_WALK_M and told:
        steps.append(f"on foot {far(after)}" if english else f"步行 {far(after, zh=True)}")
    return " → ".join(steps)


def _section(one: Section, at: int, english: bool) -> str:
    side = 1 if english else 0
    road, where = called(one, english), WINDS[one.wind][side]
    if english:
        bridges = f" over {one.bridges} bridge{'s' * (one.bridges > 1)}" if one.bridges else ""
        return f"{road} {where} {far(one.metres)}{bridges}"
    bridges = f"(过桥{one.bridges}座)" if one.bridges else ""
    return f"{'' if at else '沿'}{road}向{where} {far(one.metres, zh=True)}{bridges}"


def called(one: Section, english: bool = False) -> str:
    """Name a road with its class; simulated roads bear that in a note of their own, not in every name."""
    kind = KINDS[one.kind][1 if english else 0]
    name = one.name.removesuffix(_SIMULATED)
    if not name:
        return kind
    if english:
        return f"{name} ({kind})"
    return f"{name}{kind}" if _NUMBER.fullmatch(name) else f"{name}({kind})"


def far(metres: float, *, zh: bool = False) -> str:
    """Say a length: to ten metres below a kilometre, to a tenth above."""
    if metres < 995:
        return f"{max(10, round(metres, -1)):.0f} {'米' if zh else 'm'}"
    return f"{metres / 1000:.1f} {'公里' if zh else 'km'}"
