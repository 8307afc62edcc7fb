"""HTTP doors of reminding: what was said and held, and the stop switch."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Router, Schema

from disaster.duty.reminders import queries, services
from disaster.people.http import answer, reader

router = Router(tags=["duty"])


class Stop(Schema):
    """Where reminding stops, and why."""

    area: str
    reason: str = ""


class Resume(Schema):
    """Where reminding goes on."""

    area: str


@router.get("/duty/reminders", summary="Reminders said and held")
def reminders(request: HttpRequest) -> HttpResponse:
    """Give the newest reminders of the reader's area, and where reminding is stopped."""
    return answer(queries.recent(scope=reader(request).where("duty.see")))


@router.post("/duty/reminders/stop", summary="Stop reminding in an area")
def stop(request: HttpRequest, body: Stop) -> HttpResponse:
    """Stop all reminders in an area until somebody resumes them."""
    services.stop(area_code=body.area, reason=body.reason, by=reader(request), now=timezone.now())
    return answer({"stopped": True})


@router.post("/duty/reminders/resume", summary="Resume reminding in an area")
def resume(request: HttpRequest, body: Resume) -> HttpResponse:
    """Let reminders go out again."""
    services.resume(area_code=body.area, by=reader(request), now=timezone.now())
    return answer({"stopped": False})
