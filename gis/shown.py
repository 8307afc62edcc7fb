"""Shelters, zones and closed roads as the feed, the snapshot and the API show them. EPSG:4326."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from gis.models import Closure, HazardZone, Shelter


class ShelterView(msgspec.Struct, frozen=True, tag_field="object", tag="shelter"):
    """A shelter; ``capacity`` and ``occupancy`` are persons, ``filling`` says it is nearly full."""

    id: UUID
    name: str
    area: str
    lon: float
    lat: float
    capacity: int
    occupancy: int
    state: str
    kind: str = "short"
    level: str = "township"
    setting: str = "indoor"
    address: str = ""
    reason: str = ""
    filling: bool = False
    accessible: bool = False


class ZoneView(msgspec.Struct, frozen=True, tag_field="object", tag="zone"):
    """A hazard zone with its outline as GeoJSON."""

    id: UUID
    name: str
    kind: str
    level: str
    area: str
    valid_from: datetime
    valid_to: datetime | None
    state: str
    geometry: dict[str, Any]
    version: int = 1
    source: str = ""
    issuer: str = ""
    issued_at: datetime | None = None


class ClosureView(msgspec.Struct, frozen=True, tag_field="object", tag="closure"):
    """A closed road: all within ``radius_m`` metres of its shape (GeoJSON); ``report`` told of it."""

    id: UUID
    area: str
    reason: str
    radius_m: int
    valid_from: datetime
    valid_to: datetime | None
    state: str
    geometry: dict[str, Any]
    by: str = ""
    report: UUID | None = None


def closure_view(closure: Closure) -> ClosureView:
    """Show a closed road."""
    return ClosureView(
        id=closure.pk,
        area=closure.area_id,
        reason=closure.reason,
        radius_m=closure.radius_m,
        valid_from=closure.valid_from,
        valid_to=closure.valid_to,
        state="lifted" if closure.lifted_at else "active",
        geometry=json.loads(closure.shape.json),
        by=closure.by_name,
        report=closure.report,
    )


def shelter_view(shelter: Shelter) -> ShelterView:
    """Show a shelter."""
    return ShelterView(
        id=shelter.pk,
        name=shelter.name,
        area=shelter.area_id,
        lon=round(shelter.point.x, 6),
        lat=round(shelter.point.y, 6),
        capacity=shelter.capacity,
        occupancy=shelter.occupancy,
        state=shelter.state,
        kind=shelter.kind,
        level=shelter.level,
        setting=shelter.setting,
        address=shelter.address,
        reason=shelter.reason,
        filling=shelter.is_filling,
        accessible=shelter.is_accessible,
    )


def zone_view(zone: HazardZone) -> ZoneView:
    """Show a hazard zone."""
    return ZoneView(
        id=zone.pk,
        name=zone.name,
        kind=zone.kind,
        level=zone.level,
        area=zone.area_id,
        valid_from=zone.valid_from,
        valid_to=zone.valid_to,
        state="lifted" if zone.lifted_at else "active",
        geometry=json.loads(zone.boundary.json),
        version=zone.version,
        source=zone.source,
        issuer=zone.issuer,
        issued_at=zone.issued_at,
    )
