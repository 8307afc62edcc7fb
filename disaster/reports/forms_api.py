"""HTTP doors of the forms: workbooks out, a filled one in, the written text."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from urllib.parse import quote
from uuid import UUID

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Router

from disaster import problems
from disaster.reports.api import answer, reader
from disaster.reports.forms import services
from disaster.reports.rollup import Basis

router = Router(tags=["forms"])
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@router.post("/forms/import", summary="Take a filled form back")
def import_form(request: HttpRequest) -> HttpResponse:
    """File each changed line of a 分乡镇表 as a 续报; the body is the .xlsx itself. All lines or none."""
    try:
        data = request.body
    except RequestDataTooBig:
        raise problems.TOO_LARGE(limit=f"{services.limits().packed // 1024 // 1024} MB") from None
    done = services.import_followups(data, by=reader(request), now=timezone.now())
    return answer({"numbers": done.numbers, "unchanged": done.unchanged})


@router.get("/forms/{form}", summary="A statutory form as a workbook")
def get_form(
    request: HttpRequest,
    form: Literal["fast", "detail", "registers"],
    event: UUID,
    cutoff: datetime | None = None,
    basis: Basis = "received",
) -> HttpResponse:
    """Give the 快报表, the 分乡镇表 or the registers (masked) of an event as .xlsx.

    A cutoff in time to come means now; registers are as they stand now.
    """
    now = timezone.now()
    if form == "registers":
        return _download(*services.export_registers(event_id=event, by=reader(request), now=now))
    until = now if cutoff is None else services.in_beijing(cutoff)
    name, data = services.export(
        form, event_id=event, cutoff=min(until, now), basis=basis, by=reader(request), now=now
    )
    return _download(name, data)


def _download(name: str, data: bytes) -> HttpResponse:
    return HttpResponse(
        data,
        content_type=XLSX,
        headers={
            "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}",
            "Cache-Control": "no-store",
        },
    )
