"""The stock pages: what is where, a place, a paper with its one next step, and the forms."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language

from disaster import problems
from disaster.people.pages import desk_page
from disaster.people.scope import Rights
from disaster.relief.stock import papers, queries
from disaster.relief.stock.models import Document, Item, Place
from disaster.rules import book
from gis.models import Area
from gis.scope import AreaScope, is_code

PAPERS_A_PAGE = 30


@desk_page("stock.see")
def listed(request: HttpRequest, rights: Rights) -> HttpResponse:
    """Show places by item, what is short or too old, and the papers that wait; ``?area=`` opens a township."""
    scope = rights.where("stock.see")
    asked = request.GET.get("area", "")
    if asked and not (is_code(asked) and scope.covers(asked)):
        raise problems.NOT_FOUND()
    shown = AreaScope.of([asked]) if asked else scope
    table = queries.table(shown, today=timezone.localdate(), top=asked)
    now = timezone.now()
    waiting = Paginator(queries.papers(shown, waiting=True), PAPERS_A_PAGE).get_page(
        request.GET.get("waiting")
    )
    done = Paginator(queries.papers(shown, waiting=False), PAPERS_A_PAGE).get_page(request.GET.get("done"))
    return render(
        request,
        "stock/stock.html",
        {
            "table": table,
            "waiting": [(one, _next(one, rights)) for one in waiting],
            "waiting_page": waiting,
            "late": queries.papers(shown, waiting=True).filter(paper_due__lt=now).count(),
            "done": done,
            "is_done_open": "done" in request.GET,
            "kept": urlencode({"area": asked} if asked else {}),
            "asked": Area.objects.filter(pk=asked).first() if asked else None,
            **_may(rights),
        },
    )


@desk_page("stock.see")
def place(request: HttpRequest, rights: Rights, place_id: UUID) -> HttpResponse:
    """Show a place's batches; scrap and stock-take for whoever may."""
    found = queries.one_place(place_id, by=rights)
    return render(
        request,
        "stock/place.html",
        {
            "it": found,
            "batches": queries.batches_at(found),
            "today": timezone.localdate(),
            "soon": timezone.localdate() + timedelta(days=int(book.value("stock.expiry_days"))),
            "may_settle": rights.may("stock.settle", str(found.area_id)),
        },
    )


@desk_page("stock.see")
def document(request: HttpRequest, rights: Rights, document_id: UUID) -> HttpResponse:
    """Show a paper with what moved upon it, and its one next step."""
    found = queries.one_document(document_id, by=rights)
    left = papers.on_the_way(found)
    return render(
        request,
        "stock/document.html",
        {
            "it": found,
            "lines": queries.lines(found),
            "loads": queries.loads(found),
            "movements": queries.moved(found),
            "missing": sum(left.values()),
            "next": _next(found, rights),
            "may_order": rights.may("stock.order", found.area_code),
            "is_late": found.paper_due is not None and found.paper_due < timezone.now(),
        },
    )


@desk_page("stock.write")
def take_in(request: HttpRequest, rights: Rights) -> HttpResponse:
    """Enter goods that came."""
    kinds = [
        (kind.value, kind.label)
        for kind in (Document.Kind.PURCHASE, Document.Kind.UPPER, Document.Kind.DONATION)
    ]
    areas = Area.objects.within(rights.where("stock.write")).exclude(level=Area.Level.VILLAGE)
    return render(
        request,
        "stock/in.html",
        {
            "kinds": kinds,
            "places": _places(rights.where("stock.write")),
            "items": _items(),
            "areas": areas.defer("boundary").order_by("code"),
        },
    )


@desk_page("stock.order")
def order(request: HttpRequest, rights: Rights) -> HttpResponse:
    """Order a transfer; ``?source=`` and ``?target=`` choose the ends."""
    return render(
        request,
        "stock/order.html",
        {
            "places": _places(rights.where("stock.order")),
            "items": _items(),
            "source": request.GET.get("source", ""),
            "target": request.GET.get("target", ""),
        },
    )


@desk_page("stock.place")
def open_place(request: HttpRequest, rights: Rights) -> HttpResponse:
    """Put a warehouse or point on the list."""
    areas = Area.objects.within(rights.where("stock.place")).filter(point__isnull=False)
    return render(
        request,
        "stock/place_new.html",
        {
            "kinds": [(kind.value, kind.label) for kind in Place.KEPT],
            "areas": areas.select_related("parent").defer("boundary", "parent__boundary").order_by("code"),
        },
    )


def _places(scope: AreaScope) -> Any:
    found = Place.objects.within(scope).filter(kind__in=Place.KEPT).select_related("area")
    return found.defer("area__boundary").order_by("area_id", "name")


def _items() -> list[dict[str, Any]]:
    chinese = (get_language() or "zh").startswith("zh")
    return [
        {"key": one.pk, "name": one.name if chinese else one.name_en, "unit": one.unit, "it": one}
        for one in Item.objects.all()
    ]


def _next(document: Document, rights: Rights) -> str:
    """Name the one next step of a paper, if it is the reader's to take."""
    source, target = str(document.source.area_id), str(document.target.area_id)
    steps = {
        Document.State.ORDERED: [("send", "stock.send", source)],
        Document.State.PARTLY: [("receive", "stock.receive", target), ("send", "stock.send", source)],
        Document.State.SENT: [("receive", "stock.receive", target)],
        Document.State.OPEN: [("settle", "case.see", target)],
    }.get(Document.State(document.state), [])
    return next((step for step, verb, area in steps if rights.may(verb, area)), "")


def _may(rights: Rights) -> dict[str, bool]:
    verbs = {
        "may_see_cases": "case.see",
        "may_print": "voucher.print",
        "may_write": "stock.write",
        "may_order": "stock.order",
        "may_place": "stock.place",
    }
    return {name: bool(rights.where(verb).prefixes) for name, verb in verbs.items()}
