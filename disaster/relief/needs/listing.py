"""Lists of needs for pages and forms: programmes, townships, applications by what is asked; a file's parts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

import msgspec
from django.db import connection
from django.db.models import CharField, Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import MD5, Cast, Concat

from disaster.relief.needs import evidence
from disaster.relief.needs.evidence import Finding
from disaster.relief.needs.models import Application, Programme, Step
from disaster.relief.needs.queries import MONEY, VillageNeeds
from disaster.relief.needs.states import (
    APPLIED,
    APPROVED,
    ARCHIVED,
    ASSESSED,
    COUNTED,
    DISCLOSED,
    ISSUED,
    OBJECTED,
    PASSED,
    POSTED,
    REJECTED,
    STOPPED,
    SUBMITTED,
    VERIFIED,
    WITHDRAWN,
)
from disaster.rules import book
from gis.scope import AreaScope, prefix_of

OUT = (REJECTED, WITHDRAWN, STOPPED)
_HEX = 0xFFFFFFFF
_TOTALS = """
    WITH asked AS (SELECT one.* FROM needs_application one WHERE {where}),
    given AS (
        SELECT asked.programme_id, sum(g.quantity) AS granted, sum(g.settled) AS settled
          FROM asked JOIN needs_grant g ON g.application_id = asked.id AND g.item_id IS NULL
         GROUP BY 1)
    SELECT asked.programme_id, count(*) FILTER (WHERE state <> ALL(%s)),
           count(*) FILTER (WHERE state = ANY(%s)),
           COALESCE(sum(persons) FILTER (WHERE state = ANY(%s)), 0),
           COALESCE(max(granted), 0), COALESCE(max(settled), 0)
      FROM asked LEFT JOIN given ON given.programme_id = asked.programme_id
     GROUP BY asked.programme_id
"""


class Totals(NamedTuple):
    """One programme in a scope: applications, of them counted as need, persons, money granted and arrived (fen)."""

    applications: int = 0
    households: int = 0
    persons: int = 0
    granted: int = 0
    settled: int = 0

    @property
    def yuan(self) -> float:
        """Money granted, in yuan."""
        return self.granted / 100

    @property
    def yuan_settled(self) -> float:
        """Money that arrived, in yuan."""
        return self.settled / 100


def programmes(scope: AreaScope) -> list[tuple[Programme, Totals]]:
    """Give the programmes that touch a scope with their totals in it, the open ones first; two statements."""
    found = Programme.objects.touching(scope).order_by("closed_at", "-opened_at", "number")
    ordered = sorted(found, key=lambda one: one.closed_at is not None)
    where, params = scope.covers_sql("one.area_code")
    with connection.cursor() as cursor:
        cursor.execute(_TOTALS.format(where=where), [*params, list(OUT), list(COUNTED), list(COUNTED)])
        totals = {row[0]: Totals(*(int(value) for value in row[1:])) for row in cursor.fetchall()}
    return [(one, totals.get(one.pk, Totals())) for one in ordered]


class Sum(NamedTuple):
    """Villages added up: a township's row, or the total."""

    area: str
    name: str
    villages: int
    households: int
    persons: int
    key_persons: int
    held: int
    need: Mapping[str, int]
    states: Mapping[str, int]
    granted: Mapping[str, int]
    settled: Mapping[str, int]

    @property
    def yuan(self) -> float:
        """Money granted, in yuan."""
        return self.granted.get(MONEY, 0) / 100

    @property
    def yuan_settled(self) -> float:
        """Money that arrived, in yuan."""
        return self.settled.get(MONEY, 0) / 100

    @property
    def goods(self) -> int:
        """Units of goods granted."""
        return sum(many for item, many in self.granted.items() if item != MONEY)

    @property
    def goods_settled(self) -> int:
        """Units of goods that arrived."""
        return sum(many for item, many in self.settled.items() if item != MONEY)

    @property
    def with_village(self) -> int:
        """Applications that wait for the village: applied to posted, objected to."""
        return self._in(APPLIED, VERIFIED, ASSESSED, POSTED, OBJECTED)

    @property
    def with_township(self) -> int:
        """Applications that wait for the township."""
        return self._in(SUBMITTED)

    @property
    def with_county(self) -> int:
        """Applications that wait for the county."""
        return self._in(PASSED)

    @property
    def to_be_given(self) -> int:
        """Applications approved, not all of it with the household yet."""
        return self._in(APPROVED)

    @property
    def given(self) -> int:
        """Applications of which everything is with the household."""
        return self._in(ISSUED, DISCLOSED, ARCHIVED)

    def _in(self, *states: str) -> int:
        return sum(self.states.get(state, 0) for state in states)


def townships(rows: Iterable[VillageNeeds]) -> list[Sum]:
    """Add villages up by township, in the townships' order."""
    groups: dict[tuple[str, str], list[VillageNeeds]] = {}
    for row in rows:
        groups.setdefault((row.township, row.township_name), []).append(row)
    return [total(group, *key) for key, group in groups.items()]


def total(rows: Iterable[VillageNeeds], area: str = "", name: str = "") -> Sum:
    """Add villages up."""
    rows = list(rows)
    counts = (
        sum(getattr(row, key) for row in rows) for key in ("households", "persons", "key_persons", "held")
    )
    return Sum(
        area,
        name,
        len(rows),
        *counts,
        *(_add(getattr(row, key) for row in rows) for key in ("need", "states", "granted", "settled")),
    )


def _add(parts: Iterable[Mapping[str, int]]) -> dict[str, int]:
    sums: dict[str, int] = {}
    for part in parts:
        for key, value in part.items():
            sums[key] = sums.get(key, 0) + int(value)
    return sums


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """Which applications of a programme: by state, area (12 digits), class, household type, words.

    ``sample`` are those the township is advised to visit (入户抽查).
    """

    state: str = ""
    area: str = ""
    type: str = ""
    key: bool = False
    held: bool = False
    sample: bool = False
    words: str = ""


class Line(NamedTuple):
    """An application in a list, with what speaks against it."""

    it: Application
    findings: list[Finding]
    goods: list[tuple[str, int, int]]
    fen: int
    fen_settled: int


class Page(NamedTuple):
    """Some lines, and how many there are in all."""

    lines: list[Line]
    total: int


def applications(programme: Programme, scope: AreaScope, asked: Asked) -> QuerySet[Application]:
    """Choose the applications of a programme in a scope; not asked for by state, those that are out stay out."""
    rows: QuerySet[Application] = Application.objects.within(scope).filter(programme=programme)
    rows = rows.filter(state=asked.state) if asked.state else rows.exclude(state__in=OUT)
    if asked.area:
        rows = rows.filter(area__code__startswith=prefix_of(asked.area))
    if asked.type:
        rows = rows.filter(household__types__contains=[asked.type])
    if asked.key:
        rows = rows.filter(is_key=True)
    if asked.held:
        rows = rows.filter(held_at__isnull=False)
    if asked.sample:
        rows = sampled(rows, programme)
    if words := asked.words.strip():
        rows = rows.filter(Q(household__name__startswith=words) | Q(number__endswith=words))
    return rows


def sampled(rows: QuerySet[Application], programme: Programme) -> QuerySet[Application]:
    """Keep the share a township visits (need.inspection_pct): drawn by lot once, the same for everybody who looks.

    The lot is a hash of application and programme, so nobody can choose who is visited.
    """
    share = int(book.value("need.inspection_pct", area=str(programme.area_id)))
    lot = MD5(Concat(Cast("pk", CharField()), Value(programme.number), output_field=CharField()))
    return rows.annotate(lot=lot).filter(lot__lt=f"{min(share, 100) * _HEX // 100:08x}g")


def page(
    programme: Programme, scope: AreaScope, asked: Asked, *, on: date, offset: int = 0, limit: int = 100
) -> Page:
    """Give some applications with their grants and what speaks against them; seven statements however many."""
    rows = applications(programme, scope, asked)
    visits = Step.objects.filter(application=OuterRef("pk"), act="visit")
    some = (
        rows.select_related("household", "programme", "area__parent")
        .defer("area__boundary", "area__parent__boundary")
        .prefetch_related("grants__item")
        .annotate(is_visited=Exists(visits))
        .order_by("area_id", "household__group", "number")[offset : offset + limit]
    )
    lines = list(some)
    found = evidence.against(lines, on=on)
    return Page([_line(one, found[one.pk]) for one in lines], rows.count())


def _line(one: Application, findings: list[Finding]) -> Line:
    goods = [
        (str(grant.item), grant.quantity, grant.settled)
        for grant in one.grants.all()
        if grant.item is not None
    ]
    money = [(grant.quantity, grant.settled) for grant in one.grants.all() if grant.item is None]
    fen, settled = money[0] if money else (0, 0)
    return Line(one, findings, goods, fen, settled)


def ids(programme: Programme, scope: AreaScope, asked: Asked, *, most: int) -> list[UUID]:
    """Give which applications a choice means, one more than ``most`` at most."""
    return list(applications(programme, scope, asked).order_by("pk").values_list("pk", flat=True)[: most + 1])


def file_of(household: Any, *, on: date) -> list[Line]:
    """Give every application of a household, the newest first, with grants, steps and findings."""
    rows = list(
        Application.objects.filter(household=household)
        .select_related("household", "programme", "area__parent")
        .defer("area__boundary", "area__parent__boundary")
        .prefetch_related("grants__item", "steps")
        .order_by("-applied_at")
    )
    found = evidence.against(rows, on=on)
    return [_line(one, found[one.pk]) for one in rows]
