"""What the 快报表 (应急统表1) looks like as a sheet: columns, heading, lines. Pure.

Order, numbers and units come from :mod:`disaster.reports.indicators`; the fast form has the
leading columns of the national system's export (domain rules §2.4), the detailed one those
that let it be read back.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Literal, NamedTuple

from disaster.reports.checks.relations import HARD
from disaster.reports.indicators import INDICATORS, ONCE_A_TOWNSHIP, Indicator

Form = Literal["fast", "detail"]
Level = Literal["total", "own", "village"]
"""合计 (county or township, the sum of its lines), 本级 (its own entry), 村(社区)."""
LEVELS: dict[Level, str] = {"total": "合计", "own": "本级", "village": "村(社区)"}
VERSION = "zaiqing-form-1"
META = "_meta"
"""Name of the hidden sheet that says what the workbook is."""

COLUMNS: tuple[Indicator, ...] = tuple(one for one in INDICATORS if one.group == "statutory")
LEADS: dict[Form, tuple[str, ...]] = {
    "fast": ("区域", "灾种", "隶属区域", "灾害发生时间"),
    "detail": ("区划代码", "单位", "类别", "所据报告"),
}
NOTE = "校核说明"
NOTE_KEY, BASE_KEY, CODE_KEY, LEVEL_KEY = "note", "base", "code", "level"
LEAD_KEYS: dict[Form, tuple[str, ...]] = {
    "fast": ("region", "hazard", "within", "occurred_at"),
    "detail": (CODE_KEY, "name", LEVEL_KEY, BASE_KEY),
}
HEAD_ROWS = 11
"""Rows above the first line: title, four of heading, the column heads of six (the last hidden, with keys)."""
KEY_ROW = HEAD_ROWS

SUMS: dict[str, tuple[str, ...]] = {
    check.left: check.right
    for check in HARD
    if check.op == "sum" and {check.left, *check.right} <= {one.key for one in COLUMNS}
}
"""Figure → the parts that make it, as the hard checks (校核关系) have it."""


class Heading(NamedTuple):
    """The head of a statutory form; ``document`` and ``until`` are dated rules (form.heading)."""

    number: str
    title: str
    maker: str
    approver: str
    document: str
    until: str


class Line(NamedTuple):
    """One line of a form. ``base``: id of the report the figures stand on, empty if none or several."""

    code: str
    name: str
    level: Level
    figures: Mapping[str, Decimal]
    base: str = ""
    depth: int = 0


@dataclass(frozen=True)
class Material:
    """All that a workbook says. ``lines`` of the detailed form: each total before its parts."""

    form: Form
    heading: Heading
    event: str
    event_name: str
    hazard: str
    occurred_at: datetime
    county: str
    cutoff: datetime
    basis: str
    made_at: datetime
    maker: str
    lines: Sequence[Line]
    notes: Mapping[str, str]


class Head(NamedTuple):
    """Three stacked words over one column; equal neighbours are merged."""

    group: str
    name: str
    aspect: str
    unit: str
    number: str


_ASPECTS = {"total": "累计值", "current": "实时值", None: ""}


def plain_name(indicator: Indicator) -> str:
    """Name an indicator without its aspect."""
    return indicator.zh.removesuffix("累计值").removesuffix("实时值")


def heads() -> list[Head]:
    """Give the head of each column of indicators."""
    groups: dict[str, str] = {}
    parts: dict[str, int] = {}
    for one in COLUMNS:
        plain = one.number.rstrip("abcdef")
        groups.setdefault(plain, plain_name(one))
        parts[plain] = parts.get(plain, 0) + (one.number != plain)
    made = []
    for one in COLUMNS:
        plain = one.number.rstrip("abcdef")
        name = f"其中:{plain_name(one)}" if one.number != plain else "合计" if parts[plain] else ""
        made.append(Head(groups[plain], name, _ASPECTS[one.aspect], one.unit, one.number))
    return made


def number_format(indicator: Indicator) -> str:
    """Counts are whole; areas, lengths and money have two decimals."""
    return "0" if indicator.type == "int" else "0.00"


def total_formula(indicator: Indicator, refs: str) -> str:
    """Write the formula of a township's or the county's total over its parts' cells."""
    return f"=SUM({refs})"


def once_formula(indicator: Indicator, refs: str) -> str:
    """The same for one township, where a figure counts the township itself once."""
    return f"=MIN(1,SUM({refs}))" if indicator.key in ONCE_A_TOWNSHIP else f"=SUM({refs})"
