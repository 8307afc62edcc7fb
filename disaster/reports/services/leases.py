"""Leases: who is reviewing a series now, and until when."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from disaster import problems
from disaster.journal import append
from disaster.people import scope
from disaster.people.scope import Rights
from disaster.reports.locks import lock_series
from disaster.reports.models import Claim, Report
from disaster.rules import book


def holder(series: UUID, *, now: datetime) -> Claim | None:
    """Give the lease in force on a series, None where nobody holds it."""
    return Claim.objects.filter(series=series, until__gt=now).first()


@transaction.atomic
def claim(report_id: UUID, *, by: Rights, now: datetime, take_over: bool = False) -> Claim:
    """Begin or go on reviewing: hold the report's series for the minutes of rule ``review.lease``.

    The holder's own lease is prolonged. With ``take_over`` somebody else's running lease
    passes over (接手): a verb of its own in the journal, and the lease says from whom.

    Raises
    ------
    Problem
        403.1/404.1 without the right; 409.3 while somebody else holds it.
    """
    report = _reviewed(report_id, by)
    lock_series([report.series])
    running = holder(report.series, now=now)
    if running is not None and running.holder_id != by.person_id and not take_over:
        raise held_by(running)
    until = now + timedelta(minutes=book.value("review.lease", area=report.area_id))
    mine = running is not None and running.holder_id == by.person_id
    made, _ = Claim.objects.update_or_create(
        series=report.series,
        defaults={
            "holder_id": by.person_id,
            "holder_name": by.name,
            "taken_from": "" if running is None or mine else running.holder_name,
            "since": running.since if running is not None and mine else now,
            "until": until,
        },
    )
    if mine and running is not None and running.taken_from:
        Claim.objects.filter(series=report.series).update(taken_from=running.taken_from)
    if not mine:
        _tell("report.claimed" if running is None else "report.taken_over", report, by=by, now=now)
    return made


@transaction.atomic
def release(report_id: UUID, *, by: Rights, now: datetime) -> None:
    """Lay a review down before its lease ends; laying down what one does not hold changes nothing."""
    report = _reviewed(report_id, by)
    lock_series([report.series])
    if Claim.objects.filter(series=report.series, holder_id=by.person_id).delete()[0]:
        _tell("report.released", report, by=by, now=now)


def end(series: UUID) -> None:
    """End the lease on a series: what was to be decided is decided."""
    Claim.objects.filter(series=series).delete()


def require_free(series: UUID, *, by: Rights, now: datetime) -> None:
    """Let pass whoever may act on a series now: nobody else holds it.

    Raises
    ------
    Problem
        409.3, naming the holder and the end of the lease.
    """
    running = holder(series, now=now)
    if running is not None and running.holder_id != by.person_id:
        raise held_by(running)


def held_by(running: Claim) -> problems.Problem:
    """Say who holds a report, and until when."""
    until = running.until.astimezone(book.BEIJING)
    return problems.HELD(name=running.holder_name, until=f"{until:%H:%M}")


def _reviewed(report_id: UUID, by: Rights) -> Report:
    report = Report.objects.filter(id=report_id).only("id", "series", "area_id").first()
    if report is None:
        raise problems.NOT_FOUND()
    scope.require(by, "report.review", report.area_id)
    return report


def _tell(verb: str, report: Report, *, by: Rights, now: datetime) -> None:
    append.one(
        verb, object_kind="report", object_id=str(report.id), area_code=report.area_id, put=[], by=by, at=now
    )
