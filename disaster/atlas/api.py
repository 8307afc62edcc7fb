"""HTTP doors of the map's tools: what is found, counted around a shape, kept, drawn as a chart and printed."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Field, Query, Router, Schema
from pydantic import AfterValidator

from disaster import problems
from disaster.atlas import around, card, kept, names, printing, search, trend
from disaster.atlas.seen import Narrowed
from disaster.events.zones_api import Around, looking, threat_answer
from disaster.people.http import Moment, answer, handed, reader
from gis.scope import is_code

router = Router(tags=["map"])
WAITING = 500
"""Names spelled before a search at most: half a second; the errand does the rest."""


def _area(code: str) -> str:
    if code and not is_code(code):
        raise ValueError("not an area code")
    return code


AreaCode = Annotated[str, AfterValidator(_area)]
Lon = Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)]
Lat = Annotated[float, Field(ge=-85, le=85, allow_inf_nan=False)]
Zoom = Annotated[float, Field(ge=0, le=24, allow_inf_nan=False)]
Word = Annotated[str, Field(max_length=80)]
PrintedLayer = Literal[
    "townships", "villages", "zones", "closures", "roads", "shelters", "reports", "trips", "silence"
]
LayerName = Annotated[str, Field(max_length=24, pattern=r"^[a-z_]+$")]


class Shape(Schema):
    """A point, a line or a polygon as GeoJSON (EPSG:4326), and how far around it to look, in metres."""

    geometry: dict[str, Any]
    distance_m: Around = 0


class Filter(Schema):
    """What the map's filters let through; "" lets all through."""

    event: Word = ""
    township: Word = ""
    hazard: Word = ""
    kind: Word = ""
    state: Word = ""


class State(Schema):
    """How the map is looked at: middle (EPSG:4326), zoom, layers that are off, filters, and a moment (none: live)."""

    lon: Lon
    lat: Lat
    zoom: Zoom
    hidden: list[LayerName] = Field(default_factory=list, max_length=40)
    filter: Filter = Field(default_factory=Filter)
    moment: Moment | None = None


class Kept(Schema):
    """A view to be kept."""

    name: Word
    state: State


class Changed(Schema):
    """A view to be changed; without ``state`` it looks where it looked."""

    name: Word
    state: State | None = None
    shared: bool = False


class Sheet(Schema):
    """A window to be printed as it stands on the screen.

    ``moment``: the replay of ``event`` at a moment; without it the present, where ``zones_moment`` may name another
    moment for the hazard zones alone. ``event``: none for the reports that name no event; "" lets all through.
    """

    west: Lon
    south: Lat
    east: Lon
    north: Lat
    title: Word
    layers: list[PrintedLayer]
    size: Literal["A4", "A3"] = "A4"
    form: Literal["pdf", "png"] = "pdf"
    moment: Moment | None = None
    zones_moment: Moment | None = None
    event: UUID | Literal["", "none"] = ""
    township: AreaCode = ""
    hazard: Word = ""
    kind: Word = ""
    state: Word = ""
    secret: bool = True


@router.get("/map/search", summary="Find on the map")
def found(request: HttpRequest, q: Annotated[str, Query(max_length=200)] = "") -> HttpResponse:
    """Find villages, townships, officers, shelters, warehouses, zones and reports of the reader's areas.

    By characters, full pinyin or the initials of it; a report by its number.
    """
    names.refresh(WAITING)
    return answer({"found": search.find(q, by=reader(request), on=timezone.localdate())})


@router.get("/map/areas/{code}", summary="A village or township on the map")
def area(request: HttpRequest, code: str) -> HttpResponse:
    """Give a village or township with those who work there, telephone numbers masked."""
    if not is_code(code):
        raise problems.NOT_FOUND()
    return answer(card.of(code, by=reader(request), on=timezone.localdate()))


@router.post("/map/around", summary="Who lies around a shape")
def who_around(request: HttpRequest, body: Shape) -> HttpResponse:
    """Count who and what lies in a shape or so many metres around it; ``outline`` is the line around."""
    scope = looking(reader(request))
    shape = around.read(body.geometry, body.distance_m)
    return threat_answer(shape, scope, body.distance_m, outline=around.outline(shape, body.distance_m))


@router.get("/map/views", summary="The reader's views of the map")
def views(request: HttpRequest) -> HttpResponse:
    """Give the views the reader keeps."""
    by = reader(request)
    return answer({"views": [kept.told(one, by=by) for one in kept.kept_by(by.person_id)]})


@router.post("/map/views", summary="Keep a view of the map")
def keep(request: HttpRequest, body: Kept) -> HttpResponse:
    """Keep how the map is looked at under a name."""
    by = reader(request)
    state = body.state.model_dump(mode="json")
    return answer({"view": kept.told(kept.keep(body.name, state, by=by, now=timezone.now()), by=by)}, 201)


@router.get("/map/views/{view_id}", summary="A view of the map")
def view(request: HttpRequest, view_id: UUID) -> HttpResponse:
    """Give a view of one's own or a shared one: where to look, never what is there."""
    by = reader(request)
    return answer({"view": kept.told(kept.one(view_id, by=by), by=by)})


@router.put("/map/views/{view_id}", summary="Change or share a view of the map")
def change(request: HttpRequest, view_id: UUID, body: Changed) -> HttpResponse:
    """Rename a view, look elsewhere with it, share it or share it no longer."""
    by = reader(request)
    state = body.state.model_dump(mode="json") if body.state else None
    changed = kept.change(view_id, name=body.name, state=state, shared=body.shared, by=by, now=timezone.now())
    return answer({"view": kept.told(changed, by=by)})


@router.delete("/map/views/{view_id}", summary="Remove a view of the map")
def remove(request: HttpRequest, view_id: UUID) -> HttpResponse:
    """Remove a view of one's own."""
    kept.remove(view_id, by=reader(request), now=timezone.now())
    return answer({})


@router.get("/map/trend", summary="A figure over time and by area")
def drawn(
    request: HttpRequest,
    event: UUID,
    indicator: Annotated[str, Query(max_length=60)],
    area: AreaCode = "",
    until: Moment | None = None,
) -> HttpResponse:
    """Give an indicator of an event as of evenly spaced moments, and by township (or village) at the last."""
    now: datetime = timezone.now()
    made = trend.of(
        event_id=event, indicator=indicator, area=area, until=until or now, by=reader(request), now=now
    )
    return answer(made._asdict())


@router.post("/map/print", summary="A window of the map as a printed sheet")
def printed(request: HttpRequest, body: Sheet) -> HttpResponse:
    """Give what the reader sees of a window as a sheet for paper; put on record."""
    wanted = printing.Wanted(
        box=(body.west, body.south, body.east, body.north),
        title=body.title,
        layers=frozenset(body.layers),
        size=body.size,
        form=body.form,
        moment=body.moment,
        zones_moment=body.zones_moment,
        narrowed=Narrowed(body.event, body.township, body.hazard, body.kind, body.state),
        is_secret=body.secret,
    )
    file = printing.printed_view(wanted, by=reader(request), now=timezone.now())
    return handed(file.name, file.data, file.media_type)
