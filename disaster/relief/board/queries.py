"""Questions about a programme as a whole: one statement for all villages, whatever they are many."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Max
from django.db.models.functions import TruncDate

from disaster import problems
from disaster.people.scope import Rights
from disaster.relief.board.figures import CLOTHING, MONEY, Row
from disaster.relief.needs.models import Programme, Step
from disaster.relief.needs.states import COUNTED
from disaster.relief.plan.models import Scenario
from disaster.relief.stock.models import Item
from disaster.rules import book
from gis.models import Area
from gis.scope import AreaScope

FIRST = (CLOTHING, "quilt", "coat", MONEY)
"""What the board shows first, where there is any."""

_NOW = """
    WITH mine AS (
        SELECT id, area_code, state, persons, clothing,
               (heating_yuan + medical_yuan + water_yuan + other_yuan) * 100::bigint AS fen
          FROM needs_application
         WHERE programme_id = %(programme)s AND area_code LIKE ANY (%(areas)s)),
    given AS (
        SELECT area_code, state, item_id AS item, quantity, settled
          FROM mine JOIN needs_grant ON application_id = mine.id),
    force AS (
        SELECT id FROM plan_scenario
         WHERE programme_id = %(programme)s AND state = ANY (%(in_force)s))
"""
_THEN = """
    WITH steps AS (
        SELECT DISTINCT ON (step.application_id) step.after AS state, step.figures
          FROM needs_step step JOIN needs_application one ON one.id = step.application_id
         WHERE one.programme_id = %(programme)s AND step.at <= %(moment)s
         ORDER BY step.application_id, step.id DESC),
    mine AS (
        SELECT state, figures->'grants' AS grants, area_code, persons, clothing, fen
          FROM steps, jsonb_to_record(figures || jsonb_build_object('area_code', figures->'area'))
               AS it(area_code text, persons int, clothing int, fen bigint)
         WHERE area_code LIKE ANY (%(areas)s)),
    given AS (
        SELECT area_code, state, nullif(key, %(money)s) AS item,
               (value->>0)::bigint AS quantity, (value->>1)::bigint AS settled
          FROM mine, jsonb_each(grants)),
    force AS (
        SELECT id FROM plan_scenario
         WHERE programme_id = %(programme)s AND approved_at <= %(moment)s
         ORDER BY approved_at DESC, number DESC LIMIT 1)
"""
_VILLAGES = """
    SELECT 'need', area_code, '', count(*), sum(persons), sum(fen), sum(clothing)
      FROM mine WHERE state = ANY (%(counted)s) GROUP BY area_code
    UNION ALL
    SELECT 'grant', area_code, coalesce(item, ''), 0,
           sum(CASE WHEN state = ANY (%(counted)s) THEN quantity ELSE settled END), sum(settled), 0
      FROM given GROUP BY area_code, item
    UNION ALL
    SELECT 'plan', share.area_code, coalesce(share.item_id, ''), 0, share.need, share.given, 0
      FROM plan_share share JOIN force ON force.id = share.scenario_id
     WHERE share.area_code LIKE ANY (%(areas)s)
"""


def villages(programme: Programme, scope: AreaScope, *, moment: datetime | None = None) -> dict[str, Row]:
    """Give every village's figures as they are, or as they stood at a moment, in one statement.

    A past moment is told from the steps of the applications, each of which keeps what it led to.
    What is needed is what the plan in force found. Before there is one it is what the counted
    applications ask for, in money and in pieces of clothing and bedding together
    (:data:`~disaster.relief.board.figures.CLOTHING`); no single item can be told then, and pages show what was granted. What was
    granted to an application that ended early counts as far as it had arrived.
    """
    rows: dict[str, Row] = {}
    planned: list[tuple[str, str, int]] = []
    with connection.cursor() as cursor:
        cursor.execute(
            (_THEN if moment else _NOW) + _VILLAGES,
            {
                "programme": programme.pk,
                "areas": like(scope),
                "counted": list(COUNTED),
                "in_force": list(Scenario.IN_FORCE),
                "moment": moment,
                "money": MONEY,
            },
        )
        for kind, area, key, many, one, other, pieces in cursor.fetchall():
            row, item = rows.setdefault(area, Row(area)), key or MONEY
            if kind == "need":
                row.households, row.persons = many, int(one)
                row.of(MONEY).need, row.of(CLOTHING).need = int(other), int(pieces)
            elif kind == "grant":
                cell = row.of(item)
                cell.granted, cell.settled = int(one), int(other)
            else:
                planned.append((area, item, int(one)))
    for area, item, need in planned:
        rows[area].of(item).need = need
    items = bedding(on=moment.astimezone(book.BEIJING).date() if moment else None)
    for row in rows.values():
        row.put_together(CLOTHING, items)
    return dict(sorted(rows.items()))


def in_force(programme: Programme, *, moment: datetime) -> UUID | None:
    """Give the plan that was in force at a moment."""
    rows = Scenario.objects.filter(programme=programme, approved_at__lte=moment)
    found: UUID | None = rows.order_by("-approved_at", "-number").values_list("pk", flat=True).first()
    return found


_PERSONS = """
    WITH steps AS (
        SELECT step.after AS state, step.figures, step.at,
               lead(step.at) OVER (PARTITION BY step.application_id ORDER BY step.id) AS until
          FROM needs_step step JOIN needs_application one ON one.id = step.application_id
         WHERE one.programme_id = %(programme)s AND step.at <= %(last)s)
    SELECT moment.n, figures->>'area', sum((figures->>'persons')::int)
      FROM unnest(%(moments)s::timestamptz[]) WITH ORDINALITY moment(at, n)
      JOIN steps ON steps.at <= moment.at AND (until IS NULL OR until > moment.at)
     WHERE state = ANY (%(counted)s) AND figures->>'area' LIKE ANY (%(areas)s)
     GROUP BY 1, 2
"""


def persons(programme: Programme, scope: AreaScope, moments: Sequence[datetime]) -> list[dict[str, int]]:
    """Give the persons counted as in need by village at each of some moments in order of time, in one statement."""
    found: list[dict[str, int]] = [{} for _ in moments]
    with connection.cursor() as cursor:
        cursor.execute(
            _PERSONS,
            {
                "programme": programme.pk,
                "areas": like(scope),
                "counted": list(COUNTED),
                "moments": list(moments),
                "last": moments[-1],
            },
        )
        for at, area, many in cursor.fetchall():
            found[at - 1][area] = int(many)
    return found


def days(programme: Programme, scope: AreaScope, *, until: datetime) -> list[datetime]:
    """Give, of each day (Beijing) on which an application moved, when the last one did."""
    rows = Step.objects.filter(
        application__programme=programme, application__area__in=Area.objects.within(scope), at__lte=until
    )
    by_day = rows.values(day=TruncDate("at", tzinfo=book.BEIJING)).annotate(last=Max("at"))
    return list(by_day.order_by("day").values_list("last", flat=True))


_BEFORE = """
    SELECT issue.item_id, sum(CASE issue.kind WHEN 'given' THEN issue.quantity ELSE -issue.quantity END)
      FROM receipts_issue issue JOIN needs_application one ON one.id = issue.application_id
     WHERE one.programme_id = %(programme)s AND one.area_code LIKE ANY (%(areas)s)
       AND (issue.at AT TIME ZONE 'Asia/Shanghai')::date <= %(eve)s
     GROUP BY issue.item_id
    UNION ALL
    SELECT %(money)s, coalesce(sum(line.amount), 0)
      FROM funds_payline line JOIN needs_application one ON one.id = line.application_id
     WHERE one.programme_id = %(programme)s AND one.area_code LIKE ANY (%(areas)s)
       AND line.state = 'paid' AND (line.answered_at AT TIME ZONE 'Asia/Shanghai')::date <= %(eve)s
"""


def before(programme: Programme, scope: AreaScope, eve: date) -> dict[str, int]:
    """Give how much of each item (money: fen) had reached households when Spring Festival's eve ended.

    By the days of signatures and of the bank's answers: :func:`villages` says how much has until now.
    """
    with connection.cursor() as cursor:
        cursor.execute(_BEFORE, {"programme": programme.pk, "areas": like(scope), "eve": eve, "money": MONEY})
        found = {item: int(many) for item, many in cursor.fetchall()}
    return found | {CLOTHING: sum(found.get(item, 0) for item in bedding())}


def bedding(*, on: date | None = None) -> list[str]:
    """Name the items that count as clothing and bedding, today or on a day."""
    return [row["item"] for row in book.value("board.clothing", on=on)]


def like(scope: AreaScope) -> list[str]:
    """Give a scope's areas as patterns of SQL's LIKE."""
    return [f"{prefix}%" for prefix in scope.prefixes]


def programmes(scope: AreaScope) -> list[Programme]:
    """Give the programmes that concern a scope, those that run first, the newest first."""
    rows = Programme.objects.touching(scope).select_related("area").defer("area__boundary")
    return sorted(rows.order_by("-opened_at", "number"), key=lambda one: one.closed_at is not None)


def seen(by: Rights) -> AreaScope:
    """Give where a reader may see what is needed.

    Raises
    ------
    Problem
        403.1 if nowhere.
    """
    scope = by.where("need.see")
    if not scope.prefixes:
        raise problems.NOT_ALLOWED()
    return scope


def chosen(programme_id: UUID | None, among: Sequence[Programme]) -> Programme | None:
    """Give the programme asked for, the first where none is; 404.1 if it is not among those in sight."""
    if programme_id is None:
        return among[0] if among else None
    found = next((one for one in among if one.pk == programme_id), None)
    if found is None:
        raise problems.NOT_FOUND()
    return found


NAMES = {MONEY: ("资金", "Money", "元"), CLOTHING: ("衣被合计", "Clothing and bedding", "件")}


def items(rows: Iterable[Row]) -> list[dict[str, Any]]:
    """Name what the rows have figures of, those the board shows first at the head; money's numbers are fen."""
    have = {key for row in rows for key in row.cells}
    names = NAMES | {
        item.key: (item.name, item.name_en, item.unit) for item in Item.objects.filter(pk__in=have - {*NAMES})
    }
    ordered = sorted(have, key=lambda key: (FIRST.index(key) if key in FIRST else len(FIRST), key))
    return [dict(zip(("key", "name", "name_en", "unit"), (key, *names[key]), strict=True)) for key in ordered]
