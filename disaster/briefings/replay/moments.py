"""The moments of an event: its totals as of one of them, its time line, and where to jump to.

Totals are those of :mod:`disaster.reports.rollup`, which briefings and the summary table use too: one
source for one number.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from disaster import problems
from disaster.events.models import Event
from disaster.events.queries import closures_in, shelters_in, zones_in
from disaster.journal import replay
from disaster.people.scope import Rights
from disaster.reports import change, rollup
from disaster.reports.change import Step
from disaster.rules import book
from gis.scope import AreaScope

ZERO = Decimal(0)
BUCKETS = 120
"""Parts of the time line in which the reports are counted."""
JUMPS = 400
"""Single moments on the time line, at most."""
AFTERMATH = timedelta(hours=1)
"""How far the time line goes on after an event was closed."""
JUMPED_TO = (
    *("event.opened", "event.closed", "response.started", "response.ended"),
    *("zone.drawn", "zone.changed", "zone.lifted", "alert.received", "road.closed", "road.opened"),
    *("shelter.opened", "shelter.closed", "shelter.filling", "trip.departed", "trip.alarmed"),
)
"""Verbs rare and grave enough to be marked one by one; reports are counted."""


class Jump(NamedTuple):
    """A moment worth looking at. ``what``: a verb of the journal, or ``crossed`` (then with key and value)."""

    at: datetime
    what: str
    object: str
    id: str
    area: str
    key: str = ""
    value: int = 0


def seen(by: Rights) -> AreaScope:
    """Give where a reader may replay: where they see reports; 403.1 if nowhere."""
    if not by.sees.prefixes:
        raise problems.NOT_ALLOWED()
    return by.sees


def one_event(event_id: UUID, scope: AreaScope) -> Event:
    """Give an event; 404.1 if it is out of sight."""
    found: Event | None = Event.objects.touching(scope).filter(pk=event_id).first()
    if found is None:
        raise problems.NOT_FOUND()
    return found


def unmoved(scope: AreaScope) -> list[Any]:
    """Give what was loaded beside the journal: as it is where the journal never told of it.

    A shelter the journal tells of later stood by until then. All else it tells of had not been there.
    """
    shelters, others = shelters_in(scope), [*zones_in(scope), *closures_in(scope)]
    told = replay.told(["shelter", "zone", "closure"], [str(one.id) for one in (*shelters, *others)])
    standby = {"state": "standby", "occupancy": 0, "filling": False}
    return [
        *(msgspec.structs.replace(one, **standby) if str(one.id) in told else one for one in shelters),
        *(one for one in others if str(one.id) not in told),
    ]


def totals(event: UUID, scope: AreaScope, *, at: datetime) -> dict[str, Any]:
    """Give the reader's sums of an event as of a moment, whole and by township and village."""
    rows = rollup.table(event=event, cutoff=at, scope=scope)
    top = highest(rows, scope)
    return {
        "at": at,
        "figures": together(rows[area].figures for area in top),
        "reports": sum(rows[area].reports for area in top),
        "villages": sum(rows[area].villages for area in top),
        "areas": {area: row.figures for area, row in rows.items() if area not in top or len(top) > 1},
    }


def highest(areas: Iterable[str], scope: AreaScope) -> list[str]:
    """Give those of some areas of a roll-up that no sum in the scope holds: added up they are the whole.

    A village whose change moved nothing above it (a township is flooded once) is held all the same.
    """
    return [area for area in areas if not any(scope.covers(above) for above in rollup.lineage(area)[1:])]


def together(parts: Iterable[Mapping[str, Decimal]]) -> dict[str, Decimal]:
    """Add figures up."""
    sums: dict[str, Decimal] = {}
    for figures in parts:
        rollup.add_to(sums, figures)
    return sums


def span(event: Event, *, now: datetime) -> tuple[datetime, datetime]:
    """Give the stretch of time an event's replay covers."""
    end = event.closed_at + AFTERMATH if event.closed_at else now
    return event.started_at, min(max(end, event.started_at), now)


def time_line(event: Event, scope: AreaScope, *, now: datetime) -> dict[str, Any]:
    """Give an event's stretch of time, how many reports came when, and where to jump to."""
    since, until = span(event, now=now)
    marks = replay.marks(since, until, scope=scope, verbs=JUMPED_TO, limit=JUMPS)
    jumps = [Jump(one.at, one.verb, one.object_kind, one.object_id, one.area_code) for one in marks]
    jumps += crossings(event, scope, until=until)
    return {
        "event": {"id": event.id, "name": event.name, "closed_at": event.closed_at},
        "since": since,
        "until": until,
        "now": now,
        "density": replay.density(since, until, scope=scope, verb="report.submitted", buckets=BUCKETS),
        "jumps": [one._asdict() for one in sorted(jumps)],
    }


def crossings(event: Event, scope: AreaScope, *, until: datetime) -> list[Jump]:
    """Give when the reader's sums first reached the rule's marks (``replay.marks``), by one statement."""
    marks: dict[str, list[int]] = {}
    for row in book.value("replay.marks", on=event.started_at.astimezone(book.BEIJING).date()):
        marks.setdefault(row["indicator"], []).append(int(row["at"]))
    before = event.started_at - timedelta(days=1)
    sums = sums_at(event.id, scope, before)
    found = []
    for step in _steps(event.id, scope, before, until):
        old = sums.get(step.key, ZERO)
        sums[step.key] = old + step.delta
        for mark in [mark for mark in marks.get(step.key, ()) if old < mark <= sums[step.key]]:
            marks[step.key].remove(mark)
            found.append(Jump(step.at, "crossed", "report", str(step.report), step.of, step.key, mark))
    return found


def sums_at(event: UUID, scope: AreaScope, cutoff: datetime) -> dict[str, Decimal]:
    """Give the reader's sums as of a moment, by one statement."""
    rows = rollup.table(event=event, cutoff=cutoff, scope=scope)
    return together(rows[area].figures for area in highest(rows, scope))


def _steps(event: UUID, scope: AreaScope, before: datetime, after: datetime) -> list[Step]:
    """Give what changed the reader's sums between two moments, in order of time, by one statement."""
    cells = change.explain(event=event, before=before, after=after, scope=scope)
    parts = (step for area in highest(cells, scope) for step in cells[area])
    return sorted(parts, key=lambda step: step.at)


def trend(event: UUID, scope: AreaScope, *, cutoffs: Sequence[datetime]) -> list[dict[str, Any]]:
    """Give the reader's sums at each of some cutoffs in order of time, by two statements in all.

    The sums of the first are rolled up; the others follow from what changed since.
    """
    sums = sums_at(event, scope, cutoffs[0])
    steps = deque(_steps(event, scope, cutoffs[0], cutoffs[-1]))
    found = []
    for cutoff in cutoffs:
        while steps and steps[0].at <= cutoff:
            step = steps.popleft()
            sums[step.key] = sums.get(step.key, ZERO) + step.delta
        found.append({"at": cutoff, "figures": dict(sums)})
    return found
