"""Receiving an alert: check, dedupe, follow its references, make or change its zones, tell the villages.

Alerts arrive in any order and more than once. One identifier of one sender has one content for
ever; an update or a cancellation that overtakes what it speaks of is honoured when that arrives.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

import msgspec
from django.db import connection, transaction
from django.db.models import Q, QuerySet

from disaster import problems
from disaster.journal import append
from disaster.people.scope import Rights
from disaster.problems import FieldError, Problem, Words
from disaster.rules import book
from disaster.warnings.alerts import read
from disaster.warnings.alerts import zones as made
from disaster.warnings.alerts.model import Alert as Message
from disaster.warnings.alerts.model import Info, Reference
from disaster.warnings.alerts.parse import parse
from disaster.warnings.alerts.resolve import Resolved, owner_of, resolve
from disaster.warnings.models import Alert
from disaster.warnings.shown import alert_view
from gis.scope import NATION, AreaScope, pad

FUTURE = Words("发布时间晚于现在", "It was sent in the future")
NONE_OF_OURS = Words("范围不在本系统负责的区划内", "The area is none of ours")
_ONE_AT_A_TIME = 0x7A71A1E7
"""Key of the lock that lines up alerts: an update must not pass the alert it replaces."""


class Received(NamedTuple):
    """The alert's row, and whether it is new (a repeat changes nothing)."""

    alert: Alert
    is_new: bool


def receive(data: bytes, *, way: str, by: Rights, now: datetime) -> Received:
    """Take one alert in, whichever door it came through; ``by`` is the feeder.

    What is refused is journaled with its reason, and told.

    Raises
    ------
    Problem
        413.1, 422.1 to 422.5 for what is wrong with it; 409.1 if its identifier has other content.
    """
    try:
        message = parse(data)
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_ONE_AT_A_TIME])
            return _Arrival(message, data, way=way, by=by, now=now).take()
    except Problem as problem:
        _note_refusal(problem, by=by, now=now)
        raise


def _note_refusal(problem: Problem, *, by: Rights, now: datetime) -> None:
    where = next(iter(by.where("alert.receive").prefixes), "")
    with transaction.atomic():
        append.one(
            "alert.refused",
            object_kind="alert",
            object_id=problem.kind.number,
            area_code=pad(where) if where else NATION,
            put=[],
            by=by,
            at=now,
        )


class _Arrival:
    """One message being taken in."""

    def __init__(self, message: Message, data: bytes, *, way: str, by: Rights, now: datetime) -> None:
        self.message, self.data, self.way, self.by, self.now = message, data, way, by, now
        self.digest = hashlib.sha256(msgspec.json.encode(message)).digest()
        self.scope: AreaScope = by.where("alert.receive")

    def take(self) -> Received:
        """Store it and do what it says.

        Raises
        ------
        Problem
            409.1 for another content under a known identifier; 422.3, 422.5.
        """
        known = Alert.objects.filter(identifier=self.message.identifier, sender=self.message.sender).first()
        if known is not None:
            if bytes(known.digest) != self.digest:
                raise problems.ID_REUSED({"identifier": FieldError(problems.ID_REUSED.words)})
            return Received(known, is_new=False)
        self._refuse_future()
        earlier = self._referenced()
        shaped = self._shaped(earlier)
        alert = self._row(earlier, shaped)
        alert.save(force_insert=True)
        changed = [alert]
        if alert.status == "Actual":
            changed = [*self._settle(alert, earlier, shaped), alert]
        append.one(
            "alert.received",
            object_kind="alert",
            object_id=str(alert.id),
            area_code=alert.area_code,
            put=[alert_view(one) for one in changed],
            by=self.by,
            at=self.now,
            downward=True,
        )
        return Received(alert, is_new=True)

    def _refuse_future(self) -> None:
        if self.message.sent > self.now + timedelta(minutes=book.value("alert.clock_ahead")):
            name = "sent" if self.message.standard == "cap" else "sendTime"
            raise problems.ALERT_INVALID({name: FieldError(FUTURE)})

    def _referenced(self) -> list[Alert]:
        """Give the alerts this one speaks of, and those that have taken their place; ours alone.

        One that speaks of the same alert counts as well: where that alert has not come yet, nothing
        else ties an update to the cancellation that follows it.
        """
        found: dict[object, Alert] = {}
        for reference in self.message.references:
            rows = Alert.objects.within(self.scope).filter(
                identifier=reference.identifier, status=self.message.status
            )
            if reference.sender:
                rows = rows.filter(sender=reference.sender)
            for row in [*rows, *self._beside(reference)]:
                head: Alert | None = row
                while head is not None and head.pk not in found:
                    found[head.pk] = head
                    head = head.replaced_by
        return list(found.values())

    def _beside(self, reference: Reference) -> QuerySet[Alert]:
        """Give the alerts that speak of the same one; a cancellation ends none that was sent after it."""
        rows = Alert.objects.within(self.scope).filter(
            _speaks_of(reference.sender, reference.identifier), status=self.message.status
        )
        return rows if self.message.msg_type == "Update" else rows.filter(sent__lte=self.message.sent)

    def _shaped(self, earlier: Sequence[Alert]) -> list[tuple[Info, Resolved]]:
        """Give where each info holds; a cancellation needs no place of its own."""
        found = [(info, resolve(info, scope=self.scope)) for info in self.message.told]
        shaped = [(info, place) for info, place in found if place is not None]
        if not shaped and not (self.message.msg_type == "Cancel" and (earlier or not found)):
            raise problems.ALERT_ELSEWHERE({"info/area": FieldError(NONE_OF_OURS)})
        return shaped

    def _row(self, earlier: Sequence[Alert], shaped: Sequence[tuple[Info, Resolved]]) -> Alert:
        message, info = self.message, read.gravest(self.message)
        drill = message.status != "Actual"
        state = Alert.State.DONE if message.msg_type == "Cancel" else Alert.State.ACTIVE
        places = [place.name for one in message.told for place in one.places if place.name]
        event = read.event_of(info) if info else None
        headline = read.headline_of(message, info) if info else (earlier[0].headline if earlier else "")
        return Alert(
            identifier=message.identifier,
            sender=message.sender,
            sent=message.sent,
            standard=message.standard,
            status=message.status,
            msg_type=message.msg_type,
            references=[[one.sender, one.identifier] for one in message.references],
            issuer=read.issuer_of(message)[:200],
            headline=(headline or message.identifier)[:300],
            description=info.description if info else "",
            instruction=info.instruction if info else "",
            event=((info.event if info else "") or (event.zh if event else ""))[:100],
            event_code=info.event_type[:12] if info else "",
            level=read.level_of(info) if info else "",
            effective=read.begins(message, info) if info else message.sent,
            onset=info.onset if info else None,
            expires=max((read.ends(message, one) for one in message.told), default=None),
            places="、".join(dict.fromkeys(places))[:2000],
            area_code=self._owner(earlier, shaped),
            raw=self.data,
            digest=self.digest,
            received_at=self.now,
            way=self.way,
            feeder=self.by.name,
            state=Alert.State.DRILL if drill else state,
        )

    def _owner(self, earlier: Sequence[Alert], shaped: Sequence[tuple[Info, Resolved]]) -> str:
        """Give the area an alert is filed under: that of all its infos, else of what it cancels."""
        owners = [place.area_code for _, place in shaped] or [one.area_code for one in earlier]
        if owner := owner_of(owners, self.scope):
            return owner
        where = next(iter(self.scope.prefixes), "")
        return pad(where) if where else NATION

    def _settle(
        self, alert: Alert, earlier: Sequence[Alert], shaped: Sequence[tuple[Info, Resolved]]
    ) -> list[Alert]:
        """Do what an actual alert says; give the earlier ones it changed."""
        newer = self._overtaken_by(earlier)
        if newer is not None:  # the news that replaces or cancels it was here before it
            alert.state = Alert.State.CANCELLED if newer.msg_type == "Cancel" else Alert.State.REPLACED
            alert.replaced_by = newer
            alert.save(update_fields=["state", "replaced_by"])
            return []
        past = [one for one in earlier if one.state == Alert.State.ACTIVE]
        over = Alert.State.CANCELLED if alert.msg_type == "Cancel" else Alert.State.REPLACED
        standing = made.zones_of(past)
        for one in earlier:
            one.replaced_by = one.replaced_by or alert
            one.state = over if one in past else one.state
            one.save(update_fields=["state", "replaced_by"])
        if alert.msg_type == "Cancel":
            made.lift(standing, by=self.by, now=self.now)
            return past
        held = [part for part in shaped if read.ends(self.message, part[0]) > self.now]
        made.make(alert, self.message, held, standing, by=self.by, now=self.now)
        if not held:
            alert.state = Alert.State.EXPIRED
            alert.save(update_fields=["state"])
        return past

    def _overtaken_by(self, earlier: Sequence[Alert]) -> Alert | None:
        """Give a later message that already stands in this one's place."""
        message = self.message
        heads = [one for one in earlier if one.sent > message.sent and message.msg_type == "Update"]
        named = _speaks_of(message.sender, message.identifier)
        heads += Alert.objects.within(self.scope).filter(named, status="Actual", sent__gte=message.sent)
        return max(heads, key=lambda one: (one.sent, one.received_at), default=None)


def _speaks_of(sender: str, identifier: str) -> Q:
    return Q(references__contains=[[sender, identifier]]) | Q(references__contains=[["", identifier]])
