"""Whether figures and registers say the same (校核关系). Pure.

The 《自然灾害情况统计调查制度》 (应急〔2020〕19号) asks for 应急统表8 with any death or missing
person, equal in number, and for 应急统表9 with the 核报, equal in households.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from disaster.problems import FieldError, Words

VERIFIED = "verified"
"""The kind of report (核报) that has to agree in homes, too."""


@dataclass(frozen=True, slots=True)
class Counts:
    """Rows in force: persons by status, households by their gravest damage."""

    dead: int = 0
    missing: int = 0
    collapsed: int = 0
    severe: int = 0
    slight: int = 0


@dataclass(frozen=True, slots=True)
class Pair:
    """A figure of the report and the count it has to equal."""

    figure: str
    count: str
    zh: str
    en: str

    @property
    def words(self) -> Words:
        """What to say where they differ."""
        return Words(
            f"{self.zh}填报 {{reported}},台账有 {{registered}} 条,二者须一致",
            f"{self.en}: {{reported}} reported, {{registered}} in the register; the two must agree",
        )


PERSONS = (
    Pair("dead", "dead", "因灾死亡人口", "Dead"),
    Pair("missing", "missing", "因灾失踪人口", "Missing"),
)
HOUSEHOLDS = (
    Pair("houses_collapsed_homes", "collapsed", "倒塌住房户数", "Homes collapsed"),
    Pair("houses_severe_homes", "severe", "严重损坏住房户数", "Homes badly damaged"),
    Pair("houses_slight_homes", "slight", "一般损坏住房户数", "Homes damaged"),
)


def pairs_for(kind: str) -> tuple[Pair, ...]:
    """Give what has to agree in a report of a kind."""
    return (*PERSONS, *HOUSEHOLDS) if kind == VERIFIED else PERSONS


def agrees(figures: Mapping[str, Decimal], counts: Counts, *, kind: str = VERIFIED) -> dict[str, FieldError]:
    """Give a hard error for each figure that is not the number of its rows; absent is zero."""
    errors: dict[str, FieldError] = {}
    for pair in pairs_for(kind):
        reported, registered = figures.get(pair.figure) or Decimal(0), getattr(counts, pair.count)
        if reported != registered:
            told = {"reported": f"{reported:f}", "registered": registered}
            errors[f"figures.{pair.figure}"] = FieldError(pair.words, told, check="register_agrees")
    return errors
