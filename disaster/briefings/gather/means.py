"""What there was to help with at a moment: goods in store and on their way, transfers, money by quota."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from django.urls import reverse

from disaster.briefings.content import Figure, Source
from disaster.journal import read
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
    away: list[past.Away]
    transfers: past.Papers
    quotas: list[QuotaRow]
    positions: Mapping[UUID, int]
    """Of each place, transfer and quota: up to where in the journal it is told."""


def at(scope: AreaScope, moment: datetime) -> Means:
    """Add all of it up to a moment; a township has no quotas of its own."""
    held = past.held_at(scope, moment=moment)
    away = past.on_the_way_at(scope, moment=moment)
    standings = funds.standings_at(scope, moment=moment)
    transfers = past.papers_at(scope, moment=moment)
    keys = {one.item for one in held} | {one.item for one in away}
    papers = {one.id for state in transfers for one in state} | {one.paper.id for one in away}
    return Means(
        items={item.key: item for item in Item.objects.filter(pk__in=keys).order_by("key")},
        held=held,
        away=away,
        transfers=transfers,
        quotas=[
            QuotaRow(quota, standings[quota.pk])
            for quota in Quota.objects.filter(pk__in=list(standings))
            .select_related("area")
            .defer("area__boundary")
            .order_by("number", "pk")
        ],
        positions=_newest("place", {one.place for one in held}, moment)
        | _newest("document", papers, moment)
        | _of_money(standings, moment),
    )


def _newest(kind: str, ids: Iterable[UUID], moment: datetime) -> dict[UUID, int]:
    found = read.newest(kind, [str(one) for one in ids], moment=moment)
    return {UUID(key): position for key, position in found.items()}


def _of_money(quotas: Iterable[UUID], moment: datetime) -> dict[UUID, int]:
    """Say up to where each quota is told: by its own rows, and by those of the batches its money went into."""
    ids = list(quotas)
    batches = funds.papers_at(ids, moment=moment)
    known = _newest("quota", ids, moment) | _newest("paybatch", set().union(*batches.values()), moment)
    newest = {
        quota: max((known.get(one, 0) for one in (quota, *batches.get(quota, ()))), default=0)
        for quota in ids
    }
    return {quota: position for quota, position in newest.items() if position}


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
                Source(
                    number=one.name,
                    area=names.get(one.area, one.area),
                    value=Decimal(one.quantity),
                    position=have.positions.get(one.place),
                    code=one.area,
                    path=reverse("stock-place", args=[one.place]),
                )
                for one in have.held
                if one.item == key
            ),
        )
        upon = [(one.paper, one.quantity) for one in have.away if one.item == key]
        yield _figure(
            f"way.{key}", f"{item.name}在途", f"{item.name_en} on the way", item.unit, upon, have, names
        )
    for (name, zh, en), papers in zip(WAYS, have.transfers, strict=True):
        yield _figure(f"transfer.{name}", zh, en, "单", [(one, 1) for one in papers], have, names)
    if have.quotas:
        yield from _money(have)


def _figure(
    key: str,
    zh: str,
    en: str,
    unit: str,
    upon: Sequence[tuple[past.Paper, int]],
    have: Means,
    names: Mapping[str, str],
) -> Figure:
    """Give a number that is made of transfers, and how much each of them adds."""
    return Figure(
        key=key,
        zh=zh,
        en=en,
        value=Decimal(sum(many for _, many in upon)),
        unit=unit,
        unit_en="",
        path=reverse("stock"),
        sources=tuple(
            Source(
                number=paper.number,
                area=names.get(paper.area, paper.area),
                value=Decimal(many),
                position=have.positions.get(paper.id),
                code=paper.area,
                path=reverse("stock-document", args=[paper.id]),
            )
            for paper, many in upon
        ),
    )


def _money(have: Means) -> Iterable[Figure]:
    for name, zh, en in MONEY:
        parts = [(row.quota, Decimal(getattr(row.standing, name)) / FEN) for row in have.quotas]
        yield Figure(
            key=f"fund.{name}",
            zh=zh,
            en=en,
            value=sum((value for _, value in parts), Decimal(0)),
            unit="元",
            unit_en="yuan",
            path=reverse("funds"),
            sources=tuple(
                Source(
                    number=quota.number,
                    area=quota.area.name,
                    value=value,
                    position=have.positions.get(quota.pk),
                    code=str(quota.area_id),
                    path=reverse("fund-quota", args=[quota.pk]),
                )
                for quota, value in parts
                if value
            ),
        )


def told(have: Means) -> Iterable[str]:
    """Say it in the words of a bulletin."""
    in_store, on_the_way = Counter[str](), Counter[str]()
    for one in have.held:
        in_store[one.item] += one.quantity
    for away in have.away:
        on_the_way[away.item] += away.quantity
    goods = [
        f"{item.name}库存{in_store[key]}{item.unit}"
        + (f"(另有在途{on_the_way[key]}{item.unit})" if on_the_way[key] else "")
        for key, item in have.items.items()
    ]
    yield ("物资:" + ";".join(goods) + "。") if goods else "物资:没有库存。"
    ordered, sent, signed = map(len, have.transfers)
    yield f"调运:待发出{ordered}单,在途{sent}单,已签收{signed}单。"
    if have.quotas:
        sums = funds.total(row.standing for row in have.quotas)
        received, paid, flight, balance = (
            amount(Decimal(value) / FEN / TEN_THOUSAND)
            for value in (sums.received, sums.paid, sums.flight, sums.balance)
        )
        yield f"资金:指标到位{received}万元,已到户{paid}万元,代发在途{flight}万元,结余{balance}万元。"
