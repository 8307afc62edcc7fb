"""The hazard zones of alerts: one for each info, changed by updates, lifted by cancellations."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import zip_longest
from typing import Any

from disaster.events import zones as events
from disaster.people.scope import Rights
from disaster.warnings import notices
from disaster.warnings.alerts import read
from disaster.warnings.alerts.model import Alert as Message
from disaster.warnings.alerts.model import Info
from disaster.warnings.alerts.resolve import Resolved
from disaster.warnings.models import Alert
from gis.models import HazardZone


def zones_of(alerts: Iterable[Alert]) -> list[HazardZone]:
    """Give the zones that alerts have made and that stand."""
    found = HazardZone.objects.filter(alerts__in=[alert.pk for alert in alerts], lifted_at__isnull=True)
    return list(found.distinct().order_by("valid_from", "id"))


def lift(zones: Iterable[HazardZone], *, by: Rights, now: datetime) -> None:
    """Lift zones, and close what the villages were told of them."""
    for zone in zones:
        events.lift_zone(zone, by=by, now=now)
        notices.close_of(zone, by=by, now=now)


def make(
    alert: Alert,
    message: Message,
    shaped: Sequence[tuple[Info, Resolved]],
    standing: Sequence[HazardZone],
    *,
    by: Rights,
    now: datetime,
) -> None:
    """Make the zones of an alert; those that ``standing`` alerts had made are changed, or lifted."""
    lift(standing[len(shaped) :], by=by, now=now)
    for (info, place), old in zip_longest(shaped, standing[: len(shaped)]):
        what = _fields(alert, message, info, place)
        if old is None:
            zone = events.draw_zone(**what, by=by, now=now)
        else:
            reason = f"{alert.identifier}"[:200]
            zone = events.change_zone(old.pk, version=old.version, reason=reason, by=by, now=now, **what)
            notices.fit(zone, by=by, now=now)
        alert.zones.add(zone)
        # Who was told of it hears how it goes on, whatever its colour is now.
        told = None if notices.is_automatic(zone.level) else notices.told_of(zone)
        notices.send(zone, by=by, now=now, alert=alert, instruction=info.instruction, villages=told)


def _fields(alert: Alert, message: Message, info: Info, place: Resolved) -> dict[str, Any]:
    return {
        "name": read.headline_of(message, info)[:60],
        "kind": read.kind_of(info),
        "level": read.level_of(info),
        "area_code": place.area_code,
        "boundary": place.boundary,
        "source": f"{alert.issuer} {alert.identifier}"[:200],
        "issuer": alert.issuer[:100],
        "issued_at": alert.sent,
        "valid_from": read.begins(message, info),
        "valid_to": read.ends(message, info),
    }
