"""The pages of receipts: differences to settle, a batch's chain of custody, a village's vouchers and their print."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import segno
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe

from disaster import problems
from disaster.people.pages import desk_page
from disaster.people.scope import Rights, require
from disaster.relief.receipts import custody, queries, voucher_lists
from disaster.relief.receipts.answering import Answerer, answerers, bound
from disaster.relief.receipts.models import Case, VoucherKey
from disaster.relief.receipts.services.cases import MOVES, RESULTS
from disaster.relief.stock import queries as stock

PAGE = 50
"""Rows of a page."""


@desk_page("case.see")
def cases(request: HttpRequest, rights: Rights) -> HttpResponse:
    """Show the cases that wait, what is due first first, each with its results; ``?document=`` keeps to one paper."""
    scope = queries.cases_seen(rights)
    open_cases = queries.cases(scope, state=Case.State.OPEN)
    settled = queries.cases(scope, state=Case.State.SETTLED)
    if asked := _uuid(request.GET.get("document", "")):
        open_cases, settled = open_cases.filter(document=asked), settled.filter(document=asked)
    now = timezone.now()
    shown = Paginator(
        open_cases.select_related("receipt").prefetch_related("handovers", "document__loads"), PAGE
    ).get_page(request.GET.get("page"))
    people = answerers(shown)
    rows = [
        (one, one.due < now, results_of(one, rights), _others(one, people[one.pk], rights)) for one in shown
    ]
    return render(
        request,
        "receipts/cases.html",
        {"page": shown, "rows": rows, "asked": asked, "settled": list(settled[:PAGE])},
    )


@desk_page("stock.see")
def batch(request: HttpRequest, rights: Rights, batch_id: UUID) -> HttpResponse:
    """Show a batch's chain of custody: where some of it stopped first, and where all of it is now."""
    found = stock.one_batch(batch_id, by=rights)
    chain = custody.custody(found)
    return render(
        request,
        "receipts/batch.html",
        {
            "it": found,
            "chain": chain,
            "missing": sum(hop.missing for hop in chain.stopped),
            "hops": Paginator(chain.hops, PAGE).get_page(request.GET.get("page")),
            "held": stock.held_of(found),
            "may_close": bool(rights.where("stock.settle").prefixes) and not found.closed_at,
        },
    )


@desk_page("voucher.print")
def vouchers(request: HttpRequest, rights: Rights) -> HttpResponse:
    """Show the villages that wait for goods and how many of their households have a voucher."""
    rows = voucher_lists.villages(rights.where("voucher.print"))
    return render(
        request,
        "receipts/vouchers.html",
        {
            "page": Paginator(rows, PAGE).get_page(request.GET.get("page")),
            "keys": VoucherKey.objects.order_by("-pk"),
            "may_change": bool(rights.where("voucher.key").prefixes),
        },
    )


@desk_page("voucher.print")
def vouchers_print(request: HttpRequest, rights: Rights) -> HttpResponse:
    """Show a village's vouchers on A4: ``?village=`` (12 digits) and ``?programme=``."""
    programme = _uuid(request.GET.get("programme", ""))
    village = request.GET.get("village", "")
    if programme is None or len(village) != 12:
        raise problems.NOT_FOUND()
    require(rights, "voucher.print", village)
    rows = voucher_lists.printed(village, programme)
    if not rows:
        raise problems.NOT_FOUND()
    return render(
        request,
        "receipts/vouchers_print.html",
        {
            "rows": [(row, drawn(row["code"])) for row in rows],
            "village": rows[0]["village"],
            "programme": rows[0]["programme"],
        },
    )


def drawn(line: str) -> SafeString:
    """Draw a code as an inline SVG that scales to its box; made of our own text alone."""
    svg = segno.make(line, error="m").svg_inline(omitsize=True, border=2)
    return mark_safe(svg)  # noqa: S308


def results_of(case: Case, rights: Rights) -> list[dict[str, Any]]:
    """Give the results a reader may settle a case with; none to whoever is bound by it."""
    if not rights.may("case.settle", case.area_code):
        return []
    if rights.person_id in bound(case):
        return []
    may_book = rights.may("stock.settle", case.document.area_code)
    return [
        {"key": one.value, "label": one.label} for one in RESULTS[case.kind] if may_book or one not in MOVES
    ]


def _others(case: Case, people: list[Answerer], rights: Rights) -> list[Answerer]:
    """Give whom a reader may let answer for a case instead."""
    if not rights.may("case.settle", case.area_code) or rights.person_id in bound(case):
        return []
    return [one for one in people if one.id != case.holder_id]


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
