"""Whether the stock reaches for what an approval grants: told before it is confirmed and with its answer; it refuses nothing."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple
from uuid import UUID

from disaster.problems import Words
from disaster.relief.needs import queries
from disaster.relief.needs.models import Application
from disaster.relief.stock.models import Item
from disaster.relief.stock.queries import usable
from gis.scope import AreaScope, pad, prefix_of

SHORT = Words(
    "{item}:本次核准 {now} {unit},此前已核准未到户 {before} {unit},可用 {available} {unit}(现有和在途),缺 {short} {unit}",
    "{item}: {now} {unit} granted now, {before} granted before and not delivered, {available} available "
    "(in stock and on the way): {short} short",
)
ELSEWHERE = Words(
    ";另有 {elsewhere} {unit}是捐赠定向其他地区的,不能用",
    "; another {elsewhere} were given for other areas",
)
COUNTY_DIGITS = 6


class Cover(NamedTuple):
    """One item in whole units: granted by an approval, granted before and not with the households yet, and there.

    ``available`` is what the places of the county have and have coming to them; donors' goods that none of
    these households may get, and nobody waits for where they may go, are ``elsewhere`` instead.
    """

    item: Item
    now: int
    before: int
    available: int
    elsewhere: int

    @property
    def short(self) -> int:
        """How much is missing for all that is granted."""
        return max(0, self.now + self.before - self.available)

    def say(self, language: str) -> str:
        """Say what is missing, "" where nothing is."""
        if not self.short:
            return ""
        english = language.startswith("en")
        numbers = {name: f"{getattr(self, name):,}" for name in ("now", "before", "available", "short")}
        params = {
            **numbers,
            "elsewhere": f"{self.elsewhere:,}",
            "item": self.item.name_en if english else self.item.name,
            "unit": self.item.unit,
        }
        return SHORT.say(language, params) + (ELSEWHERE.say(language, params) if self.elsewhere else "")


def of(ids: Iterable[UUID], goods: Mapping[str, int], *, on: date) -> list[Cover]:
    """Hold what each of some applications is granted, before or after it was written, against its county's stock.

    Seven statements, however many applications and places there are.
    """
    keys = list(ids)
    rows = Application.objects.filter(pk__in=keys).values_list("area_id", "programme__area_id")
    here = Counter(str(village) for village, _ in rows)
    if not here or not goods:
        return []
    county = AreaScope.of({pad(str(area)[:COUNTY_DIGITS]) for _, area in rows})
    lots: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for one in usable(county, on=on):
        lots[one.item][one.intent] += one.quantity
    before = queries.undelivered(county, list(goods), without=keys)
    items = Item.objects.in_bulk(list(goods))
    return [
        _cover(items[item], here, many, before.get(item, {}), lots[item])
        for item, many in goods.items()
        if item in items
    ]


def _cover(
    item: Item, here: Mapping[str, int], many: int, before: Mapping[str, int], lots: Mapping[str, int]
) -> Cover:
    wanted = Counter({village: number * many for village, number in here.items()}) + Counter(before)
    now, whole = many * sum(here.values()), sum(lots.values())
    left = left_over(wanted, lots)
    is_short = wanted.total() > whole - sum(left.values())
    elsewhere = sum(
        rest
        for wish, rest in left.items()
        if is_short or not any(village.startswith(_within(wish)) for village in here)
    )
    return Cover(item, now, sum(before.values()), whole - elsewhere, elsewhere)


def left_over(wanted: Mapping[str, int], lots: Mapping[str, int]) -> dict[str, int]:
    """Give what is left for each donor's wish (an area's code, "" for none) once villages have what they wait for.

    Wishes nest as areas do, so the narrowest goes first: no other order leaves less.

    >>> left_over({"340882101201": 4}, {"": 1, "340882101000": 3, "340882102000": 5})
    {'340882101000': 0, '340882102000': 5, '': 0}
    """
    waits, left = dict(wanted), {}
    for wish in _narrowest_first(lots):
        rest = lots[wish]
        for village, many in waits.items():
            if village.startswith(_within(wish)):
                taken = min(rest, many)
                waits[village] = many - taken
                rest -= taken
        left[wish] = rest
    return left


def _narrowest_first(wishes: Iterable[str]) -> Sequence[str]:
    return sorted(wishes, key=lambda wish: (-len(_within(wish)), wish))


def _within(wish: str) -> str:
    return prefix_of(wish) if wish else ""
