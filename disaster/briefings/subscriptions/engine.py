"""One round of telling subscribers: read, make the briefings, note, send, note what became of it.

By the rules of reminding: its channels, its stop switch, its cap of messages a person and hour. A row
is written before anything is sent, under a constraint of one a person, cause and day: two processes,
or a crash in the middle, can't tell anybody twice. What is held back is told once nothing holds it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import NamedTuple

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Max, Q
from django.urls import reverse

from disaster.briefings import services
from disaster.briefings.models import Briefing
from disaster.briefings.subscriptions.due import Due, due
from disaster.briefings.subscriptions.models import Subscription, Telling
from disaster.duty.reminders.models import Channel, Pause, Reminder
from disaster.duty.reminders.send import Sent, deliver
from disaster.events.models import Event
from disaster.journal import append
from disaster.people.models import Person
from disaster.people.scope import rights_of_many
from disaster.rules import book
from gis.scope import AreaScope

Outcome = Telling.Outcome


class Round(NamedTuple):
    """What one round did, in messages; ``held`` in causes."""

    sent: int
    failed: int
    held: int


def tell(*, now: datetime) -> Round:
    """Do one round. Safe to run in several processes at once."""
    wanted = list(
        Subscription.objects.filter(ended_at__isnull=True, person__is_active=True)
        .select_related("area")
        .defer("area__boundary")
    )
    channels = list(Channel.objects.filter(is_active=True)) if wanted else []
    if not channels:
        return Round(0, 0, 0)
    day = now.astimezone(book.BEIJING).date()
    found = _news(due(_allowed(wanted, channels, day), now=now), day)
    if not found:
        return Round(0, 0, 0)
    free, held = _free(found, now)
    _hold(held, day, now)
    sent = failed = 0
    for person, mine in free.items():
        if rows := _claim(person, mine, day, now):
            if _send(rows, channels, now):
                sent += 1
            else:
                failed += 1
    return Round(sent, failed, len(held))


def _allowed(wanted: Sequence[Subscription], channels: Sequence[Channel], day: date) -> list[Subscription]:
    """Keep what may still be read by who subscribed, and can be sent at all."""
    rights = rights_of_many([one.person_id for one in wanted], on=day)
    reach = AreaScope.of({channel.area_code for channel in channels})
    return [
        one
        for one in wanted
        if reach.covers(str(one.area_id))
        and one.person_id in rights
        and rights[one.person_id].may("briefing.see", str(one.area_id))
    ]


def _news(found: Sequence[Due], day: date) -> list[Due]:
    """Leave out what was tried today, and figures that have not grown since they were last told.

    A message that failed told nobody: it is not tried again the same day, and the next day is news.
    """
    told = Telling.objects.exclude(outcome=Outcome.HELD).filter(cause__in={one.cause for one in found})
    rows = told.values("person_id", "cause").annotate(
        day=Max("day"), value=Max("value", filter=~Q(outcome=Outcome.FAILED))
    )
    last = {(row["person_id"], row["cause"]): row for row in rows.order_by()}
    news: dict[tuple[int, str], Due] = {}
    for one in found:
        key = (one.subscription.person_id, one.cause)
        before = last.get(key)
        is_old = before and (before["day"] == day or _is_no_more(one.value, before["value"]))
        if not is_old:
            news.setdefault(key, one)
    return list(news.values())


def _is_no_more(value: Decimal | None, told: Decimal | None) -> bool:
    return value is not None and told is not None and value <= told


def _free(found: Sequence[Due], now: datetime) -> tuple[dict[int, list[Due]], list[Due]]:
    """Part what may go out now, by person, from what the stop switch or the cap holds back."""
    stopped = AreaScope.of(Pause.objects.filter(ended_at__isnull=True).values_list("area_code", flat=True))
    recent = _recent({one.subscription.person_id for one in found}, now)
    cap = book.value("reminder.person_hour")
    free: dict[int, list[Due]] = {}
    held: list[Due] = []
    for one in found:
        person = one.subscription.person_id
        if stopped.covers(str(one.subscription.area_id)) or recent.get(person, 0) >= cap:
            held.append(one)
        else:
            free.setdefault(person, []).append(one)
    return free, held


def _recent(people: set[int], now: datetime) -> dict[int, int]:
    """Count the messages each person got in the last hour: reminders and briefings alike."""
    counts: dict[int, int] = {}
    hour = now - timedelta(hours=1)
    for rows in (
        Reminder.objects.filter(person__in=people, at__gt=hour),
        Telling.objects.filter(person__in=people, at__gt=hour).exclude(outcome=Outcome.HELD),
    ):
        for row in rows.values("person_id").annotate(n=Count("at", distinct=True)).order_by():
            counts[row["person_id"]] = counts.get(row["person_id"], 0) + row["n"]
    return counts


@transaction.atomic
def _hold(held: Sequence[Due], day: date, now: datetime) -> None:
    if not held:
        return
    causes = {one.cause for one in held}
    before = set(Telling.objects.filter(day=day, cause__in=causes).values_list("person_id", "cause"))
    fresh = [one for one in held if (one.subscription.person_id, one.cause) not in before]
    Telling.objects.bulk_create((_row(one, day, now, Outcome.HELD) for one in fresh), ignore_conflicts=True)
    append.about_persons(
        "briefing.held",
        [(str(one.subscription.area_id), one.subscription.person_id) for one in fresh],
        at=now,
    )


def _row(one: Due, day: date, now: datetime, outcome: Telling.Outcome) -> Telling:
    return Telling(
        subscription=one.subscription,
        person_id=one.subscription.person_id,
        cause=one.cause,
        day=day,
        value=one.value,
        at=now,
        outcome=outcome,
    )


@transaction.atomic
def _claim(person: int, mine: Sequence[Due], day: date, now: datetime) -> list[Telling]:
    """Write down what this process is the one to tell a person, each with its briefing."""
    # Concurrent rounds queue here; the one that comes second finds the rows and says nothing.
    Person.objects.select_for_update().filter(pk=person).values_list("pk").first()
    known = {
        row.cause: row
        for row in Telling.objects.select_related("subscription").filter(
            person=person, day=day, cause__in=[one.cause for one in mine]
        )
    }
    rows = []
    for one in mine:
        row = known.get(one.cause) or _row(one, day, now, Outcome.HELD)
        if row.outcome != Outcome.HELD:
            continue
        row.outcome, row.at, row.value = Outcome.SENDING, now, one.value
        row.briefing = _briefing(one, now)
        row.save()
        rows.append(row)
    return rows


def _briefing(one: Due, now: datetime) -> Briefing:
    """Give the briefing of the moment: made by whoever's turn is first, the same for all who are told."""
    is_event = isinstance(one.subject, Event)
    subject = {"event": one.subject} if is_event else {"programme": one.subject}
    made = Briefing.objects.filter(area=one.subscription.area_id, as_of=one.as_of, **subject)
    # A message names the area and the title; what the briefing says may weigh megabytes.
    known = made.select_related("area").defer("content", "area__boundary").order_by("pk").first()
    return known or services.make_for_subscribers(
        one.subject, one.subscription.area, as_of=one.as_of, now=now
    )


def _send(rows: Sequence[Telling], channels: Sequence[Channel], now: datetime) -> bool:
    """Send one message for all of a person's rows; a group hears of each briefing once."""
    person = rows[0].person
    area = str(rows[0].subscription.area_id)
    mine = [one for one in channels if AreaScope.of([one.area_code]).covers(area)]
    personal = [one for one in mine if "{phone}" in one.url]
    title, body = words(rows, language=person.language or "zh-hans")
    sent = deliver(personal, phone=person.phone, title=title, body=body)
    if not sent.ok:
        sent = _tell_group([one for one in mine if one not in personal], rows)
    with transaction.atomic():
        Telling.objects.filter(pk__in=[row.pk for row in rows]).update(
            outcome=Outcome.SENT if sent.ok else Outcome.FAILED, channel=sent.channel
        )
        append.about_persons(
            "briefing.sent", [(str(row.subscription.area_id), person.pk) for row in rows], at=now
        )
    return sent.ok


def _tell_group(groups: Sequence[Channel], rows: Sequence[Telling]) -> Sent:
    for group in groups:
        heard = Telling.objects.filter(outcome=Outcome.SENT, channel=group.name)
        known = set(
            heard.filter(briefing__in=[row.briefing_id for row in rows]).values_list("briefing_id", flat=True)
        )
        fresh = [row for row in rows if row.briefing_id not in known]
        if not fresh:
            return Sent(True, group.name)
        title, body = words(fresh, language="zh-hans")
        if (sent := deliver([group], phone="", title=title, body=body)).ok:
            return sent
    return Sent(False, "")


def words(rows: Sequence[Telling], *, language: str) -> tuple[str, str]:
    """Write a message: title and text. It names no figure: it goes over foreign lines."""
    english = language.startswith("en")
    title = f"Briefings: {len(rows)}" if english else f"专报({len(rows)}份)"
    return title, "\n".join(_line(row, english=english) for row in rows)


def _line(row: Telling, *, english: bool) -> str:
    briefing = row.briefing
    assert briefing is not None  # noqa: S101 - what is sent has its briefing
    link = f"{settings.ADDRESS}{reverse('briefing', args=[briefing.pk])}"
    moment = f"{briefing.as_of.astimezone(book.BEIJING):%m-%d %H:%M}"
    hit = row.subscription.trigger != Subscription.Trigger.DAILY
    if english:
        return (
            f"{briefing.area.name}, as of {moment}{': a threshold of yours is reached' if hit else ''} {link}"
        )
    return f"{briefing.area.name}《{briefing.title}》截至{moment}{',达到您订阅的阈值' if hit else ''} {link}"
