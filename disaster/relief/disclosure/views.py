"""The desk's pages of notices and complaints."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from disaster.people import private
from disaster.people.pages import desk_page
from disaster.people.scope import Rights
from disaster.relief.disclosure import levels, queries
from disaster.relief.disclosure.models import Case, Notice
from disaster.relief.disclosure.services.extending import against_asking
from disaster.rules import book
from gis.models import Area

PAGE = 50


@desk_page("case.see")
def listed(request: HttpRequest, rights: Rights) -> HttpResponse:
    """Show the cases in sight, those due first; ``?which=`` late, mine, done."""
    which = request.GET.get("which", "open")
    which = which if which in queries.LISTS else "open"
    on = book.today()
    counts = queries.counts(by=rights, on=on)
    return render(
        request,
        "disclosure/complaints.html",
        {
            "which": which,
            "counts": counts,
            "page": _page(request, queries.cases(which, by=rights, on=on)),
            "may_enter": bool(rights.where("need.village").prefixes),
        },
    )


@desk_page("need.village")
def enter(request: HttpRequest, rights: Rights) -> HttpResponse:
    """Enter what somebody said by telephone; ``?notice=…&line=…`` names the household it is about."""
    asked = request.GET.get("notice", "")
    notice = queries.one_notice(UUID(asked), by=rights) if _is_uuid(asked) else None
    areas = Area.objects.within(rights.where("need.village")).select_related("parent")
    return render(
        request,
        "disclosure/enter.html",
        {
            # An objection is to a line of a list: only that holds anybody.
            "kinds": [one for one in Case.Kind.choices if notice or one[0] != Case.Kind.OBJECTION],
            "channels": [choice for choice in Case.Channel.choices if choice[0] != Case.Channel.WEB],
            "areas": areas.defer("boundary", "parent__boundary").order_by("code") if notice is None else [],
            "notice": notice,
            "lines": queries.lines(notice).filter(is_current=True) if notice else [],
            "line": request.GET.get("line", ""),
        },
    )


@desk_page("case.see")
def case(request: HttpRequest, rights: Rights, case_id: UUID) -> HttpResponse:
    """Show a case with its one next step."""
    found = queries.one_case(case_id, by=rights)
    may = rights.may("case.settle", str(found.area_id))
    return render(
        request,
        "disclosure/case.html",
        {
            "it": found,
            "steps": found.steps.order_by("id"),
            "is_late": found.is_late(on=book.today()),
            "next": found.state if may and found.settled_at is None else "",
            "is_first": found.first_id == rights.person_id,
            "may_ask": may and against_asking(found, rights, now=timezone.now()) is None,
            "may_extend": found.awaits_extension
            and found.settled_at is None
            and rights.may("case.extend", str(found.area_id)),
            "longer": book.value("case.extend_days", area=str(found.area_id)),
            "may_reveal": may and bool(found.name_sealed or found.phone_sealed),
            "phone": private.mask_phone(found.phone) if may else "",
            "line": found.application.entries.filter(notice=found.notice).first()
            if found.application
            else None,
        },
    )


@desk_page("case.see")
def notices(request: HttpRequest, rights: Rights) -> HttpResponse:
    """Show who waits for a notice, and the notices that run; ``?which=done`` those that have ended."""
    which = "done" if request.GET.get("which") == "done" else "run"
    waiting = Paginator(queries.to_post(rights.where("need.village")), PAGE)
    return render(
        request,
        "disclosure/notices.html",
        {
            "which": which,
            "waiting": waiting.get_page(request.GET.get("waiting")),
            "page": _page(request, queries.notices(which, by=rights, on=book.today())),
            "today": book.today(),
            "levels": levels.running(rights.where("case.see"), on=book.today()) if which == "run" else [],
            "may_enter": bool(rights.where("need.village").prefixes),
        },
    )


@desk_page("case.see")
def notice(request: HttpRequest, rights: Rights, notice_id: UUID) -> HttpResponse:
    """Show a notice: its lines, its photographs, and its one next step."""
    found = queries.one_notice(notice_id, by=rights)
    lines = list(queries.lines(found))
    photos = list(found.photos.order_by("taken_on", "id"))
    may = rights.may("need.village", str(found.area_id)) and not (found.over_at or found.down_at)
    return render(
        request,
        "disclosure/notice.html",
        {
            "it": found,
            "lines": lines,
            "photos": photos,
            "today": book.today(),
            "may": may,
            "next": _next(found, bool(photos)) if may else "",
            "public": reverse("public-village", args=[found.programme.number, found.area_id]),
        },
    )


def _next(notice: Notice, has_photo: bool) -> str:
    if not has_photo:
        return "photo"
    return "finish" if book.today() > notice.until_on else "wait"


def _page(request: HttpRequest, rows: Any) -> Page[Any]:
    return Paginator(rows, PAGE).get_page(request.GET.get("page"))


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
