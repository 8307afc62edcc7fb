"""What a household gives back: its grant is to come again, and what was issued waits once more."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction

from disaster import problems
from disaster.people.scope import Rights
from disaster.relief.needs import batch, marks
from disaster.relief.needs.marks import Mark
from disaster.relief.needs.models import Application, Grant
from disaster.relief.needs.states import APPROVED, ISSUED, STOPPED, WITHDRAWN


@transaction.atomic
def unsettle(
    application_id: UUID, goods: Mapping[str, int], *, why: str, by: Rights, now: datetime
) -> Application:
    """Take back from a grant what a household gave back (退回), item → whole units; once disclosed, no more.

    Raises
    ------
    Problem
        403.1/404.1; 409.2 once its issue was disclosed; 409.24 of more than it has got.
    """
    found = batch.locked([application_id])
    batch.require_some("need.village", found, by)
    row = found[0]
    if row.state not in (APPROVED, ISSUED, STOPPED, WITHDRAWN):
        raise problems.NOT_OPEN(number=row.number)
    grants = {
        one.item_id: one
        for one in Grant.objects.select_for_update().filter(application=row, item__in=list(goods))
    }
    for item, quantity in goods.items():
        has = grants[item].settled if item in grants else 0
        if not 0 < quantity <= has:
            raise problems.NOT_SO_GRANTED(number=row.number, item=item, left=has)
        grants[item].settled -= quantity
    Grant.objects.bulk_update(grants.values(), ["settled"])
    before = row.state
    if before == ISSUED:
        row.state, row.changed_at, row.version = APPROVED, now, row.version + 1
        row.save(update_fields=["state", "changed_at", "version"])
    marks.note("unsettle", "need.unsettled", [Mark(row, before, why)], by=by, now=now)
    return row
