"""HTTP doors of the events: opening, changing, merging, splitting, proposals, responses."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Router, Schema
from pydantic import AwareDatetime

from disaster import problems
from disaster.events import decide
from disaster.events import services as events
from disaster.events.models import Event, Response, view
from disaster.people.http import answer, reader
from disaster.people.scope import require
from disaster.reports import advice, proposals, rollup, services
from gis.scope import AreaScope

router = Router(tags=["events"])


class Opening(Schema):
    """An event to be opened."""

    name: str = ""
    hazard: str = ""
    area: str
    started_at: AwareDatetime
    warning: str = ""


class Change(Schema):
    """What changes; what is left out stays."""

    name: str | None = None
    hazard: str | None = None
    started_at: AwareDatetime | None = None
    stable_at: AwareDatetime | None = None
    unstable: bool = False


class Into(Schema):
    """The event that takes another's reports."""

    into: UUID


class Split(Schema):
    """The new event, and what moves to it: all reports of some areas, and reports one by one."""

    name: str = ""
    hazard: str = ""
    areas: Sequence[str] = ()
    reports: Sequence[UUID] = ()


class Confirm(Schema):
    """The name of the event that a proposal becomes."""

    name: str = ""


class Start(Schema):
    """A response as it is started."""

    area: str
    level: int
    number: str = ""
    started_at: AwareDatetime
    measures: str = ""


class End(Schema):
    """A response as it is ended."""

    number: str = ""
    ended_at: AwareDatetime


def _event(event_id: UUID, request: HttpRequest, verb: str) -> Event:
    found: Event | None = Event.objects.filter(pk=event_id).first()
    if found is None:
        raise problems.NOT_FOUND()
    require(reader(request), verb, found.area_code)
    return found


@router.post("/events", summary="Open an event")
def open_event(request: HttpRequest, body: Opening) -> HttpResponse:
    """Open an event by hand, or upon a warning."""
    event = events.open_event(
        name=body.name,
        hazard=body.hazard,
        area_code=body.area,
        started_at=body.started_at,
        origin=Event.Origin.WARNING if body.warning.strip() else Event.Origin.HAND,
        warning=body.warning,
        by=reader(request),
        now=timezone.now(),
    )
    return answer(view(event), 201)


@router.post("/events/{event_id}/change", summary="Change an event")
def change_event(request: HttpRequest, event_id: UUID, body: Change) -> HttpResponse:
    """Change an event's name, main hazard or times."""
    event = _event(event_id, request, "event.change")
    return answer(view(events.change_event(event, by=reader(request), now=timezone.now(), **body.dict())))


@router.post("/events/{event_id}/close", summary="Close an event")
def close_event(request: HttpRequest, event_id: UUID) -> HttpResponse:
    """End an event."""
    event = _event(event_id, request, "event.close")
    return answer(view(events.close_event(event, by=reader(request), now=timezone.now())))


@router.post("/events/{event_id}/merge", summary="Merge an event into another")
def merge_event(request: HttpRequest, event_id: UUID, body: Into) -> HttpResponse:
    """Merge an event into another; its reports move."""
    source, into = _event(event_id, request, "event.change"), _event(body.into, request, "event.change")
    moved = services.merge_events(source, into, by=reader(request), now=timezone.now())
    return answer({"moved": len(moved), "into": into.id})


@router.post("/events/{event_id}/unmerge", summary="Undo a merge")
def unmerge_event(request: HttpRequest, event_id: UUID) -> HttpResponse:
    """Undo a merge: the reports go back, the event is open again; names who has reports in both."""
    source = _event(event_id, request, "event.change")
    into = source.merged_into
    moved = services.unmerge_event(source, by=reader(request), now=timezone.now())
    both = services.shared_areas(source, into) if into else []
    return answer({"moved": len(moved), "both": both})


@router.post("/events/{event_id}/split", summary="Split an event")
def split_event(request: HttpRequest, event_id: UUID, body: Split) -> HttpResponse:
    """Open a new event out of another; the chosen reports move to it."""
    event = _event(event_id, request, "event.change")
    ids = [*services.reports_of(event, body.areas), *body.reports]
    fresh = services.split_event(
        event, name=body.name, hazard=body.hazard, reports=ids, by=reader(request), now=timezone.now()
    )
    return answer(view(fresh), 201)


@router.post("/events/proposals/look", summary="Look for possible events")
def look(request: HttpRequest) -> HttpResponse:
    """Look for clusters of reports that stand in no event."""
    rights = reader(request)
    if not rights.where("event.open").prefixes:
        raise problems.NOT_ALLOWED()
    return answer({"proposed": [one.id for one in proposals.look(by=rights, now=timezone.now())]})


@router.post("/events/proposals/{proposal_id}/confirm", summary="Open an event from a proposal")
def confirm(request: HttpRequest, proposal_id: UUID, body: Confirm) -> HttpResponse:
    """Open an event from a proposal, with its reports."""
    event = proposals.confirm(proposal_id, name=body.name, by=reader(request), now=timezone.now())
    return answer(view(event), 201)


@router.post("/events/proposals/{proposal_id}/dismiss", summary="Dismiss a proposal")
def dismiss(request: HttpRequest, proposal_id: UUID) -> HttpResponse:
    """Say that a proposal is no event."""
    proposals.dismiss(proposal_id, by=reader(request), now=timezone.now())
    return answer({})


@router.post("/events/{event_id}/responses", summary="Start a response")
def start_response(request: HttpRequest, event_id: UUID, body: Start) -> HttpResponse:
    """Put the start of a response on record, with the advice as it stands now."""
    event = _event(event_id, request, "response.decide")
    now = timezone.now()
    table = rollup.table(event=event.id, cutoff=now, scope=AreaScope.of([event.area_code]))
    figures = table[event.area_code].figures if event.area_code in table else {}
    made = decide.start_response(
        event.id,
        area_code=body.area,
        level=body.level,
        number=body.number,
        started_at=body.started_at,
        measures=body.measures,
        basis=advice.advise_with_residents(event.area_code, figures, cutoff=now).basis(),
        by=reader(request),
        now=now,
    )
    return answer(_told(made), 201)


@router.post("/responses/{response_id}/end", summary="End a response")
def end_response(request: HttpRequest, response_id: UUID, body: End) -> HttpResponse:
    """Put the end of a response on record."""
    ended = decide.end_response(
        response_id, number=body.number, ended_at=body.ended_at, by=reader(request), now=timezone.now()
    )
    return answer(_told(ended))


def _told(response: Response) -> dict[str, Any]:
    return {
        "id": response.id,
        "level": response.level,
        "number": response.number,
        "area": response.area_code,
        "started_at": response.started_at,
        "ended_at": response.ended_at,
    }
