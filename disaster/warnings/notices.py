"""Telling the officers of threatened villages (预警到村), and what they answer.

A notice is one village's; it lives until its zone is lifted or has run out. The feed carries it to
the officers' phones, the channels of reminders to their messengers (:mod:`disaster.warnings.deliver`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q

from disaster import problems
from disaster.journal import append
from disaster.journal.append import Row, images
from disaster.people.scope import Rights, require
from disaster.problems import FieldError, Words
from disaster.rules import book
from disaster.warnings import deliver
from disaster.warnings.models import Alert, Confirmation, Notice
from disaster.warnings.shown import notice_view
from gis import threat
from gis.models import HazardZone

GRAVEST_FIRST = ("red", "orange", "yellow", "blue")
MAX_PERSONS = 1_000_000
MAX_WORDS = 500

NO_VILLAGE = Words("危险区内没有您负责的村(社区)", "No village of yours lies in the zone")
ALL_TOLD = Words("区内各村都已通知", "Every village in it has been told")
LIFTED = Words("危险区已解除或失效", "The zone was lifted or has run out")
UNKNOWN_ANSWER = Words("不认识的回复 {value}", "The answer {value} is unknown")
HOW_MANY = Words("须填写转移人数(0至{limit})", "Say how many persons moved (0 to {limit})")
WHICH_HELP = Words(
    "须写明需要什么支援,最多{limit}字", "Say which help is needed, in {limit} characters at most"
)
TOO_LONG = Words("最多{limit}字", "At most {limit} characters")


def is_automatic(level: str) -> bool:
    """Say whether an alert of a colour tells the officers by itself."""
    return any(row["level"] == level for row in book.value("notice.automatic"))


def threatened(zone: HazardZone, *, by: Rights) -> dict[str, int]:
    """Give the villages in a zone whose officers somebody may tell: code → about how many people inside.

    What lies inside, and on which assumption, says :mod:`gis.threat`.
    """
    inside = threat.of(zone.boundary, scope=by.where("notice.send"))
    return {village.code: village.people for village in inside.villages}


def told_of(zone: HazardZone) -> list[str]:
    """Give the villages that have an open notice of a zone, by code."""
    return list(Notice.objects.filter(zone=zone, closed_at=None).values_list("area_id", flat=True))


@transaction.atomic
def send(
    zone: HazardZone,
    *,
    by: Rights,
    now: datetime,
    alert: Alert | None = None,
    instruction: str = "",
    villages: Sequence[str] | None = None,
) -> list[Notice]:
    """Tell the officers of the villages in a zone; ``villages`` narrows it to some of them.

    A village that has been told of this zone at this level is not told again.

    Raises
    ------
    Problem
        403.1/404.1 without the right in the zone's area; 400.2 if there is nobody to tell.
    """
    require_somewhere(by, zone)
    if zone.lifted_at is not None or (zone.valid_to is not None and zone.valid_to <= now):
        raise problems.BAD_FIELDS({"zone": FieldError(LIFTED)})
    if len(instruction) > MAX_WORDS and alert is None:
        raise problems.BAD_FIELDS({"instruction": FieldError(TOO_LONG, {"limit": MAX_WORDS})})
    inside = threatened(zone, by=by)
    chosen = [code for code in inside if villages is None or code in villages]
    if not chosen:
        if alert is not None:  # an alert of a place without villages threatens nobody
            return []
        raise problems.BAD_FIELDS({"zone": FieldError(NO_VILLAGE)})
    list(HazardZone.objects.select_for_update().filter(pk=zone.pk).values_list("pk"))
    told = {row.area_id: row for row in Notice.objects.filter(zone=zone, area__in=chosen, closed_at=None)}
    fresh = [code for code in chosen if code not in told or told[code].level != zone.level]
    if not fresh and alert is None:
        raise problems.BAD_FIELDS({"zone": FieldError(ALL_TOLD)})
    _close([told[code] for code in fresh if code in told], by=by, now=now)
    made = [_notice(zone, code, inside[code], alert, instruction, by, now) for code in fresh]
    Notice.objects.bulk_create(made)
    _tell("notice.sent", made, by=by, now=now)
    deliver.put_down(made, now=now)
    return made


def require_somewhere(by: Rights, zone: HazardZone) -> None:
    """Let pass who may tell the villages of a zone: in its area, or in a part of it."""
    if not by.where("notice.send").touches(zone.area_id):
        require(by, "notice.send", zone.area_id)


def _notice(
    zone: HazardZone,
    code: str,
    people: int,
    alert: Alert | None,
    instruction: str,
    by: Rights,
    now: datetime,
) -> Notice:
    return Notice(
        zone=zone,
        alert=alert,
        area_id=code,
        people=people,
        kind=zone.kind,
        level=zone.level,
        headline=alert.headline if alert else zone.name,
        instruction=instruction.strip(),
        issuer=alert.issuer if alert else by.name,
        issued_at=alert.sent if alert else now,
        sent_at=now,
        sent_by=by.name,
    )


@transaction.atomic
def confirm(
    notice_id: UUID,
    *,
    confirmation: UUID,
    answer: str,
    by: Rights,
    now: datetime,
    persons: int | None = None,
    words: str = "",
    said_at: datetime | None = None,
) -> Notice:
    """Take a village's answer to a notice (已收到、已转移、需要支援); also after it was closed.

    ``confirmation`` is the id the phone made: the same one twice changes nothing. ``said_at`` is
    when it was said, by the phone's clock; the newest said counts, whenever it arrives.

    Raises
    ------
    Problem
        403.1/404.1 without the right in the village; 400.2 naming what is wrong; 409.1 if the
        id has other content.
    """
    notice = Notice.objects.select_for_update().filter(pk=notice_id).first()
    if notice is None:
        raise problems.NOT_FOUND()
    require(by, "notice.confirm", notice.area_id)
    words = words.strip()
    _refuse(answer, persons, words)
    row = Confirmation(
        id=confirmation,
        notice=notice,
        person_id=by.person_id,
        answer=answer,
        persons=persons if answer == Notice.Answer.MOVED else None,
        words=words,
        said_at=min(said_at or now, now),
        received_at=now,
    )
    if _is_repeat(row):
        return notice
    if notice.answered_at is None or row.said_at >= notice.answered_at:
        notice.answer, notice.words = row.answer, row.words
        notice.persons = row.persons if row.persons is not None else notice.persons
        notice.answered_by, notice.answered_at = by.name, row.said_at
        notice.save(update_fields=["answer", "words", "persons", "answered_by", "answered_at"])
    _tell("notice.confirmed", [notice], by=by, now=now)
    return notice


def _refuse(answer: str, persons: int | None, words: str) -> None:
    errors: dict[str, FieldError] = {}
    if answer not in Notice.Answer.values or answer == Notice.Answer.SENT:
        errors["answer"] = FieldError(UNKNOWN_ANSWER, {"value": answer[:20]})
    if answer == Notice.Answer.MOVED and (persons is None or not 0 <= persons <= MAX_PERSONS):
        errors["persons"] = FieldError(HOW_MANY, {"limit": MAX_PERSONS})
    if (answer == Notice.Answer.HELP and not words) or len(words) > MAX_WORDS:
        errors["words"] = FieldError(WHICH_HELP, {"limit": MAX_WORDS})
    if errors:
        raise problems.BAD_FIELDS(errors)


def _is_repeat(row: Confirmation) -> bool:
    """Store an answer; say whether it was stored before."""
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        known = Confirmation.objects.get(pk=row.pk)
        same = ("notice_id", "person_id", "answer", "persons", "words")
        if any(getattr(known, name) != getattr(row, name) for name in same):
            raise problems.ID_REUSED() from None
        return True
    return False


def close_of(zone: HazardZone, *, by: Rights | None, now: datetime) -> None:
    """Close what the villages were told of a zone: it was lifted or has run out."""
    _close(list(Notice.objects.select_for_update().filter(zone=zone, closed_at=None)), by=by, now=now)


def fit(zone: HazardZone, *, by: Rights, now: datetime) -> None:
    """Close the notices of villages that a changed zone no longer reaches."""
    inside = threatened(zone, by=by)
    rows = Notice.objects.select_for_update().filter(zone=zone, closed_at=None).exclude(area__in=inside)
    _close(list(rows.within(by.where("notice.send"))), by=by, now=now)


@transaction.atomic
def close_over(*, now: datetime) -> int:
    """Close the notices whose zone is over; give how many."""
    over = Q(zone__lifted_at__isnull=False) | Q(zone__valid_to__lte=now)
    rows = Notice.objects.select_for_update(of=("self",), skip_locked=True).filter(over, closed_at=None)
    closed = list(rows)
    _close(closed, by=None, now=now)
    return len(closed)


def _close(rows: Sequence[Notice], *, by: Rights | None, now: datetime) -> None:
    if not rows:
        return
    for row in rows:
        row.closed_at = now
    Notice.objects.bulk_update(rows, ["closed_at"])
    _tell("notice.closed", rows, by=by, now=now)


def _tell(verb: str, rows: Iterable[Notice], *, by: Rights | None, now: datetime) -> None:
    append.many(
        [
            Row(
                verb=verb,
                object_kind="notice",
                object_id=str(row.pk),
                area_code=row.area_id,
                at=now,
                put=images([notice_view(row)]),
                actor_id=by.person_id if by else None,
                actor=by.name if by else "",
            )
            for row in rows
        ]
    )


def silent(*, by: Rights, now: datetime) -> list[Notice]:
    """Give the open notices nobody has answered, those to be called first at the head.

    By colour, then by how many people are threatened there, then by how long they have been silent.
    """
    rows = Notice.objects.within(by.where("warning.see")).filter(closed_at=None, answer=Notice.Answer.SENT)
    ranked = rows.select_related("area", "area__parent").defer("area__boundary", "area__parent__boundary")
    return sorted(ranked, key=lambda row: (GRAVEST_FIRST.index(row.level), -row.people, row.sent_at))
