"""An alert as the rest of the room knows it, whichever standard it came in. Pure: no Django here."""

from __future__ import annotations

from datetime import datetime

import msgspec

LonLat = tuple[float, float]
"""Degrees in EPSG:4326, longitude first: the standards write latitude first, and we turn it once."""


class Circle(msgspec.Struct, frozen=True):
    """A circle on the ground: its middle, and its radius in kilometres."""

    middle: LonLat
    radius_km: float


class Place(msgspec.Struct, frozen=True):
    """Where an alert holds: closed rings, circles, and codes of areas, all of them together."""

    name: str
    polygons: tuple[tuple[LonLat, ...], ...]
    circles: tuple[Circle, ...]
    geocodes: tuple[str, ...]


class Info(msgspec.Struct, frozen=True):
    """What is expected, how bad, until when, where. Times are aware.

    ``event_type`` is the national code (11B03 暴雨) where one was given, else empty; ``severity``
    is the sender's own word (Red, Extreme …).
    """

    language: str
    event: str
    event_type: str
    severity: str
    urgency: str
    certainty: str
    effective: datetime | None
    onset: datetime | None
    expires: datetime | None
    sender_name: str
    headline: str
    description: str
    instruction: str
    web: str
    contact: str
    places: tuple[Place, ...]


class Reference(msgspec.Struct, frozen=True):
    """An earlier alert this one speaks of; ``sender`` is empty where only the identifier was given."""

    sender: str
    identifier: str


class Alert(msgspec.Struct, frozen=True):
    """One alert message (预警信息). ``standard`` is ``cap`` or ``gbt``."""

    standard: str
    identifier: str
    sender: str
    sent: datetime
    status: str
    msg_type: str
    scope: str
    note: str
    references: tuple[Reference, ...]
    infos: tuple[Info, ...]

    @property
    def told(self) -> tuple[Info, ...]:
        """The infos in one language: Chinese where there is any, else that of the first.

        Infos in several languages are translations of each other; each would threaten twice.
        """
        if not self.infos:
            return ()
        chinese = [one for one in self.infos if one.language.lower().startswith("zh")]
        tongue = chinese[0].language if chinese else self.infos[0].language
        return tuple(one for one in self.infos if one.language == tongue)
