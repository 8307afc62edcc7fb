"""The limits of a plan in figures: a choice, else the rule in force, by village, place and in all."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from disaster.relief.plan.params import Params
from disaster.relief.plan.solve.model import Item, Limit, LimitKind, Village, Whole
from disaster.rules import book
from gis.models import Area
from gis.scope import prefix_of

FEN, GRAMS = 100, 1000


def gather(
    params: Params,
    villages: Sequence[Village],
    items: Sequence[Item],
    outside: Whole,
    outside_open: Whole,
    *,
    area: str,
) -> list[Limit]:
    """Give a plan's limits.

    ``outside`` is what has reached households or is on its way to them, by item and village: it counts
    against spending; ``outside_open``, that of those who are planned for still, against worth a person
    and a household. A place's weight is that of this round alone.
    """
    worth = [round(item.yuan * FEN) for item in items]
    weight = [round(item.kg * GRAMS) for item in items]
    spent = np.array(worth, dtype=np.int64) @ outside_open.reshape(len(items), len(villages))
    found = list(_own(params, villages, worth, spent, area))
    names = dict(Area.objects.filter(pk__in=params.room_kg).values_list("pk", "name"))
    for code, kg in sorted(params.room_kg.items()):
        under = [at for at, one in enumerate(villages) if one.code.startswith(prefix_of(code))]
        if under and any(weight):
            amount = kg * GRAMS
            found.append(Limit(LimitKind.WEIGHT, names.get(code, code), under, weight, amount, amount))
    if params.spend_yuan is not None:
        whole = params.spend_yuan * FEN
        out = int((np.array(worth, dtype=np.int64) @ outside.reshape(len(items), len(villages))).sum())
        every = list(range(len(villages)))
        found.append(Limit(LimitKind.SPEND, "", every, worth, max(0, whole - out), whole))
    return found


def _own(
    params: Params, villages: Sequence[Village], worth: list[int], spent: Whole, area: str
) -> Iterator[Limit]:
    for kind, chosen, rule in (
        (LimitKind.PERSON, params.person_yuan, "plan.most_person_yuan"),
        (LimitKind.HOUSEHOLD, params.household_yuan, "plan.most_household_yuan"),
    ):
        whole = (int(book.value(rule, area=area)) if chosen is None else chosen) * FEN
        for at, one in enumerate(villages) if whole else ():
            heads = one.persons if kind is LimitKind.PERSON else one.households
            if heads:
                yield Limit(kind, one.name, [at], worth, max(0, whole * heads - int(spent[at])), whole, heads)
