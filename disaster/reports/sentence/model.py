"""What a message was read as: a draft with, beside every value, the words it came from.

Spans are half-open ranges of characters of the message as it was given. ``sure`` says that
the words themselves fix the value; what is unsure says why, and a person decides. Pure.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from disaster.problems import Words


class Span(NamedTuple):
    """A range of the message's characters, ``end`` not included."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Place:
    """A village or township that the reader may file for; ``parent_name`` is what it lies in."""

    code: str
    name: str
    parent_name: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """One figure: ``value`` in the indicator's unit; ``entered`` and ``unit`` as it will be typed.

    ``unit`` is "mu" where the message says 亩 (the report's ``units``), else "". ``also`` are
    the other words that say it, or that were added to it (玉米20亩、水稻30亩).
    """

    key: str
    value: Decimal
    entered: Decimal
    unit: str
    start: int
    end: int
    sure: bool
    why: Words | None = None
    also: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class FoundArea:
    """The village or township; ``code`` is None where several are named and nobody may guess."""

    code: str | None
    start: int
    end: int
    sure: bool
    why: Words | None = None


@dataclass(frozen=True, slots=True)
class FoundTime:
    """When it happened (发生时间), in Beijing time."""

    at: datetime
    start: int
    end: int
    sure: bool
    why: Words | None = None


@dataclass(frozen=True, slots=True)
class FoundHazard:
    """The 灾种, as a key of :mod:`disaster.reports.hazards`."""

    key: str
    start: int
    end: int
    sure: bool
    why: Words | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """A message as a draft. ``leftover`` holds every number that was not read."""

    area: FoundArea | None
    occurred_at: FoundTime | None
    hazard: FoundHazard | None
    figures: tuple[Found, ...]
    leftover: tuple[Span, ...]

    @property
    def negations(self) -> tuple[Found, ...]:
        """The zeros: what the message says did not happen (无人员伤亡)."""
        return tuple(figure for figure in self.figures if figure.value == 0)
