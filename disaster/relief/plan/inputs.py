"""Gathering what a plan rests on: needs by class, stock by place and wish, money by quota, minutes by road."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import numpy as np
from django.db.models import Count, F, IntegerField, Q, Sum
from django.db.models.functions import Least

from disaster.relief.funds.models import Account, PayLine, Quota
from disaster.relief.funds.models import Balance as Money
from disaster.relief.needs import standards
from disaster.relief.needs.models import Application, Grant, Programme
from disaster.relief.needs.states import APPROVED, COUNTED, PASSED, SUBMITTED
from disaster.relief.plan import limits, ways
from disaster.relief.plan.params import Params, PinAsked
from disaster.relief.plan.solve.model import (
    Class,
    Item,
    Lot,
    Pin,
    Policy,
    Problem,
    Source,
    Supply,
    Village,
    Whole,
)
from disaster.relief.stock.models import Balance, Place
from disaster.relief.stock.models import Item as Goods
from disaster.relief.stock.queries import usable
from disaster.rules import book
from gis.models import Area
from gis.scope import AreaScope, prefix_of

MONEY = ""
"""The key of money among a problem's items; its unit is yuan."""
FEN = 100
PIECES = "pieces_"
OPEN = (SUBMITTED, PASSED, APPROVED)
"""Applications that a plan gives to; what the others were given stands already."""


def gather(
    programme: Programme, policy: Policy, params: Params, pins: Sequence[PinAsked], *, now: datetime
) -> Problem:
    """Read the present state into a problem; pins of villages or items that are not in it are left out."""
    rows = book.value("plan.classes", area=str(programme.area_id))
    classes = [
        Class(one["key"], int(one["tier"]), float(one["weight"]), one["zh"], one["en"]) for one in rows
    ]
    needs = _Needs(programme, rows, now)
    scope = AreaScope.of([str(programme.area_id)])
    supply: list[Supply] = []
    stock = _stock(scope, params, now, supply)
    items = _items(params, stock, programme)
    keys = [one.key for one in items]
    villages = needs.villages(classes)
    codes = {village.code: at for at, village in enumerate(villages)}
    need, met, settled, committed = needs.tables(keys, codes, classes)
    places = sorted(
        {place for (place, item, _), many in stock.items() if many and item in keys},
        key=lambda one: (str(one.area_id), one.name),
    )
    minutes, by_roads = ways.minutes(places, list(codes), now=now)
    lots = [
        Lot(places.index(place), keys.index(item), many, _bounds(place, intent))
        for (place, item, intent), many in sorted(
            stock.items(), key=lambda row: (str(row[0][0].pk), *row[0][1:])
        )
        if item in keys and many
    ]
    if MONEY in keys:
        lots += _purse(programme, params, keys.index(MONEY), supply)
        supply.append(Supply(MONEY, Source.FLIGHT, int(committed[keys.index(MONEY)].sum())))
    wanted = [
        Pin(codes[pin.village], keys.index(pin.item), pin.quantity // (FEN if pin.item == MONEY else 1))
        for pin in pins
        if pin.village in codes and pin.item in keys
    ]
    total, outside = need.sum(axis=2), settled + committed
    return Problem(
        policy=policy,
        villages=villages,
        classes=classes,
        items=items,
        places=[(str(one.pk), one.name) for one in places],
        lots=lots,
        need=need.tolist(),
        least=[_least(key, total[at], outside[at], params, programme) for at, key in enumerate(keys)],
        minutes=np.where(np.isfinite(minutes), np.round(minutes, 1), -1.0).tolist(),
        pins=[
            Pin(pin.village, pin.item, min(pin.quantity, int(total[pin.item][pin.village]))) for pin in wanted
        ],
        settled=settled.tolist(),
        committed=committed.tolist(),
        met=met.tolist(),
        limits=limits.gather(params, villages, items, outside, met.sum(axis=2), area=str(programme.area_id)),
        supply=[one for one in supply if one.quantity and one.item in keys],
        by_roads=by_roads,
    )


class _Needs:
    """What the villages stand behind, by village and class of household."""

    def __init__(self, programme: Programme, rows: Sequence[Mapping[str, Any]], now: datetime) -> None:
        self.programme, self.rows = programme, rows
        self.on = now.astimezone(book.BEIJING).date()
        mine = Application.objects.filter(programme=programme)
        groups = mine.filter(state__in=OPEN).values("area_id", "household__types", "hardships", "is_key")
        sums = groups.annotate(
            all_persons=Sum("persons"),
            households=Count("id"),
            **{
                PIECES + one["item"]: Sum(_pieces(one))
                for one in book.value("plan.items", area=str(programme.area_id))
            },
        )
        self.sums = list(sums.order_by("area_id"))
        given = Grant.objects.filter(application__in=mine.filter(state__in=COUNTED), settled__gt=0)
        self.given = list(
            given.values("application__area_id", "item_id")
            .annotate(all=Sum("settled"), open=Sum("settled", filter=Q(application__state__in=OPEN)))
            .order_by("application__area_id", "item_id")
        )
        # Ordered, and not answered by the bank yet: nobody else may have it, nobody needs it again.
        self.flight = list(
            PayLine.objects.filter(state=PayLine.State.WAITING, application__in=mine)
            .values("application__area_id")
            .annotate(all=Sum("amount"), open=Sum("amount", filter=Q(application__state__in=OPEN)))
            .order_by("application__area_id")
        )
        rows_of = (*self.given, *self.flight)
        codes = {row["area_id"] for row in self.sums} | {row["application__area_id"] for row in rows_of}
        self.names = dict(Area.objects.filter(pk__in=codes).values_list("code", "name"))

    def villages(self, classes: Sequence[Class]) -> list[Village]:
        """Give the villages with their persons, households and mean weight."""
        persons: defaultdict[str, int] = defaultdict(int)
        households: defaultdict[str, int] = defaultdict(int)
        weight: defaultdict[str, float] = defaultdict(float)
        for row in self.sums:
            persons[row["area_id"]] += row["all_persons"]
            households[row["area_id"]] += row["households"]
            weight[row["area_id"]] += row["all_persons"] * classes[self._class(row)].weight
        return [
            Village(
                code,
                name,
                persons[code],
                round(weight[code] / persons[code], 4) if persons[code] else 1.0,
                households[code],
            )
            for code, name in sorted(self.names.items())
        ]

    def tables(
        self, keys: Sequence[str], codes: Mapping[str, int], classes: Sequence[Class]
    ) -> tuple[Whole, Whole, Whole, Whole]:
        """Give what is needed still, and what of it is out, by item, village and class; then all that is out.

        That is what has reached households and what is on its way to their cards, by item and village.
        """
        need = np.zeros((len(keys), len(codes), len(classes)), dtype=np.int64)
        settled = np.zeros((len(keys), len(codes)), dtype=np.int64)
        for row in self.sums:
            village, own = codes[row["area_id"]], self._class(row)
            for at, key in enumerate(keys):
                need[at, village, own] += self._pieces(row, key)
        whole = need.copy()
        order = sorted(range(len(classes)), key=lambda at: (classes[at].tier, -classes[at].weight))
        for row in self.given:
            key = row["item_id"] or MONEY
            if key in keys:
                at, village = keys.index(key), codes[row["application__area_id"]]
                scale = FEN if key == MONEY else 1
                settled[at, village] = row["all"] // scale
                _take(need[at, village], order, (row["open"] or 0) // scale)
        committed = np.zeros_like(settled)
        for row in self.flight if MONEY in keys else ():
            at, village = keys.index(MONEY), codes[row["application__area_id"]]
            committed[at, village] = row["all"] // FEN
            _take(need[at, village], order, (row["open"] or 0) // FEN)
        return need, whole - need, settled, committed

    def _pieces(self, row: Mapping[str, Any], key: str) -> int:
        if key == MONEY:
            many = row["all_persons"]
            fen = standards.standard_fen(self.programme, 1, is_key=row["is_key"], on=self.on)
            by_household = any(
                one["kind"] == self.programme.kind and one["per"] == "household"
                for one in book.value("need.standards", on=self.on, area=str(self.programme.area_id))
            )
            return int(fen * (row["households"] if by_household else many) // FEN)
        return int(row[PIECES + key])

    def _class(self, row: Mapping[str, Any]) -> int:
        return class_of(self.rows, row["household__types"], row["hardships"])


def _take(need: Whole, order: Sequence[int], many: int) -> None:
    """Take what is out already off a village's need by class, the gravest first."""
    for own in order:
        cut = min(many, int(need[own]))
        need[own] -= cut
        many -= cut


def class_of(rows: Sequence[Mapping[str, Any]], types: Sequence[str], hardships: Sequence[str]) -> int:
    """Give the first class that a household's types or hardships belong to; the last is for all others."""
    for at, one in enumerate(rows):
        if set(one["types"]) & set(types) or set(one["hardships"]) & set(hardships):
            return at
    return len(rows) - 1


def pieces_of(one: Mapping[str, Any], asked: int, persons: int) -> int:
    """Give how many pieces of an item a household needs, by the row of its rule."""
    return int(min(-(-asked // one["each"]), one["a_person"] * persons))


def _pieces(one: Mapping[str, Any]) -> Any:
    """Say :func:`pieces_of` in the database's words."""
    pieces = (F(one["field"]) + (one["each"] - 1)) / one["each"]
    return Least(pieces, F("persons") * one["a_person"], output_field=IntegerField())


def _stock(
    scope: AreaScope, params: Params, now: datetime, supply: list[Supply]
) -> dict[tuple[Place, str, str], int]:
    """Give what each place has, or has coming to it, by item and donor's wish; expired goods are left out.

    What makes it up is added to ``supply``.
    """
    parts: Counter[tuple[str, Source]] = Counter()
    found: defaultdict[tuple[Place, str, str], int] = defaultdict(int)
    keep = params.keep_pct if params.keep_pct is not None else int(book.value("plan.keep_pct"))
    for place, item, intent, many, is_coming in usable(scope, on=now.astimezone(book.BEIJING).date()):
        keeps = place.kind == Place.Kind.WAREHOUSE and not is_coming
        kept = -(-many * keep // 100) if keeps else 0
        found[place, item, intent] += many - kept
        parts[item, Source.COMING if is_coming else Source.STOCK] += many - kept
        parts[item, Source.KEPT] += kept
    supply += [Supply(item, source, many) for (item, source), many in sorted(parts.items())]
    return {key: many for key, many in found.items() if many > 0}


def _items(params: Params, stock: Mapping[tuple[Place, str, str], int], programme: Programme) -> list[Item]:
    """Give the items to plan: those chosen, else those in stock that the rules know, and money."""
    known = [row["item"] for row in book.value("plan.items", area=str(programme.area_id))]
    held = {item for _, item, _ in stock}
    chosen = [key for key in known if (key in held if params.items is None else key in params.items)]
    worth = dict(
        Balance.objects.filter(batch__item__in=chosen, quantity__gt=0, place__kind__in=Place.KEPT)
        .order_by()
        .values_list("batch__item_id")
        .annotate(most=Sum("batch__price") / Count("batch__price"))
    )
    goods = Goods.objects.in_bulk(chosen)
    items = [
        Item(key, one.name, one.unit, float(one.weight_kg), float(worth.get(key) or 0), one.name_en)
        for key in chosen
        if (one := goods.get(key))
    ]
    if params.items is None or MONEY in params.items:
        items.append(Item(MONEY, "救助金", "元", 0.0, 1.0, "Money"))
    return items


def _purse(programme: Programme, params: Params, item: int, supply: list[Supply]) -> list[Lot]:
    """Give the money: what is expected, else what the quotas of this purpose have free; its parts to ``supply``.

    What a former plan of the programme set aside and nobody was paid yet is free for the next one.
    """
    if params.budget_yuan is not None:
        supply.append(Supply(MONEY, Source.EXPECTED, params.budget_yuan))
        return [Lot(-1, item, params.budget_yuan)] if params.budget_yuan else []
    own = programme.scenarios.values("pk")
    rows = (
        Money.objects.filter(quota__purpose=programme.kind, quota__area=programme.area_id)
        .filter(Q(account__kind=Account.Kind.FREE) | Q(account__plan_id__in=own))
        .order_by()
        .values_list("quota_id")
        .annotate(all=Sum("amount"), aside=Sum("amount", filter=Q(account__kind=Account.Kind.PLANNED)))
    )
    known = [(quota, fen, aside or 0) for quota, fen, aside in rows if fen >= FEN]
    free = {quota: fen for quota, fen, _ in known}
    aside = sum(aside for *_, aside in known) // FEN
    supply.append(Supply(MONEY, Source.FREE, sum(fen // FEN for fen in free.values()) - aside))
    supply.append(Supply(MONEY, Source.PLANNED, aside))
    return [
        Lot(-1, item, free[quota.pk] // FEN, _wish(quota.intent), str(quota.pk))
        for quota in Quota.objects.filter(pk__in=free).order_by("received_on", "number")
    ]


def _least(key: str, need: Any, settled: Sequence[int], params: Params, programme: Programme) -> list[int]:
    """Give every village's minimum of an item, less what has reached it already."""
    area = str(programme.area_id)
    if key == MONEY:
        percent = params.least_money_pct
        percent = int(book.value("plan.least_money_pct", area=area)) if percent is None else percent
        least = (need + np.array(settled)) * percent // 100
    else:
        pieces = params.least_pieces
        least = np.full(
            len(need), int(book.value("plan.least_pieces", area=area)) if pieces is None else pieces
        )
    floor: list[int] = np.clip(np.minimum(least - np.array(settled), need), 0, None).tolist()
    return floor


def _bounds(place: Place, intent: str) -> tuple[str, ...]:
    """Give the prefixes a place's goods keep to: those of its own area, and the donor's wish."""
    return (prefix_of(str(place.area_id)), *_wish(intent))


def _wish(intent: str) -> tuple[str, ...]:
    return (prefix_of(intent),) if intent else ()
