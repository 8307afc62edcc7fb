"""The duty board: what each village, township and the county owes, from four statements.

A village speaks by filing, a township by passing all that its villages filed or filing its
own entry, the county by approving all that was passed. Their clocks are :mod:`disaster.duty.clocks`.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection
from django.db.models import Q

from disaster.duty.clocks import Clocks, Course, Level, Spoken, held_back, next_due
from disaster.duty.model import Owed, State
from disaster.duty.models import Call, Reminder
from disaster.events.models import Event
from disaster.rules import book
from gis.models import Area
from gis.scope import AreaScope

DROUGHT = "drought"


class _Words(NamedTuple):
    """When the reports of an area arrived, were passed, were approved; returned ones left out.

    A township or county is verified only when each of its areas that reported is.
    """

    first_in: datetime | None = None
    last_in: datetime | None = None
    verified_in: datetime | None = None
    first_passed: datetime | None = None
    last_passed: datetime | None = None
    verified_passed: datetime | None = None
    first_approved: datetime | None = None
    last_approved: datetime | None = None
    verified_approved: datetime | None = None
    occurred: datetime | None = None
    unpassed_since: datetime | None = None
    unapproved_since: datetime | None = None


_NOBODY = Q(point__isnull=True) & (Q(population__isnull=True) | Q(population=0))
"""A unit of statistics alone (虚拟社区): no place and no people. Who has either owes reports."""


def owed(*, scope: AreaScope, now: datetime, event: UUID | None = None) -> list[Owed]:
    """Give what every area in a scope owes in every open event, the oldest deadline first."""
    events = [one for one in _events(event) if scope.touches(one.area_code)]
    if not events:
        return []
    areas = list(
        Area.objects.filter(level__in=("village", "township", "city"))
        .exclude(_NOBODY, level="village")
        .order_by("code")
        .values_list("code", "name", "level")
    )
    said = _said([one.id for one in events])
    silent = _unreachable([one.id for one in events])
    found = []
    for one in events:
        inside = AreaScope.of([one.area_code])
        for code, name, kind in areas:
            if inside.covers(code) and scope.covers(code):
                level: Level = "county" if kind == "city" else kind
                due = _owed(one, code, name, level, said, silent, now)
                if due is not None:
                    found.append(due)
    return sorted(found, key=lambda item: (item.due_at, item.area))


def _events(event: UUID | None) -> list[Event]:
    rows = Event.objects.filter(closed_at__isnull=True).order_by("started_at")
    return list(rows.filter(pk=event) if event else rows)


def _owed(
    event: Event,
    code: str,
    name: str,
    level: Level,
    said: dict[tuple[UUID, str], _Words],
    silent: dict[tuple[UUID, str], datetime],
    now: datetime,
) -> Owed | None:
    words = _words(event.id, code, level, said)
    began = event.started_at if words.occurred is None else max(event.started_at, words.occurred)
    course = Course(began, event.stable_at, event.closed_at, event.hazard.startswith(DROUGHT))
    spoken, clocks = _spoken(words, level), clocks_of(level, code, event.started_at)
    due = next_due(course, held_back(spoken, _waiting(words, level), clocks.daily), clocks, now=now)
    if due is None:
        return None
    missed_call = silent.get((event.id, code))
    return Owed(
        event=event.id,
        event_name=event.name,
        area=code,
        area_name=name,
        level=level,
        cause=due.cause,
        due_at=due.at,
        state=_state(due.at, spoken.last_at, missed_call, now),
        last_at=spoken.last_at,
        missed=due.missed,
    )


def _state(due_at: datetime, last_at: datetime | None, missed: datetime | None, now: datetime) -> State:
    # Before the deadline nobody is missed yet, whether they answered or not.
    if missed is not None and missed >= due_at and (last_at is None or missed > last_at):
        return "unreachable"
    if now >= due_at:
        return "late"
    return "due" if due_at - now <= timedelta(minutes=book.value("clock.due_soon")) else "ontime"


def clocks_of(level: Level, area: str, started_at: datetime) -> Clocks:
    """Give a level's clocks by the rules of the event's day; a village's 核报 days are its township's."""
    day = started_at.astimezone(book.BEIJING).date()
    days = "township" if level == "village" else level
    return Clocks(
        first=timedelta(minutes=book.value(f"clock.first.{level}", on=day, area=area)),
        daily=book.value(f"clock.daily.{level}", on=day, area=area),
        verified=timedelta(days=book.value(f"clock.verified.{days}", on=day, area=area)),
        drought=timedelta(days=book.value("clock.drought", on=day, area=area)),
    )


def _words(event: UUID, code: str, level: Level, said: dict[tuple[UUID, str], _Words]) -> _Words:
    if level == "village":
        return said.get((event, code), _Words())
    return said.get((event, code[:9] if level == "township" else code[:6]), _Words())


def _spoken(words: _Words, level: Level) -> Spoken:
    if level == "village":
        return Spoken(words.first_in, words.last_in, words.verified_in)
    if level == "township":
        return Spoken(words.first_passed, words.last_passed, words.verified_passed)
    return Spoken(words.first_approved, words.last_approved, words.verified_approved)


def _waiting(words: _Words, level: Level) -> datetime | None:
    if level == "village":
        return None
    return words.unpassed_since if level == "township" else words.unapproved_since


_SAID = """
    WITH word AS (
        SELECT event_id, area_code, kind, received_at, occurred_at, superseded_by,
               CASE WHEN area_code LIKE '%%000' THEN received_at ELSE least(passed_at, approved_at) END AS passed_at,
               approved_at
          FROM reports_report
         WHERE event_id = ANY(%s) AND state <> 'returned')
    SELECT event_id, coalesce(area_code, left9, left6),
           min(received_at), max(received_at), min(received_at) FILTER (WHERE kind = 'verified'),
           min(passed_at), max(passed_at), CASE WHEN count(DISTINCT area_code)
               = count(DISTINCT area_code) FILTER (WHERE kind = 'verified' AND passed_at IS NOT NULL)
               THEN max(passed_at) END,
           min(approved_at), max(approved_at), CASE WHEN count(DISTINCT area_code)
               = count(DISTINCT area_code) FILTER (WHERE kind = 'verified' AND approved_at IS NOT NULL)
               THEN max(approved_at) END,
           min(occurred_at),
           min(received_at) FILTER (WHERE passed_at IS NULL AND superseded_by IS NULL),
           min(passed_at) FILTER (WHERE approved_at IS NULL AND superseded_by IS NULL)
      FROM (SELECT word.*, left(area_code, 9) AS left9, left(area_code, 6) AS left6 FROM word) named
     GROUP BY GROUPING SETS ((event_id, area_code), (event_id, left9), (event_id, left6))
"""


def _said(events: Iterable[UUID]) -> dict[tuple[UUID, str], _Words]:
    """Read when each village, township (9 digits) and county (6 digits) last spoke, by one statement."""
    with connection.cursor() as cursor:
        cursor.execute(_SAID, [list(events)])
        return {(row[0], row[1]): _Words(*row[2:]) for row in cursor.fetchall()}


def _unreachable(events: list[UUID]) -> dict[tuple[Any, str], datetime]:
    """Give when an area was last called in vain, or a reminder to it failed; by two statements.

    Whoever was reached afterwards is not unreachable.
    """
    said: dict[tuple[Any, str], tuple[datetime, bool]] = {}
    calls = Call.objects.filter(event__in=events).exclude(outcome=Call.Outcome.DIALLED).order_by("at")
    for event, area, at, outcome in calls.values_list("event_id", "area_code", "at", "outcome"):
        said[event, area] = (at, outcome != Call.Outcome.REACHED)
    failed = Reminder.objects.filter(event__in=events, outcome=Reminder.Outcome.FAILED).order_by("at")
    for event, area, at in failed.values_list("event", "area_code", "at"):
        if (event, area) not in said or at > said[event, area][0]:
            said[event, area] = (at, True)
    return {key: at for key, (at, in_vain) in said.items() if in_vain}
