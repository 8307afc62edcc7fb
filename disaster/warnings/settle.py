"""What time does to warnings: alerts run out, notices end with their zone."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from disaster.journal import append
from disaster.journal.append import Row, images
from disaster.warnings import notices
from disaster.warnings.models import Alert
from disaster.warnings.shown import alert_view


def settle(*, now: datetime) -> int:
    """Mark what has run out; give how many alerts and notices changed. Safe in several processes."""
    return _expire(now) + notices.close_over(now=now)


@transaction.atomic
def _expire(now: datetime) -> int:
    rows = list(
        Alert.objects.select_for_update(of=("self",), skip_locked=True).filter(
            state=Alert.State.ACTIVE, expires__lte=now
        )
    )
    for row in rows:
        row.state = Alert.State.EXPIRED
    Alert.objects.bulk_update(rows, ["state"])
    append.many(
        [
            Row(
                verb="alert.expired",
                object_kind="alert",
                object_id=str(row.pk),
                area_code=row.area_code,
                at=now,
                put=images([alert_view(row)]),
                actor_id=None,
                actor="",
                downward=True,
            )
            for row in rows
        ]
    )
    return len(rows)
