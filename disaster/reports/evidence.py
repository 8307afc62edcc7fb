"""What a reviewer should compare before passing a report: doubles, and places that do not fit.

Nothing here decides anything. Each finding names its evidence (metres, the words or the
photo two reports share, the figures both have), so that a person can look at both sides.
Three statements for any number of reports; distances are geography, in metres.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any, Literal, NamedTuple
from uuid import UUID

import msgspec
from django.db import connection

from disaster.problems import Words
from disaster.reports.hazards import main_of
from disaster.reports.indicators import BY_KEY
from disaster.rules import book
from gis.scope import AreaScope

Kind = Literal["near", "object", "photo", "text", "far", "outside", "crosses"]

WORDS: dict[Kind, Words] = {
    "near": Words("与{number}({area})的位置只相距{metres}米", "Only {metres} m from {number} ({area})"),
    "object": Words("与{number}({area})都提到“{what}”", "{number} ({area}) names “{what}” too"),
    "photo": Words("与{number}({area})用了同一张照片", "{number} ({area}) has the same photo"),
    "text": Words("与{number}({area})的文字完全相同", "{number} ({area}) has the very same text"),
    "far": Words("位置离本村{metres}米", "The position is {metres} m from its village"),
    "outside": Words(
        "位置离最近的同类危险区{metres}米", "The position is {metres} m from any zone of this hazard"
    ),
    "crosses": Words(
        "与{number}同时修改,两个版本互不知道", "Written at the same time as {number}; neither knew the other"
    ),
}
_OBJECT = re.compile(
    r"[\u4e00-\u9fff]{1,6}?(?:大桥|小桥|桥|水库|河堤|堤坝|堤|水渠|渠|水塘|塘坝|闸|泵站|小学|中学|卫生室|公路|县道|乡道)"
)
_PLAIN = re.compile(r"[^\w]+")
_BREAK = re.compile("[的了把被将约近在和与及共已又一处座条所从到至致使等有是冲毁垮塌损坏倒断淹没受洪水]")
"""A name begins after the last of these: they are verbs and particles, not names."""
_SAME_TEXT = 12
"""Shorter texts are alike by chance."""


class Finding(msgspec.Struct, frozen=True):
    """One thing to compare. ``shared``: figures above zero that both reports have, by key."""

    kind: Kind
    other: UUID | None = None
    number: str = ""
    area: str = ""
    metres: int | None = None
    what: str = ""
    shared: tuple[str, ...] = ()

    def told(self, language: str) -> dict[str, Any]:
        """Give the finding with its sentence in a language."""
        params = {"number": self.number, "area": self.area, "metres": self.metres, "what": self.what}
        names = [BY_KEY[key].en if language.startswith("en") else BY_KEY[key].zh for key in self.shared]
        return {
            "kind": self.kind,
            "other": self.other,
            "number": self.number,
            "sentence": WORDS[self.kind].say(language, params),
            "shared": names,
        }


class _Report(NamedTuple):
    id: UUID
    series: UUID
    event: UUID | None
    number: str
    area: str
    area_name: str
    hazard: str
    crosses: UUID | None
    text: str
    photos: list[str]
    figures: dict[str, float]


def findings(ids: Sequence[UUID], *, scope: AreaScope) -> dict[UUID, list[Finding]]:
    """Give the findings of each report that has any; reports outside ``scope`` are not spoken of."""
    if not ids:
        return {}
    found: dict[UUID, list[Finding]] = {}
    beside = [one for one in _standing_beside(ids) if scope.covers(one.area)]
    by_id = {one.id: one for one in beside}
    asked = [by_id[one] for one in ids if one in by_id]
    for here, there, metres in _near(ids):
        if here in by_id and there in by_id:
            found.setdefault(here, []).append(_about(by_id[here], by_id[there], "near", metres=round(metres)))
    for report in asked:
        others = [one for one in beside if one.series != report.series and one.event == report.event]
        found.setdefault(report.id, []).extend(_alike(report, others))
        if report.crosses is not None and report.crosses in by_id:
            found[report.id].append(_about(report, by_id[report.crosses], "crosses"))
    for report_id, kind, metres in _misplaced(asked):
        found.setdefault(report_id, []).append(Finding(kind, metres=round(metres)))
    return {key: listed for key, listed in found.items() if listed}


def _about(report: _Report, other: _Report, kind: Kind, **more: Any) -> Finding:
    shared = tuple(key for key in report.figures if report.figures[key] > 0 and other.figures.get(key, 0) > 0)
    return Finding(kind, other.id, other.number, other.area_name, shared=shared, **more)


def _alike(report: _Report, others: Iterable[_Report]) -> list[Finding]:
    """Find the same photo, the same named object, the same text."""
    names, plain = named_objects(report.text), _PLAIN.sub("", report.text)
    found = []
    for other in others:
        if set(report.photos) & set(other.photos):
            found.append(_about(report, other, "photo"))
        elif len(plain) >= _SAME_TEXT and plain == _PLAIN.sub("", other.text):
            found.append(_about(report, other, "text"))
        elif common := names & named_objects(other.text):
            found.append(_about(report, other, "object", what="、".join(sorted(common))))
    return found


def named_objects(text: str) -> set[str]:
    """Give the bridges, dykes, schools and roads that a text names.

    >>> sorted(named_objects("冲毁龙井桥一座,严家小学进水"))
    ['严家小学', '龙井桥']
    """
    found = set()
    for match in _OBJECT.finditer(text):
        name = _BREAK.split(match.group().removesuffix("水库").removesuffix("水渠").removesuffix("水塘"))[-1]
        name += match.group()[-2:] if match.group().endswith(("水库", "水渠", "水塘")) else ""
        if len(name) >= 3:
            found.add(name)
    return found


_figures = msgspec.json.Decoder(dict[str, float])

# The reports asked about, and beside them all that stand in the same events.
_BESIDE = """
    SELECT report.id, report.series, report.event_id, report.number, report.area_code, area.name, report.hazard,
           report.crosses, report.text, report.photos, report.figures::text
      FROM reports_report report JOIN places_area area ON area.code = report.area_code
     WHERE report.id = ANY(%s)
        OR (report.superseded_by IS NULL AND report.state <> 'returned' AND report.event_id IN (
               SELECT asked.event_id FROM reports_report asked WHERE asked.id = ANY(%s)))
"""


def _standing_beside(ids: Sequence[UUID]) -> list[_Report]:
    with connection.cursor() as cursor:
        cursor.execute(_BESIDE, [list(ids), list(ids)])
        return [_Report(*row[:10], _figures.decode(row[10])) for row in cursor.fetchall()]  # type: ignore[call-arg]


# A position taken from the village's own point says nothing about where the damage is.
_NEAR = """
    SELECT report.id, other.id, ST_Distance(report.point::geography, other.point::geography)
      FROM reports_report report
      JOIN reports_report other ON other.event_id = report.event_id AND other.series <> report.series
       AND other.superseded_by IS NULL AND other.state <> 'returned' AND other.method IN ('gps', 'network', 'pin')
       AND ST_DWithin(other.point, report.point, %s)
       AND ST_DWithin(other.point::geography, report.point::geography, %s)
     WHERE report.id = ANY(%s) AND report.method IN ('gps', 'network', 'pin')
     ORDER BY report.id, 3
"""
_METRES_IN_DEGREE = 80_000.0
"""Fewer metres than a degree of longitude has south of 43°N: the box is never too small."""


def _near(ids: Sequence[UUID]) -> list[tuple[UUID, UUID, float]]:
    near = book.value("evidence.near")
    with connection.cursor() as cursor:
        cursor.execute(_NEAR, [near / _METRES_IN_DEGREE, near, list(ids)])
        return list(cursor.fetchall())


# Zones of the township only: where nobody drew any, being outside says nothing.
_MISPLACED = """
    SELECT report.id,
           ST_Distance(coalesce(area.boundary::geometry, area.point)::geography, report.point::geography),
           (SELECT min(ST_Distance(zone.boundary::geography, report.point::geography))
              FROM places_hazardzone zone
             WHERE zone.kind = ANY(kinds.kinds) AND left(zone.area_code, 9) = left(report.area_code, 9)
               AND zone.valid_from <= report.received_at
               AND (zone.lifted_at IS NULL OR zone.lifted_at > report.occurred_at)
               AND (zone.valid_to IS NULL OR zone.valid_to > report.occurred_at))
      FROM unnest(%s::uuid[], %s::text[]) AS asked(id, kinds)
      JOIN reports_report report ON report.id = asked.id
      JOIN places_area area ON area.code = report.area_code
      CROSS JOIN LATERAL (SELECT string_to_array(asked.kinds, ',') AS kinds) kinds
     WHERE report.point IS NOT NULL
"""


def _misplaced(asked: Sequence[_Report]) -> list[tuple[UUID, Kind, float]]:
    kinds = {str(row["hazard"]): ",".join(row["kinds"]) for row in book.value("evidence.zones")}
    far, outside = book.value("evidence.far"), book.value("evidence.outside")
    with connection.cursor() as cursor:
        cursor.execute(
            _MISPLACED, [[one.id for one in asked], [kinds.get(main_of(one.hazard), "") for one in asked]]
        )
        rows = cursor.fetchall()
    found: list[tuple[UUID, Kind, float]] = []
    for report, from_village, from_zone in rows:
        if from_village is not None and from_village > far:
            found.append((report, "far", from_village))
        if from_zone is not None and from_zone > outside:
            found.append((report, "outside", from_zone))
    return found
