"""HTTP doors of the reports: the fallback of the socket, details, review, photos, totals."""

from __future__ import annotations

from uuid import UUID

import msgspec
from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.files.storage import default_storage
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import etag
from ninja import Field, Router, Schema
from ninja.decorators import decorate_view

from disaster import problems
from disaster.journal import seal
from disaster.people.http import answer, reader
from disaster.people.scope import require
from disaster.reports import queries, services
from disaster.reports.reading import read_submit, too_large
from disaster.reports.rulebook import catalogue
from disaster.reports.services.photos import path_of
from disaster.reports.shown import ReportView
from gis.scope import AreaScope

router = Router(tags=["reports"])
_encoder = msgspec.json.Encoder(decimal_format="number")


class Return(Schema):
    """Why a report goes back to its officer, and which figures are meant."""

    remark: str = ""
    fields: list[str] = Field(default_factory=list)


@router.post("/reports", summary="File a report")
def submit(request: HttpRequest) -> HttpResponse:
    """Store a report: the same message and the same answer as at the socket."""
    received_at = timezone.now()
    try:
        message = read_submit(request.body)
    except RequestDataTooBig:
        raise too_large() from None
    receipt = services.submit(
        services.Submission(
            message.report, by=reader(request), sent_at=message.sent_at, received_at=received_at
        )
    )
    return answer(receipt, 201)


@router.get("/reports/{report_id}", summary="One report with its history")
def detail(request: HttpRequest, report_id: UUID) -> HttpResponse:
    """Give a report and every version of its series."""
    found = queries.detail(report_id, by=reader(request))
    return answer({"report": found.report, "history": found.history})


@router.post("/reports/{report_id}/seen", summary="Mark a report as read")
def seen(request: HttpRequest, report_id: UUID) -> HttpResponse:
    """Note that the bureau has read the report."""
    return answer(services.mark_seen(report_id, by=reader(request), now=timezone.now()))


@router.post("/reports/{report_id}/return", summary="Return a report to its officer")
def send_back(request: HttpRequest, report_id: UUID, body: Return) -> HttpResponse:
    """Return a report with a remark."""
    view: ReportView = services.send_back(
        report_id, remark=body.remark, fields=body.fields, by=reader(request), now=timezone.now()
    )
    return answer(view)


@router.put("/reports/{report_id}/photos/{photo_hash}", summary="Upload a photo of a report")
def put_photo(request: HttpRequest, report_id: UUID, photo_hash: str) -> HttpResponse:
    """Keep the bytes of a photo that the report named by their SHA-256."""
    try:
        data = request.body
    except RequestDataTooBig:
        raise problems.TOO_LARGE(limit=f"{settings.MAX_PHOTO_BYTES // 1024 // 1024} MB") from None
    services.store_photo(report_id, photo_hash, data, by=reader(request), now=timezone.now())
    return answer({"hash": photo_hash, "stored": True}, 201)


@router.get("/photos/{photo_hash}", summary="A photo")
def photo(request: HttpRequest, photo_hash: str, size: str = "full") -> HttpResponse:
    """Give a photo of a report in the reader's sight; ``size`` is full or thumb."""
    path = path_of(photo_hash, "thumb" if size == "thumb" else "full")
    if not queries.may_see_photo(photo_hash, scope=reader(request).sees) or not default_storage.exists(path):
        raise problems.NOT_FOUND()
    with default_storage.open(path) as file:
        return HttpResponse(
            file.read(),
            content_type="image/jpeg",
            headers={
                "Cache-Control": "private, max-age=31536000, immutable",
                "Content-Disposition": "inline",
            },
        )


@router.get("/totals", summary="Totals of an area")
def totals(request: HttpRequest, event: UUID | None = None, area: str | None = None) -> HttpResponse:
    """Add up the standing reports in the reader's area, or in one area inside it."""
    rights = reader(request)
    scope = rights.sees
    if area is not None:
        if len(area) != 12 or not (area.isascii() and area.isdigit()):
            raise problems.NOT_FOUND()
        require(rights, "report.see", area)
        scope = AreaScope.of([area])
    position = seal.head().position
    found = queries.totals(scope=scope, event=event)
    return answer(
        {
            "position": position,
            "cutoff": timezone.now(),
            "reports": found.reports,
            "villages": found.villages,
            "figures": {key: str(value) for key, value in found.figures.items()},
        }
    )


@router.get("/catalogue", summary="Indicators, hazards and checks")
@decorate_view(gzip_page, etag(lambda request: f'"{catalogue()["version"]}"'))
def get_catalogue(request: HttpRequest) -> HttpResponse:
    """Give the statutory catalogue as data, for the phone's own checks; asked again, 304."""
    response = answer(catalogue())
    response["Cache-Control"] = "private, no-cache"
    return response
