"""Questions about briefings: which there are, one of them, who read it."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db.models import Count, QuerySet
from django.utils.translation import gettext_lazy as _

from disaster import problems
from disaster.briefings.models import Briefing, Opening
from disaster.people.scope import Rights
from gis.scope import AreaScope

FORMS = {"page": _("网页"), "figure": _("数字来源"), "map": _("地图")}
"""What an opening's form is called; the other forms are named by their files' endings."""


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


class Reader(NamedTuple):
    """Whoever was told of a briefing or opened it: when it was sent and how, when it was first and last read."""

    name: str
    sent_at: datetime | None
    channel: str
    outcome: str
    first_at: datetime | None
    last_at: datetime | None
    forms: str


def readers(briefing: Briefing) -> list[Reader]:
    """Say who was told of a briefing and who has read it, those who have not read it first; two statements."""
    told = {row.person_id: row for row in briefing.tellings.select_related("person").order_by("-id")}
    opened: dict[int, list[Opening]] = {}
    for row in briefing.openings.order_by("at"):
        opened.setdefault(row.by_id, []).append(row)
    found = []
    for person in [*told, *(key for key in opened if key not in told)]:
        telling, mine = told.get(person), opened.get(person, [])
        found.append(
            Reader(
                name=mine[0].by_name if mine else telling.person.name if telling else "",
                sent_at=telling.at if telling else None,
                channel=telling.channel if telling else "",
                outcome=str(telling.get_outcome_display()) if telling else "",
                first_at=mine[0].at if mine else None,
                last_at=mine[-1].at if mine else None,
                forms=" / ".join(dict.fromkeys(str(FORMS.get(one.form, one.form.upper())) for one in mine)),
            )
        )
    return sorted(found, key=lambda one: (one.first_at is not None, one.name))


def one(briefing_id: UUID, *, by: Rights) -> Briefing:
    """Give a briefing; 403.1 for whoever sees none, 404.1 if it is out of sight."""
    found: Briefing | None = (
        Briefing.objects.within(seen(by)).select_related("area", "event").filter(pk=briefing_id).first()
    )
    if found is None:
        raise problems.NOT_FOUND()
    return found
