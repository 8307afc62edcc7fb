"""What was said and held, for the duty desk."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec
from django.db.models import Q

from disaster.duty.reminders.models import Holding, Pause, Reminder
from gis.scope import AreaScope

NEWEST = 100


class Said(msgspec.Struct, frozen=True):
    """One reminder: to whom, at which step, for which area, and what became of it."""

    person: str
    step: str
    area: str
    due_at: datetime
    at: datetime
    outcome: str
    channel: str


class Recent(msgspec.Struct, frozen=True):
    """The newest reminders, those held back (area, reason → how many), and the open stops."""

    said: list[Said]
    held: dict[str, int]
    stopped: list[str]


def recent(*, scope: AreaScope) -> Recent:
    """Give the newest reminders in a scope, by three statements."""
    rows = Reminder.objects.filter(_inside(scope)).select_related("person")[:NEWEST]
    held: dict[str, int] = {}
    for why in Holding.objects.filter(_inside(scope)).values_list("why", flat=True):
        held[why] = held.get(why, 0) + 1
    stopped = Pause.objects.filter(ended_at__isnull=True).values_list("area_code", flat=True)
    return Recent(
        [
            Said(row.person.name, row.step, row.area_code, row.due_at, row.at, row.outcome, row.channel)
            for row in rows
        ],
        held,
        [code for code in stopped if scope.touches(code)],
    )


def _inside(scope: AreaScope) -> Any:
    inside = Q(pk__in=[])
    for prefix in scope.prefixes:
        inside |= Q(area_code__startswith=prefix)
    return inside
