"""HTTP doors of the replay: an event's time line, the state of a moment, pages of changes, totals, what is new."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.gzip import gzip_page
from ninja import Query, Router
from ninja.decorators import decorate_view

from disaster.briefings import queries
from disaster.briefings.replay import moments, since
from disaster.journal import replay
from disaster.people.http import Moment, answer, reader

router = Router(tags=["replay"])
BIGINT = 1 << 63


@router.get("/replay/{event_id}", summary="An event's time line")
def time_line(request: HttpRequest, event_id: UUID) -> HttpResponse:
    """Give from when to when an event can be replayed, how many reports came when, and where to jump to."""
    scope = moments.seen(reader(request))
    event = moments.one_event(event_id, scope)
    return answer(moments.time_line(event, scope, now=timezone.now()))


@router.get("/replay/{event_id}/state", summary="All objects as of a moment")
@decorate_view(gzip_page)
def state(request: HttpRequest, event_id: UUID, at: Moment) -> HttpResponse:
    """Give what the map showed at a moment: reports of the event, zones, closures, shelters, warnings, relief.

    ``unmoved`` is what was loaded beside the journal, and had not been told of by then.
    """
    scope = moments.seen(reader(request))
    event = moments.one_event(event_id, scope)
    objects = replay.state(at, scope=scope, event=event.id)
    return answer({"at": at, "objects": objects, "unmoved": moments.unmoved(scope)})


@router.get("/replay/{event_id}/changes", summary="What changed after a moment, page by page")
@decorate_view(gzip_page)
def changes(
    request: HttpRequest,
    event_id: UUID,
    since: Moment,
    until: Moment,
    after: Annotated[int | None, Query(ge=-BIGINT, lt=BIGINT)] = None,
    limit: Annotated[int, Query(ge=1, le=replay.PAGE)] = replay.PAGE,
) -> HttpResponse:
    """Give the changes in (since, until] in order of time; ``next`` asks for the page after, null at the end."""
    scope = moments.seen(reader(request))
    moments.one_event(event_id, scope)
    rows = replay.changes(since, until, scope=scope, after=after, limit=limit)
    # A page may end early by its weight, so that only an empty one is surely the last.
    last = {"since": rows[-1].at, "after": rows[-1].id} if rows else None
    return answer({"rows": [row._asdict() for row in rows], "next": last})


@router.get("/replay/{event_id}/totals", summary="Sums as of a moment")
@decorate_view(gzip_page)
def totals(request: HttpRequest, event_id: UUID, at: Moment) -> HttpResponse:
    """Give the event's roll-up as of a moment in the reader's areas: the numbers a briefing of then says."""
    scope = moments.seen(reader(request))
    event = moments.one_event(event_id, scope)
    return answer(moments.totals(event.id, scope, at=at))


@router.get("/replay/{event_id}/since-briefing", summary="What has changed since the last briefing")
@decorate_view(gzip_page)
def since_briefing(request: HttpRequest, event_id: UUID) -> HttpResponse:
    """Give each figure's way from the last briefing to now with its causes, as text and by area."""
    scope = queries.seen(reader(request))
    event = moments.one_event(event_id, scope)
    return answer(since.changes(event.id, scope, now=timezone.now(), language=get_language() or "zh-hans"))
