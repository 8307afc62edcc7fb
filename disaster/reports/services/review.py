"""What the bureau does with a report: read it (已阅), send it back (退回)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from disaster import problems
from disaster.journal import append
from disaster.people import scope
from disaster.people.scope import Rights
from disaster.problems import FieldError, Words
from disaster.reports.locks import lock_series
from disaster.reports.models import Report
from disaster.reports.shown import ReportView, views

NEEDS_REMARK = Words("退回意见不能为空", "Say why the report is returned")
REMARK_TOO_LONG = Words("退回意见最多 {limit} 字", "The remark may have {limit} characters at most")
MAX_REMARK = 500


@transaction.atomic
def mark_seen(report_id: UUID, *, by: Rights, now: datetime) -> ReportView:
    """Note that the bureau has read the report (已阅); reading again changes nothing."""
    report = _locked(report_id, by)
    if report.seen_at is None:
        report.seen_at = now
        if report.state == Report.State.STORED:
            report.state = Report.State.SEEN
        report.save(update_fields=["seen_at", "state"])
        _tell("report.seen", report, [report.id], by=by, now=now)
    return views("report.id = %s", [report.id])[0]


@transaction.atomic
def send_back(report_id: UUID, *, remark: str, by: Rights, now: datetime) -> ReportView:
    """Return a report to its officer (退回) with the reason.

    It no longer counts; the versions it had replaced count again.
    """
    report = _locked(report_id, by)
    remark = remark.strip()
    if not remark:
        raise problems.BAD_FIELDS({"remark": FieldError(NEEDS_REMARK)})
    if len(remark) > MAX_REMARK:
        raise problems.BAD_FIELDS({"remark": FieldError(REMARK_TOO_LONG, {"limit": MAX_REMARK})})
    if report.superseded_by or report.state in {Report.State.RETURNED, Report.State.APPROVED}:
        raise problems.NOT_OPEN(number=report.number)
    report.state, report.remark = Report.State.RETURNED, remark
    report.seen_at = report.seen_at or now
    report.save(update_fields=["state", "remark", "seen_at"])
    reinstated = list(Report.objects.filter(superseded_by=report.id).values_list("id", flat=True))
    Report.objects.filter(id__in=reinstated).update(superseded_by=None)
    _tell("report.returned", report, [report.id, *reinstated], by=by, now=now)
    return views("report.id = %s", [report.id])[0]


def _locked(report_id: UUID, by: Rights) -> Report:
    """Lock the report's series as a submission does, so that both see a settled state."""
    found = Report.objects.filter(id=report_id).values_list("series", "area_id").first()
    if found is None:
        raise problems.NOT_FOUND()
    series, area = found
    scope.require(by, "report.review", area)
    lock_series([series])
    return Report.objects.select_for_update().get(id=report_id)


def _tell(verb: str, report: Report, changed: list[UUID], *, by: Rights, now: datetime) -> None:
    append.one(
        verb,
        object_kind="report",
        object_id=str(report.id),
        area_code=report.area_id,
        put=views("report.id = ANY(%s)", [changed]),
        by=by,
        at=now,
    )
