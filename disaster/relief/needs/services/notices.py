"""The last day of a notice, where the paper on the wall decides it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from uuid import UUID

from django.db.models import F

from disaster.relief.needs.models import Application
from disaster.relief.needs.states import POSTED


def notice_ends(ids: Collection[UUID], until: date, *, now: datetime) -> None:
    """Let posted applications wait until another day than was meant, in one statement.

    The room above has counted it, from the day its paper hung, and journals why.
    """
    rows = Application.objects.filter(pk__in=ids, state=POSTED).exclude(notice_until=until)
    rows.update(notice_until=until, version=F("version") + 1, changed_at=now)
