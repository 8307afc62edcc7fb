"""The briefing pages: make one and find the earlier ones; read one on a phone, each number with its sources."""

from __future__ import annotations

from uuid import UUID

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext, gettext_lazy

from disaster import problems
from disaster.briefings import content as contents
from disaster.briefings import files, queries, services
from disaster.briefings.render import words
from disaster.briefings.subscriptions.models import Subscription
from disaster.briefings.subscriptions.services import own
from disaster.events.models import Event
from disaster.people.pages import desk_page
from disaster.people.scope import Rights
from disaster.relief.needs.models import Programme
from disaster.reports.indicators import INDICATORS
from disaster.rules import book
from gis.models import Area
from gis.scope import AreaScope

A_PAGE = 30
ORIGINS = {
    "event": gettext_lazy("由 %(n)s 份有效报告的数字相加"),
    "stock": gettext_lazy("由 %(n)s 个仓库、储备点的出入库记录相加"),
    "way": gettext_lazy("由 %(n)s 份调拨单的在途数量相加"),
    "transfer": gettext_lazy("逐份清点调拨单,共 %(n)s 份"),
    "fund": gettext_lazy("由 %(n)s 项资金指标的收支记录相加"),
    "village": gettext_lazy("由 %(n)s 个村(社区)的救助申请和发放记录相加"),
}
"""What a figure is the sum of: by the first part of a relief figure's key, of an event always reports."""


@desk_page("briefing.see")
def listed(request: HttpRequest, rights: Rights) -> HttpResponse:
    """Show the briefings, and the form of a new one for whoever may make it."""
    scope = rights.where("briefing.make")
    return render(
        request,
        "briefings/briefings.html",
        {
            "page": Paginator(queries.listed(queries.seen(rights)), A_PAGE).get_page(request.GET.get("page")),
            "may_make": bool(scope.prefixes),
            "events": Event.objects.touching(scope).order_by("-started_at")[:50] if scope.prefixes else [],
            "programmes": Programme.objects.touching(scope).order_by("-opened_at")[:50]
            if scope.prefixes
            else [],
            "areas": _areas(scope) if scope.prefixes else [],
            "bases": [(key, gettext(name)) for key, name in words.BASES.items()],
        },
    )


@desk_page("briefing.see")
def subscriptions(request: HttpRequest, rights: Rights) -> HttpResponse:
    """Show the reader's own subscriptions and the form of a new one, sized for a phone."""
    english = (get_language() or "").startswith("en")
    names = {one.key: one.en if english else one.zh for one in INDICATORS}
    scope = rights.where("briefing.see")
    return render(
        request,
        "briefings/subscriptions.html",
        {
            "rows": [
                {"it": one, "figure": names.get(one.figure, one.figure), "limit": words.number(one.limit)}
                for one in own(rights).select_related("area").defer("area__boundary")
            ],
            "areas": _areas(scope),
            "figures": [
                (one.key, names[one.key], one.unit_en if english else one.unit)
                for one in INDICATORS
                if one.group == "statutory"
            ],
            "kinds": Subscription.Kind.choices,
            "triggers": Subscription.Trigger.choices,
            "clock": book.value("briefing.daily_at"),
        },
    )


def _areas(scope: AreaScope) -> QuerySet[Area]:
    found: QuerySet[Area] = (
        Area.objects.within(scope).filter(level__in=["city", "township"]).defer("boundary")
    )
    return found.order_by("code")


@desk_page("briefing.see")
def one(request: HttpRequest, rights: Rights, briefing_id: UUID) -> HttpResponse:
    """Show a briefing, sized for a phone; opening it is put on record."""
    found = queries.one(briefing_id, by=rights)
    is_maker = rights.may("briefing.make", str(found.area_id))
    services.opened(found, "page", by=rights, now=timezone.now())
    content = contents.decode(bytes(found.content))
    english = (get_language() or "").startswith("en")
    return render(
        request,
        "briefings/briefing.html",
        {
            "it": found,
            "content": content,
            "title": content.title_en if english else content.title,
            "lead": content.lead_en if english else content.lead,
            "figures": [
                {
                    "name": one.en if english else one.zh,
                    "unit": one.unit_en if english else one.unit,
                    "value": words.number(one.value),
                    "sources": len(one.sources),
                    "href": reverse("briefing-figure", args=[found.pk, one.key]),
                    "position": words.position(one, content),
                }
                for one in content.figures
            ],
            "table": _table(content.tables[0], english=english),
            "maps": [title for title, _ in files.drawings(content)],
            "public_maps": [title for title, _ in files.public_drawings(content)] if is_maker else [],
            "readers": queries.readers(found) if is_maker else None,
        },
    )


@desk_page("briefing.see")
def figure(request: HttpRequest, rights: Rights, briefing_id: UUID, key: str) -> HttpResponse:
    """Show what one number of a briefing is made of, as it was frozen: each source with its place in the journal."""
    found = queries.one(briefing_id, by=rights)
    content = contents.decode(bytes(found.content))
    one = next((each for each in content.figures if each.key == key), None)
    if one is None:
        raise problems.NOT_FOUND()
    services.opened(found, "figure", by=rights, now=timezone.now())
    english = (get_language() or "").startswith("en")
    return render(
        request,
        "briefings/figure.html",
        {
            "it": found,
            "content": content,
            "name": one.en if english else one.zh,
            "unit": one.unit_en if english else one.unit,
            "value": words.number(one.value),
            "position": words.position(one, content),
            "now": one.path,
            "origin": _origin(content, one),
            "rows": _sources(one),
        },
    )


def _origin(content: contents.Content, figure: contents.Figure) -> str:
    """Say of what kind of records a figure is the sum; nothing where there are none."""
    of = content.kind if content.kind == "event" else figure.key.partition(".")[0]
    return str(ORIGINS.get(of, ORIGINS["village"])) % {"n": len(figure.sources)} if figure.sources else ""


def _sources(figure: contents.Figure) -> list[dict[str, object]]:
    """Give a figure's sources, the largest first; maps lead to the first of an area."""
    rows = words.largest(figure)
    first = {one.code: at for at, one in reversed(list(enumerate(rows)))}
    return [
        {
            "it": one,
            "value": words.number(one.value),
            "anchor": f"a{one.code}" if one.code and first[one.code] == at else "",
        }
        for at, one in enumerate(rows)
    ]


def _table(table: contents.Table, *, english: bool) -> dict[str, object]:
    return {
        "title": table.en if english else table.zh,
        "columns": [
            (one.en if english else one.zh, one.unit_en if english else one.unit) for one in table.columns
        ],
        "rows": [
            *((row.name, [words.number(value) for value in row.values]) for row in table.rows),
            *(
                [(gettext("合计"), [words.number(value) for value in table.total.values])]
                if table.total
                else []
            ),
        ],
    }
