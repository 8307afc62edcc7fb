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
TO_THE_YUAN = Decimal("0.0001")
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
    """Give each number with the places, papers or quotas it is made of; of nothing on its way nothing is told."""
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
        if upon:
            yield _figure(
                f"way.{key}", f"{item.name}在途", f"{item.name_en} on the way", item.unit, upon, have, names
            )
    for (name, zh, en), papers in zip(WAYS, have.transfers, strict=True):
        if papers:
            yield _figure(f"transfer.{name}", zh, en, "份", [(one, 1) for one in papers], have, names)
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
        if name == "flight" and not any(value for _, value in parts):
            continue
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


def told(have: Means, *, settled: int) -> Iterable[str]:
    """Say it in the words of a bulletin: of what there is none, one word for all.

    ``settled``: the money (fen) that the bulletin has said to have reached its households; it is not said again.
    """
    in_store, on_the_way = Counter[str](), Counter[str]()
    for one in have.held:
        in_store[one.item] += one.quantity
    for away in have.away:
        on_the_way[away.item] += away.quantity
    goods = [
        item.name
        + ",".join(
            f"{what}{many}{item.unit}"
            for what, many in (("库存", in_store[key]), ("在途", on_the_way[key]))
            if many
        )
        for key, item in have.items.items()
        if in_store[key] or on_the_way[key]
    ]
    yield f"物资方面:{';'.join(goods) or '暂无库存'}。"
    papers = zip(("待发出", "在途", "已签收"), have.transfers, strict=True)
    ways = [f"{what}{len(found)}份" for what, found in papers if found]
    yield f"调运方面:{'调拨单' + '、'.join(ways) if ways else '暂无调拨'}。"
    if have.quotas:
        yield f"资金方面:{_money_told(funds.total(row.standing for row in have.quotas), settled)}。"


def _money_told(sums: funds.Standing, settled: int) -> str:
    parts = [f"指标到位{yuan(sums.received)}"]
    parts += [f"已发放到户{yuan(sums.paid)}"] if sums.paid != settled else []
    flight = f"(其中代发在途{yuan(sums.flight)})" if sums.flight else ""
    return ",".join([*parts, f"结余{yuan(sums.balance)}{flight}"])


def yuan(fen: int) -> str:
    """Write money as sentences do: in 万元, to the yuan, from there on; below in 元.

    >>> yuan(374_460_500), yuan(4_505_00), yuan(0)
    ('374.4605万元', '4505元', '0元')
    """
    value = Decimal(fen) / FEN
    if abs(value) < TEN_THOUSAND:
        return f"{amount(value)}元"
    return f"{amount((value / TEN_THOUSAND).quantize(TO_THE_YUAN))}万元"
