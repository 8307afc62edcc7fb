"""The stages of one submission: as it arrived, where it was written, as it will be stored."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import msgspec

from disaster.people.scope import Rights
from disaster.problems import FieldError
from disaster.reports.messages import Fix, Proxy, Report


@dataclass(frozen=True, slots=True)
class Submission:
    """A report as it arrived: from whom, and when by both clocks."""

    report: Report
    by: Rights
    sent_at: datetime
    received_at: datetime

    @property
    def skew_s(self) -> float:
        """How far the phone's clock runs ahead of ours, in seconds (the way here included)."""
        return round((self.sent_at - self.received_at).total_seconds(), 3)


class Place(msgspec.Struct, frozen=True):
    """Where a report says it was written, in EPSG:4326; or what is wrong with that."""

    lon: float | None = None
    lat: float | None = None
    village: str = ""
    outside_township: bool = False
    error: FieldError | None = None


class Accepted(msgspec.Struct, frozen=True):
    """A report that passed: the columns to be written, and what it replaces."""

    id: UUID
    digest: bytes
    series: UUID
    area: str
    event: UUID | None
    kind: str
    hazard: str
    author_id: int
    author_name: str
    corrects: UUID | None
    crosses: UUID | None
    occurred_at: datetime
    discovered_at: datetime | None
    submitted_at: datetime
    received_at: datetime
    clock_skew_s: float
    lon: float | None
    lat: float | None
    fix: Fix | None
    placed_in: str
    figures: dict[str, Decimal]
    entered: dict[str, Any]
    text: str
    notes: dict[str, str]
    photos: tuple[str, ...]
    voices: tuple[str, ...]
    proxy: Proxy | None
    replaces: list[UUID]
