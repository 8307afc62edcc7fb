"""HTTP door of the wall: what it shows besides the feed."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import get_language
from ninja import Router

from disaster import problems
from disaster.briefings.wall.facts import facts
from disaster.people.http import answer, reader

router = Router(tags=["wall"])


@router.get("/wall", summary="The duty room's board, but for the feed")
def wall(request: HttpRequest) -> HttpResponse:
    """Give totals with their trend, who is late, countdowns and relief in the reader's areas."""
    by = reader(request)
    if not by.where("duty.see").prefixes:
        raise problems.NOT_ALLOWED()
    return answer(facts(by, now=timezone.now(), language=get_language() or "zh-hans"))
