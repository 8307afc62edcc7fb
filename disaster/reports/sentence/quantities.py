"""A number with its unit and how firmly it was said (约, 余, 多). Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from disaster.reports.sentence.numerals import PATTERN, value_of
from disaster.reports.sentence.written import Clause

Family = Literal[
    "people", "homes", "rooms", "area", "money", "length", "head", "count", "villages", "townships"
]

_UNITS: tuple[tuple[str, Family, Decimal], ...] = (
    ("口人|个人|人次|人|名|位|口", "people", Decimal(1)),
    ("个(?=村民|群众|老人|小孩|孩子|居民|老乡|伤员|学生|老乡)", "people", Decimal(1)),
    ("个(?:行政|自然)?村(?!民|道|组)|个社区", "villages", Decimal(1)),
    ("个(?:乡镇|镇|乡|街道)", "townships", Decimal(1)),
    ("户人家|户", "homes", Decimal(1)),
    ("间", "rooms", Decimal(1)),
    ("亩", "area", Decimal(1)),
    ("公顷", "area", Decimal(15)),
    ("元|块钱", "money", Decimal("0.0001")),
    ("公里|千米|km|KM", "length", Decimal(1)),
    ("米|m(?!m)", "length", Decimal("0.001")),
    ("头|只|匹", "head", Decimal(1)),
    ("处|座|所|家|个|台|套|根|杆|条", "count", Decimal(1)),
)
_FAMILIES = [(re.compile(pattern), family, factor) for pattern, family, factor in _UNITS]
_FIRM = r"(?:共计|合计|总计|累计|共|计|有)"
_ROUGH_BEFORE = r"(?:大约|大概|约莫|差不多|将近|接近|至少|起码|超过|不到|不足|估计|初步估计|可能|怕有|约|近|好像|听说|据说|上)"
_ROUGH_AFTER = r"(?:多|余|来|左右|上下|以上|把|之多)"
_NUMBER = re.compile(
    rf"(?P<rough>{_ROUGH_BEFORE}{_FIRM}?)?(?P<number>{PATTERN})(?P<more>{_ROUGH_AFTER}|几)?(?P<wan>万)?"
)
_TAIL = re.compile(_ROUGH_AFTER)
_NO_NUMBER = re.compile(r"第$|[A-Za-z]$")


@dataclass(frozen=True, slots=True)
class Quantity:
    """``value`` in the family's unit: people, 户, 间, 亩, 万元, 千米, pieces. A range of the compact text."""

    start: int
    end: int
    value: Decimal
    family: Family
    hectares: bool
    rough: bool
    unit_missing: bool = False

    @property
    def entered(self) -> Decimal:
        """The number as the form takes it: an area said in 公顷 stays so."""
        return self.value / 15 if self.hectares else self.value


def quantities(text: str, clause: Clause, taken: Sequence[tuple[int, int]]) -> list[Quantity]:
    """Find the numbers of a clause that carry a unit; those within ``taken`` are times."""
    found: list[Quantity] = []
    place = clause.start
    while match := _NUMBER.search(text, place, clause.end):
        place = match.end()
        if any(start < match.end("number") and match.start("number") < end for start, end in taken):
            continue
        if quantity := _quantity(text, clause, match):
            found.append(quantity)
            place = quantity.end
        elif match.end("number") > match.start() + 1 and not match.group("number")[0].isdigit():
            # 一般三户: 一 was no number, 三 is.
            place = match.start("number") + 1
    return found


def _quantity(text: str, clause: Clause, match: re.Match[str]) -> Quantity | None:
    value = value_of(match.group("number"))
    if value is None or match.group("more") == "几" or _NO_NUMBER.search(text[: match.start()]):
        return None
    if match.group("wan"):
        value *= 10_000
    rough = bool(match.group("rough") or match.group("more"))
    for pattern, family, factor in _FAMILIES:
        if unit := pattern.match(text, match.end(), clause.end):
            end = unit.end()
            if tail := _TAIL.match(text, end, clause.end):
                rough, end = True, tail.end()
            return Quantity(match.start(), end, _plain(value * factor), family, unit.group() == "公顷", rough)
    whole = match.group("number") + (match.group("wan") or "")
    if "万" in whole and "损失" in text[clause.start : match.start()]:
        end = match.end()
        if tail := _TAIL.match(text, end, clause.end):
            rough, end = True, tail.end()
        return Quantity(match.start(), end, _plain(value / 10_000), "money", False, rough, True)
    return None


def _plain(value: Decimal) -> Decimal:
    """Drop idle zeros without an exponent."""
    return value.quantize(Decimal(1)) if value == value.to_integral_value() else value.normalize()
