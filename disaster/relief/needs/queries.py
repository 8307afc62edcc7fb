"""Questions about needs: by village, by programme, one household's file; each one statement."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection
from django.db.models import Avg, F, Sum

from disaster import problems
from disaster.people import private
from disaster.people.scope import Rights, require
from disaster.relief.needs.models import Application, Grant, Household, Programme
from disaster.relief.needs.states import APPROVED, COUNTED, PASSED
from disaster.relief.stock.models import Batch
from gis.scope import AreaScope

MONEY = "money"
"""Key of money among the items: its quantities are fen."""

_VILLAGES = """
    WITH counted AS (
        SELECT one.* FROM needs_application one
         WHERE one.programme_id = %s AND {where}),
    given AS (
        SELECT area_code, jsonb_object_agg(item, granted) AS granted,
               jsonb_object_agg(item, settled) AS settled
          FROM (SELECT counted.area_code, COALESCE(g.item_id, 'money') AS item,
                       sum(g.quantity) AS granted, sum(g.settled) AS settled
                  FROM counted JOIN needs_grant g ON g.application_id = counted.id
                 GROUP BY 1, 2) sums
         GROUP BY area_code),
    states AS (
        SELECT area_code, jsonb_object_agg(state, number) AS states
          FROM (SELECT area_code, state, count(*) AS number FROM counted GROUP BY 1, 2) sums
         GROUP BY area_code)
    SELECT village.code, village.name, township.code, township.name,
           count(*) FILTER (WHERE is_need), COALESCE(sum(persons) FILTER (WHERE is_need), 0),
           COALESCE(sum(persons) FILTER (WHERE is_need AND is_key), 0),
           count(*) FILTER (WHERE held_at IS NOT NULL),
           {sums},
           states.states, COALESCE(given.granted, '{{}}'), COALESCE(given.settled, '{{}}')
      FROM (SELECT counted.*, state = ANY(%s) AS is_need FROM counted) one
      JOIN places_area village ON village.code = one.area_code
      LEFT JOIN places_area township ON township.code = village.parent_id
      JOIN states ON states.area_code = one.area_code
      LEFT JOIN given ON given.area_code = one.area_code
     GROUP BY village.code, village.name, township.code, township.name,
              states.states, given.granted, given.settled
     ORDER BY village.code
"""
NEEDS = ("grain_kg", "clothing", "heating_yuan", "medical_yuan", "water_yuan", "other_yuan")
"""What an application asks for: kg, pieces, and yuan."""
_SUMS = ", ".join(f"COALESCE(sum({name}) FILTER (WHERE is_need), 0)" for name in NEEDS)


class VillageNeeds(NamedTuple):
    """One village in one programme.

    ``households``, ``persons``, ``key_persons`` and ``need`` count what the village has stood
    behind (submitted and later, not rejected or stopped); ``states`` counts every application.
    ``granted`` and ``settled``: item → whole units, ``money`` → fen.
    """

    area: str
    name: str
    township: str
    township_name: str
    households: int
    persons: int
    key_persons: int
    held: int
    need: Mapping[str, int]
    states: Mapping[str, int]
    granted: Mapping[str, int]
    settled: Mapping[str, int]


def village_needs(scope: AreaScope, programme: UUID) -> list[VillageNeeds]:
    """Give the villages of a scope in a programme with their need and what has reached it; one statement."""
    where, params = scope.covers_sql("one.area_code")
    with connection.cursor() as cursor:
        cursor.execute(_VILLAGES.format(where=where, sums=_SUMS), [str(programme), *params, list(COUNTED)])
        return [_village(row) for row in cursor.fetchall()]


def _village(row: tuple[Any, ...]) -> VillageNeeds:
    need = {name: int(value) for name, value in zip(NEEDS, row[8:14], strict=True)}
    rest = [json.loads(one) if isinstance(one, str) else one for one in row[14:]]
    names: dict[str, Any] = dict(
        zip(VillageNeeds._fields, (*row[:4], *map(int, row[4:8]), need, *rest), strict=True)
    )
    return VillageNeeds(**names)


_BY_TOWNSHIP = """
    SELECT village.parent_id, {sums}
      FROM needs_application one JOIN places_area village ON village.code = one.area_code
     WHERE one.programme_id = %s AND state = ANY(%s) AND {where} {more}
     GROUP BY village.parent_id
"""
_GIVEN = "AND EXISTS (SELECT FROM needs_grant g WHERE g.application_id = one.id AND g.settled > 0)"


def needing_persons(scope: AreaScope, programme: UUID) -> dict[str, dict[str, int]]:
    """Give by township how many persons need grain and clothing (应急统表6), in one statement."""
    names = {"grain_persons": "grain_kg", "clothing_persons": "clothing"}
    sums = [f"COALESCE(sum(persons) FILTER (WHERE {column} > 0), 0)" for column in names.values()]
    return _by_township(scope, programme, list(names), sums, "")


def helped(scope: AreaScope, programme: UUID) -> dict[str, dict[str, int]]:
    """Give by township how many households and persons something has reached (应急统表7), in one statement."""
    return _by_township(
        scope, programme, ["households", "persons"], ["count(*)", "COALESCE(sum(persons), 0)"], _GIVEN
    )


def _by_township(
    scope: AreaScope, programme: UUID, names: list[str], sums: list[str], more: str
) -> dict[str, dict[str, int]]:
    where, params = scope.covers_sql("one.area_code")
    statement = _BY_TOWNSHIP.format(sums=", ".join(sums), where=where, more=more)
    with connection.cursor() as cursor:
        cursor.execute(statement, [str(programme), list(COUNTED), *params])
        return {row[0]: dict(zip(names, map(int, row[1:]), strict=True)) for row in cursor.fetchall()}


def undelivered(
    scope: AreaScope, items: Iterable[str], *, without: Iterable[UUID]
) -> dict[str, dict[str, int]]:
    """Give by item and village what was granted in a scope, in whichever programme, and has not reached its household.

    Applications ``without`` are left out; what ended early waits for nothing. One statement.
    """
    counted = Application.objects.within(scope).filter(state__in=COUNTED).exclude(pk__in=list(without))
    rows = (
        Grant.objects.filter(application__in=counted, item__in=list(items), settled__lt=F("quantity"))
        .values_list("item_id", "application__area_id")
        .annotate(left=Sum(F("quantity") - F("settled")))
        .order_by()
    )
    found: dict[str, dict[str, int]] = {}
    for item, village, left in rows:
        found.setdefault(item, {})[village] = left
    return found


def prices() -> dict[str, float]:
    """Give what a unit of each item cost on the average of what came in, in yuan; one statement."""
    rows = Batch.objects.filter(price__gt=0).values("item_id").annotate(mean=Avg("price")).order_by()
    return {row["item_id"]: float(row["mean"]) for row in rows}


class Eligible(NamedTuple):
    """An application a plan may give to: passed by the township, or approved already; not held."""

    application: UUID
    number: str
    household: UUID
    area: str
    group: str
    state: str
    members: int
    persons: int
    is_key: bool
    types: list[str]
    hardships: list[str]
    need: Mapping[str, int]


def eligible(programme: UUID, village: str = "") -> list[Eligible]:
    """Give the applications a plan may give to, in a village or everywhere, in one statement.

    Key households come first, then by application number.
    """
    rows = Application.objects.filter(programme=programme, state__in=(PASSED, APPROVED), held_at=None)
    if village:
        rows = rows.filter(area=village)
    return [
        Eligible(
            row.pk,
            row.number,
            row.household_id,
            str(row.area_id),
            row.household.group,
            row.state,
            row.household.members,
            row.persons,
            row.is_key,
            row.household.types,
            row.hardships,
            {name: getattr(row, name) for name in NEEDS},
        )
        for row in rows.select_related("household").order_by("-is_key", "number")
    ]


def seen(by: Rights) -> AreaScope:
    """Give where a reader may see needs; 403.1 if nowhere."""
    scope = by.where("need.see")
    if not scope.prefixes:
        raise problems.NOT_ALLOWED()
    return scope


def one_programme(programme_id: UUID, *, by: Rights) -> Programme:
    """Give a programme that touches what the reader sees; 403.1, 404.1."""
    scope = seen(by)
    found: Programme | None = Programme.objects.touching(scope).filter(pk=programme_id).first()
    if found is None:
        raise problems.NOT_FOUND()
    return found


def registered(keys: Iterable[str], programme_id: UUID, scope: AreaScope) -> dict[str, UUID]:
    """Find the households living in a scope by their heads' identity numbers, or by numbers of applications.

    In two statements; numbers are compared by their hashes, nothing is opened.
    """
    hashes = {private.blind(one): one for one in keys}
    living = Household.objects.within(scope).filter(state=Household.State.LIVING)
    heads = living.filter(identity_hash__in=list(hashes)).values_list("identity_hash", "pk")
    applied = Application.objects.filter(
        programme=programme_id, number__in=list(hashes.values()), household__in=living
    )
    found = dict(applied.values_list("number", "household_id"))
    return found | {hashes[hashed]: key for hashed, key in heads}


def one_household(household_id: UUID, *, by: Rights) -> Household:
    """Give a household; 403.1, 404.1."""
    found: Household | None = (
        Household.objects.select_related("area__parent")
        .defer("area__boundary", "area__parent__boundary")
        .filter(pk=household_id)
        .first()
    )
    if found is None:
        seen(by)
        raise problems.NOT_FOUND()
    require(by, "need.see", str(found.area_id))
    return found
