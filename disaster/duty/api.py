"""HTTP doors of the duty desk: the board, the call list, calls and numbers."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import get_language
from ninja import Router, Schema
from pydantic import AwareDatetime

from disaster.duty import board, services, silence
from disaster.people.http import answer, reader

router = Router(tags=["duty"])


class CallIn(Schema):
    """A telephone call as the desk writes it down."""

    area: str
    callee: str = ""
    outcome: str
    direction: str = "down"
    content: str = ""
    at: AwareDatetime | None = None
    event: UUID | None = None
    report: UUID | None = None


class Place(Schema):
    """The area whose officers are to be called."""

    area: str


@router.get("/duty/board", summary="What is owed, until when")
def get_board(request: HttpRequest, event: UUID | None = None) -> HttpResponse:
    """Give what each area in the reader's sight owes, the oldest deadline first."""
    now = timezone.now()
    return answer(
        {"now": now, "owed": board.owed(scope=reader(request).where("duty.see"), now=now, event=event)}
    )


@router.get("/duty/silence", summary="Who should have spoken and has not")
def get_silence(request: HttpRequest, event: UUID | None = None) -> HttpResponse:
    """Give the silent villages as GeoJSON points (EPSG:4326), those to be called first at the head."""
    now = timezone.now()
    found = silence.ranked(scope=reader(request).where("duty.see"), now=now, event=event)
    return answer({"type": "FeatureCollection", "now": now, "features": [_feature(one) for one in found]})


def _feature(one: silence.Silent) -> dict[str, Any]:
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [one.lon, one.lat]} if one.lon is not None else None,
        "properties": {
            "area": one.owed.area,
            "name": one.owed.area_name,
            "event": one.owed.event,
            "cause": one.owed.cause,
            "state": one.owed.state,
            "due_at": one.owed.due_at,
            "zone": one.zone,
            "score": one.score,
            "why": one.why(get_language() or "zh-hans"),
        },
    }


@router.post("/duty/calls", summary="Record a call")
def record_call(request: HttpRequest, body: CallIn) -> HttpResponse:
    """Put a telephone call on record."""
    call = services.record_call(
        area_code=body.area,
        callee=body.callee,
        outcome=body.outcome,
        direction=body.direction,
        content=body.content,
        at=body.at,
        event=body.event,
        report=body.report,
        by=reader(request),
        now=timezone.now(),
    )
    return answer({"id": call.id, "at": call.at}, 201)


@router.post("/duty/numbers", summary="Look up an area's numbers to call them")
def numbers(request: HttpRequest, body: Place) -> HttpResponse:
    """Give the officers' numbers in clear; the journal keeps who looked."""
    found = services.numbers_of(body.area, by=reader(request), now=timezone.now())
    return answer({"numbers": [one._asdict() for one in found]})
