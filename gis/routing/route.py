"""A way as it is handed out: with its roads in turn, and held against the dangers once more."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Literal, NamedTuple

import msgspec
import shapely

from gis.routing import blocked, directions, speeds
from gis.routing.directions import Bit, Section
from gis.routing.graph import Graph
from gis.routing.pieces import Laid, Piece, Stretch, lay
from gis.routing.snap import Foot, LonLat

Verdict = Literal["dry", "start_inside", "end_inside", "no_dry", "no_road"]
NO_DRY: tuple[Verdict, ...] = ("no_dry", "no_road")
WORDS: dict[Verdict, tuple[str, str]] = {
    "dry": ("全程避开危险区和断路", "Clear of all zones and closures"),
    "start_inside": (
        "起点在危险区内:{names};上路以后全程避开",
        "It starts inside {names}; clear once on the road",
    ),
    "end_inside": ("终点在危险区内:{names};不能作为目的地", "It ends inside {names}: no destination"),
    "no_dry": ("无安全路线:须经过 {names}", "No dry route: it has to pass {names}"),
    "no_road": ("没有道路相通", "No road leads there"),
}
WALK_MPS = speeds.OFF_ROAD_KMH / 3.6


class Route(msgspec.Struct, frozen=True):
    """A way: ``line`` from place to place in EPSG:4326, its roads, and what was found of it.

    ``metres`` is by road, ``walks`` the metres on foot before it and after, ``seconds`` all of
    it. ``sections`` are the roads in turn. ``meets`` names the zones and closures it meets:
    empty for a dry one.
    """

    verdict: Verdict
    line: list[list[float]]
    seconds: float
    metres: float
    walks: tuple[float, float]
    meets: list[str]
    roads: list[int]
    sections: list[Section]

    @property
    def walk_m(self) -> float:
        """Metres on foot at both ends."""
        return sum(self.walks)

    @property
    def named(self) -> list[str]:
        """The names of its roads in turn, each once."""
        return list(dict.fromkeys(one.name for one in self.sections if one.name))

    def told(self, language: str) -> str:
        """Say the verdict in a sentence."""
        words = WORDS[self.verdict][1 if language.startswith("en") else 0]
        return words.format(names="、".join(self.meets))

    def directions(self, language: str) -> str:
        """Say which roads to take, how far each."""
        return directions.say(self.sections, self.walks, language) if self.line else ""


class Draft(NamedTuple):
    """A way found, not yet looked at again."""

    start: LonLat
    end: LonLat
    feet: tuple[Foot, Foot]
    pieces: list[Piece]


def nothing() -> Route:
    """Give the answer where no road leads."""
    return Route("no_road", [], 0.0, 0.0, (0.0, 0.0), [], [], [])


def finished(drafts: Sequence[Draft], network: Graph, at: datetime, *, is_dry: bool) -> list[Route]:
    """Put ways together and hold each against what blocks at the moment: two statements for all of them.

    ``is_dry`` says that blocked roads were left out when they were sought.
    """
    laid = [lay(one.feet[0], one.pieces, network) for one in drafts]
    lines = []
    for draft, way in zip(drafts, laid, strict=True):
        lines += [way.line if len(way.line) > 1 else way.line * 2]
        lines += [[draft.start, draft.feet[0].at], [draft.end, draft.feet[1].at]]
    met = blocked.touched([shapely.to_wkb(shapely.LineString(line)) for line in lines], at)
    known = _known({one.road for way in laid for one in way.stretches})
    return [
        _route(draft, laid[place], met[3 * place : 3 * place + 3], known, is_dry=is_dry)
        for place, draft in enumerate(drafts)
    ]


Known = dict[int, tuple[str, str, bool, bool]]
"""Road id → class, name, bridge, simulated."""


def _route(draft: Draft, way: Laid, met: list[list[str]], known: Known, *, is_dry: bool) -> Route:
    on_road, at_start, at_end = met
    verdict, meets = _verdict(on_road, at_start, at_end, is_dry=is_dry)
    walks = draft.feet[0].metres, draft.feet[1].metres
    roads = [one.road for one in way.stretches]
    return Route(
        verdict=verdict,
        line=[list(draft.start), *([x, y] for x, y in way.line), list(draft.end)],
        seconds=way.seconds + sum(walks) / WALK_MPS,
        metres=way.metres,
        walks=walks,
        meets=meets,
        roads=[road for at, road in enumerate(roads) if not at or roads[at - 1] != road],
        sections=directions.sections(_bit(one, known) for one in way.stretches),
    )


def _verdict(
    on_road: list[str], at_start: list[str], at_end: list[str], *, is_dry: bool
) -> tuple[Verdict, list[str]]:
    if on_road or not is_dry:
        return "no_dry", on_road
    if at_end:
        return "end_inside", at_end
    return ("start_inside", at_start) if at_start else ("dry", [])


def _bit(one: Stretch, known: Known) -> Bit:
    kind, name, is_bridge, simulated = known[one.road]
    return Bit(kind, name, one.metres, one.start, one.end, is_bridge, simulated)


def _known(roads: set[int]) -> Known:
    from gis.models import Road

    rows = Road.objects.filter(id__in=roads).values_list("id", "kind", "name", "is_bridge", "is_approximate")
    return {road: (kind, name, is_bridge, simulated) for road, kind, name, is_bridge, simulated in rows}
