"""越级同报: what a county has to tell the province and the ministry as well, at once.

《自然灾害情况统计调查制度》(应急〔2020〕19号): ten or more people dead or missing, or rooms
collapsed in great number, within two hours of the occurrence, past the city.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

import msgspec

from disaster.duty.models import Call
from disaster.events.models import Event
from disaster.reports import rollup
from disaster.rules import book
from gis.scope import AreaScope


class Upward(msgspec.Struct, frozen=True):
    """One event that has to go up at once, with its evidence and its source."""

    event: UUID
    event_name: str
    people: int
    rooms: int
    due_at: datetime
    cutoff: datetime
    source: str
    area: str
    told_at: datetime | None = None
    """When a call upward that was answered is on record, since the event began."""


def owed_upward(*, scope: AreaScope, now: datetime) -> list[Upward]:
    """Give the open events of a scope that reach a threshold now; two statements an event."""
    found = []
    for event in Event.objects.filter(closed_at__isnull=True).order_by("started_at"):
        if scope.covers(event.area_code):
            one = _reached(event, now)
            if one is not None:
                found.append(one)
    return found


def _reached(event: Event, now: datetime) -> Upward | None:
    table = rollup.table(event=event.id, cutoff=now, scope=AreaScope.of([event.area_code]))
    figures = table[event.area_code].figures if event.area_code in table else {}
    zero = Decimal(0)
    people = int(figures.get("dead", zero) + figures.get("missing", zero))
    rooms = int(figures.get("houses_collapsed_rooms", zero))
    day = event.started_at.astimezone(book.BEIJING).date()
    rules = {"upward.people": people, "upward.rooms": rooms}
    hit = [key for key, value in rules.items() if value >= book.value(key, on=day, area=event.area_code)]
    if not hit:
        return None
    minutes = book.value("clock.first.county", on=day, area=event.area_code)
    return Upward(
        event=event.id,
        event_name=event.name,
        people=people,
        rooms=rooms,
        due_at=event.started_at + timedelta(minutes=minutes),
        cutoff=now,
        source=book.basis(hit[0], on=day),
        area=event.area_code,
        told_at=_told(event),
    )


def _told(event: Event) -> datetime | None:
    """Give when the level above was first reached by telephone about an event (电话速报)."""
    calls = Call.objects.filter(event=event, direction=Call.Direction.UP, outcome=Call.Outcome.REACHED)
    return calls.order_by("at").values_list("at", flat=True).first()
