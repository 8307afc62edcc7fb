"""Households of the founding case: made up, always the same, their sums the published ones. Pure.

Nobody real is among them. Identity numbers begin with 990000, an area that was never given
out, cards with 9990, a country code that stands for none, telephones with 1009, which no
operator has; check digits are right, so that every check of the product is passed.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from disaster.config.storm import MOUNTAIN, Village, apportion
from disaster.config.winter.published import HOUSEHOLDS, PEOPLE
from disaster.registers.identity import check_digit

SEED = 2018
SIZES, SIZE_WEIGHTS = (1, 2, 3, 4, 5), (56, 26, 11, 5, 2)
TYPES: dict[str, tuple[int, bool]] = {
    "extreme_poverty": (14, True),
    "minimum_living": (30, True),
    "disabled_poor": (8, True),
    "watched_sudden": (4, True),
    "watched_edge": (5, True),
    "low_income_edge": (9, False),
    "other_hardship": (24, False),
    "ordinary": (6, False),
}
"""Type of household → how many of a hundred, and whether it is of the key groups (重点救助对象)."""
HARD_WINTER = 1.6
"""How much more of a mountain village is in need than of one in the plain."""
_SURNAMES = "王张汪程徐陈李余胡朱葛储吴江韩刘黄方林丁杨涂范郑聂操凌叶金许徐苏操产华芮"
_FIRST, _SECOND = "德秀国桂金玉春文家长水腊满树庆凤", "英兰生根明华芳发贵云珍年梅才旺香"


@dataclass(frozen=True, slots=True)
class Home:
    """One household and what it needs; yuan for the whole season, clothing in pieces."""

    number: int
    village: str
    group: str
    name: str
    identity: str
    phone: str
    card: str
    members: int
    persons: int
    type: str
    is_key: bool
    grain_kg: int
    clothing: int
    heating_yuan: int
    medical_yuan: int
    water_yuan: int
    other_yuan: int
    address: str


def plan(villages: Sequence[Village], *, seed: int = SEED) -> list[Home]:
    """Make every household of the county; the sums are :data:`HOUSEHOLDS` and :data:`PEOPLE`."""
    chance = random.Random(seed)  # noqa: S311 - made-up people, not secrets
    order = sorted(villages, key=lambda village: village.code)
    weights = [one.population * (HARD_WINTER if one.township.startswith(MOUNTAIN) else 1) for one in order]
    homes = apportion(HOUSEHOLDS, weights)
    sizes = iter(_sizes(chance))
    types = list(TYPES)
    shares = [share for share, _ in TYPES.values()]
    return [
        _home(chance, number, village, place, next(sizes), chance.choices(types, shares)[0])
        for number, (village, place) in enumerate(
            (village, place) for village, count in zip(order, homes, strict=True) for place in range(count)
        )
    ]


def _sizes(chance: random.Random) -> list[int]:
    """Draw how many of each household are helped, and put the sum right one by one."""
    sizes = chance.choices(SIZES, SIZE_WEIGHTS, k=HOUSEHOLDS)
    short = PEOPLE - sum(sizes)
    step = 1 if short > 0 else -1
    while short:
        at = chance.randrange(HOUSEHOLDS)
        if SIZES[0] <= sizes[at] + step <= SIZES[-1]:
            sizes[at] += step
            short -= step
    return sizes


def _home(chance: random.Random, number: int, village: Village, place: int, persons: int, kind: str) -> Home:
    is_key = TYPES[kind][1]
    group = f"第{1 + place // 12}组"
    return Home(
        number=number,
        village=village.code,
        group=group,
        name=chance.choice(_SURNAMES) + chance.choice(_FIRST) + chance.choice(_SECOND),
        identity=identity(number, chance),
        phone=f"1009{number:07d}",
        card=card(number),
        members=persons + chance.choices((0, 1, 2), (80, 14, 6))[0],
        persons=persons,
        type=kind,
        is_key=is_key,
        grain_kg=persons * chance.choice((10, 15, 15, 20)) if is_key else 0,
        clothing=min(persons, chance.choices((0, 1, 2), (79, 15, 6) if is_key else (97, 3, 0))[0]),
        heating_yuan=persons * chance.choice((80, 100, 120) if is_key else (60, 80, 90)),
        medical_yuan=chance.choice((0, 0, 0, 60, 120)) if is_key else 0,
        water_yuan=persons * 10 * chance.choice((0, 0, 1)),
        other_yuan=persons * chance.choice((30, 40, 50)),
        address=f"{village.name}{group}{1 + place % 12}号(示例)",
    )


def identity(number: int, chance: random.Random) -> str:
    """Make an identity number of nobody; no two households get the same."""
    born = date(1932, 1, 1) + timedelta(days=number + 1_000 * chance.randrange(5))
    first = f"990000{born:%Y%m%d}{number // 30 % 1000:03d}"
    return first + check_digit(first)


def card(number: int) -> str:
    """Make a card number of no bank, its last digit right by Luhn's rule (ISO/IEC 7812-1)."""
    first = f"9990{number:014d}"
    doubled = [int(digit) * (2 if at % 2 == 0 else 1) for at, digit in enumerate(reversed(first))]
    return first + str(-sum(value - 9 if value > 9 else value for value in doubled) % 10)
