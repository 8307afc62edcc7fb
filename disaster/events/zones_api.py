"""HTTP doors of the hazard zones: as they are or were, drawn, changed, lifted, and whom they threaten."""

from __future__ import annotations

import json
from typing import Annotated, Any
from uuid import UUID

from django.contrib.gis.geos import MultiPolygon
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import get_language
from ninja import Field, Router, Schema

from disaster import problems
from disaster.events import zone_queries, zones
from disaster.people.http import Moment, answer, reader
from disaster.people.scope import Rights
from disaster.rules import book
from gis import shapes, threat
from gis.models import HazardZone
from gis.scope import AreaScope
from gis.shown import zone_view

router = Router(tags=["zones"])
MOST_AROUND_M = 20_000


Around = Annotated[float, Field(ge=0, le=MOST_AROUND_M, allow_inf_nan=False)]


class Drawn(Schema):
    """A zone as it is drawn; ``geometry`` is GeoJSON in EPSG:4326."""

    name: str = ""
    kind: str = ""
    level: str = ""
    geometry: dict[str, Any]
    valid_from: Moment | None = None
    valid_to: Moment | None = None
    source: str = Field("", max_length=200)
    note: str = Field("", max_length=200)
    repair: bool = False


class Changed(Drawn):
    """A zone changed, upon the version it was drawn upon."""

    version: int
    reason: str = Field("", max_length=200)


class Lifted(Schema):
    """Why a zone is lifted."""

    reason: str = Field("", max_length=200)


class Sketch(Schema):
    """A shape being drawn, and how far around it to look, in metres."""

    geometry: dict[str, Any]
    distance_m: Around = 0


@router.get("/zones", summary="Hazard zones as of a moment")
def listed(request: HttpRequest, at: Moment | None = None) -> HttpResponse:
    """Give the zones in force at a moment, as they were known then (default: now), as GeoJSON."""
    moment = at or timezone.now()
    return answer(
        {
            "type": "FeatureCollection",
            "at": moment,
            "features": zone_queries.at(moment, scope=reader(request).known),
        }
    )


@router.get("/zones/choices", summary="Kinds and levels of zones")
def choices(request: HttpRequest) -> HttpResponse:
    """Give the kinds and levels a zone may have, in the reader's language, and what limits its texts."""
    return answer(
        {
            "kinds": [{"key": key, "name": str(name)} for key, name in HazardZone.Kind.choices],
            "levels": [{"key": key, "name": str(name)} for key, name in HazardZone.Level.choices],
            "most_around_m": MOST_AROUND_M,
            "longest_name": zones.MAX_NAME,
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
        note=body.note,
        by=rights,
        now=now,
    )
    return answer({"zone": zone_view(zone), "repaired": clean.repaired}, 201)


@router.post("/zones/threat", summary="Who lies in a shape being drawn")
def sketched(request: HttpRequest, body: Sketch) -> HttpResponse:
    """Count who and what lies in a shape that is not a zone yet.

    One that crosses itself is counted as it would be repaired; ``repair`` then gives that shape
    and says what was wrong, and where.
    """
    scope = looking(reader(request))
    clean = zones.shape_of(body.geometry, repair=True)
    return threat_answer(
        clean.shape, scope, body.distance_m, repair=_repair(clean) if clean.repaired else None
    )


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
        area_code=_area_after(zone, clean.shape, rights),
        source=body.source or zone.source,
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
def threatened(request: HttpRequest, zone_id: UUID, distance_m: Around = 0) -> HttpResponse:
    """Count who and what of the reader's areas lies in a zone, or within a distance of it."""
    rights = reader(request)
    scope = looking(rights)
    zone = _zone(zone_id, rights)
    return threat_answer(zone.boundary, scope, distance_m)


def _zone(zone_id: UUID, rights: Rights) -> HazardZone:
    found: HazardZone | None = HazardZone.objects.touching(rights.known).filter(pk=zone_id).first()
    if found is None:
        raise problems.NOT_FOUND()
    return found


def _area_after(zone: HazardZone, shape: MultiPolygon, rights: Rights) -> str:
    """Give the area of a changed zone: another only if its outline moved."""
    if zone.boundary.equals(shape):
        return str(zone.area_id)
    return zones.area_of(shape, _drawing(rights))


def _drawing(rights: Rights) -> AreaScope:
    scope = rights.where("zone.draw")
    if not scope.prefixes:
        raise problems.NOT_ALLOWED()
    return scope


def looking(rights: Rights) -> AreaScope:
    """Give the areas in which the reader may ask whom a shape threatens."""
    scope = rights.where("zone.threat")
    if not scope.prefixes:
        raise problems.NOT_ALLOWED()
    return scope


def threat_answer(shape: Any, scope: AreaScope, distance_m: float, **more: Any) -> HttpResponse:
    """Answer with who and what of a scope lies in a shape or so many metres around it, and on what that rests."""
    size = book.value("household.size")
    found = threat.of(shape, scope=scope, distance_m=distance_m, household_size=size)
    words = [threat.ASSUMPTIONS[key][_told()].format(size=size) for key in found.assumptions]
    return answer({**_plain(found), "assumptions": words, **more})


def _told() -> int:
    """Give the reader's place in a pair of words: Chinese, English."""
    return 1 if (get_language() or "").startswith("en") else 0


def _repair(clean: shapes.Clean) -> dict[str, Any]:
    """Say what was wrong with a shape, where, and what it would be repaired to."""
    fault = clean.fault
    return {
        "geometry": json.loads(clean.shape.json),
        "why": shapes.WHY[fault.why][_told()].format(**fault.params) if fault else "",
        "at": [fault.params["lon"], fault.params["lat"]] if fault and "lon" in fault.params else None,
    }


def _plain(found: threat.Threat) -> dict[str, Any]:
    return {name: getattr(found, name) for name in found.__struct_fields__}
