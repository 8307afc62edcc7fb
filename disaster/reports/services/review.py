"""What the desks do with a report: read it, pass it, approve it, send it back.

The township passes (乡镇审核), the county approves (县级核定). The county may approve what
no township has passed, in a flood the township may be cut off, but then has to say why.
Whoever acts must not find the report in somebody else's hands (:mod:`.leases`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction

from disaster import problems
from disaster.journal import append
from disaster.people import scope
from disaster.people.scope import Rights
from disaster.problems import FieldError, Problem, Words
from disaster.registers.queries import agreement
from disaster.reports.indicators import BY_KEY
from disaster.reports.locks import lock_series
from disaster.reports.models import Report
from disaster.reports.services import leases
from disaster.reports.shown import ReportView, views

NEEDS_REMARK = Words("退回意见不能为空", "Say why the report is returned")
REMARK_TOO_LONG = Words("退回意见最多 {limit} 字", "The remark may have {limit} characters at most")
UNKNOWN_FIGURE = Words("没有 {key} 这个指标", "There is no figure {key}")
NEEDS_NOTE = Words(
    "乡镇尚未审核,县级直接核定须说明原因", "The township has not passed it; say why the county approves it"
)
NEEDS_EVENT = Words(
    "有死亡失踪的报告须先归入灾害过程,登记台账后再核定",
    "A report of dead or missing people must be put into an event, with its register rows, before approval",
)
FELL = Words(
    "核报的{zh}({now})少于上次核定({before}),报告中没有说明原因",
    "{en} ({now}) is below the last approved figure ({before}), and the report does not say why",
)
MAX_REMARK = 500
MAX_BATCH = 200


@transaction.atomic
def mark_seen(report_id: UUID, *, by: Rights, now: datetime) -> ReportView:
    """Note that a desk has read the report (已阅); reading again changes nothing."""
    report = _locked(report_id, "report.review", by)
    if report.seen_at is None:
        report.seen_at = now
        if report.state == Report.State.STORED:
            report.state = Report.State.SEEN
        report.save(update_fields=["seen_at", "state"])
        _tell("report.seen", report, [report.id], by=by, now=now)
    return _shown(report)


@transaction.atomic
def pass_report(report_id: UUID, *, by: Rights, now: datetime) -> ReportView:
    """Pass a report for the township (乡镇审核通过).

    Raises
    ------
    Problem
        403.1/404.1 without the right, 409.3 in somebody's hands, 409.2 if it is returned,
        superseded, passed or approved already.
    """
    report = _locked(report_id, "report.review", by)
    leases.require_free(report.series, by=by, now=now)
    if report.superseded_by or report.state not in {Report.State.STORED, Report.State.SEEN}:
        raise problems.NOT_OPEN(number=report.number)
    report.state, report.passed_at, report.passed_by = Report.State.PASSED, now, by.name
    report.seen_at = report.seen_at or now
    report.save(update_fields=["state", "passed_at", "passed_by", "seen_at"])
    leases.end(report.series)
    _tell("report.passed", report, [report.id], by=by, now=now)
    return _shown(report)


@transaction.atomic
def approve(report_id: UUID, *, by: Rights, now: datetime, note: str = "") -> ReportView:
    """Approve a report for the county (县级核定): it counts as 核定 from now on.

    Deaths and missing people must have their rows in the register, at 核报 damaged homes
    too; a figure that fell since the last approval needs its reason in the report.

    Raises
    ------
    Problem
        403.1/404.1, 409.3, 409.2 as for :func:`pass_report`; 400.2 naming each figure that
        does not agree, or ``note`` where the township has not passed it.
    """
    report = _locked(report_id, "report.approve", by)
    leases.require_free(report.series, by=by, now=now)
    if report.superseded_by or report.state in {Report.State.RETURNED, Report.State.APPROVED}:
        raise problems.NOT_OPEN(number=report.number)
    errors = _approval_errors(report, note)
    if errors:
        raise problems.BAD_FIELDS(errors)
    report.state, report.approved_at, report.approved_by = Report.State.APPROVED, now, by.name
    report.seen_at = report.seen_at or now
    if note and report.passed_at is None:
        report.notes = {**report.notes, "approved_unpassed": note.strip()[:MAX_REMARK]}
    report.save(update_fields=["state", "approved_at", "approved_by", "seen_at", "notes"])
    leases.end(report.series)
    _tell("report.approved", report, [report.id], by=by, now=now)
    return _shown(report)


def _approval_errors(report: Report, note: str) -> dict[str, FieldError]:
    figures = {key: Decimal(str(value)) for key, value in report.figures.items()}
    errors: dict[str, FieldError] = {}
    if report.passed_at is None and not note.strip():
        errors["note"] = FieldError(NEEDS_NOTE)
    if report.event_id is None:
        # The registers are kept by event: without one nobody can say that the rows agree.
        errors |= {
            f"figures.{key}": FieldError(NEEDS_EVENT) for key in ("dead", "missing") if figures.get(key)
        }
    else:
        errors |= agreement(report.event_id, report.area_id, figures, kind=report.kind, own=True)
    if report.kind == Report.Kind.VERIFIED and not report.notes.get("cumulative_falls"):
        errors |= _falls(report, figures)
    return errors


def _falls(report: Report, figures: dict[str, Decimal]) -> dict[str, FieldError]:
    """Name the cumulative figures below those of the version approved before."""
    last = (
        Report.objects.filter(series=report.series, approved_at__isnull=False)
        .order_by("-serial")
        .values_list("figures", flat=True)
        .first()
    )
    errors = {}
    for key, value in (last or {}).items():
        before, now = Decimal(str(value)), figures.get(key, Decimal(0))
        if now < before and BY_KEY[key].cumulative:
            told = {"zh": BY_KEY[key].zh, "en": BY_KEY[key].en, "now": now, "before": before}
            errors[f"figures.{key}"] = FieldError(FELL, told)
    return errors


@transaction.atomic
def send_back(
    report_id: UUID, *, remark: str, by: Rights, now: datetime, fields: Sequence[str] = ()
) -> ReportView:
    """Return a report to its officer (退回) with the reason, and the figures it is about.

    It no longer counts; the versions it had replaced count again. An approved report is
    not returned: a newer version takes its place.
    """
    report = _locked(report_id, "report.review", by)
    remark = remark.strip()
    errors: dict[str, FieldError] = {}
    if not remark:
        errors["remark"] = FieldError(NEEDS_REMARK)
    if len(remark) > MAX_REMARK:
        errors["remark"] = FieldError(REMARK_TOO_LONG, {"limit": MAX_REMARK})
    unknown = [key for key in fields if key not in BY_KEY]
    if unknown:
        errors["fields"] = FieldError(UNKNOWN_FIGURE, {"key": unknown[0]})
    if errors:
        raise problems.BAD_FIELDS(errors)
    leases.require_free(report.series, by=by, now=now)
    if report.superseded_by or report.state in {Report.State.RETURNED, Report.State.APPROVED}:
        raise problems.NOT_OPEN(number=report.number)
    report.state, report.remark = Report.State.RETURNED, remark
    report.returned_at, report.returned_by, report.returned_fields = now, by.name, list(dict.fromkeys(fields))
    report.seen_at = report.seen_at or now
    report.save(update_fields=["state", "remark", "seen_at", "returned_at", "returned_by", "returned_fields"])
    reinstated = list(Report.objects.filter(superseded_by=report.id).values_list("id", flat=True))
    Report.objects.filter(id__in=reinstated).update(superseded_by=None)
    leases.end(report.series)
    _tell("report.returned", report, [report.id, *reinstated], by=by, now=now)
    return _shown(report)


Outcome = ReportView | Problem


def pass_many(ids: Sequence[UUID], *, by: Rights, now: datetime) -> list[Outcome]:
    """Pass many reports; each is answered by itself, in order."""
    return _each(ids, lambda one: pass_report(one, by=by, now=now))


def approve_many(ids: Sequence[UUID], *, by: Rights, now: datetime, note: str = "") -> list[Outcome]:
    """Approve many reports; each is answered by itself, in order."""
    return _each(ids, lambda one: approve(one, by=by, now=now, note=note))


def _each(ids: Sequence[UUID], act: Callable[[UUID], ReportView]) -> list[Outcome]:
    if len(ids) > MAX_BATCH:
        raise problems.TOO_LARGE(limit=MAX_BATCH)
    outcomes: list[Outcome] = []
    for one in ids:
        try:
            outcomes.append(act(one))
        except Problem as problem:
            outcomes.append(problem)
    return outcomes


def _locked(report_id: UUID, verb: str, by: Rights) -> Report:
    """Lock the report's series as a submission does, so that both see a settled state."""
    found = Report.objects.filter(id=report_id).values_list("series", "area_id").first()
    if found is None:
        raise problems.NOT_FOUND()
    series, area = found
    scope.require(by, verb, area)
    lock_series([series])
    return Report.objects.select_for_update().get(id=report_id)


def _shown(report: Report) -> ReportView:
    return views("report.id = %s", [report.id])[0]


def _tell(verb: str, report: Report, changed: list[Any], *, by: Rights, now: datetime) -> None:
    append.one(
        verb,
        object_kind="report",
        object_id=str(report.id),
        area_code=report.area_id,
        put=views("report.id = ANY(%s)", [changed]),
        by=by,
        at=now,
    )
