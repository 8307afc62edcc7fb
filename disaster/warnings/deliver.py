"""Notices through the channels of reminders: written down with the notice, sent by an errand.

A row is claimed before anything is sent, so that several processes, or a crash in the middle,
tell nobody twice. A row left ``sending`` by a crash stays so and is shown as such.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from django.db import transaction
from django.db.models import Q

from disaster.duty.reminders.models import Channel
from disaster.duty.reminders.send import Sent, deliver
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


class Lines(NamedTuple):
    """The channels of a village: those that reach one person, and groups that many read."""

    personal: list[Channel]
    groups: list[Channel]


def send_waiting(*, now: datetime) -> int:
    """Send what waits; give how many have left."""
    rows = _claim()
    if not rows:
        return 0
    channels = list(Channel.objects.filter(is_active=True))
    personal = {channel.pk for channel in channels if "{phone}" in channel.url}
    sent = 0
    for row in rows:
        mine = [one for one in channels if AreaScope.of([one.area_code]).covers(row.notice.area_id)]
        lines = Lines(
            [one for one in mine if one.pk in personal], [one for one in mine if one.pk not in personal]
        )
        sent += _send(row, lines, now)
    return sent


@transaction.atomic
def _claim() -> list[Delivery]:
    waiting = Delivery.objects.select_for_update(of=("self",), skip_locked=True).filter(
        outcome=Delivery.Outcome.WAITING
    )
    rows = list(waiting.select_related("notice", "notice__area", "person").order_by("at", "id")[:AT_ONCE])
    Delivery.objects.filter(pk__in=[row.pk for row in rows]).update(outcome=Delivery.Outcome.SENDING)
    return rows


def _send(row: Delivery, lines: Lines, now: datetime) -> bool:
    notice, person = row.notice, row.person
    title, body = words(notice, [notice.area.name], language=person.language or "zh-hans")
    sent = deliver(lines.personal, phone=person.phone, title=title, body=body)
    if not sent.ok and lines.groups:
        sent = _tell_group(notice, lines.groups)
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


def _tell_group(notice: Notice, groups: Sequence[Channel]) -> Sent:
    """Tell a group once of all villages that were told together: no storm of one message for each."""
    together = Notice.objects.filter(zone=notice.zone_id, sent_at=notice.sent_at)
    for group in groups:
        known = Delivery.objects.filter(
            notice__in=together, outcome=Delivery.Outcome.SENT, channel=group.name
        )
        if known.exists():
            return Sent(True, group.name)
        scope = AreaScope.of([group.area_code])
        names = together.within(scope).order_by("area_id").values_list("area__name", flat=True)
        title, body = words(notice, list(names), language="zh-hans")
        sent = deliver([group], phone="", title=title, body=body)
        if sent.ok:
            return sent
    return Sent(False, "")


def words(notice: Notice, villages: Sequence[str], *, language: str) -> tuple[str, str]:
    """Write a notice as title and text: issuer, time and headline as they came, and what is asked for."""
    at = f"{notice.issued_at.astimezone(book.BEIJING):%m-%d %H:%M}"
    if language.startswith("en"):
        title = f"Warning for {', '.join(villages)}"
        return title, f"{notice.issuer}, {at}: {notice.headline}. {notice.instruction} Confirm in the app."
    return (
        f"预警:{'、'.join(villages)}",
        f"{notice.issuer} {at} 发布:{notice.headline}。{notice.instruction}请在手机上回复“已收到”。",
    )
