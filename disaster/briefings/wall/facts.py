"""What the wall shows besides the feed: totals with their trend, who is late, countdowns, relief.

Asked for once a minute by every wall; the number of statements does not grow with villages or reports.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from disaster.briefings.replay import moments
from disaster.duty import board, upward
from disaster.duty.model import Owed
from disaster.events.models import Event
from disaster.people.scope import Rights
from disaster.relief.board import festival, late
from disaster.relief.board import queries as relief
from disaster.relief.board.figures import total
from disaster.rules import book
from gis.models import Area
from gis.scope import AreaScope, pad

LATE_SHOWN = 14
"""Rows readable from five metres."""
OVERDUE_SHOWN = 6
HOURS = 24
"""How far back the trend goes."""
EVERY = timedelta(hours=2)


def facts(by: Rights, *, now: datetime, language: str) -> dict[str, Any]:
    """Give all of it for a reader; each part in the areas where they may see it."""
    duty = by.where("duty.see")
    owed = board.owed(scope=duty, now=now)
    return {
        "now": now,
        "area": _area(by),
        "event": _event(by.sees, now),
        "duty": _duty(owed, duty),
        "countdowns": _countdowns(owed, duty, now),
        "relief": _relief(by.where("need.see"), now, language),
    }


def _area(by: Rights) -> str:
    return str(Area.objects.filter(pk=by.home).values_list("name", flat=True).first() or "")


def _event(scope: AreaScope, now: datetime) -> dict[str, Any] | None:
    """Give the newest open event with its sums now and every two hours of the last day."""
    event = Event.objects.touching(scope).filter(closed_at__isnull=True).order_by("-started_at").first()
    if event is None:
        return None
    begin = max(event.started_at, now - timedelta(hours=HOURS))
    steps = [now - EVERY * step for step in range(HOURS // 2, 0, -1)]
    cutoffs = [begin, *(step for step in steps if step > begin), now]
    return {
        "id": event.id,
        "name": event.name,
        "started_at": event.started_at,
        "trend": moments.trend(event.id, scope, cutoffs=cutoffs),
    }


def _duty(owed: Sequence[Owed], scope: AreaScope) -> dict[str, Any]:
    """Give how many villages stand how, who is late, the longest first, and who is due next."""
    villages = [one for one in owed if one.level == "village"]
    missing = [one for one in owed if one.state in ("late", "unreachable")]
    soon = sorted((one for one in owed if one.state == "due"), key=lambda one: one.due_at)
    townships = dict(Area.objects.within(scope).filter(level=Area.Level.TOWNSHIP).values_list("code", "name"))
    return {
        "counts": {
            state: sum(one.state == state for one in villages)
            for state in ("ontime", "due", "late", "unreachable")
        },
        "late": [_owing(one, townships) for one in missing[:LATE_SHOWN]],
        "soon": [_owing(one, townships) for one in soon[:LATE_SHOWN]],
        "missing": len(missing),
    }


def _owing(one: Owed, townships: Mapping[str, str]) -> dict[str, Any]:
    return {
        "area": one.area,
        "name": one.area_name,
        "township": townships.get(pad(one.area[:9]), "") if one.level == "village" else "",
        "level": one.level,
        "cause": one.cause,
        "state": one.state,
        "due_at": one.due_at,
    }


def _countdowns(owed: Sequence[Owed], scope: AreaScope, now: datetime) -> list[dict[str, Any]]:
    """Give what time runs out for: reports past levels, the next statutory deadline, Spring Festival."""
    found: list[dict[str, Any]] = [
        {"kind": "upward", "name": one.event_name, "at": one.due_at}
        for one in upward.owed_upward(scope=scope, now=now)
        if one.told_at is None
    ]
    ahead = [one for one in owed if one.due_at > now]
    if ahead:
        first = min(ahead, key=lambda one: one.due_at)
        same = sum(one.due_at == first.due_at for one in ahead)
        found.append(
            {
                "kind": "report",
                "cause": first.cause,
                "name": first.area_name,
                "at": first.due_at,
                "many": same,
            }
        )
    if eve := festival.ahead(now.astimezone(book.BEIJING).date()):
        found.append({"kind": "festival", "days": eve.days, "on": eve.eve})
    return found


def _relief(scope: AreaScope, now: datetime, language: str) -> dict[str, Any] | None:
    """Give how far the newest programme that runs has come, and what is late in it."""
    programme = next((one for one in relief.programmes(scope) if one.closed_at is None), None)
    if programme is None:
        return None
    rows = relief.villages(programme, scope)
    whole = total(rows.values())
    overdue = late.late(scope, now=now)
    return {
        "id": programme.pk,
        "name": programme.name,
        "households": whole.households,
        "persons": whole.persons,
        "items": [
            {
                **item,
                "need": whole.cell(item["key"]).need,
                "granted": whole.cell(item["key"]).granted,
                "settled": whole.cell(item["key"]).settled,
                "percent": whole.cell(item["key"]).percent,
            }
            for item in relief.items(rows.values())
        ],
        "late": [{"since": one.since, "text": one.say(language)} for one in overdue[:OVERDUE_SHOWN]],
        "overdue": len(overdue),
    }
