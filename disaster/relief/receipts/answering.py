"""Who may answer for a difference: whoever works with goods where they left, where they should have come, or above."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from disaster.people.models import Posting
from disaster.people.scope import COORDINATOR, KEEPER, OFFICER, REVIEWER
from disaster.relief.receipts.models import Case
from gis.scope import ancestors


def bound(case: Case) -> set[int]:
    """Give who is bound by a case and can neither settle nor hand it on: who sent its load, signed, or answers for it.

    Read with its receipt and its document's loads it takes no statement.
    """
    sent_by = next(one.sent_by_id for one in case.document.loads.all() if one.number == case.load)
    return {one for one in (sent_by, case.receipt.by_id, case.holder_id) if one is not None}


class Answerer(NamedTuple):
    """A person with the area of one of their posts."""

    id: int
    name: str
    area: str


def answerers(cases: Iterable[Case]) -> dict[UUID, list[Answerer]]:
    """Give who may answer for each case (read with its document's ends), the nearest first; one statement."""
    chains = {one.pk: _above(one) for one in cases}
    today = timezone.localdate()
    posts = (
        Posting.objects.filter(
            Q(valid_to__isnull=True) | Q(valid_to__gt=today),
            area__in=set().union(*chains.values()),
            role__in=(OFFICER, REVIEWER, KEEPER, COORDINATOR),
            valid_from__lte=today,
            person__is_active=True,
        )
        .order_by("-area", "person__name", "person")
        .values_list("area_id", "person_id", "person__name", "area__name")
    )
    rows = list(posts)
    return {
        pk: list(
            {
                person: Answerer(person, name, area)
                for code, person, name, area in reversed(rows)
                if code in chain
            }.values()
        )[::-1]
        for pk, chain in chains.items()
    }


def _above(case: Case) -> set[str]:
    """Give the codes of both ends and of every area above them."""
    ends = (str(case.document.source.area_id), str(case.document.target.area_id))
    return {above for code in ends for above in (code, *ancestors(code))}
