"""The versions of one area's report in one event, as far as the next one must know them."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from uuid import UUID

import msgspec


class Said(msgspec.Struct, frozen=True):
    """What a version said beside its figures: enough to tell whether another says the same."""

    text: str = ""
    hazard: str = ""
    occurred_at: datetime | None = None
    photos: tuple[str, ...] = ()
    voices: tuple[str, ...] = ()


class Version(msgspec.Struct, frozen=True):
    """One version: its state at the bureau, its figures, and what a return was about."""

    id: UUID
    state: str
    figures: dict[str, Decimal]
    said: Said = Said()
    returned_fields: tuple[str, ...] = ()


class Series(msgspec.Struct):
    """The visible versions (superseded by none) of a series, oldest first."""

    key: UUID
    versions: list[Version]

    @property
    def standing(self) -> Version | None:
        """The version that stands for the series: the newest that was not returned."""
        return next((version for version in reversed(self.versions) if version.state != "returned"), None)

    @property
    def newest(self) -> Version | None:
        """The newest version, returned or not."""
        return self.versions[-1] if self.versions else None

    def before(self, corrects: UUID | None) -> Version | None:
        """The version a new one is compared with: the one it corrects, unless that was returned."""
        named = (
            version for version in self.versions if version.id == corrects and version.state != "returned"
        )
        return next(named, self.standing)

    def returned(self, corrects: UUID | None) -> Version | None:
        """The returned version a new one is to put right, if it names one."""
        named = (
            version for version in self.versions if version.id == corrects and version.state == "returned"
        )
        return next(named, None)

    def known_by(self, corrects: UUID | None) -> bool:
        """Say whether a version written upon ``corrects`` knows the present state."""
        known = {version.id for version in (self.newest, self.standing) if version}
        return not known or corrects in known
