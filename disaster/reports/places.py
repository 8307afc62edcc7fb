"""What the submission path must know of places, kept in memory.

A batch asks the database once for what it does not know yet; what is known is believed
for a minute, so that a newly loaded gazetteer counts soon in every process.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from typing import NamedTuple
from uuid import UUID

from django.db import connection

from disaster.events.models import Event
from disaster.reports.messages import Report
from gis import locate
from gis.models import Area
from gis.scope import AreaScope, ancestors, pad, prefix_of

BELIEVED_S = 60.0


class AreaFacts(NamedTuple):
    """Resident populations of an area and of its township; None where unknown."""

    population: int | None
    township_population: int | None


_areas: dict[str, AreaFacts] = {}
_events: dict[UUID, str] = {}
_forget_at = 0.0

in_china = locate.in_china
villages_at = locate.villages_at


def forget() -> None:
    """Drop what is known; for tests, and after a minute."""
    global _forget_at
    _areas.clear()
    _events.clear()
    _forget_at = time.monotonic() + BELIEVED_S


def prefetch(reports: Iterable[Report]) -> None:
    """Learn the areas and events of a batch, by one statement each at most."""
    if time.monotonic() > _forget_at:
        forget()
    batch = list(reports)
    unknown = {report.area for report in batch} - _areas.keys()
    if unknown:
        wanted = unknown | {code for area in unknown for code in ancestors(area)}
        found = dict(Area.objects.filter(code__in=wanted).values_list("code", "population"))
        for code in unknown & found.keys():
            _areas[code] = AreaFacts(found[code], found.get(township_of(code)))
    unheard = {report.event for report in batch if report.event} - _events.keys()
    if unheard:
        _events.update(Event.objects.filter(id__in=unheard).values_list("id", "area_code"))


def merged(ids: set[UUID]) -> dict[UUID, list[UUID]]:
    """Give, for each event that was merged, the chain it went into, the open end last; hold all of them.

    ``FOR KEY SHARE`` is the very lock that writing a report takes on its event: it waits for
    a merge under way, and lets everything else pass.
    """
    chains: dict[UUID, list[UUID]] = {one: [one] for one in ids}
    unasked = set(ids)
    while unasked:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT id, merged_into_id FROM events_event WHERE id = ANY(%s) ORDER BY id FOR KEY SHARE",
                [list(unasked)],
            )
            into = {event: target for event, target in cursor.fetchall() if target is not None}
        for chain in chains.values():
            if chain[-1] in into:
                chain.append(into[chain[-1]])
        unasked = set(into.values())
    return {one: chain[1:] for one, chain in chains.items() if len(chain) > 1}


def area(code: str) -> AreaFacts | None:
    """Give the facts of an area, None for one that does not exist."""
    return _areas.get(code)


def event_concerns(event: UUID, code: str) -> bool:
    """Say whether the event exists and its area holds ``code``."""
    of_event = _events.get(event)
    return of_event is not None and AreaScope.of([of_event]).covers(code)


def township_of(code: str) -> str:
    """Give the township of a village; a township or anything above is its own."""
    return pad(code[:9]) if len(prefix_of(code)) == 12 else code


def same_township(code: str, village: str) -> bool:
    """Say whether ``village`` ("" for none) lies in the township of ``code``, or below ``code``."""
    return bool(village) and village.startswith(prefix_of(township_of(code)))
