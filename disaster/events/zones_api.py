"""HTTP doors of the hazard zones: as they are or were, drawn, changed, lifted, and whom they threaten."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import get_language
from ninja import Field, Router, Schema
from pydantic import AwareDatetime

from disaster import problems
from disaster.events import zone_queries, zones
from disaster.people.http import answer, reader
from disaster.people.scope import Rights
from disaster.rules import book
from gis import threat
from gis.models import HazardZone
from gis.scope import AreaScope
from gis.shown import zone_view

router = Router(tags=["zones"])


class Drawn(Schema):
    """A zone as it is drawn; ``geometry`` is GeoJSON in EPSG:4326."""

    name: str = ""
    kind: str = ""
    level: str = ""
    geometry: dict[str, Any]
    valid_from: AwareDatetime | None = None
    valid_to: AwareDatetime | None = None
    source: str = Field("", max_length=200)
    repair: bool = False


class Changed(Drawn):
    """A zone changed, upon the version it was drawn upon."""

    version: int
    reason: str = ""


class Lifted(Schema):
    """Why a zone is lifted."""

    reason: str = ""


class Sketch(Schema):
    """A shape being drawn, and how far around it to look, in metres."""

    geometry: dict[str, Any]
    distance_m: float = Field(0, ge=0, le=20_000)


@router.get("/zones", summary="Hazard zones as of a moment")
def listed(request: HttpRequest, at: AwareDatetime | None = None) -> HttpResponse:
    """Give the zones in force at a moment, as they were known then (default: now), as GeoJSON."""
    moment = at or timezone.now()
    return answer(
        {
            "type": "FeatureCollection",
            "at": moment,
            "features": zone_queries.at(moment, scope=reader(request).known),
        }
    )


@router.post("/zones", summary="Draw a zone")
def draw(request: HttpRequest, body: Drawn) -> HttpResponse:
    """Mark a hazard zone; it belongs to the smallest of the drawer's areas that holds it."""
    rights, now = reader(request), timezone.now()
    scope = _drawing(rights)
    clean = zones.shape_of(body.geometry, repair=body.repair)
    zone = zones.draw_zone(
        name=body.name,
        kind=body.kind,
        level=body.level,
        area_code=zones.area_of(clean.shape, scope),
        boundary=clean.shape,
        source=body.source or rights.name,
        valid_from=body.valid_from or now,
        valid_to=body.valid_to,
        by=rights,
        now=now,
    )
    return answer({"zone": zone_view(zone), "repaired": clean.repaired}, 201)


@router.post("/zones/threat", summary="Who lies in a shape being drawn")
def sketched(request: HttpRequest, body: Sketch) -> HttpResponse:
    """Count who and what lies in a shape that is not a zone yet."""
    rights = reader(request)
    scope = _looking(rights)
    return _threat(zones.shape_of(body.geometry, repair=True).shape, scope, body.distance_m)


@router.get("/zones/{zone_id}", summary="A zone with its versions")
def one(request: HttpRequest, zone_id: UUID) -> HttpResponse:
    """Give a zone and every version of it, newest first."""
    zone = _zone(zone_id, reader(request))
    return answer({"zone": zone_view(zone), "versions": zone_queries.versions(zone)})


@router.put("/zones/{zone_id}", summary="Change a zone")
def change(request: HttpRequest, zone_id: UUID, body: Changed) -> HttpResponse:
    """Change a zone upon the version that was drawn upon, with the reason."""
    rights, now = reader(request), timezone.now()
    zone = _zone(zone_id, rights)
    clean = zones.shape_of(body.geometry, repair=body.repair)
    changed = zones.change_zone(
        zone.pk,
        version=body.version,
        reason=body.reason,
        by=rights,
        now=now,
        name=body.name,
        kind=body.kind,
        level=body.level,
        boundary=clean.shape,
        valid_from=body.valid_from or zone.valid_from,
        valid_to=body.valid_to,
    )
    return answer({"zone": zone_view(changed), "repaired": clean.repaired})


@router.post("/zones/{zone_id}/lift", summary="Lift a zone")
def lift(request: HttpRequest, zone_id: UUID, body: Lifted) -> HttpResponse:
    """Take a zone back."""
    rights = reader(request)
    zone = _zone(zone_id, rights)
    return answer(
        {"zone": zone_view(zones.lift_zone(zone, by=rights, now=timezone.now(), reason=body.reason))}
    )


@router.get("/zones/{zone_id}/threat", summary="Whom a zone threatens")
def threatened(request: HttpRequest, zone_id: UUID, distance_m: float = 0) -> HttpResponse:
    """Count who and what of the reader's areas lies in a zone, or within a distance of it."""
    rights = reader(request)
    scope = _looking(rights)
    zone = _zone(zone_id, rights)
    return _threat(zone.boundary, scope, min(max(distance_m, 0), 20_000))


def _zone(zone_id: UUID, rights: Rights) -> HazardZone:
    found: HazardZone | None = HazardZone.objects.touching(rights.known).filter(pk=zone_id).first()
    if found is None:
        raise problems.NOT_FOUND()
    return found


def _drawing(rights: Rights) -> AreaScope:
    scope = rights.where("zone.draw")
    if not scope.prefixes:
        raise problems.NOT_ALLOWED()
    return scope


def _looking(rights: Rights) -> AreaScope:
    scope = rights.where("zone.threat")
    if not scope.prefixes:
        raise problems.NOT_ALLOWED()
    return scope


def _threat(shape: Any, scope: AreaScope, distance_m: float) -> HttpResponse:
    size = book.value("household.size")
    found = threat.of(shape, scope=scope, distance_m=distance_m, household_size=size)
    told = 1 if (get_language() or "").startswith("en") else 0
    words = [threat.ASSUMPTIONS[key][told].format(size=size) for key in found.assumptions]
    return answer({**_plain(found), "assumptions": words})


def _plain(found: threat.Threat) -> dict[str, Any]:
    return {name: getattr(found, name) for name in found.__struct_fields__}
