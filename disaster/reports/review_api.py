"""HTTP doors of the review: leases, passing, approving, the evidence."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import get_language
from ninja import Field, Router, Schema

from disaster.events import closures
from disaster.people.http import Moment, answer, reader
from disaster.people.scope import require
from disaster.problems import Problem
from disaster.reports import evidence, queries, services
from disaster.reports.services import leases
from gis import routing
from gis.shown import closure_view

router = Router(tags=["review"])


class Claim(Schema):
    """Whether somebody else's running lease is to be taken over."""

    take_over: bool = False


class Approve(Schema):
    """Why the county approves what no township has passed."""

    note: str = ""


class Closed(Schema):
    """A road that a report says is closed: where the report was made, or at a GeoJSON point or line."""

    id: UUID
    geometry: dict[str, Any] | None = None
    reason: str = Field("", max_length=500)
    radius_m: int | None = Field(None, ge=-(2**31), lt=2**31)
    valid_to: Moment | None = None


class Many(Schema):
    """Reports to be decided together."""

    ids: list[UUID]
    note: str = ""


@router.post("/reports/{report_id}/claim", summary="Begin reviewing a report")
def claim(request: HttpRequest, report_id: UUID, body: Claim) -> HttpResponse:
    """Hold a report for review, prolong one's lease, or take one over."""
    lease = leases.claim(report_id, by=reader(request), now=timezone.now(), take_over=body.take_over)
    return answer({"holder": lease.holder_name, "since": lease.since, "until": lease.until})


@router.post("/reports/{report_id}/closure", summary="Close the road a report tells of")
def close_road(request: HttpRequest, report_id: UUID, body: Closed) -> HttpResponse:
    """Close the road where a report was made (断路), with the report as its proof."""
    rights = reader(request)
    view = queries.detail(report_id, by=rights).report
    require(rights, "road.close", view.area)
    where = body.geometry or {"type": "Point", "coordinates": [view.lon, view.lat]}
    closure, is_new = closures.close_road(
        closure_id=body.id,
        shape=closures.place_of(where),
        area_code=view.area,
        reason=body.reason,
        radius_m=body.radius_m,
        valid_to=body.valid_to,
        report=view.id,
        by=rights,
        now=timezone.now(),
    )
    shut = routing.shut_by(closure.pk)
    return answer({"closure": closure_view(closure), "roads": shut}, 201 if is_new else 200)


@router.post("/reports/{report_id}/release", summary="Lay a review down")
def release(request: HttpRequest, report_id: UUID) -> HttpResponse:
    """End one's lease before its time."""
    leases.release(report_id, by=reader(request), now=timezone.now())
    return answer({})


@router.post("/reports/{report_id}/pass", summary="Pass a report for the township")
def pass_report(request: HttpRequest, report_id: UUID) -> HttpResponse:
    """Pass a report (乡镇审核通过)."""
    return answer(services.pass_report(report_id, by=reader(request), now=timezone.now()))


@router.post("/reports/{report_id}/approve", summary="Approve a report for the county")
def approve(request: HttpRequest, report_id: UUID, body: Approve) -> HttpResponse:
    """Approve a report (县级核定)."""
    return answer(services.approve(report_id, by=reader(request), now=timezone.now(), note=body.note))


@router.post("/review/pass", summary="Pass many reports")
def pass_many(request: HttpRequest, body: Many) -> HttpResponse:
    """Pass many reports, each answered by itself."""
    outcomes = services.pass_many(body.ids, by=reader(request), now=timezone.now())
    return answer({"outcomes": _told(body.ids, outcomes)})


@router.post("/review/approve", summary="Approve many reports")
def approve_many(request: HttpRequest, body: Many) -> HttpResponse:
    """Approve many reports, each answered by itself."""
    outcomes = services.approve_many(body.ids, by=reader(request), now=timezone.now(), note=body.note)
    return answer({"outcomes": _told(body.ids, outcomes)})


def _told(ids: list[UUID], outcomes: list[Any]) -> list[dict[str, Any]]:
    language = get_language() or "zh-hans"
    return [
        {"id": one, "problem": outcome.told(language)}
        if isinstance(outcome, Problem)
        else {"id": one, "state": outcome.state}
        for one, outcome in zip(ids, outcomes, strict=True)
    ]


@router.get("/reports/{report_id}/evidence", summary="What a reviewer should compare")
def get_evidence(request: HttpRequest, report_id: UUID) -> HttpResponse:
    """Give what speaks for double counting or a wrong place."""
    rights = reader(request)
    found = queries.detail(report_id, by=rights)
    require(rights, "report.review", found.report.area)
    language = get_language() or "zh-hans"
    findings = evidence.findings([report_id], scope=rights.sees).get(report_id, [])
    return answer({"findings": [one.told(language) for one in findings]})
