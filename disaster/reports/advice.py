"""Which response level the figures speak for: advice with its rule, evidence and cutoff.

The system only advises; starting and ending a response are human decisions
(:mod:`disaster.events.decide`). Thresholds are the dated tables ``response.thresholds``;
"以上" includes the number itself, and one criterion is enough (国办函〔2024〕11号).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

import msgspec

from disaster.problems import Words
from disaster.rules import book
from gis.models import Area

LEVELS = ("", "一", "二", "三", "四")

CRITERIA: dict[str, tuple[tuple[str, ...], Words]] = {
    "people": (("dead", "missing"), Words("死亡和失踪人口", "dead and missing")),
    "moved": (
        ("relocated", "need_relief"),
        Words("紧急转移安置和需紧急生活救助人口", "relocated or in need of relief"),
    ),
    "rooms": (
        ("houses_collapsed_rooms", "houses_severe_rooms"),
        Words("倒塌和严重损坏房屋间数", "rooms collapsed or severely damaged"),
    ),
    "homes": (
        ("houses_collapsed_homes", "houses_severe_homes"),
        Words("倒塌和严重损坏住房户数", "homes collapsed or severely damaged"),
    ),
    "drought": (("drought_relief",), Words("因旱需生活救助人口", "in need of relief from drought")),
    "drought_share": (
        ("drought_relief",),
        Words("因旱需生活救助人口占常住人口百分比", "% of residents in need of relief from drought"),
    ),
}
"""Criterion → the figures it adds, and its words (rules.md §6)."""

REACHED = Words(
    "{what}{value},达到{level}级响应条件({limit}以上)",
    "{value} {what}: reaches level {level} ({limit} or more)",
)


class Hit(msgspec.Struct, frozen=True):
    """One threshold reached: the criterion, what the figures say, what the rule asks."""

    level: int
    criterion: str
    value: Decimal
    limit: int

    def told(self, language: str) -> str:
        """Say it in a sentence."""
        what = CRITERIA[self.criterion][1].say(language)
        level = str(self.level) if language.startswith("en") else LEVELS[self.level]
        return REACHED.say(
            language, {"what": what, "value": f"{self.value:f}", "limit": self.limit, "level": level}
        )


class Advice(msgspec.Struct, frozen=True):
    """The level advised (1 gravest; None for no response), each criterion's gravest hit, and the source."""

    level: int | None
    hits: tuple[Hit, ...]
    cutoff: datetime
    source: str

    def basis(self) -> dict[str, object]:
        """Give what a decision keeps of the advice it rested on."""
        hits = [
            {"criterion": h.criterion, "value": f"{h.value:f}", "limit": h.limit, "level": h.level}
            for h in self.hits
        ]
        return {"level": self.level, "hits": hits, "cutoff": self.cutoff.isoformat(), "source": self.source}


COUNTY, NATION = "response.thresholds", "response.thresholds.nation"
"""The county's own plan, and the national one (国办函〔2024〕11号) that speaks of one province."""


def advise(
    figures: Mapping[str, Decimal], *, cutoff: datetime, area: str, people: int = 0, rule: str = COUNTY
) -> Advice:
    """Hold an area's sums at a cutoff against the thresholds in force on that day.

    ``people`` are the area's residents, 0 where nobody knows: a share is then not judged.
    """
    day = cutoff.astimezone(book.BEIJING).date()
    gravest: dict[str, Hit] = {}
    for row in book.value(rule, on=day, area=area):
        value = _value(str(row["criterion"]), figures, people)
        hit = Hit(int(row["level"]), str(row["criterion"]), value, int(row["at_least"]))
        known = gravest.get(hit.criterion)
        if value >= hit.limit and (known is None or hit.level < known.level):
            gravest[hit.criterion] = hit
    hits = tuple(sorted(gravest.values(), key=lambda one: one.level))
    return Advice(hits[0].level if hits else None, hits, cutoff, book.basis(rule, on=day))


def advise_with_residents(
    area: str, figures: Mapping[str, Decimal], *, cutoff: datetime, rule: str = COUNTY
) -> Advice:
    """Do as :func:`advise` with the area's residents as the gazetteer has them, one statement more."""
    people = Area.objects.filter(code=area).values_list("population", flat=True).first()
    return advise(figures, cutoff=cutoff, area=area, people=people or 0, rule=rule)


def _value(criterion: str, figures: Mapping[str, Decimal], people: int) -> Decimal:
    keys, _words = CRITERIA[criterion]
    value = sum((figures.get(key, Decimal(0)) for key in keys), Decimal(0))
    if criterion != "drought_share":
        return value
    return round(100 * value / people, 1) if people else Decimal(0)
