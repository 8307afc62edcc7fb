"""What subscribers are to be told now: the morning's briefings, and the thresholds that are hit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from disaster.briefings.subscriptions.models import Subscription
from disaster.events.models import Event
from disaster.relief.needs.models import Programme
from disaster.reports import rollup
from disaster.reports.advice import advise
from disaster.rules import book
from gis.models import Area
from gis.scope import AreaScope


class Due(NamedTuple):
    """One subscription whose time has come: of what, as of when, and the value that hit the threshold."""

    subscription: Subscription
    cause: str
    subject: Event | Programme
    as_of: datetime
    value: Decimal | None = None


def due(subscriptions: Sequence[Subscription], *, now: datetime) -> list[Due]:
    """Give all that is due; each area's events, programmes and sums are asked for once."""
    known: dict[str, _Place] = {}
    found: list[Due] = []
    for one in subscriptions:
        place = known.setdefault(str(one.area_id), _Place(one.area, now))
        found += (
            _daily(one, place, now) if one.trigger == Subscription.Trigger.DAILY else _hit(one, place, now)
        )
    return found


class _Place:
    """What is going on in one area; asked for when it is needed."""

    def __init__(self, area: Area, now: datetime) -> None:
        self.area, self.people = str(area.code), area.population or 0
        self.now, self.scope = now, AreaScope.of([self.area])
        self._subjects: dict[str, list[Event] | list[Programme]] = {}
        self._sums: dict[Event, Mapping[str, Decimal]] = {}

    def subjects(self, kind: str) -> list[Event] | list[Programme]:
        if kind not in self._subjects:
            self._subjects[kind] = (
                list(
                    Event.objects.touching(self.scope).filter(
                        closed_at__isnull=True, started_at__lte=self.now
                    )
                )
                if kind == Subscription.Kind.EVENT
                else list(
                    Programme.objects.touching(self.scope).filter(
                        closed_at__isnull=True, opened_at__lte=self.now
                    )
                )
            )
        return self._subjects[kind]

    def sums(self, event: Event) -> Mapping[str, Decimal]:
        if event not in self._sums:
            rows = rollup.table(event=event.pk, cutoff=self.now, scope=self.scope)
            self._sums[event] = rows[self.area].figures if self.area in rows else {}
        return self._sums[event]


def _daily(one: Subscription, place: _Place, now: datetime) -> Iterable[Due]:
    """The morning's hour has come, and the subscription is older than it."""
    local = now.astimezone(book.BEIJING)
    clock = book.value("briefing.daily_at", on=local.date(), area=place.area)
    moment = datetime.combine(local.date(), clock, book.BEIJING)
    if now < moment or one.made_at >= moment:
        return
    for subject in place.subjects(one.kind):
        began = subject.started_at if isinstance(subject, Event) else subject.opened_at
        if began <= moment:
            yield Due(one, f"daily:{one.kind}:{subject.pk}:{place.area}", subject, moment)


def _hit(one: Subscription, place: _Place, now: datetime) -> Iterable[Due]:
    for event in place.subjects(Subscription.Kind.EVENT):
        assert isinstance(event, Event)  # noqa: S101 - thresholds are of events alone (a constraint)
        figures = place.sums(event)
        if one.trigger == Subscription.Trigger.FIGURE:
            value = figures.get(one.figure, Decimal(0))
            is_hit = value >= one.limit
        else:
            level = advise(figures, cutoff=now, area=place.area, people=place.people).level
            # The graver, the more: level 4 counts 1, level 1 counts 4.
            value, is_hit = Decimal(5 - (level or 5)), level is not None and level <= one.limit
        if is_hit:
            name = one.figure or "response"
            yield Due(one, f"{name}:{one.limit.normalize():f}:{event.pk}:{place.area}", event, now, value)
