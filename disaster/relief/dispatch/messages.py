"""What a driver's phone says over the socket or by HTTP: where the lorry was. Pure."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec


class FixEntry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where a lorry was, EPSG:4326; ``at`` by the phone's clock, ``accuracy_m`` its own guess of its error.

    ``id`` is the phone's own: sent twice it is kept once.
    """

    id: UUID
    at: Annotated[datetime, msgspec.Meta(tz=True)]
    lon: float
    lat: float
    accuracy_m: float | None = None


class TripFix(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="trip.fix"):
    """Where a lorry was, oldest first, 500 at most. ``sent_at`` is the phone's clock at sending."""

    trip: UUID
    fixes: list[FixEntry]
    sent_at: datetime | None = None


class TripFixed(msgspec.Struct, frozen=True, tag="trip.fixed"):
    """These positions are kept: the phone may forget them.

    ``version`` is that of the trip's way: when it has grown, the phone asks for the trip anew.
    """

    trip: UUID
    ids: list[UUID]
    state: str
    version: int
