"""The registers' pages, written by the server; what they send goes to the API."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from disaster import problems
from disaster.events.models import Event
from disaster.people.pages import desk_page
from disaster.people.scope import Rights
from disaster.registers import form, queries
from disaster.registers.api import pairs, scope_of
from disaster.registers.models import CASUALTIES, HOMES, MODELS, Casualty, Kind
from disaster.registers.shown import show, show_version
from gis.models import Area
from gis.scope import AreaScope

PAGE = 50
TABS = {CASUALTIES: _("因灾死亡失踪人口"), HOMES: _("倒塌损坏住房")}
DAMAGE = {"collapsed": _("倒塌"), "severe": _("严重损坏"), "slight": _("一般损坏")}
WITHDRAWN = _("已注销")
STATES: dict[Kind, dict[str, Any]] = {
    CASUALTIES: {**dict(Casualty.Status.choices), "withdrawn": WITHDRAWN},
    HOMES: {**DAMAGE, "withdrawn": WITHDRAWN},
}


@desk_page("register.see")
def registers(request: HttpRequest, rights: Rights) -> HttpResponse:
    """Show one register, filtered by event, township and state, beside what was reported."""
    asked = request.GET
    kind = HOMES if asked.get("kind") == HOMES else CASUALTIES
    event, area = _event(asked), asked.get("area", "")
    scope = scope_of(rights, area)
    page = _whole(asked.get("page")) or 1
    found = queries.rows(
        kind, scope=scope, event=event, state=asked.get("state", ""), offset=(page - 1) * PAGE, limit=PAGE
    )
    kept = {name: asked[name] for name in ("event", "area", "state") if asked.get(name)}
    return render(
        request,
        "registers/list.html",
        {
            "kind": kind,
            "tabs": [
                (key, title, f"?{urlencode({'kind': key, **_other(kept)})}") for key, title in TABS.items()
            ],
            "rows": [_told(show(row, to=rights)) for row in found.rows],
            "total": found.total,
            "pages": _pages(page, found.total, {"kind": kind, **kept}),
            "events": _events(rights),
            "townships": _areas(rights.where("register.see"), Area.Level.TOWNSHIP),
            "states": STATES[kind].items(),
            "asked": {"event": str(event or ""), "area": area, "state": asked.get("state", "")},
            "may_write": bool(rights.where("register.write").prefixes),
            "gaps": _gaps(asked, event, scope) if event else [],
        },
    )


@desk_page("register.see")
def duplicates(request: HttpRequest, rights: Rights) -> HttpResponse:
    """Show the pairs of rows that may be the same person's, side by side."""
    found = queries.alike(scope=scope_of(rights), event=_event(request.GET))
    return render(request, "registers/duplicates.html", {"pairs": _sides(pairs(found, to=rights))})


@desk_page("register.write")
def new(request: HttpRequest, rights: Rights, kind: Kind) -> HttpResponse:
    """Show an empty form."""
    if kind not in MODELS:
        raise problems.NOT_FOUND()
    context = _form(kind, None, rights) | {"chosen_event": str(_event(request.GET) or "")}
    return render(request, "registers/row.html", context)


@desk_page("register.see")
def row(request: HttpRequest, rights: Rights, kind: Kind, row_id: UUID) -> HttpResponse:
    """Show one row: its form, what can be done with it, and what happened to it."""
    if kind not in MODELS:
        raise problems.NOT_FOUND()
    found = queries.detail(kind, row_id, by=rights)
    writes = rights.may("register.write", found.row.area_id) and found.row.withdrawn_at is None
    resembling = queries.alike(scope=scope_of(rights), row=row_id)
    shown = show(found.row, to=rights)
    context = {
        **(_form(kind, found.row, rights) if writes else {"kind": kind, "title": TABS[kind]}),
        "row": _told(shown),
        "facts": [] if writes else _facts(kind, shown),
        "history": [_change(kind, show_version(version, to=rights)) for version in found.history],
        "readings": found.readings,
        "pairs": _sides(pairs(resembling, to=rights)),
        "statuses": [each for each in Casualty.Status.choices if each[0] != shown.get("status")],
        "photos": shown.get("photos", []),
    }
    return render(request, "registers/row.html", context)


def _form(kind: Kind, row: form.Row | None, rights: Rights) -> dict[str, Any]:
    return {
        "kind": kind,
        "title": TABS[kind],
        "groups": form.groups(kind, row, _language()),
        "events": [] if row else _events(rights),
        "villages": _areas(rights.where("register.write"), Area.Level.VILLAGE),
        "writes": True,
    }


def _event(asked: QueryDict) -> UUID | None:
    try:
        return UUID(asked.get("event", ""))
    except ValueError:
        return None


def _whole(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 6 else 0


def _events(rights: Rights) -> list[Event]:
    """Give the events that concern the reader, the newest first; merged ones are part of another."""
    events = Event.objects.touching(rights.where("register.see")).filter(merged_into__isnull=True)
    return list(events.order_by("-started_at")[:100])


def _areas(scope: AreaScope, level: str) -> list[Any]:
    areas = Area.objects.within(scope).filter(level=level).select_related("parent")
    return list(areas.only("code", "name", "parent__name").order_by("code"))


def _language() -> str:
    return get_language() or "zh-hans"


def _other(kept: dict[str, str]) -> dict[str, str]:
    """Keep a filter when the register is changed: all but the state, which is another's."""
    return {name: value for name, value in kept.items() if name != "state"}


def _pages(page: int, total: int, kept: dict[str, str]) -> dict[str, Any]:
    def at(number: int) -> str:
        return f"?{urlencode({**kept, 'page': number})}"

    last = max(1, -(-total // PAGE))
    return {
        "number": page,
        "last": last,
        "before": at(page - 1) if page > 1 else "",
        "after": at(page + 1) if page < last else "",
    }


def _told(shown: dict[str, Any]) -> dict[str, Any]:
    """Put words beside the keys of a shown row."""
    kind, language = shown["kind"], _language()
    state = "withdrawn" if shown["withdrawn_at"] else shown.get("status") or shown.get("damage")
    names = ("cause", "household_types", "structure", "hazard", "sex", "occurred_at", "rebuild_way")
    told = {name: form.words(kind, name, shown[name], language) for name in names if name in shown}
    return {**shown, "told": told, "state": state, "state_name": STATES[kind].get(str(state), "")}


def _facts(kind: Kind, shown: dict[str, Any]) -> list[tuple[str, str]]:
    """Tell a row to who may only read it, in the order of the form."""
    language = _language()
    facts = [(form.label(kind, "area"), f"{shown['township_name']}{shown['area_name']}")]
    for _title, controls in form.groups(kind, None, language):
        facts += [
            (control.label, form.words(kind, control.name, shown[control.name], language))
            for control in controls
            if control.name in shown
        ]
    return [fact for fact in facts if fact[1]]


def _change(kind: Kind, version: dict[str, Any]) -> dict[str, Any]:
    language = _language()
    changes = [
        (form.label(kind, name), *(form.words(kind, name, value, language) for value in both))
        for name, both in version["changes"].items()
    ]
    return {**version, "changes": changes}


def _sides(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    for pair in found:
        pair["both"] = [pair["one"], pair["other"]]
        for side in pair["both"]:
            side["tab"] = TABS[side["kind"]]
            side["state_name"] = STATES[side["kind"]].get(side["state"], "")
    return found


def _gaps(asked: QueryDict, event: UUID, scope: AreaScope) -> list[tuple[str, queries.Gap]]:
    """Put the figures given in the address (``f.dead=2``) beside the rows, each with its name."""
    given = {name[2:]: _number(asked.get(name)) for name in asked if name.startswith("f.")}
    figures = {name: figure for name, figure in given.items() if figure is not None}
    english = _language().startswith("en")
    found = queries.missing_rows(event, scope=scope, figures=figures)
    return [(gap.en if english else gap.zh, gap) for gap in found]


def _number(text: str | None) -> Decimal | None:
    try:
        number = Decimal(text or "")
    except InvalidOperation:
        return None
    return number if number.is_finite() and abs(number) < Decimal("1e12") else None
