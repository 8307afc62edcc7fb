"""What there was to help with at a moment: goods in store and on their way, transfers, money by quota."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from django.urls import reverse

from disaster.briefings.content import Figure, Source
from disaster.relief.funds import queries as funds
from disaster.relief.funds.models import Quota
from disaster.relief.funds.queries import QuotaRow
from disaster.relief.stock import past
from disaster.relief.stock.models import Item
from disaster.reports.narrative import amount
from gis.scope import AreaScope

FEN = Decimal(100)
TEN_THOUSAND = Decimal(10_000)
MONEY = (
    ("received", "资金指标到位", "Money received"),
    ("paid", "资金已到户", "Money that reached households"),
    ("flight", "资金代发在途", "Money at the bank"),
    ("balance", "资金结余", "Money not out yet"),
)
"""What is told of each quota; the property of its standing, in Chinese and English."""
WAYS = (
    ("ordered", "待发出调拨单", "Transfers waiting to be sent"),
    ("away", "在途调拨单", "Transfers on their way"),
    ("signed", "已签收调拨单", "Transfers signed for"),
)


class Means(NamedTuple):
    """Goods and money of a scope at a moment."""

    items: Mapping[str, Item]
    held: list[past.Held]
    away: Mapping[str, int]
    transfers: past.Transfers
    quotas: list[QuotaRow]


def at(scope: AreaScope, moment: datetime) -> Means:
    """Add all of it up to a moment; a township has no quotas of its own."""
    held = past.held_at(scope, moment=moment)
    away = past.on_the_way_at(scope, moment=moment)
    standings = funds.standings_at(scope, moment=moment)
    keys = {one.item for one in held} | set(away)
    return Means(
        items={item.key: item for item in Item.objects.filter(pk__in=keys).order_by("key")},
        held=held,
        away=away,
        transfers=past.transfers_at(scope, moment=moment),
        quotas=[
            QuotaRow(quota, standings[quota.pk])
            for quota in Quota.objects.filter(pk__in=list(standings))
            .select_related("area")
            .defer("area__boundary")
            .order_by("number", "pk")
        ],
    )


def figures(have: Means, names: Mapping[str, str]) -> Iterable[Figure]:
    """Give each number with the places, papers or quotas it is made of."""
    for key, item in have.items.items():
        yield Figure(
            key=f"stock.{key}",
            zh=f"{item.name}库存",
            en=f"{item.name_en} in store",
            value=Decimal(sum(one.quantity for one in have.held if one.item == key)),
            unit=item.unit,
            unit_en="",
            path=reverse("stock"),
            sources=tuple(
                Source(one.name, names.get(one.area, one.area), Decimal(one.quantity), None)
                for one in have.held
                if one.item == key
            ),
        )
        yield _figure(
            f"way.{key}", f"{item.name}在途", f"{item.name_en} on the way", have.away[key], item.unit
        )
    for (name, zh, en), many in zip(WAYS, have.transfers, strict=True):
        yield _figure(f"transfer.{name}", zh, en, many, "单")
    if have.quotas:
        yield from _money(have.quotas)


def _figure(key: str, zh: str, en: str, many: int, unit: str) -> Figure:
    return Figure(key, zh, en, Decimal(many), unit, "", reverse("stock"))


def _money(quotas: list[QuotaRow]) -> Iterable[Figure]:
    for name, zh, en in MONEY:
        parts = [(row.quota, Decimal(getattr(row.standing, name)) / FEN) for row in quotas]
        yield Figure(
            key=f"fund.{name}",
            zh=zh,
            en=en,
            value=sum((value for _, value in parts), Decimal(0)),
            unit="元",
            unit_en="yuan",
            path=reverse("funds"),
            sources=tuple(
                Source(quota.number, quota.area.name, value, None) for quota, value in parts if value
            ),
        )


def told(have: Means) -> Iterable[str]:
    """Say it in the words of a bulletin."""
    in_store: Counter[str] = Counter()
    for one in have.held:
        in_store[one.item] += one.quantity
    goods = [
        f"{item.name}库存{in_store[key]}{item.unit}"
        + (f"(另有在途{have.away[key]}{item.unit})" if have.away[key] else "")
        for key, item in have.items.items()
    ]
    yield ("物资:" + ";".join(goods) + "。") if goods else "物资:没有库存。"
    ordered, away, signed = have.transfers
    yield f"调运:待发出{ordered}单,在途{away}单,已签收{signed}单。"
    if have.quotas:
        sums = funds.total(row.standing for row in have.quotas)
        received, paid, flight, balance = (
            amount(Decimal(value) / FEN / TEN_THOUSAND)
            for value in (sums.received, sums.paid, sums.flight, sums.balance)
        )
        yield f"资金:指标到位{received}万元,已到户{paid}万元,代发在途{flight}万元,结余{balance}万元。"
