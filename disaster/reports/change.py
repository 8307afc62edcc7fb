"""Why a sum changed between two cutoffs, cause by cause, adding up to the difference exactly.

The life of every report is played forward from the earlier cutoff to the later one, one
happening at a time; what each happening did to a cell is its share. Since the shares are
steps on one path from the old sum to the new one, their sum is the difference, whatever
the order of happenings. Pure: the statement that reads the lives is in :func:`lives`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Literal, NamedTuple
from uuid import UUID

import msgspec
from django.db import connection

from disaster.reports.indicators import ONCE_A_TOWNSHIP
from disaster.reports.rollup import SINCE, Basis, add_to, is_township, lineage
from gis.scope import AreaScope

Cause = Literal[
    "new",
    "followup",
    "correction",
    "verified",
    "reduced",
    "late",
    "returned",
    "merged",
    "split",
    "assigned",
    "unmerged",
]
"""新报, 续报, 更正, 核增, 核减, 迟到 (filed before the earlier cutoff, arrived after it), 退回,
过程合并, 过程拆分, 归入过程."""

WORDS: dict[Cause, tuple[str, str]] = {
    "new": ("新报", "new report"),
    "followup": ("续报", "follow-up"),
    "correction": ("更正", "correction"),
    "verified": ("核增", "raised at verification"),
    "reduced": ("核减", "reduced at verification"),
    "late": ("迟到", "late arrival"),
    "returned": ("退回", "returned"),
    "merged": ("过程合并", "events merged"),
    "split": ("过程拆分", "event split"),
    "unmerged": ("撤销合并", "merge undone"),
    "assigned": ("归入过程", "assigned to the event"),
}
"""Cause → words in Chinese and English."""


class Passage(msgspec.Struct, frozen=True):
    """One move of a report: from which event and series, when, why."""

    at: datetime
    cause: Cause
    from_event: UUID | None
    from_series: UUID


class LifeOf(NamedTuple):
    """What became of one version: where it counts from when to when."""

    id: UUID
    number: str
    serial: int
    area: str
    kind: str
    corrects: UUID | None
    submitted_at: datetime
    counts_from: datetime
    returned_at: datetime | None
    event: UUID | None
    series: UUID
    moves: tuple[Passage, ...]
    figures: Mapping[str, Decimal]

    def place_at(self, moment: datetime) -> tuple[UUID | None, UUID]:
        """Give the event and series it stood in at a moment."""
        later = next((move for move in self.moves if move.at > moment), None)
        return (later.from_event, later.from_series) if later else (self.event, self.series)


class Step(NamedTuple):
    """One share of a change: what one happening did to one figure of one area."""

    area: str
    key: str
    delta: Decimal
    cause: Cause
    report: UUID
    number: str
    of: str
    """The area of the report that did it."""
    at: datetime


_figures = msgspec.json.Decoder(dict[str, Decimal])
_passages = msgspec.json.Decoder(tuple[Passage, ...])


def explain(
    *, event: UUID, before: datetime, after: datetime, scope: AreaScope, basis: Basis = "received"
) -> dict[str, list[Step]]:
    """Explain each area's changes between two cutoffs: 12-digit code → shares in order of time.

    For every area and figure the shares' deltas add up to
    ``rollup.table(cutoff=after) - rollup.table(cutoff=before)``.
    """
    found = lives(event=event, until=after, scope=scope, basis=basis)
    cells: dict[str, list[Step]] = {}
    for step in steps(found, event=event, before=before, after=after, basis=basis):
        if scope.covers(step.area):
            cells.setdefault(step.area, []).append(step)
    return cells


def lives(*, event: UUID, until: datetime, scope: AreaScope, basis: Basis = "received") -> list[LifeOf]:
    """Read the lives of all reports that ever stood in an event, by one statement."""
    covered, params = scope.covers_sql("report.area_code")
    since = SINCE[basis]
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT report.id, report.number, report.serial, report.area_code, report.kind, report.corrects,
                   report.submitted_at, {since}, report.returned_at, report.event_id, report.series,
                   (SELECT coalesce(json_agg(json_build_object(
                               'at', move.at, 'cause', move.cause, 'from_event', move.from_event_id,
                               'from_series', move.from_series) ORDER BY move.at, move.id), '[]')::text
                      FROM reports_move move WHERE move.report_id = report.id),
                   report.figures::text
              FROM reports_report report
             WHERE (report.event_id = %s OR report.id IN (
                       SELECT move.report_id FROM reports_move move WHERE move.from_event_id = %s))
               AND {since} <= %s AND {covered}
             ORDER BY report.serial
            """,  # noqa: S608 - conditions of ours, values as parameters
            [event, event, until, *params],
        )
        return [
            LifeOf(*row[:11], _passages.decode(row[11]), _figures.decode(row[12]))  # type: ignore[call-arg]
            for row in cursor.fetchall()
        ]


class _Happening(NamedTuple):
    """Something that befell reports at one moment; ``what`` sorts arrivals before returns."""

    at: datetime
    what: Literal["arrived", "moved", "returned"]
    serial: int
    who: tuple[LifeOf, ...]
    cause: Cause | None = None


def steps(
    found: Sequence[LifeOf], *, event: UUID, before: datetime, after: datetime, basis: Basis = "received"
) -> list[Step]:
    """Play the lives forward from one cutoff to the other, and note what each happening did (pure)."""
    play = _Play(event, before, basis)
    for life in found:
        if life.counts_from <= before and not _gone(life, before):
            play.place(life, before)
    play.settle()
    return [step for happening in _happenings(found, before, after) for step in play.perform(happening)]


def _gone(life: LifeOf, moment: datetime) -> bool:
    return life.returned_at is not None and life.returned_at <= moment


def _happenings(found: Iterable[LifeOf], before: datetime, after: datetime) -> list[_Happening]:
    """Give all that happened in (before, after], in order; reports moved together move at once."""
    happened: list[_Happening] = []
    moved: dict[tuple[datetime, Cause], list[LifeOf]] = {}
    for life in found:
        if before < life.counts_from <= after:
            happened.append(_Happening(life.counts_from, "arrived", life.serial, (life,)))
        if life.returned_at is not None and before < life.returned_at <= after:
            happened.append(_Happening(life.returned_at, "returned", life.serial, (life,)))
        for move in life.moves:
            if before < move.at <= after:
                moved.setdefault((move.at, move.cause), []).append(life)
    happened += [_Happening(at, "moved", 0, tuple(who), cause) for (at, cause), who in moved.items()]
    return sorted(happened, key=lambda one: (one.at, one.what, one.serial))


class _Play:
    """The state of one event's reports while time runs: which of them count, and their sums."""

    def __init__(self, event: UUID, before: datetime, basis: Basis) -> None:
        self.event, self.before, self.basis = event, before, basis
        self.present: dict[UUID, dict[UUID, LifeOf]] = {}
        """Series → the versions that may count in it."""
        self.counted: dict[UUID, LifeOf] = {}
        """Series → the version that counts."""
        self.townships: dict[str, dict[UUID, LifeOf]] = {}
        """A township's nine digits → series in it → the version that counts: to find its flags quickly."""
        self.touched: set[UUID] = set()

    def place(self, life: LifeOf, moment: datetime) -> None:
        """Let a version stand where it stood at a moment, if that was in this event."""
        self.remove(life)
        event, series = life.place_at(moment)
        if event == self.event:
            self.present.setdefault(series, {})[life.id] = life
            self.touched.add(series)

    def remove(self, life: LifeOf) -> None:
        """Let a version stand nowhere."""
        for series in {life.series, *(move.from_series for move in life.moves)}:
            if self.present.get(series, {}).pop(life.id, None):
                self.touched.add(series)

    def settle(self) -> list[tuple[LifeOf | None, LifeOf | None]]:
        """Find anew which version counts in the series touched; give each change as (old, new)."""
        changes = []
        for series in sorted(self.touched):
            old = self.counted.pop(series, None)
            new = max(self.present.get(series, {}).values(), key=lambda life: life.serial, default=None)
            for life, comes in ((old, False), (new, True)):
                if life is not None and comes:
                    self.counted[series] = life
                    self.townships.setdefault(life.area[:9], {})[series] = life
                elif life is not None:
                    self.townships[life.area[:9]].pop(series, None)
            if old is not new:
                changes.append((old, new))
        self.touched.clear()
        return changes

    def perform(self, happening: _Happening) -> list[Step]:
        """Let one thing happen, and say what it did to each cell."""
        townships = {code for life in happening.who for code in lineage(life.area) if is_township(code)}
        flags = {code: self.flags(code) for code in townships}
        for life in happening.who:
            if happening.what == "arrived" or (
                happening.what == "moved" and life.counts_from <= happening.at
            ):
                if not _gone(life, happening.at):
                    self.place(life, happening.at)
            elif happening.what == "returned":
                self.remove(life)
        shares: list[Step] = []
        for old, new in self.settle():
            shares += self._shares(happening, old, new)
        for code in townships:
            shares += self._flag_shares(happening, code, flags[code], self.flags(code))
        return shares

    def flags(self, township: str) -> dict[str, Decimal]:
        """Give the figures of a township that count it once."""
        given: dict[str, Decimal] = {}
        for life in self.townships.get(township[:9], {}).values():
            add_to(given, {key: life.figures[key] for key in ONCE_A_TOWNSHIP & life.figures.keys()})
        return {key: min(value, Decimal(1)) for key, value in given.items()}

    def _shares(self, happening: _Happening, old: LifeOf | None, new: LifeOf | None) -> list[Step]:
        actor = (new or old) if happening.what == "moved" else happening.who[0]
        was, now = (life.figures if life else {} for life in (old, new))
        shares = []
        for key in {**was, **now}:
            delta = now.get(key, Decimal(0)) - was.get(key, Decimal(0))
            if not delta or actor is None:
                continue
            cause = self._cause(happening, old, delta)
            cells = lineage(actor.area)
            if key in ONCE_A_TOWNSHIP:
                # A village's own cell, or a county's own entry; the township's flag is told apart.
                cells = cells[:1] if len(cells) == 3 or len(cells) == 1 else ()
            shares += [_step(cell, key, delta, cause, actor, happening.at) for cell in cells]
        return shares

    def _flag_shares(
        self, happening: _Happening, township: str, was: dict[str, Decimal], now: dict[str, Decimal]
    ) -> list[Step]:
        actor = next(life for life in happening.who if life.area[:9] == township[:9])
        return [
            _step(cell, key, delta, self._cause(happening, None, delta), actor, happening.at)
            for key in {**was, **now}
            if (delta := now.get(key, Decimal(0)) - was.get(key, Decimal(0)))
            for cell in lineage(township)
        ]

    def _cause(self, happening: _Happening, old: LifeOf | None, delta: Decimal) -> Cause:
        if happening.what == "returned":
            return "returned"
        if happening.cause:
            return happening.cause
        life = happening.who[0]
        if life.kind == "verified":
            return "reduced" if delta < 0 else "verified"
        if self.basis == "received" and life.submitted_at <= self.before:
            return "late"
        if life.corrects and (life.kind == "first" or (old is None or old.id != life.corrects)):
            return "correction"
        return "new" if old is None else "followup"


def _step(area: str, key: str, delta: Decimal, cause: Cause, life: LifeOf, at: datetime) -> Step:
    return Step(area, key, delta, cause, life.id, life.number, life.area, at)
