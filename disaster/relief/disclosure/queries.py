"""Questions of the desk: which cases wait, which are late, where a notice has to be posted or photographed."""

from __future__ import annotations

from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from disaster import problems
from disaster.people.scope import Rights, require
from disaster.relief.disclosure.models import Case, Entry, Notice, NoticePhoto
from disaster.relief.needs.models import Application
from disaster.relief.needs.states import ASSESSED, ISSUED, POSTED
from gis.scope import AreaScope

LISTS = ("open", "late", "mine", "done")


class Counts(NamedTuple):
    """Cases in sight: open, late ones among them, taken first by the reader, settled."""

    open: int
    late: int
    mine: int
    done: int


def in_sight(by: Rights) -> QuerySet[Case]:
    """Give the cases a reader may see: those on conduct are no business of whoever is complained of."""
    everybody = Case.objects.within(by.where("case.see"))
    wary: AreaScope = by.where("case.conduct")
    return everybody.filter(~Q(kind=Case.Kind.CONDUCT) | Q(pk__in=Case.objects.within(wary).values("pk")))


def is_late(*, on: date) -> Q:
    """Say in the database's words that a case was not taken on, or not settled, in its time."""
    return Q(state=Case.State.RECEIVED, accept_due__lt=on) | Q(state__in=Case.OPEN, settle_due__lt=on)


def cases(which: str, *, by: Rights, on: date) -> QuerySet[Case]:
    """Give the cases of one list of :data:`LISTS`, those due first; the settled, the newest first."""
    asked = in_sight(by).select_related("area__parent", "application__household", "notice__programme")
    asked = asked.defer("area__boundary", "area__parent__boundary", "application__household__point")
    asked = asked.annotate(late=is_late(on=on))
    if which == "done":
        return asked.exclude(state__in=Case.OPEN).order_by("-settled_at", "number")
    asked = asked.filter(state__in=Case.OPEN)
    if which == "late":
        asked = asked.filter(late=True)
    if which == "mine":
        asked = asked.filter(first_id=by.person_id)
    return asked.order_by("settle_due", "received_at", "number")


def counts(*, by: Rights, on: date) -> Counts:
    """Count the cases in sight, in one statement."""
    is_open = Q(state__in=Case.OPEN)
    found = in_sight(by).aggregate(
        open=Count("pk", filter=is_open),
        late=Count("pk", filter=is_late(on=on)),
        mine=Count("pk", filter=is_open & Q(first_id=by.person_id)),
        done=Count("pk", filter=~is_open),
    )
    return Counts(**found)


def one_case(case_id: UUID, *, by: Rights) -> Case:
    """Give a case; 404.1 out of sight, 403.1 for whoever sees no cases there."""
    _require_any(by)
    asked = Case.objects.select_related(
        "area__parent", "application__household", "application__programme", "notice__programme"
    )
    found: Case | None = asked.defer("area__boundary", "area__parent__boundary").filter(pk=case_id).first()
    if found is None:
        raise problems.NOT_FOUND()
    require(by, "case.see", str(found.area_id))
    if found.kind == Case.Kind.CONDUCT and not by.may("case.conduct", str(found.area_id)):
        raise problems.NOT_FOUND()
    return found


def _require_any(by: Rights) -> None:
    if not by.where("case.see").prefixes:
        raise problems.NOT_ALLOWED()


def one_notice(notice_id: UUID, *, by: Rights) -> Notice:
    """Give a notice; 404.1 out of sight, 403.1 for whoever sees no cases there."""
    _require_any(by)
    asked = Notice.objects.select_related("programme__area", "area__parent")
    asked = asked.defer("programme__area__boundary", "area__boundary", "area__parent__boundary")
    found: Notice | None = asked.filter(pk=notice_id).first()
    if found is None:
        raise problems.NOT_FOUND()
    require(by, "case.see", str(found.area_id))
    return found


def notices(which: str, *, by: Rights, on: date) -> QuerySet[Notice]:
    """Give notices in sight: "run" (or wait for a photograph, or to be ended), or "done"."""
    asked = Notice.objects.within(by.where("case.see"))
    asked = asked.select_related("programme", "area__parent").defer(
        "area__boundary", "area__parent__boundary"
    )
    photographed = Exists(NoticePhoto.objects.filter(notice=OuterRef("pk")))
    asked = asked.annotate(
        has_photo=photographed,
        households=Count("entries", filter=Q(entries__is_current=True)),
    )
    ended = Q(over_at__isnull=False) | Q(down_at__isnull=False)
    if which == "done":
        return asked.filter(ended).order_by("-posted_at", "number")
    return asked.exclude(ended).order_by("until_on", "number")


def to_post(scope: AreaScope) -> QuerySet[Any]:
    """Give, village by village, how many wait for a notice (``assessed``, ``issued``)."""
    listed = Entry.objects.filter(application=OuterRef("pk"), is_current=True)
    begun_since = Q(application__posted_on__isnull=True) | Q(notice__from_on__gte=F("application__posted_on"))
    of_assessment = Exists(listed.filter(begun_since, stage=Notice.Stage.ASSESSED))
    of_issue = Exists(listed.filter(stage=Notice.Stage.ISSUED))
    waits = Q(state=ASSESSED) | Q(state=POSTED) & ~of_assessment | Q(state=ISSUED) & ~of_issue
    rows = Application.objects.within(scope).filter(waits)
    return (
        rows.values("programme_id", "programme__name", "area_id", "area__name")
        .annotate(
            assessed=Count("pk", filter=~Q(state=ISSUED)),
            issued=Count("pk", filter=Q(state=ISSUED)),
        )
        .order_by("programme__name", "area_id")
    )


def line(notice_id: UUID, place: int | None, *, by: Rights) -> int:
    """Give the key of a notice's line by its number; 404.1 where there is none in sight."""
    found = one_notice(notice_id, by=by).entries.filter(place=place or 0, is_current=True)
    key: int | None = found.values_list("pk", flat=True).first()
    if key is None:
        raise problems.NOT_FOUND()
    return key


def lines(notice: Notice) -> QuerySet[Entry]:
    """Give a notice's lines with their applications and households, in the paper's order."""
    asked = notice.entries.select_related("application__household").defer("application__household__point")
    open_cases = Case.objects.filter(application=OuterRef("application"), state__in=Case.OPEN)
    return asked.annotate(disputed=Exists(open_cases)).order_by("place")
