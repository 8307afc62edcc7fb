"""The pages for everybody: programmes and their totals, a village's notices, and the complaint box."""

from __future__ import annotations

import csv
import io
from datetime import datetime
from typing import Any

import segno
from django.core.files.storage import default_storage
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from disaster import problems
from disaster.problems import Problem
from disaster.relief.disclosure import levels, masks, published, services, tickets
from disaster.relief.disclosure.models import Case, Entry, Notice, NoticePhoto
from disaster.relief.disclosure.public_page import forms_in_measure, public_page, show
from disaster.relief.disclosure.services.cases import Told, code_of
from disaster.relief.disclosure.services.photos import path_of
from disaster.rules import book
from gis.models import Area

PHOTO_KEPT_S = 3600


@public_page()
def listed(request: HttpRequest) -> HttpResponse:
    """Show the programmes with their totals."""
    batches = published.programmes()
    rows = list(zip(batches, published.totals(batches, on=book.today()), strict=True))
    return show(request, "public/programmes.html", {"rows": rows, **_contact("")})


@public_page()
def programme(request: HttpRequest, number: str) -> HttpResponse:
    """Show a programme: its totals by township and village, and where a notice hangs."""
    batch = published.programme(number)
    on = book.today()
    return show(
        request,
        "public/programme.html",
        {
            "it": batch,
            "rows": published.figures(batch, on=on),
            "given": published.given(batch, on=on, language=get_language() or ""),
            "steps": published.steps_of(str(batch.area_id), on=on),
            "least": book.value("public.least", area=str(batch.area_id), on=on),
            **_contact(str(batch.area_id)),
        },
    )


@public_page()
def figures(request: HttpRequest, number: str) -> HttpResponse:
    """Give a programme's totals as CSV: one line an area, nothing in the cells that stay untold."""
    batch = published.programme(number)
    out = io.StringIO()
    write = csv.writer(out)
    write.writerow([_("区划代码"), _("名称"), _("户数"), _("人数"), _("资金(元)")])
    for row in published.figures(batch, on=book.today()):
        told = row.households is not None and row.fen is not None
        money = masks.yuan(row.fen or 0).replace(",", "") if told else ""
        write.writerow(
            [row.area.pk, row.area.name, row.households if told else "", row.persons if told else "", money]
        )
    # The mark lets Excel read UTF-8.
    answer = HttpResponse("\ufeff" + out.getvalue(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{number}.csv"'
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


@public_page()
def village(request: HttpRequest, number: str, area: str) -> HttpResponse:
    """Show a village's notices as they hang on its wall; ``?print`` lays them out for A4."""
    sheets = published.sheets(number, area, on=book.today(), language=get_language() or "")
    address = request.build_absolute_uri(reverse("public-village", args=[number, area]))
    return show(
        request,
        "public/village.html",
        {
            "sheets": sheets,
            "it": sheets[0].notice,
            "address": address,
            "qr": _qr(address),
            "on_paper": "print" in request.GET,
            "total": sum(len(sheet.lines) for sheet in sheets),
        },
    )


@public_page()
def level(request: HttpRequest, number: str, area: str, level: str) -> HttpResponse:
    """Show a township's list in the notice of the township or the county; ``?print`` lays it out for A4."""
    on, batch = book.today(), levels.batch_of(number)
    town = Area.objects.filter(pk=area).defer("boundary").first()
    if town is None:
        raise problems.NOT_FOUND()
    sheets = levels.papers(batch, town, level, on=on, language=get_language() or "")
    address = request.build_absolute_uri(reverse("public-level", args=[number, area, level]))
    return show(
        request,
        "public/level.html",
        {
            "sheets": sheets,
            "it": batch,
            "area": town,
            "level": level,
            "days": book.value(f"need.notice_days_{level}", area=str(batch.area_id)),
            "is_working": book.value("notice.days_kind", area=str(batch.area_id)) == "working",
            "address": address,
            "qr": _qr(address),
            "on_paper": "print" in request.GET,
            **_contact(area),
        },
    )


@public_page()
def photo(request: HttpRequest, number: str, area: str, photo_hash: str, size: str) -> HttpResponse:
    """Give a photograph of a notice that may be read; 404.1 otherwise."""
    found = NoticePhoto.objects.filter(
        notice__in=Notice.objects.filter(
            published.readable(on=book.today()), programme__number=number, area=area
        ),
        hash=photo_hash,
    ).exists()
    if not found or size not in ("full", "thumb") or not default_storage.exists(path_of(photo_hash, size)):
        raise problems.NOT_FOUND()
    with default_storage.open(path_of(photo_hash, size)) as file:
        data = file.read()
    return HttpResponse(
        data,
        content_type="image/jpeg",
        headers={"Cache-Control": f"public, max-age={PHOTO_KEPT_S}", "X-Content-Type-Options": "nosniff"},
    )


@public_page("POST")
def complain(request: HttpRequest) -> HttpResponse:
    """Show and take the form of the complaint box; with a notice's code and line, of an objection."""
    now = timezone.now()
    line = _line(request)
    if request.method != "POST":
        return _form(request, line, {}, {}, now)
    if request.POST.get("website"):  # a field no person sees: whoever fills it in is a program
        raise problems.NOT_FOUND()
    try:
        ticket = tickets.read(request.POST.get("ticket", ""), now=now)
        forms_in_measure(request)
        case = services.open_case(ticket.id, _told(request, line), by=None, now=now)
    except Problem as problem:
        if problem.kind is not problems.BAD_FIELDS:
            raise
        errors = {name: error.say(get_language() or "") for name, error in problem.errors.items()}
        return _form(request, line, request.POST, errors, now)
    return show(
        request,
        "public/received.html",
        {"it": case, "code": code_of(case.pk), **_contact(str(case.area_id))},
        status=201,
    )


@public_page("POST")
def ask(request: HttpRequest) -> HttpResponse:
    """Show how a case stands to whoever has its number and code."""
    told: dict[str, Any] = {}
    if request.method == "POST":
        forms_in_measure(request)
        number, code = request.POST.get("number", "").strip().upper(), request.POST.get("code", "")
        found: Case | None = Case.objects.filter(number=number).first()
        if found is not None and "".join(code.split()).upper() == code_of(found.pk):
            told = {"it": found, "is_late": found.is_late(on=book.today())}
        else:
            told = {"missing": True, "number": number}
    return show(request, "public/ask.html", {**told, **_contact("")})


def _line(request: HttpRequest) -> Entry | None:
    """Give the line an address names (``notice`` code and ``line``), None for a general complaint; 404.1."""
    code = request.GET.get("notice", "")
    if not code:
        return None
    place = request.GET.get("line", "")
    asked = Entry.objects.select_related("notice__area", "notice__programme", "application__household")
    asked = asked.filter(
        notice__in=Notice.objects.filter(published.readable(on=book.today()), code=code),
        is_current=True,
        application__state__in=published.SHOWN,
    )
    found: Entry | None = asked.filter(
        place=int(place) if place.isdecimal() and len(place) < 5 else 0
    ).first()
    if found is None:
        raise problems.NOT_FOUND()
    return found


def _form(
    request: HttpRequest, line: Entry | None, typed: Any, errors: dict[str, str], now: datetime
) -> HttpResponse:
    areas = []
    if line is None:
        asked = Area.objects.filter(level__in=[Area.Level.TOWNSHIP, Area.Level.VILLAGE])
        areas = list(asked.select_related("parent").defer("boundary", "parent__boundary").order_by("code"))
    area = str(line.notice.area_id) if line else ""
    shown = masks.name(line.application.household.name, book.value("public.name", area=area)) if line else ""
    response = show(
        request,
        "public/complain.html",
        {
            "line": line,
            "name": shown,
            "areas": areas,
            "kinds": Case.Kind.choices,
            "typed": typed,
            "errors": errors,
            "ticket": tickets.kept(typed.get("ticket", ""), now=now),
            "action": request.get_full_path(),
            **_contact(area),
        },
        status=400 if errors else 200,
    )
    response["Cache-Control"] = "no-store"  # each form has a ticket of its own
    return response


def _told(request: HttpRequest, line: Entry | None) -> Told:
    return Told(
        kind=request.POST.get("kind", ""),
        words=request.POST.get("words", ""),
        area=request.POST.get("area", ""),
        entry=line.pk if line else None,
        name=request.POST.get("name", ""),
        phone=request.POST.get("phone", ""),
    )


def _contact(area: str) -> dict[str, str]:
    return {"phone": book.value("public.phone", area=area), "office": book.value("public.office", area=area)}


def _qr(address: str) -> str:
    """Draw an address as a QR code, as SVG of attributes alone; medium correction survives a crease."""
    made = segno.make(address, error="m", micro=False)
    return mark_safe(made.svg_inline(scale=4, border=4, omitsize=True, svgclass="qr", lineclass=None))  # noqa: S308 - drawn here of modules only
