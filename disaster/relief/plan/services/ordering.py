"""Turning an approved plan into papers: transfers of goods, money set aside, grants to households."""

from __future__ import annotations

import uuid
from collections import Counter, defaultdict
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from django.db import transaction

from disaster.people.scope import Rights
from disaster.problems import Problem as Refusal
from disaster.relief.funds import services as funds
from disaster.relief.funds.models import PayLine
from disaster.relief.needs import services as needs
from disaster.relief.needs import standards
from disaster.relief.needs.models import Application, Grant
from disaster.relief.needs.states import PASSED
from disaster.relief.plan.inputs import FEN, MONEY, OPEN, class_of, pieces_of
from disaster.relief.plan.models import Paper, Scenario
from disaster.relief.plan.services.making import locked, tell
from disaster.relief.plan.solve import households
from disaster.relief.plan.solve.households import Asking
from disaster.relief.plan.solve.model import Class, Problem
from disaster.relief.stock import services as stock
from disaster.relief.stock.checks import Wanted
from disaster.relief.stock.models import Document, Place
from disaster.relief.stock.services.places import Entry
from disaster.rules import book
from gis.models import Area

MOST_NAMED = 200
"""Households named whose grants are not the plan's."""


@transaction.atomic
def make_orders(scenario_id: UUID, *, by: Rights, now: datetime) -> Scenario:
    """Make the papers of an approved plan (下单), all or none.

    Orders of former plans that were not sent are cancelled first and their money is freed. One
    transfer goes from each place to each village's point (the township's where it has none; one is
    opened where there is neither). What a village gets is granted to its households by class, then
    hardship; who gets nothing any more waits for the county again. Households for which something else
    stands than the plan says are counted in ``figures`` by the reason, and named in ``unmet``.

    Raises
    ------
    Problem
        403.1/404.1; 409.2 if it is not approved; what stock, funds and needs refuse.
    """
    scenario = locked(scenario_id, "plan.make", by, Scenario.State.APPROVED)
    _take_back(scenario, by, now)
    documents = _transfers(scenario, by, now)
    reserved = _reserve(scenario, by, now)
    granted = _grant(scenario, by, now)
    scenario.state, scenario.ordered_at, scenario.ordered_by = Scenario.State.ORDERED, now, by.name
    scenario.figures = {
        **scenario.figures,
        "orders": {
            "documents": documents,
            "reserved_fen": reserved,
            **granted,
        },
    }
    scenario.save(update_fields=["state", "ordered_at", "ordered_by", "figures"])
    tell("plan.ordered", scenario, by, now)
    return scenario


def _take_back(scenario: Scenario, by: Rights, now: datetime) -> None:
    reason = f"方案 {scenario.number} 取代"
    old = Paper.objects.filter(
        scenario__programme=scenario.programme, document__state=Document.State.ORDERED
    ).exclude(scenario=scenario)
    for document in old.values_list("document_id", flat=True):
        stock.cancel(document, reason=reason, by=by, now=now)
    former = Scenario.objects.filter(programme=scenario.programme, ordered_at__isnull=False).exclude(
        pk=scenario.pk
    )
    for one in former.values_list("pk", flat=True):
        funds.unreserve(one, by=by, now=now, reason=reason)


def _transfers(scenario: Scenario, by: Rights, now: datetime) -> int:
    rows = list(
        scenario.allocations.filter(item__isnull=False).values_list(
            "area_id", "item_id", "source_id", "quantity"
        )
    )
    targets = _points([area for area, *_ in rows], by, now)
    goods: defaultdict[tuple[UUID, UUID], Counter[str]] = defaultdict(Counter)
    for area, item, source, quantity in rows:
        if targets[area] != source:
            goods[source, targets[area]][item] += quantity
    papers = []
    for (source, target), wanted in sorted(goods.items(), key=lambda row: (str(row[0][0]), str(row[0][1]))):
        document = stock.order(
            uuid.uuid5(scenario.pk, f"{source} {target}"),
            source=source,
            target=target,
            lines=[Wanted(item, many) for item, many in sorted(wanted.items())],
            by=by,
            now=now,
            reason=f"{scenario.programme.name} 方案 {scenario.number}"[:200],
        )
        papers.append(Paper(scenario=scenario, document=document))
    Paper.objects.bulk_create(papers)
    return len(papers)


def _points(areas: list[str], by: Rights, now: datetime) -> dict[str, UUID]:
    """Give each village's point: its own, else its township's, else one that is opened for it."""
    villages = {one.pk: one for one in Area.objects.filter(pk__in=set(areas)).defer("boundary")}
    above = {str(one.parent_id) for one in villages.values()}
    places = Place.objects.filter(kind=Place.Kind.POINT, area__in=set(villages) | above).order_by("-name")
    known = {str(one.area_id): one.pk for one in places}
    found = {}
    for code, village in sorted(villages.items()):
        place = known.get(code) or known.get(str(village.parent_id))
        if place is None and village.point:
            entry = Entry(name=f"{village.name}发放点", area=code, lon=village.point.x, lat=village.point.y)
            place = stock.open_place(
                uuid.uuid5(uuid.NAMESPACE_OID, f"point {code}"), entry, by=by, now=now
            ).pk
        if place is not None:
            found[code] = place
    return found


def _reserve(scenario: Scenario, by: Rights, now: datetime) -> int:
    amounts: defaultdict[UUID, dict[str, int]] = defaultdict(dict)
    for area, quota, fen in scenario.allocations.filter(quota__isnull=False).values_list(
        "area_id", "quota_id", "quantity"
    ):
        amounts[quota][area] = fen
    for quota, villages in sorted(amounts.items(), key=lambda row: str(row[0])):
        funds.reserve(quota, scenario.pk, villages, by=by, now=now, reference=f"方案 {scenario.number}")
    return sum(sum(villages.values()) for villages in amounts.values())


def _grant(scenario: Scenario, by: Rights, now: datetime) -> dict[str, Any]:
    """Share every village's goods and money among its households, and grant it; gives what came of it."""
    problem = msgspec.convert(scenario.basis.problem, Problem, strict=False)
    rows = _granted(scenario, problem, now)
    answers = needs.grant_many(rows, by=by, now=now, why=f"方案 {scenario.number}") if rows else []
    refused = {one.id: one.problem for one in answers if one.problem}
    done = [one for one in answers if one.done]
    return {
        "granted": sum(one.state != PASSED for one in done),
        "recalled": sum(one.state == PASSED for one in done),
        "refused": dict(Counter(one.kind.number for one in refused.values())),
        "unmet": _unmet(rows, refused),
    }


def _unmet(rows: list[Any], refused: dict[UUID, Refusal]) -> list[dict[str, Any]]:
    """Name the households for which something else stands than the plan says, the first so many of them.

    With both, in whole units by item ("" is money, in fen), of what is not the same.
    """
    planned: defaultdict[UUID, dict[str, int]] = defaultdict(dict)
    for row in rows:
        if row.application in refused:
            planned[row.application][row.item or MONEY] = row.quantity
    stands = {
        (grant.application_id, grant.item_id or MONEY): grant.quantity
        for grant in Grant.objects.filter(application__in=list(refused))
    }
    found = []
    applications = Application.objects.filter(pk__in=list(refused)).select_related("area")
    for one in applications.defer("area__boundary").order_by("area_id", "number"):
        both = {item: (many, stands.get((one.pk, item), 0)) for item, many in planned[one.pk].items()}
        apart = {item: pair for item, pair in both.items() if pair[0] != pair[1]}
        if apart:
            why = [refused[one.pk].message(language) for language in ("zh-hans", "en")]
            found.append(
                {
                    "number": one.number,
                    "household": str(one.household_id),
                    "area": one.area.name,
                    "state": one.state,
                    "why": why,
                    "goods": apart,
                }
            )
    return found[:MOST_NAMED]


def _granted(scenario: Scenario, problem: Problem, now: datetime) -> list[Any]:
    rules = {row["item"]: row for row in book.value("plan.items", area=str(scenario.area_id))}
    classes_of = book.value("plan.classes", area=str(scenario.area_id))
    on = now.astimezone(book.BEIJING).date()
    asking: defaultdict[str, list[Application]] = defaultdict(list)
    applications = Application.objects.filter(programme=scenario.programme, state__in=OPEN)
    for one in applications.select_related("household").order_by("number"):
        one.programme = scenario.programme
        asking[str(one.area_id)].append(one)
    standing = Grant.objects.filter(application__programme=scenario.programme)
    settled: dict[tuple[UUID, str], int] = {
        (application, item or MONEY): many
        for application, item, many in standing.values_list("application_id", "item_id", "settled")
    }
    promised = set(settled)
    # What is at the bank still was granted: a new plan adds to it and takes none of it back.
    for application, fen in PayLine.objects.filter(
        state=PayLine.State.WAITING, application__programme=scenario.programme
    ).values_list("application_id", "amount"):
        settled[application, MONEY] = settled.get((application, MONEY), 0) + fen
    sums: Counter[tuple[str, str]] = Counter()
    for area, item, many in scenario.allocations.values_list("area_id", "item_id", "quantity"):
        sums[area, item or MONEY] += many
    found = []
    for area, item in sorted({(area, one.key) for area in asking for one in problem.items} | set(sums)):
        own, many = asking[area], sums[area, item]
        have = [settled.get((one.pk, item), 0) for one in own]
        if item == MONEY:
            whole = [
                standards.standard_fen(scenario.programme, one.persons, is_key=one.is_key, on=on)
                for one in own
            ]
            needed = [max(0, (need - had) // FEN) for need, had in zip(whole, have, strict=True)]
        else:
            rule = rules[item]
            whole = [pieces_of(rule, getattr(one, rule["field"]), one.persons) for one in own]
            needed = [max(0, need - had) for need, had in zip(whole, have, strict=True)]
        asks = [
            Asking(class_of(classes_of, one.household.types, one.hardships), need)
            for one, need in zip(own, needed, strict=True)
        ]
        shared = _shared(item, many, asks, problem.classes)
        for one, got, had in zip(own, shared, have, strict=True):
            # Who was promised some before and gets none now is named as well: no goods are ordered for it.
            if got or had or (one.pk, item) in promised:
                found.append(needs.Row(one.pk, item or None, got + had))
    return found


def _shared(item: str, many: int, asks: list[Asking], classes: list[Class]) -> list[int]:
    if item == MONEY:
        return [FEN * one for one in households.money(many // FEN, asks, classes)]
    return households.pieces(many, asks, classes)
