"""What time does to warnings: zones and alerts run out, notices end with their zone."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from disaster.events import zones
from disaster.journal import append
from disaster.journal.append import Row, images
from disaster.problems import Problem
from disaster.warnings import notices
from disaster.warnings.models import Alert
from disaster.warnings.shown import alert_view
from disaster.warnings.tokens import feeder
from gis.models import HazardZone
from gis.scope import NATION

CLOCK = "到期"
"""Who lifts a zone whose time is over, and why."""


def settle(*, now: datetime) -> int:
    """End what has run out; give how many zones, alerts and notices. Safe in several processes."""
    return lift_over(now=now) + expire_alerts(now=now) + notices.close_over(now=now)


def lift_over(*, now: datetime) -> int:
    """Lift the zones whose time is over (到期解除), drawn ones too, so that open maps let them go."""
    by, lifted = feeder(CLOCK, NATION), 0
    for zone in HazardZone.objects.filter(lifted_at__isnull=True, valid_to__lte=now).defer("boundary"):
        try:
            zones.lift_zone(zone, by=by, now=now, reason=CLOCK)
            lifted += 1
        except Problem:  # another process, or a person, was a moment earlier
            continue
    return lifted


@transaction.atomic
def expire_alerts(*, now: datetime) -> int:
    """Mark the alerts that have run out; give how many."""
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
