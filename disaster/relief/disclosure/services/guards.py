"""What has to be shown to the public before an application goes on: asked by needs before each such step."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef

from disaster import problems
from disaster.problems import Problem
from disaster.relief.disclosure.models import Case, Entry, Notice, NoticePhoto
from disaster.relief.disclosure.services.notices import is_unlisted
from disaster.relief.needs import guards
from disaster.relief.needs.models import Application
from disaster.rules import book

ASKS = {"submit": Notice.Stage.ASSESSED, "disclose": Notice.Stage.ISSUED}
"""Act of needs → the notice that has to have run its time before it."""


def register() -> None:
    """Have needs ask before an application leaves a notice."""
    guards.register("submit", "disclosure", _before_submitting)
    guards.register("disclose", "disclosure", _before_disclosing)


def _before_submitting(rows: Sequence[Application], now: datetime) -> Mapping[UUID, Problem]:
    return against("submit", rows, now=now)


def _before_disclosing(rows: Sequence[Application], now: datetime) -> Mapping[UUID, Problem]:
    return against("disclose", rows, now=now)


def against(act: str, rows: Sequence[Application], *, now: datetime) -> dict[UUID, Problem]:
    """Give, by application, what its notice still lacks: the paper, its days, its photograph, peace.

    Two statements however many there are.
    """
    photographed = Exists(NoticePhoto.objects.filter(notice=OuterRef("notice")))
    lines = Entry.objects.filter(application__in=rows, stage=ASKS[act], is_current=True)
    lines = lines.select_related("notice").annotate(has_photo=photographed)
    posted = {line.application_id: line for line in lines}
    cases = Case.objects.filter(application__in=rows, state__in=Case.OPEN)
    disputed = set(cases.values_list("application_id", flat=True))
    today = now.astimezone(book.BEIJING).date()
    found: dict[UUID, Problem] = {}
    for row in rows:
        line = posted.get(row.pk)
        if line is None or is_unlisted(row, line.notice.from_on):
            found[row.pk] = problems.NOT_POSTED(number=row.number)
        elif row.pk in disputed:
            found[row.pk] = problems.OBJECTED_TO(number=row.number)
        elif not line.has_photo:
            found[row.pk] = problems.NO_PHOTO(number=row.number)
        elif today <= line.notice.until_on:
            found[row.pk] = problems.NOTICE_RUNS(number=row.number, until=line.notice.until_on)
    return found
