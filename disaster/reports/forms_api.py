"""HTTP doors of the forms: workbooks out, a filled one in, the written text."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Router

from disaster import problems
from disaster.people.http import answer, handed, reader
from disaster.reports.forms import services
from disaster.reports.rollup import Basis

router = Router(tags=["forms"])
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@router.post("/forms/import", summary="Take a filled form back")
def import_form(request: HttpRequest) -> HttpResponse:
    """Take back a workbook exported here; the body is the .xlsx itself. All of it or nothing.

    A 分乡镇表 files its changed lines as 续报, the registers' lines are entered and corrected, a
    快报表 is held against the system.
    """
    try:
        data = request.body
    except RequestDataTooBig:
        raise problems.TOO_LARGE(limit=f"{services.limits().packed // 1024 // 1024} MB") from None
    return answer(services.import_form(data, by=reader(request), now=timezone.now())._asdict())


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
        return handed(*services.export_registers(event_id=event, by=reader(request), now=now), XLSX)
    until = now if cutoff is None else services.in_beijing(cutoff)
    name, data = services.export(
        form, event_id=event, cutoff=min(until, now), basis=basis, by=reader(request), now=now
    )
    return handed(name, data, XLSX)
