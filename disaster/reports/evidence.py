"""What a reviewer should compare before passing a report: doubles, and places that do not fit.

Nothing here decides anything. Each finding names its evidence (metres, the words or the
photo two reports share, the figures both have), so that a person can look at both sides.
Three statements for any number of reports; distances are geography, in metres.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Literal, NamedTuple
from uuid import UUID

import msgspec
from django.db import connection

from disaster.problems import Words
from disaster.reports.hazards import main_of
from disaster.reports.indicators import BY_KEY
from disaster.reports.likeness import likeness, named_objects, pieces, plain
from disaster.rules import book
from gis.scope import AreaScope

Kind = Literal["near", "object", "photo", "text", "like", "far", "elsewhere", "outside", "crosses"]

WORDS: dict[Kind, Words] = {
    "near": Words(
        "与{number}({area})的位置只相距{metres}米,发生时间相差{hours}小时",
        "Only {metres} m and {hours} h from {number} ({area})",
    ),
    "object": Words("与{number}({area})都提到“{what}”", "{number} ({area}) names “{what}” too"),
    "photo": Words("与{number}({area})用了同一张照片", "{number} ({area}) has the same photo"),
    "text": Words("与{number}({area})的文字完全相同", "{number} ({area}) has the very same text"),
    "like": Words(
        "与{number}({area})的文字有{percent}%相同", "{percent}% of the words are those of {number} ({area})"
    ),
    "elsewhere": Words("位置落在{area}", "The position lies in {area}"),
    "far": Words("位置离本村{metres}米", "The position is {metres} m from its village"),
    "outside": Words(
        "位置离最近的同类危险区{metres}米", "The position is {metres} m from any zone of this hazard"
    ),
    "crosses": Words(
        "与{number}同时修改,两个版本互不知道", "Written at the same time as {number}; neither knew the other"
    ),
}


class Finding(msgspec.Struct, frozen=True):
    """One thing to compare. ``shared``: figures above zero that both reports have, by key."""

    kind: Kind
    other: UUID | None = None
    number: str = ""
    area: str = ""
    metres: int | None = None
    what: str = ""
    hours: int | None = None
    percent: int | None = None
    shared: tuple[str, ...] = ()

    def told(self, language: str) -> dict[str, Any]:
        """Give the finding with its sentence in a language."""
        params = {
            "number": self.number,
            "area": self.area,
            "metres": self.metres,
            "what": self.what,
            "hours": self.hours,
            "percent": self.percent,
        }
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
    stands: bool
    figures: dict[str, float]


class _Index:
    """The standing reports of the same events, by what another may share with them."""

    def __init__(self, reports: Iterable[_Report]) -> None:
        self.shares: dict[tuple[UUID | None, str, str], list[_Report]] = {}
        self.pieces: dict[UUID, frozenset[str]] = {}
        self.shortest = int(book.value("evidence.text"))
        for one in reports:
            if one.stands:
                for key in self.keys(one):
                    self.shares.setdefault((one.event, *key), []).append(one)

    def keys(self, report: _Report) -> list[tuple[str, str]]:
        """Give what others may share with a report: photos, names, words."""
        words = plain(report.text)
        found = [("photo", photo) for photo in report.photos]
        found += [("object", name) for name in named_objects(report.text)]
        if len(words) >= self.shortest:
            self.pieces[report.id] = pieces(words)
            found += [("text", words), *(("piece", piece) for piece in self.pieces[report.id])]
        return found

    def sharing(self, report: _Report) -> dict[UUID, tuple[_Report, dict[str, set[str]]]]:
        """Give the other series' reports that share anything, with what they share by kind."""
        found: dict[UUID, tuple[_Report, dict[str, set[str]]]] = {}
        for kind, key in self.keys(report):
            for other in self.shares.get((report.event, kind, key), ()):
                if other.series != report.series:
                    found.setdefault(other.id, (other, {}))[1].setdefault(kind, set()).add(key)
        return found


def findings(ids: Sequence[UUID], *, scope: AreaScope) -> dict[UUID, list[Finding]]:
    """Give the findings of each report that has any; reports outside ``scope`` are not spoken of."""
    if not ids:
        return {}
    found: dict[UUID, list[Finding]] = {}
    beside = [one for one in _standing_beside(ids) if scope.covers(one.area)]
    by_id = {one.id: one for one in beside}
    asked = [by_id[one] for one in ids if one in by_id]
    for here, there, metres, hours in _near(ids):
        if here in by_id and there in by_id and by_id[there].stands:
            about = _about(by_id[here], by_id[there], "near", metres=round(metres), hours=round(hours))
            found.setdefault(here, []).append(about)
    index = _Index(beside)
    for report in asked:
        found.setdefault(report.id, []).extend(_alike(report, index))
        if report.crosses is not None and report.crosses in by_id:
            found[report.id].append(_about(report, by_id[report.crosses], "crosses"))
    for report_id, finding in _misplaced(asked):
        found.setdefault(report_id, []).append(finding)
    return {key: listed for key, listed in found.items() if listed}


def _about(report: _Report, other: _Report, kind: Kind, **more: Any) -> Finding:
    shared = tuple(key for key in report.figures if report.figures[key] > 0 and other.figures.get(key, 0) > 0)
    return Finding(kind, other.id, other.number, other.area_name, shared=shared, **more)


def _alike(report: _Report, index: _Index) -> list[Finding]:
    """Find the same photo, the same or nearly the same text, the same named object."""
    found = []
    least = float(book.value("evidence.like")) / 100
    for other, shared in index.sharing(report).values():
        alike = likeness(index.pieces.get(report.id, frozenset()), index.pieces.get(other.id, frozenset()))
        if "photo" in shared:
            found.append(_about(report, other, "photo"))
        elif "text" in shared:
            found.append(_about(report, other, "text"))
        elif "piece" in shared and alike >= least:
            found.append(_about(report, other, "like", percent=round(alike * 100)))
        elif "object" in shared:
            found.append(_about(report, other, "object", what="、".join(sorted(shared["object"]))))
    return found


_figures = msgspec.json.Decoder(dict[str, float])

# The reports asked about, and beside them all that stand in the same events.
_BESIDE = """
    SELECT report.id, report.series, report.event_id, report.number, report.area_code, area.name, report.hazard,
           report.crosses, report.text, report.photos,
           report.superseded_by IS NULL AND report.state <> 'returned', report.figures::text
      FROM reports_report report JOIN places_area area ON area.code = report.area_code
     WHERE report.id = ANY(%s)
        OR (report.superseded_by IS NULL AND report.state <> 'returned' AND report.event_id IN (
               SELECT asked.event_id FROM reports_report asked WHERE asked.id = ANY(%s)))
"""


def _standing_beside(ids: Sequence[UUID]) -> list[_Report]:
    with connection.cursor() as cursor:
        cursor.execute(_BESIDE, [list(ids), list(ids)])
        return [_Report(*row[:11], _figures.decode(row[11])) for row in cursor.fetchall()]  # type: ignore[call-arg]


# A position taken from the village's own point says nothing about where the damage is.
_NEAR = """
    SELECT report.id, other.id, ST_Distance(report.point::geography, other.point::geography),
           abs(extract(epoch FROM report.occurred_at - other.occurred_at)) / 3600
      FROM reports_report report
      JOIN reports_report other ON other.event_id = report.event_id AND other.series <> report.series
       AND other.superseded_by IS NULL AND other.state <> 'returned' AND other.method IN ('gps', 'network', 'pin')
       AND ST_DWithin(other.point, report.point, %s)
       AND ST_DWithin(other.point::geography, report.point::geography, %s)
       AND other.occurred_at BETWEEN report.occurred_at - make_interval(hours => %s)
                                  AND report.occurred_at + make_interval(hours => %s)
     WHERE report.id = ANY(%s) AND report.method IN ('gps', 'network', 'pin')
     ORDER BY report.id, 3
"""
_METRES_IN_DEGREE = 80_000.0
"""Fewer metres than a degree of longitude has south of 43°N: the box is never too small."""


def _near(ids: Sequence[UUID]) -> list[tuple[UUID, UUID, float, float]]:
    near, apart = book.value("evidence.near"), book.value("evidence.hours")
    with connection.cursor() as cursor:
        cursor.execute(_NEAR, [near / _METRES_IN_DEGREE, near, apart, apart, list(ids)])
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
               AND (zone.valid_to IS NULL OR zone.valid_to > report.occurred_at)),
           (SELECT min(other.name) FROM places_area other
             WHERE other.level = 'village' AND area.level = 'village' AND other.code <> area.code
               AND report.method IN ('gps', 'network', 'pin')
               AND ST_Covers(other.boundary, report.point) AND NOT ST_Covers(area.boundary, report.point))
      FROM unnest(%s::uuid[], %s::text[]) AS asked(id, kinds)
      JOIN reports_report report ON report.id = asked.id
      JOIN places_area area ON area.code = report.area_code
      CROSS JOIN LATERAL (SELECT string_to_array(asked.kinds, ',') AS kinds) kinds
     WHERE report.point IS NOT NULL
"""


def _misplaced(asked: Sequence[_Report]) -> list[tuple[UUID, Finding]]:
    kinds = {str(row["hazard"]): ",".join(row["kinds"]) for row in book.value("evidence.zones")}
    far, outside = book.value("evidence.far"), book.value("evidence.outside")
    with connection.cursor() as cursor:
        cursor.execute(
            _MISPLACED, [[one.id for one in asked], [kinds.get(main_of(one.hazard), "") for one in asked]]
        )
        rows = cursor.fetchall()
    found: list[tuple[UUID, Finding]] = []
    for report, from_village, from_zone, elsewhere in rows:
        if from_village is not None and from_village > far:
            found.append((report, Finding("far", metres=round(from_village))))
        if elsewhere:
            found.append((report, Finding("elsewhere", area=elsewhere)))
        if from_zone is not None and from_zone > outside:
            found.append((report, Finding("outside", metres=round(from_zone))))
    return found
