"""Sums of reports. Each report is cumulative, so only the newest of a series counts.

Adding up successive 续报 would count the same people again every day: a series (one
area's report in one event) stands with one version only. Pure: no Django here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Protocol, TypeVar
from uuid import UUID


class Version(Protocol):
    """What this module must know of one version of a report."""

    @property
    def number(self) -> str:
        """The report's number; grows with each report of a county's day."""

    @property
    def series(self) -> UUID:
        """The series it belongs to."""

    @property
    def state(self) -> str:
        """``stored``, ``seen``, ``returned`` or ``approved``."""

    @property
    def superseded_by(self) -> UUID | None:
        """The version that replaced it, if any."""

    @property
    def received_at(self) -> datetime:
        """When the server received it."""

    @property
    def figures(self) -> Mapping[str, Decimal]:
        """Its figures, by indicator."""


V = TypeVar("V", bound=Version)


def standing(versions: Iterable[V]) -> list[V]:
    """Give the version of each series that stands: the newest neither superseded nor returned.

    Versions may come in any order; series come out in the order first met.
    """
    newest: dict[UUID, V] = {}
    for version in versions:
        if version.superseded_by is None and version.state != "returned":
            known = newest.get(version.series)
            if known is None or _age(version) > _age(known):
                newest[version.series] = version
    return list(newest.values())


def total(versions: Iterable[V]) -> dict[str, Decimal]:
    """Sum each figure over the standing versions; a figure nobody reported is absent."""
    sums: dict[str, Decimal] = {}
    for version in standing(versions):
        for key, value in version.figures.items():
            sums[key] = sums.get(key, Decimal(0)) + value
    return sums


def _age(version: Version) -> tuple[datetime, int, str]:
    # The serial grows past its six digits: a longer number of the same day is the newer one.
    return version.received_at, len(version.number), version.number
