"""Alerts and notices as the feed, the snapshot and the API show them."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec

from disaster.warnings.models import Alert, Notice


class AlertView(msgspec.Struct, frozen=True, tag_field="object", tag="alert"):
    """An alert of somebody else, with the zones it has made.

    ``status`` is the sender's word, ``state`` what became of it here.
    """

    id: UUID
    identifier: str
    issuer: str
    headline: str
    event: str
    level: str
    area: str
    places: str
    status: str
    state: str
    sent: datetime
    effective: datetime
    expires: datetime | None
    received_at: datetime
    zones: list[UUID]


class NoticeView(msgspec.Struct, frozen=True, tag_field="object", tag="notice"):
    """A village told of a zone. ``state`` is open or lifted; ``answer`` what the village said last.

    ``people`` are about as many as live inside the zone; ``persons`` were moved, by the village's word.
    """

    id: UUID
    zone: UUID
    alert: UUID | None
    area: str
    people: int
    kind: str
    level: str
    headline: str
    instruction: str
    issuer: str
    issued_at: datetime
    sent_at: datetime
    sent_by: str
    state: str
    answer: str
    persons: int | None
    words: str
    answered_by: str
    answered_at: datetime | None


def alert_view(alert: Alert) -> AlertView:
    """Show an alert."""
    return AlertView(
        id=alert.id,
        identifier=alert.identifier,
        issuer=alert.issuer,
        headline=alert.headline,
        event=alert.event,
        level=alert.level,
        area=alert.area_code,
        places=alert.places,
        status=alert.status,
        state=alert.state,
        sent=alert.sent,
        effective=alert.effective,
        expires=alert.expires,
        received_at=alert.received_at,
        zones=sorted(zone.pk for zone in alert.zones.all()),
    )


def notice_view(notice: Notice) -> NoticeView:
    """Show a notice."""
    return NoticeView(
        id=notice.id,
        zone=notice.zone_id,
        alert=notice.alert_id,
        area=notice.area_id,
        people=notice.people,
        kind=notice.kind,
        level=notice.level,
        headline=notice.headline,
        instruction=notice.instruction,
        issuer=notice.issuer,
        issued_at=notice.issued_at,
        sent_at=notice.sent_at,
        sent_by=notice.sent_by,
        state="lifted" if notice.closed_at else "open",
        answer=notice.answer,
        persons=notice.persons,
        words=notice.words,
        answered_by=notice.answered_by,
        answered_at=notice.answered_at,
    )
