"""Questions about alerts and notices."""

from __future__ import annotations

from datetime import timedelta
from typing import NamedTuple

from django.db.models import Count, F, Prefetch, Q, QuerySet
from django.utils import timezone

from disaster.warnings.models import Alert, Notice
from disaster.warnings.shown import AlertView, NoticeView, alert_view, notice_view
from gis.models import HazardZone
from gis.scope import AreaScope

RECENT = timedelta(days=7)
"""How long an alert that is over stays in snapshots and on the page."""
LISTED = 100
LEVELS = HazardZone.Level.values
"""The gravest first."""


def alerts_in(scope: AreaScope) -> list[AlertView]:
    """Give the alerts in force and the recent ones that concern ``scope``."""
    return [alert_view(alert) for alert in _recent(scope)]


def notices_in(scope: AreaScope) -> list[NoticeView]:
    """Give the open notices to villages in ``scope``."""
    return [notice_view(row) for row in Notice.objects.within(scope).filter(closed_at__isnull=True)]


def recent_alerts(scope: AreaScope) -> list[Alert]:
    """Give the alerts for the page, those in force first, then the newest."""
    rows = sorted(_recent(scope), key=lambda row: row.received_at, reverse=True)
    return sorted(rows, key=lambda row: row.state != Alert.State.ACTIVE)[:LISTED]


def _recent(scope: AreaScope) -> QuerySet[Alert]:
    since = timezone.now() - RECENT
    in_force = Q(state=Alert.State.ACTIVE) | Q(received_at__gte=since)
    zones = Prefetch("zones", HazardZone.objects.only("id"))
    return Alert.objects.touching(scope).filter(in_force).defer("raw").prefetch_related(zones)


class Told(NamedTuple):
    """A zone in force, and what its villages were told and answered."""

    zone: HazardZone
    notices: list[Notice]
    counts: dict[str, int]
    persons: int


def zones_told(scope: AreaScope) -> list[Told]:
    """Give the zones in force that concern ``scope``, with the notices in it, by two statements."""
    now = timezone.now()
    open_rows = Notice.objects.within(scope).filter(closed_at__isnull=True)
    zones = (
        HazardZone.objects.touching(scope)
        .filter(Q(valid_to__isnull=True) | Q(valid_to__gt=now), lifted_at__isnull=True)
        .defer("boundary")
        .annotate(told=Count("notices", filter=Q(notices__closed_at__isnull=True)))
        .prefetch_related(
            Prefetch(
                "notices",
                open_rows.select_related("area", "area__parent").defer(
                    "area__boundary", "area__parent__boundary"
                ),
                to_attr="open_notices",
            )
        )
        .order_by(F("told").desc(), "-valid_from")
    )
    told = [_told(zone, zone.open_notices) for zone in zones[:LISTED]]
    return sorted(
        told, key=lambda one: (not one.counts["help"], not one.notices, LEVELS.index(one.zone.level))
    )


_URGENT = ("help", "sent", "received", "moved")


def _told(zone: HazardZone, notices: list[Notice]) -> Told:
    counts = {answer: sum(row.answer == answer for row in notices) for answer in _URGENT}
    ordered = sorted(notices, key=lambda row: (_URGENT.index(row.answer), row.sent_at, row.area_id))
    return Told(zone, ordered, counts, sum(row.persons or 0 for row in notices))
