"""Notices through the channels of reminders: written down with the notice, sent by an errand.

A row is claimed before anything is sent, so that several processes, or a crash in the middle,
tell nobody twice. A row left ``sending`` by a crash stays so and is shown as such.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from disaster.duty.reminders.models import Channel
from disaster.duty.reminders.send import deliver
from disaster.journal import append
from disaster.people.models import Posting
from disaster.rules import book
from disaster.warnings.models import Delivery, Notice
from gis.scope import AreaScope

AT_ONCE = 50
"""How many one round of the errand sends: a gateway may take seconds for each."""


def put_down(notices: Sequence[Notice], *, now: datetime) -> None:
    """Write down whom to reach: the officers of each village a channel covers."""
    channels = AreaScope.of(set(Channel.objects.filter(is_active=True).values_list("area_code", flat=True)))
    by_area = {notice.area_id: notice for notice in notices if channels.covers(notice.area_id)}
    if not by_area:
        return
    day = now.astimezone(book.BEIJING).date()
    officers = Posting.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gt=day),
        valid_from__lte=day,
        role=Posting.Role.OFFICER,
        area_id__in=by_area,
        person__is_active=True,
    ).values_list("area_id", "person_id")
    Delivery.objects.bulk_create(
        Delivery(notice=by_area[area], person_id=person, at=now) for area, person in sorted(set(officers))
    )


def send_waiting(*, now: datetime) -> int:
    """Send what waits; give how many left."""
    rows = _claim()
    channels = list(Channel.objects.filter(is_active=True)) if rows else []
    return sum(_send(row, channels, now) for row in rows)


@transaction.atomic
def _claim() -> list[Delivery]:
    waiting = Delivery.objects.select_for_update(of=("self",), skip_locked=True).filter(
        outcome=Delivery.Outcome.WAITING
    )
    rows = list(waiting.select_related("notice", "notice__area", "person").order_by("at", "id")[:AT_ONCE])
    Delivery.objects.filter(pk__in=[row.pk for row in rows]).update(outcome=Delivery.Outcome.SENDING)
    return rows


def _send(row: Delivery, channels: Sequence[Channel], now: datetime) -> bool:
    notice = row.notice
    mine = [channel for channel in channels if AreaScope.of([channel.area_code]).covers(notice.area_id)]
    title, body = words(notice, language=row.person.language or "zh-hans")
    sent = deliver(mine, phone=row.person.phone, title=title, body=body)
    row.outcome = Delivery.Outcome.SENT if sent.ok else Delivery.Outcome.FAILED
    row.channel = sent.channel
    with transaction.atomic():
        row.save(update_fields=["outcome", "channel"])
        append.one(
            "notice.delivered",
            object_kind="person",
            object_id=str(row.person_id),
            area_code=notice.area_id,
            put=[],
            by=None,
            at=now,
        )
    return sent.ok


def words(notice: Notice, *, language: str) -> tuple[str, str]:
    """Write a notice as title and text: issuer, time and headline as they came, and what is asked for."""
    at = f"{notice.issued_at.astimezone(book.BEIJING):%m-%d %H:%M}"
    if language.startswith("en"):
        title = f"Warning for {notice.area.name}"
        return title, f"{notice.issuer}, {at}: {notice.headline}. {notice.instruction} Confirm in the app."
    return (
        f"预警:{notice.area.name}",
        f"{notice.issuer} {at} 发布:{notice.headline}。{notice.instruction}请在手机上回复“已收到”。",
    )
