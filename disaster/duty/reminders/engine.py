"""One round of reminding: read, plan, note, send, note what became of it.

The rows are written before anything is sent, under a constraint of one per person and
cause: two processes, or a crash in the middle, can't tell anybody twice. A row left
``sending`` by a crash counts as told, and the next step climbs after its pause.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db import transaction
from django.db.models import Q

from disaster.duty import board
from disaster.duty.model import Owed
from disaster.duty.reminders.models import Channel, Holding, Pause, Reminder
from disaster.duty.reminders.plan import (
    BEIJING,
    Held,
    Limits,
    Message,
    Plan,
    Staff,
    Told,
    cause_of,
    plan,
    words,
)
from disaster.duty.reminders.send import deliver
from disaster.journal import append
from disaster.people.models import Person, Posting
from disaster.rules import book
from gis.scope import AreaScope, ancestors


class Round(NamedTuple):
    """What one round did."""

    sent: int
    failed: int
    held: int


def remind(*, now: datetime) -> Round:
    """Do one round for every area that has a channel. Safe to run in several processes at once."""
    channels = list(Channel.objects.filter(is_active=True))
    if not channels:
        return Round(0, 0, 0)
    scope = AreaScope.of({channel.area_code for channel in channels})
    owed = [one for one in board.owed(scope=scope, now=now) if one.level == "village"]
    if not owed:
        return Round(0, 0, 0)
    sent = failed = held = 0
    for stopped, part in _by_switch(owed):
        made = plan(
            part,
            staff=_staff({one.area for one in part}, now),
            told=_told(part, now),
            limits=_limits(stopped=stopped),
            now=now,
        )
        held += len(made.held)
        for message in _note(made, now):
            if _send(message, channels, now):
                sent += 1
            else:
                failed += 1
    return Round(sent, failed, held)


def _limits(*, stopped: bool) -> Limits:
    return Limits(
        lead=timedelta(minutes=book.value("reminder.lead")),
        pause=timedelta(minutes=book.value("reminder.pause")),
        person_hour=book.value("reminder.person_hour"),
        desk_round=book.value("reminder.desk_round"),
        quiet_from=book.value("reminder.quiet_from"),
        quiet_to=book.value("reminder.quiet_to"),
        stopped=stopped,
    )


def _by_switch(owed: list[Owed]) -> list[tuple[bool, list[Owed]]]:
    """Part what is owed where reminding is stopped from where it is not."""
    codes = Pause.objects.filter(ended_at__isnull=True).values_list("area_code", flat=True)
    stopped = AreaScope.of(codes)
    parts = [
        (True, [one for one in owed if stopped.covers(one.area)]),
        (False, [one for one in owed if not stopped.covers(one.area)]),
    ]
    return [part for part in parts if part[1]]


def _staff(areas: set[str], now: datetime) -> dict[str, Staff]:
    """Give A岗 and B岗 of each village and the reviewers of its township, by one statement."""
    townships = {ancestors(area)[0] for area in areas if ancestors(area)}
    day = now.astimezone(BEIJING).date()
    rows = Posting.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gt=day),
        Q(area_id__in=areas, role=Posting.Role.OFFICER)
        | Q(area_id__in=townships, role=Posting.Role.REVIEWER),
        valid_from__lte=day,
        person__is_active=True,
    ).values_list("area_id", "post", "person_id")
    held: dict[tuple[str, str], list[int]] = {}
    for area, post, person in rows:
        held.setdefault((area, post), []).append(person)
    return {
        area: Staff(
            tuple(held.get((area, "A"), ())),
            tuple(held.get((area, "B"), ())),
            tuple(held.get((ancestors(area)[0], ""), ())) if ancestors(area) else (),
        )
        for area in areas
    }


def _told(owed: Iterable[Owed], now: datetime) -> list[Told]:
    rows = Reminder.objects.filter(
        Q(cause__in={cause_of(one) for one in owed}) | Q(at__gt=now - timedelta(hours=1))
    ).values_list("person_id", "cause", "step", "at")
    return [Told(*row) for row in rows]  # type: ignore[arg-type]


@transaction.atomic
def _note(made: Plan, now: datetime) -> list[Message]:
    """Write down what will be said; give the messages that this process is the one to send."""
    people = Person.objects.in_bulk({message.person for message in made.messages})
    # Concurrent rounds queue here; the one that comes second finds the rows and says nothing.
    list(Person.objects.select_for_update().filter(pk__in=people).order_by("pk").values_list("pk"))
    known = set(
        Reminder.objects.filter(
            person__in=people, cause__in={line.cause for message in made.messages for line in message.lines}
        ).values_list("person_id", "cause")
    )
    mine = []
    for message in made.messages:
        lines = tuple(line for line in message.lines if (message.person, line.cause) not in known)
        if lines:
            mine.append(Message(message.person, lines))
    Reminder.objects.bulk_create(
        Reminder(
            person_id=message.person,
            cause=line.cause,
            step=line.step,
            event=line.owed.event,
            area_code=line.owed.area,
            due_at=line.owed.due_at,
            at=now,
        )
        for message in mine
        for line in message.lines
    )
    _note_held(made.held, now)
    return mine


def _note_held(held: Iterable[Held], now: datetime) -> None:
    rows = [
        Holding(person_id=one.person, cause=one.line.cause, why=one.why, area_code=one.line.owed.area, at=now)
        for one in held
    ]
    known = set(
        Holding.objects.filter(cause__in={row.cause for row in rows}).values_list("person_id", "cause", "why")
    )
    fresh = [row for row in rows if (row.person_id, row.cause, row.why) not in known]
    Holding.objects.bulk_create(fresh, ignore_conflicts=True)
    append.about_persons("reminder.held", [(row.area_code, row.person_id) for row in fresh], at=now)


def _send(message: Message, channels: list[Channel], now: datetime) -> bool:
    person = Person.objects.get(pk=message.person)
    area = message.lines[0].owed.area
    mine = [channel for channel in channels if AreaScope.of([channel.area_code]).covers(area)]
    title, body = words(message, now=now, language=person.language or "zh-hans")
    sent = deliver(mine, phone=person.phone, title=title, body=body)
    outcome = Reminder.Outcome.SENT if sent.ok else Reminder.Outcome.FAILED
    with transaction.atomic():
        Reminder.objects.filter(
            person=person, cause__in=[line.cause for line in message.lines], outcome=Reminder.Outcome.SENDING
        ).update(outcome=outcome, channel=sent.channel)
        append.about_persons("reminder.sent", [(line.owed.area, person.pk) for line in message.lines], at=now)
    return sent.ok
