"""Silence is a signal (沉默预警): who should have spoken and has not, gravest first.

A village that owes a report and is late, or stands inside a warning zone and has not
spoken since the deadline before, is ranked by

    score = clock × zone × neighbours × people

- *clock*: 1 at the deadline and one more for each hour after it (so many at most); before
  the deadline a part of 1, the share of the last hour that has run;
- *zone*: the weight of the gravest zone in force that touches the village;
- *neighbours*: 1 + the share of the villages nearby that have spoken since; where all
  around report damage, silence says more;
- *people*: residents in thousands, but never less than so many.

The zone comes before the score: a silent village in a red zone stands above every other,
however loud or late. Weights and distances are the dated rules ``silence.*``.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

import msgspec
from django.db import connection

from disaster.duty import board
from disaster.duty.model import Owed
from disaster.rules import book
from gis.scope import AreaScope

LEVELS = ("red", "orange", "yellow", "blue", "")


class Silent(msgspec.Struct, frozen=True):
    """One silent village with what makes its rank. ``lon``, ``lat``: EPSG:4326."""

    owed: Owed
    lon: float | None
    lat: float | None
    zone: str
    zone_name: str
    neighbours: int
    neighbours_spoken: int
    people: int
    clock: float
    score: float

    def why(self, language: str = "zh-hans") -> str:
        """Say in one sentence why the village stands where it stands."""
        return _why_en(self) if language.startswith("en") else _why_zh(self)


def ranked(
    *, scope: AreaScope, now: datetime, owed: Sequence[Owed] | None = None, event: UUID | None = None
) -> list[Silent]:
    """Give the silent villages of a scope, those to be called first at the head."""
    all_owed = board.owed(scope=scope, now=now, event=event) if owed is None else owed
    mine = [one for one in all_owed if one.level == "village"]
    facts = _facts({one.area for one in mine}, [(one.event, one.area, one.last_at) for one in mine], now)
    weights = {str(row["level"]): float(row["weight"]) for row in book.value("silence.zones")}
    found = []
    for one in mine:
        silent = _silent(one, facts.get(one.area, _Facts()), weights, now)
        if one.state in {"late", "unreachable"} or (silent.zone in {"red", "orange"} and silent.clock > 0):
            found.append(silent)
    return sorted(found, key=lambda item: (LEVELS.index(item.zone), -item.score, item.owed.area))


class _Facts(msgspec.Struct, frozen=True):
    lon: float | None = None
    lat: float | None = None
    people: int = 0
    zone: str = ""
    zone_name: str = ""
    neighbours: int = 0
    spoken: int = 0


def _silent(one: Owed, facts: _Facts, weights: dict[str, float], now: datetime) -> Silent:
    hours = (now - one.due_at).total_seconds() / 3600
    clock = 1 + min(hours, float(book.value("silence.most_hours"))) if hours >= 0 else max(0.0, 1 + hours)
    share = facts.spoken / facts.neighbours if facts.neighbours else 0.0
    score = (
        clock
        * weights.get(facts.zone, 1.0)
        * (1 + share)
        * max(facts.people, int(book.value("silence.least_people")))
        / 1000
    )
    return Silent(
        owed=one,
        lon=facts.lon,
        lat=facts.lat,
        zone=facts.zone,
        zone_name=facts.zone_name,
        neighbours=facts.neighbours,
        neighbours_spoken=facts.spoken,
        people=facts.people,
        clock=round(clock, 2),
        score=round(score, 3),
    )


# The gravest zone that touches the village, and its neighbours by geography (metres).
_FACTS = """
    SELECT area.code, ST_X(area.point), ST_Y(area.point), coalesce(area.population, 0),
           coalesce(zone.level, ''), coalesce(zone.name, ''), near.count, near.spoken
      FROM places_area area
      LEFT JOIN LATERAL (
           SELECT zone.level, zone.name FROM places_hazardzone zone
            WHERE zone.lifted_at IS NULL AND zone.valid_from <= %s
              AND (zone.valid_to IS NULL OR zone.valid_to > %s)
              AND ST_Intersects(zone.boundary, coalesce(area.boundary::geometry, area.point))
              AND NOT ST_Touches(zone.boundary, coalesce(area.boundary::geometry, area.point))
            ORDER BY array_position(ARRAY['red', 'orange', 'yellow', 'blue'], zone.level::text) LIMIT 1) zone ON true
      LEFT JOIN LATERAL (
           SELECT count(*) AS count, count(*) FILTER (WHERE EXISTS (
                      SELECT 1 FROM reports_report report
                       WHERE report.area_code = other.code AND report.state <> 'returned'
                         AND report.event_id = ANY(%s) AND report.received_at > %s)) AS spoken
             FROM places_area other
            WHERE other.level = 'village' AND other.code <> area.code
              AND ST_DWithin(other.point, area.point, %s)
              AND ST_DWithin(other.point::geography, area.point::geography, %s)) near ON true
     WHERE area.code = ANY(%s)
"""
METRES_IN_DEGREE = 80_000.0
"""Fewer metres than a degree of longitude has anywhere south of 43°N: the box is never too small."""


def _facts(
    areas: set[str], owed: Sequence[tuple[UUID, str, datetime | None]], now: datetime
) -> dict[str, _Facts]:
    if not areas:
        return {}
    near = book.value("silence.near")
    since = now - timedelta(minutes=book.value("silence.window"))
    events = list({event for event, _, _ in owed})
    with connection.cursor() as cursor:
        cursor.execute(_FACTS, [now, now, events, since, near / METRES_IN_DEGREE, near, list(areas)])
        return {row[0]: _Facts(*row[1:]) for row in cursor.fetchall()}


_CAUSES = {
    "first": ("初报", "first report"),
    "daily": ("续报", "daily report"),
    "drought": ("旱灾续报", "drought follow-up"),
    "verified": ("核报", "verified report"),
}
_ZONES = {
    "red": ("红色", "red"),
    "orange": ("橙色", "orange"),
    "yellow": ("黄色", "yellow"),
    "blue": ("蓝色", "blue"),
}


def _why_zh(one: Silent) -> str:
    parts = [f"{_ZONES[one.zone][0]}预警区“{one.zone_name}”内"] if one.zone else []
    parts.append(f"{_CAUSES[one.owed.cause][0]}{_late_zh(one)}")
    if one.neighbours:
        parts.append(f"周边{one.neighbours}个村有{one.neighbours_spoken}个已报")
    parts.append(f"{one.people}人")
    return ",".join(parts)


def _late_zh(one: Silent) -> str:
    return f"已超时{round((one.clock - 1) * 60)}分钟" if one.clock >= 1 else "即将到时"


def _why_en(one: Silent) -> str:
    parts = [f"inside the {_ZONES[one.zone][1]} zone “{one.zone_name}”"] if one.zone else []
    late = f"{round((one.clock - 1) * 60)} min late" if one.clock >= 1 else "nearly due"
    parts.append(f"{_CAUSES[one.owed.cause][1]} {late}")
    if one.neighbours:
        parts.append(f"{one.neighbours_spoken} of {one.neighbours} villages nearby have reported")
    parts.append(f"{one.people} people")
    return ", ".join(parts)
