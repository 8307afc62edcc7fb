"""Questions about briefings: which there are, one of them, who read it."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Count, QuerySet

from disaster import problems
from disaster.briefings.models import Briefing
from disaster.people.scope import Rights
from gis.scope import AreaScope


def seen(by: Rights) -> AreaScope:
    """Give where a reader may see briefings; 403.1 if nowhere."""
    scope = by.where("briefing.see")
    if not scope.prefixes:
        raise problems.NOT_ALLOWED()
    return scope


def listed(scope: AreaScope) -> QuerySet[Briefing]:
    """Give the briefings of a scope, the newest first, each with how often it was opened."""
    found: QuerySet[Briefing] = (
        Briefing.objects.within(scope)
        .select_related("area", "event")
        .defer("content", "area__boundary")
        .annotate(opened=Count("openings"))
        .order_by("-made_at")
    )
    return found


def one(briefing_id: UUID, *, by: Rights) -> Briefing:
    """Give a briefing; 403.1 for whoever sees none, 404.1 if it is out of sight."""
    found: Briefing | None = (
        Briefing.objects.within(seen(by)).select_related("area", "event").filter(pk=briefing_id).first()
    )
    if found is None:
        raise problems.NOT_FOUND()
    return found
