"""HTTP doors of warnings: alerts come in with a token; notices go out and are confirmed."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Router, Schema
from ninja.security import HttpBearer
from pydantic import AwareDatetime

from disaster import problems
from disaster.people.http import answer, reader
from disaster.people.scope import Rights
from disaster.warnings import notices, tokens
from disaster.warnings.alerts.receive import receive
from disaster.warnings.alerts.xml import MAX_BYTES
from disaster.warnings.models import Alert
from disaster.warnings.shown import alert_view, notice_view
from gis.models import HazardZone

router = Router(tags=["warnings"])


class Token(HttpBearer):
    """A feeder's token in ``Authorization: Bearer …``; no session opens this door."""

    def authenticate(self, request: HttpRequest, token: str) -> Rights:
        """Give the feeder's rights."""
        return tokens.admit(token, now=timezone.now())


class Send(Schema):
    """Which zone's villages are told; without ``areas`` all that lie in it."""

    zone: UUID
    instruction: str = ""
    areas: list[str] | None = None


class Said(Schema):
    """What a village answers; ``id`` is made by whoever says it, once."""

    id: UUID
    answer: str
    persons: int | None = None
    words: str = ""
    said_at: AwareDatetime | None = None


@router.post("/alerts", auth=Token(), summary="Bring an alert of CAP 1.2 or GB/T 35965.1")
def post_alert(request: HttpRequest) -> HttpResponse:
    """Take one alert as XML: 201 when it is new, 200 when it was here before."""
    by: Rights = request.auth  # type: ignore[attr-defined]
    try:
        data = request.body
    except RequestDataTooBig:
        raise problems.TOO_LARGE(limit=f"{MAX_BYTES // 1024} KB") from None
    received = receive(data, way=Alert.Way.POST, by=by, now=timezone.now())
    told = alert_view(received.alert)
    zones = list(received.alert.zones.values_list("id", flat=True))
    return answer({"alert": told, "zones": zones}, 201 if received.is_new else 200)


@router.post("/notices", summary="Tell the officers of the villages in a zone")
def send(request: HttpRequest, body: Send) -> HttpResponse:
    """Send a notice to each village in a zone that has not been told yet."""
    zone = HazardZone.objects.filter(pk=body.zone).first()
    if zone is None:
        raise problems.NOT_FOUND()
    made = notices.send(
        zone, by=reader(request), now=timezone.now(), instruction=body.instruction, villages=body.areas
    )
    told: list[Any] = [notice_view(row) for row in made]
    return answer({"notices": told}, 201)


@router.post("/notices/{notice_id}/confirmations", summary="Answer a notice")
def confirm(request: HttpRequest, notice_id: UUID, body: Said) -> HttpResponse:
    """Confirm a notice for its village: received, moved with how many persons, or which help is needed."""
    notice = notices.confirm(
        notice_id,
        confirmation=body.id,
        answer=body.answer,
        persons=body.persons,
        words=body.words,
        said_at=body.said_at,
        by=reader(request),
        now=timezone.now(),
    )
    return answer(notice_view(notice))
