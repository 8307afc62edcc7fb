"""Notices of townships and of the county (乡镇审核公示、县级审批公示): lists made of what needs knows, for a wall and a page.

Nothing is posted by hand: whoever a township passed, or the county approved, is in its notice from that day
to ``notice_until`` (rules ``need.notice_days_township``, ``…_county``; no days, no notice). One paper is of one
township, also the county's: a paper of all would be four hundred pages. Masked as a village's notice is.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Count, F, Max, OuterRef, QuerySet, Subquery
from django.db.models.functions import Left, TruncDate

from disaster import problems
from disaster.relief.disclosure import masks, periods, published
from disaster.relief.needs.models import Application, Grant, Programme, Step
from disaster.relief.needs.standards import wanted_fen
from disaster.relief.needs.states import APPROVED, PASSED
from disaster.rules import book
from gis.models import Area
from gis.scope import TOWNSHIP_DIGITS, AreaScope, pad

TOWNSHIP, COUNTY = "township", "county"
STATES = {TOWNSHIP: (PASSED, "pass"), COUNTY: (APPROVED, "approve")}
"""Level → the state of whoever is in its notice, and the act that brought them there."""


class Line(NamedTuple):
    """One household as the public reads it."""

    place: int
    village: str
    name: str
    group: str
    members: int
    category: str
    given: tuple[str, ...]


class Paper(NamedTuple):
    """One notice of a level: all of a township that came into it on one day; ``begun`` does not count."""

    begun: date
    until: date
    is_over: bool
    lines: tuple[Line, ...]


class Running(NamedTuple):
    """Where a level's notice runs: how many households, and its last day."""

    programme: UUID
    number: str
    name: str
    level: str
    area: str
    area_name: str
    households: int
    until: date


def batch_of(number: str) -> Programme:
    """Give a programme by its number; 404.1."""
    asked = Programme.objects.filter(number=number).select_related("area").defer("area__boundary")
    found: Programme | None = asked.first()
    if found is None:
        raise problems.NOT_FOUND()
    return found


def papers(batch: Programme, area: Area, level: str, *, on: date, language: str) -> list[Paper]:
    """Give a township's notices of a level that may be read on a day, the newest first, in three statements.

    Raises
    ------
    Problem
        404.1 for another level, or where none runs: which of it is missing is not told apart.
    """
    if level not in STATES or area.level != Area.Level.TOWNSHIP:
        raise problems.NOT_FOUND()
    rows = list(
        _rows(level, AreaScope.of([area.code]), on)
        .filter(programme=batch)
        .select_related("household", "area")
        .defer("household__point", "area__boundary")
        .order_by("-notice_until", "-begun", "area_id", "household__group", "household__name", "number")
    )
    if not rows:
        raise problems.NOT_FOUND()
    given = _granted(rows) if level == COUNTY else {row.pk: _wanted(row) for row in rows}
    words = published.Words.of([{"offered": one} for one in given.values()], area.code, language, on)
    by_day: dict[tuple[date, date], list[Line]] = {}
    order = [code.key for code in book.codes("household_type")]
    for row in rows:
        home, lines = row.household, by_day.setdefault((row.begun, row.notice_until), [])
        told = words.line(
            {
                "pk": 0,
                "place": len(lines) + 1,
                "head": home.name,
                "group": home.group,
                "members": home.members,
                "category": masks.gravest(home.types, order),
                "offered": given.get(row.pk, {}),
            }
        )
        lines.append(
            Line(told.place, row.area.name, told.name, told.group, told.members, told.category, told.given)
        )
    return [Paper(begun, until, on > until, tuple(lines)) for (begun, until), lines in by_day.items()]


def running(scope: AreaScope, *, on: date) -> list[Running]:
    """Give where notices of townships and of the county run in a scope, in two statements."""
    level_of = {state: level for level, (state, _act) in STATES.items()}
    asked = Application.objects.within(scope).filter(
        state__in=level_of, notice_until__gte=periods.still_public(on=on)
    )
    rows = list(
        asked.annotate(town=Left("area_id", TOWNSHIP_DIGITS))
        .values("programme_id", "programme__number", "programme__name", "state", "town")
        .annotate(households=Count("pk"), until=Max("notice_until"))
        .order_by("programme__number", "state", "town")
    )
    towns = {pad(row["town"]) for row in rows}
    names = dict(Area.objects.filter(pk__in=towns).values_list("pk", "name"))
    return [
        Running(
            row["programme_id"],
            row["programme__number"],
            row["programme__name"],
            level_of[row["state"]],
            pad(row["town"]),
            names.get(pad(row["town"]), ""),
            row["households"],
            row["until"],
        )
        for row in rows
    ]


def _rows(level: str, scope: AreaScope, on: date) -> QuerySet[Any]:
    state, act = STATES[level]
    last = Step.objects.filter(application=OuterRef("pk"), act=act).order_by("-id")
    asked = Application.objects.within(scope).filter(
        state=state, notice_until__gte=periods.still_public(on=on)
    )
    return asked.annotate(
        begun=Subquery(last.annotate(day=TruncDate("at", tzinfo=book.BEIJING)).values("day")[:1])
    ).filter(begun__isnull=False)


def _wanted(row: Application) -> dict[str, int]:
    wanted = {"fen": wanted_fen(row), "grain_kg": row.grain_kg, "clothing": row.clothing}
    return {key: quantity for key, quantity in wanted.items() if quantity}


def _granted(rows: Sequence[Application]) -> dict[UUID, dict[str, int]]:
    found: dict[UUID, dict[str, int]] = {}
    grants = Grant.objects.filter(application__in=[row.pk for row in rows]).order_by(F("item_id").desc())
    for pk, item, quantity in grants.values_list("application_id", "item_id", "quantity"):
        found.setdefault(pk, {})[item or "fen"] = quantity
    return found
