"""The pages of needs: programmes with their townships, villages and applications, one household's file, the form."""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language

from disaster import problems
from disaster.people.pages import desk_page
from disaster.people.scope import Rights
from disaster.registers.models import mask_name
from disaster.relief.needs import doubles as doubled
from disaster.relief.needs import listing, queries, shown, standards, words
from disaster.relief.needs.listing import Asked, Line
from disaster.relief.needs.models import Application, Household, Programme
from disaster.relief.needs.services.acting import MOST
from disaster.relief.needs.services.applying import AMENDED_IN
from disaster.relief.stock.models import Item
from disaster.rules import book
from gis.models import Area
from gis.scope import AreaScope, is_code

SIZES = (50, 200, 1000)
"""How many applications a page may show."""
SHOWN_GOODS = ("quilt", "coat", "overcoat", "grain")
"""Items an approval offers before all others."""


@desk_page("need.see")
def programmes(request: HttpRequest, rights: Rights) -> HttpResponse:
    """Show the programmes with their totals, and the newest (or ``?of=``) by township."""
    scope = queries.seen(rights)
    rows = listing.programmes(scope)
    asked = request.GET.get("of", "")
    chosen = next((one for one, _totals in rows if str(one.pk) == asked), rows[0][0] if rows else None)
    villages = queries.village_needs(scope, chosen.pk) if chosen else []
    return render(
        request,
        "needs/programmes.html",
        {
            "rows": rows,
            "chosen": chosen,
            "townships": listing.townships(villages),
            "total": listing.total(villages),
            "states": _states(),
            "calendar": _calendar(),
            "may_open": bool(rights.where("need.approve").prefixes),
        },
    )


@desk_page("need.approve")
def open_programme(request: HttpRequest, rights: Rights) -> HttpResponse:
    """Open a programme."""
    areas = Area.objects.within(rights.where("need.approve")).exclude(level=Area.Level.VILLAGE)
    today = book.today()
    year = today.year if today.month >= 6 else today.year - 1
    return render(
        request,
        "needs/programme_new.html",
        {
            "kinds": Programme.Kind.choices,
            "areas": areas.defer("boundary").order_by("code"),
            "starts_on": date(year, 12, 1),
            "ends_on": date(year + 1, 5, 31),
        },
    )


@desk_page("need.see")
def programme(request: HttpRequest, rights: Rights, programme_id: UUID) -> HttpResponse:
    """Show a programme by township or village, and its applications by what is asked, with acts on many."""
    found = queries.one_programme(programme_id, by=rights)
    scope = queries.seen(rights)
    asked = _asked(request, scope)
    villages = queries.village_needs(AreaScope.of([asked.area]) if asked.area else scope, found.pk)
    by_town = not asked.area and len({one.township for one in villages}) > 1
    number = max(1, _whole(request.GET.get("page")))
    size = next((one for one in SIZES if str(one) == request.GET.get("size")), SIZES[0])
    page = listing.page(found, scope, asked, on=book.today(), offset=(number - 1) * size, limit=size)
    total = listing.total(villages)
    kept = {name: str(value) for name, value in request.GET.items() if name != "page" and value}
    return render(
        request,
        "needs/programme.html",
        {
            "it": found,
            "asked": asked,
            "area": Area.objects.only("code", "name", "parent").filter(pk=asked.area).first(),
            "by_town": by_town,
            "rows": listing.townships(villages)
            if by_town
            else [listing.total([one], one.area, one.name) for one in villages],
            "total": total,
            "lines": [_line(one, rights) for one in page.lines],
            "number_found": page.total,
            "pages": _pages(number, size, page.total, kept),
            "states": _state_tabs(total, asked, kept),
            "types": _choices("household_type"),
            "sizes": SIZES,
            "size": size,
            "acts": words.acts_of(rights, asked.state),
            "items": _items(),
            "most": MOST,
            "where": _where(found, asked),
            "inspection_pct": book.value("need.inspection_pct", area=str(found.area_id)),
            "notice_days": book.value("need.notice_days", area=str(found.area_id)),
            "notice_until": standards.notice_until("village", str(found.area_id), on=book.today()),
            **_may(rights, found),
        },
    )


@desk_page("need.village")
def enter(request: HttpRequest, rights: Rights, programme_id: UUID) -> HttpResponse:
    """Enter a household and what it applies for; made for a phone."""
    found = queries.one_programme(programme_id, by=rights)
    if found.closed_at:
        raise problems.PROGRAMME_CLOSED(name=found.name)
    villages = Area.objects.within(rights.where("need.village")).within(AreaScope.of([str(found.area_id)]))
    return render(
        request,
        "needs/enter.html",
        {
            "it": found,
            "villages": villages.filter(level=Area.Level.VILLAGE)
            .select_related("parent")
            .only("code", "name", "parent__name")
            .order_by("code"),
            "home": rights.home,
            "limit": standards.limit_fen(found, on=book.today()) // standards.FEN,
            **_form(),
        },
    )


@desk_page("need.see")
def household(request: HttpRequest, rights: Rights, household_id: UUID) -> HttpResponse:
    """Show one household's file: its data masked, its applications with steps, grants and checks."""
    found = queries.one_household(household_id, by=rights)
    lines = listing.file_of(found, on=book.today())
    area = str(found.area_id)
    full = rights.may("need.village", area)
    applications = [_application(one, rights, area) for one in lines]
    doubles = doubled.of({found.pk: found.identity_hash})
    applied = {one.it.programme_id for one in lines if one.it.state not in listing.OUT}
    return render(
        request,
        "needs/household.html",
        {
            "it": shown.household(found, to=rights),
            "home": found,
            "own_village": [found.area],
            "types": shown.codes_said("household_type", found.types, _language()),
            "people": _people(found, rights),
            "doubles": [one.words.say(_language(), one.params) for one in doubles.get(found.pk, ())],
            "relation_choices": _choices("member_relation"),
            "mark_choices": _choices("member_mark"),
            "applications": applications,
            "changes": [_change(one, full=full) for one in found.changes.order_by("-number")],
            "readings": found.readings.order_by("-at")[:50],
            "writes": full,
            "lives": found.state == Household.State.LIVING,
            "reveals": rights.may("need.reveal", area),
            "open_programmes": [
                one
                for one in Programme.objects.touching(AreaScope.of([area])).filter(closed_at=None)
                if one.pk not in applied
            ],
            **_form(),
        },
    )


def _people(found: Household, rights: Rights) -> list[dict[str, Any]]:
    """Give the members of a household, relation and marks in words."""
    people = [shown.member(one, found, to=rights) for one in found.people.all()]
    return [{**one, **_coded(one)} for one in people]


def _coded(one: dict[str, Any]) -> dict[str, str]:
    return {
        "relation_said": shown.codes_said("member_relation", [one["relation"]], _language()),
        "marks_said": shown.codes_said("member_mark", one["marks"], _language()),
    }


def _application(one: Line, rights: Rights, area: str) -> dict[str, Any]:
    row = one.it
    return {
        **_line(one, rights),
        "asked": words.asked_of(row),
        "steps": [
            {"it": step, "name": words.ACTS.get(step.act, step.act)}
            for step in sorted(row.steps.all(), key=lambda step: step.id)
        ],
        "acts": words.acts_of(rights, row.state, area),
        "hardships": shown.codes_said("hardship", row.hardships, _language()),
        "amends": row.state in AMENDED_IN and rights.may("need.village", area),
        "visits": rights.may("need.pass", area) and row.state in ("submitted", "passed"),
    }


def _line(one: Line, rights: Rights) -> dict[str, Any]:
    language = _language()
    return {
        "it": one.it,
        "name": shown.name_for(one.it.household, to=rights),
        "type": shown.types_said(one.it.household.types, language),
        "asked": words.asked_of(one.it),
        "goods": one.goods,
        "yuan": one.fen / 100,
        "yuan_settled": one.fen_settled / 100,
        "has_money": bool(one.fen),
        "findings": [(found.say(language), found.problem is not None) for found in one.findings],
        "is_visited": getattr(one.it, "is_visited", False),
    }


def _change(one: Any, *, full: bool) -> dict[str, Any]:
    def told(name: str, value: Any) -> str:
        if name == "types":
            return shown.codes_said("household_type", value, _language())
        if name == "member" and value:
            coded = _coded(value if full else {**value, "marks": []})
            person = value["name"] if full else mask_name(value["name"])
            parts = (person, coded["relation_said"], value["identity"], coded["marks_said"])
            return " ".join(filter(None, parts))
        if name == "state":
            return str(dict(Household.State.choices).get(value, value))
        return str(value or "") if full or name != "name" else mask_name(str(value))

    changes = [
        (words.label(name), *(told(name, value) for value in both)) for name, both in one.changes.items()
    ]
    return {"it": one, "changes": changes}


def _asked(request: HttpRequest, scope: AreaScope) -> Asked:
    asked = request.GET
    area = asked.get("area", "")
    if area and not (is_code(area) and scope.covers(area)):
        raise problems.NOT_FOUND()
    state = asked.get("state", "")
    return Asked(
        state=state if state in Application.State.values else "",
        area=area,
        type=asked.get("type", ""),
        key=bool(asked.get("key")),
        held=bool(asked.get("held")),
        sample=bool(asked.get("sample")),
        words=asked.get("words", "")[:40],
    )


def _where(found: Programme, asked: Asked) -> dict[str, Any]:
    return {"programme": str(found.pk), **{name: getattr(asked, name) for name in asked.__struct_fields__}}


def _states() -> list[tuple[str, Any]]:
    return list(Application.State.choices)


def _state_tabs(total: listing.Sum, asked: Asked, kept: dict[str, str]) -> list[dict[str, Any]]:
    """Give every state that has applications, with its number and its address."""
    rest = {name: value for name, value in kept.items() if name != "state"}
    tabs = [
        {
            "name": name,
            "number": total.states.get(key, 0),
            "url": f"?{urlencode({**rest, 'state': key})}",
            "here": asked.state == key,
        }
        for key, name in Application.State.choices
        if total.states.get(key) or asked.state == key
    ]
    return [{"name": "", "number": 0, "url": f"?{urlencode(rest)}", "here": not asked.state}, *tabs]


def _pages(number: int, size: int, total: int, kept: dict[str, str]) -> dict[str, Any]:
    def at(one: int) -> str:
        return f"?{urlencode({**kept, 'page': one})}"

    last = max(1, -(-total // size))
    return {
        "number": number,
        "last": last,
        "before": at(number - 1) if number > 1 else "",
        "after": at(number + 1) if number < last else "",
    }


def _may(rights: Rights, found: Programme) -> dict[str, bool]:
    return {
        "may_enter": bool(rights.where("need.village").prefixes) and not found.closed_at,
        "may_close": rights.may("need.approve", str(found.area_id)) and not found.closed_at,
        "may_export": bool(rights.where("form.export").prefixes),
        "may_reveal": bool(rights.where("need.reveal").prefixes),
        "may_act": bool(rights.where("need.village").prefixes),
    }


def _form() -> dict[str, Any]:
    return {
        "type_choices": _choices("household_type"),
        "hardship_choices": _choices("hardship"),
        "origins": Application.Origin.choices,
        "need_fields": [(key, name, unit) for key, (name, unit) in words.NEEDS.items()],
        "months": (12, 1, 2, 3, 4, 5),
    }


def _choices(listed: str) -> list[tuple[str, str]]:
    return [(one.key, one.name(_language())) for one in book.codes(listed)]


def _items() -> list[dict[str, str]]:
    chinese = _language().startswith("zh")
    rows = {one.pk: one for one in Item.objects.all()}
    ordered = [rows[key] for key in SHOWN_GOODS if key in rows]
    ordered += [one for key, one in rows.items() if key not in SHOWN_GOODS]
    return [
        {"key": one.pk, "name": one.name if chinese else one.name_en, "unit": one.unit} for one in ordered
    ]


def _calendar() -> list[dict[str, str]]:
    """Give the steps of the year's calendar (rule need.calendar), with the next one marked."""
    today = f"{book.today():%m-%d}"
    english = _language().startswith("en")
    rows = [
        {
            "date": f"{row['date']}—{row['until']}" if "until" in row else str(row["date"]),
            "name": str(row["en" if english else "zh"]),
            "due": str(row.get("until", row["date"])),
        }
        for row in book.value("need.calendar")
    ]
    upcoming = next((row["due"] for row in rows if row["due"] >= today), "")
    return [{**row, "next": "1" if row["due"] == upcoming else ""} for row in rows]


def _language() -> str:
    return get_language() or "zh-hans"


def _whole(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 6 else 0
