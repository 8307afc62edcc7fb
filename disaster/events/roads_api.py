"""HTTP doors of the roads: closed and opened; ways, isochrones and matrices that keep clear of dangers."""

from __future__ import annotations

import math
from typing import Annotated, Any
from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import get_language
from ninja import Field, Query, Router, Schema
from pydantic import AfterValidator

from disaster import problems
from disaster.events import closures, queries, zones
from disaster.people.http import Moment, answer, reader
from disaster.people.scope import Rights
from gis import locate, routing
from gis.scope import AreaScope
from gis.shown import closure_view

router = Router(tags=["roads"])
MOST_PLACES = 400
MOST_ALTERNATIVES = 3


def _placed(place: tuple[float, float]) -> tuple[float, float]:
    lon, lat = place
    if not (math.isfinite(lon) and math.isfinite(lat) and locate.in_china(lon, lat)):
        raise ValueError("longitude first, degrees, in China")
    return place


Place = Annotated[tuple[float, float], AfterValidator(_placed)]
"""Longitude and latitude, EPSG:4326."""
BAD_PLACE = problems.Words("须为“经度,纬度”,在中国境内", "Longitude, latitude, in China")
BAD_MINUTES = problems.Words("须为1至240的整数,最多6个", "Whole numbers from 1 to 240, six at most")


class Closed(Schema):
    """A road closed; ``geometry`` is a GeoJSON point or line in EPSG:4326, ``id`` the sender's own."""

    id: UUID = Field(default_factory=uuid4)
    geometry: dict[str, Any]
    reason: str = Field("", max_length=500)
    radius_m: int | None = Field(None, ge=-(2**31), lt=2**31)
    valid_to: Moment | None = None


class Said(Schema):
    """Why a road is closed and until when, said anew."""

    reason: str = Field("", max_length=500)
    valid_to: Moment | None = None


class Way(Schema):
    """From where to where, each ``116.58,30.63``, and how many other ways to look for."""

    start: str = Field(max_length=60)
    end: str = Field(max_length=60)
    alternatives: int = Field(0, ge=0, le=MOST_ALTERNATIVES)


class Around(Schema):
    """From where, and within how many minutes each: ``15,30,60``."""

    place: str = Field(max_length=60)
    minutes: str = Field("15,30,60", max_length=40)


class Many(Schema):
    """Many ways at once."""

    origins: list[Place] = Field(max_length=MOST_PLACES)
    destinations: list[Place] = Field(max_length=MOST_PLACES)


@router.get("/closures", summary="Roads closed now")
def listed(request: HttpRequest) -> HttpResponse:
    """Give the closed roads that concern the reader."""
    return answer({"closures": queries.closures_in(reader(request).known)})


@router.post("/closures", summary="Close a road")
def close(request: HttpRequest, body: Closed) -> HttpResponse:
    """Close a road where the map was marked; sent twice with one id, it is closed once.

    ``roads`` counts the pieces it shuts: 0 when the mark lies beside every road.
    """
    rights = reader(request)
    shape = closures.place_of(body.geometry)
    closure, is_new = closures.close_road(
        closure_id=body.id,
        shape=shape,
        area_code=zones.area_of(shape, _closing(rights)),
        reason=body.reason,
        radius_m=body.radius_m,
        valid_to=body.valid_to,
        by=rights,
        now=timezone.now(),
    )
    shut = routing.shut_by(closure.pk)
    return answer({"closure": closure_view(closure), "roads": shut}, 201 if is_new else 200)


@router.put("/closures/{closure_id}", summary="Say anew why a road is closed")
def change(request: HttpRequest, closure_id: UUID, body: Said) -> HttpResponse:
    """Change the reason and the expected opening."""
    closure = closures.change_closure(
        closure_id, reason=body.reason, valid_to=body.valid_to, by=reader(request), now=timezone.now()
    )
    return answer({"closure": closure_view(closure)})


@router.post("/closures/{closure_id}/open", summary="Open a road")
def reopen(request: HttpRequest, closure_id: UUID) -> HttpResponse:
    """Open a road again."""
    closure = closures.open_road(closure_id, by=reader(request), now=timezone.now())
    return answer({"closure": closure_view(closure)})


@router.get("/routes", summary="A way that keeps clear of dangers")
def ways(request: HttpRequest, way: Query[Way]) -> HttpResponse:
    """Give the quickest dry way and some others, or say plainly that there is none."""
    _routing(reader(request))
    found = routing.path(
        _place("start", way.start), _place("end", way.end), at=timezone.now(), alternatives=way.alternatives
    )
    language = get_language() or "zh-hans"
    return answer(
        {
            "routes": [
                {
                    "is_dry": route.verdict not in routing.NO_DRY,
                    "verdict": route.verdict,
                    "told": route.told(language),
                    "minutes": round(route.seconds / 60, 1),
                    "km": round(route.metres / 1000, 2),
                    "walk_m": round(route.walk_m),
                    "meets": route.meets,
                    "named": route.named,
                    "directions": route.directions(language),
                    "geometry": {"type": "LineString", "coordinates": route.line} if route.line else None,
                }
                for route in found
            ]
        }
    )


@router.get("/routes/reach", summary="What is reached within minutes")
def reached(request: HttpRequest, around: Query[Around]) -> HttpResponse:
    """Give rings along the roads that are reached in time (等时圈), the farthest first."""
    _routing(reader(request))
    rings = routing.reach(_place("place", around.place), _minutes(around.minutes), at=timezone.now())
    return answer({"type": "FeatureCollection", "features": rings})


@router.post("/routes/matrix", summary="Minutes between many places")
def matrix(request: HttpRequest, body: Many) -> HttpResponse:
    """Give the minutes by dry road from each origin to each destination; null where there is none."""
    _routing(reader(request))
    seconds = routing.matrix(body.origins, body.destinations, at=timezone.now())
    return answer(
        {
            "minutes": [
                [round(one / 60, 1) if math.isfinite(one) else None for one in row]
                for row in seconds.tolist()
            ]
        }
    )


def _minutes(text: str) -> list[int]:
    parts = text.split(",")
    if len(parts) > 6 or not all(
        part.isascii() and part.isdigit() and 1 <= int(part) <= 240 for part in parts
    ):
        raise problems.BAD_FIELDS({"minutes": problems.FieldError(BAD_MINUTES)})
    return [int(part) for part in parts]


def _place(name: str, text: str) -> tuple[float, float]:
    try:
        lon, lat = (float(part) for part in text.split(","))
        return _placed((lon, lat))
    except ValueError:
        raise problems.BAD_FIELDS({name: problems.FieldError(BAD_PLACE)}) from None


def _closing(rights: Rights) -> AreaScope:
    scope = rights.where("road.close")
    if not scope.prefixes:
        raise problems.NOT_ALLOWED()
    return scope


def _routing(rights: Rights) -> None:
    if not rights.where("road.route").prefixes:
        raise problems.NOT_ALLOWED()
