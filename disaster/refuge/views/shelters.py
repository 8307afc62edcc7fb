"""The shelters' pages: all of them with their room, and one at whose door people are counted."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from disaster import problems
from disaster.people.pages import desk_page
from disaster.people.scope import Rights
from disaster.refuge import queries, reading
from disaster.rules import book
from gis.models import Area, Shelter
from gis.scope import AreaScope


@desk_page("shelter.see")
def listed(request: HttpRequest, rights: Rights) -> HttpResponse:
    """Show every shelter with its room, the fullest first."""
    rows = queries.standing(rights.where("shelter.see"), now=timezone.now(), language=reading.language())
    taking = [row.shelter for row in rows if row.shelter.state == Shelter.State.OPEN]
    return render(
        request,
        "refuge/shelters.html",
        {
            "rows": rows,
            "open": len(taking),
            "inside": sum(row.shelter.occupancy for row in rows),
            "free": sum(max(0, one.capacity - one.occupancy) for one in taking),
            "filling": sum(one.is_filling for one in taking),
            "may_write": bool(rights.where("shelter.write").prefixes),
        },
    )


@desk_page("shelter.see")
def one(request: HttpRequest, rights: Rights, shelter_id: UUID) -> HttpResponse:
    """Show a shelter: who is inside, and the buttons of its door."""
    shelter = queries.one_shelter(shelter_id, by=rights)
    (row,) = queries.standing(
        AreaScope.of([shelter.area_id]), now=timezone.now(), language=reading.language(), only=shelter.pk
    )
    return render(
        request,
        "refuge/shelter.html",
        {
            "row": row,
            "it": row.shelter,
            "free": max(0, shelter.capacity - shelter.occupancy),
            "households": queries.households(shelter),
            "passages": queries.passages(shelter),
            "villages": _villages(shelter),
            "may_check": rights.may("shelter.check", shelter.area_id),
            "may_open": rights.may("shelter.open", shelter.area_id),
            "may_write": rights.may("shelter.write", shelter.area_id),
            "may_reveal": rights.may("shelter.reveal", shelter.area_id),
        },
    )


@desk_page("shelter.write")
def new(request: HttpRequest, rights: Rights) -> HttpResponse:
    """Enter a shelter."""
    return render(request, "refuge/edit.html", {"it": None, **_words(rights)})


@desk_page("shelter.write")
def edit(request: HttpRequest, rights: Rights, shelter_id: UUID) -> HttpResponse:
    """Change a shelter."""
    shelter = queries.one_shelter(shelter_id, by=rights)
    if not rights.may("shelter.write", shelter.area_id):
        raise problems.NOT_ALLOWED()
    return render(request, "refuge/edit.html", {"it": shelter, **_words(rights)})


def _words(rights: Rights) -> dict[str, Any]:
    language = reading.language()
    scope = rights.where("shelter.write")
    return {
        "kinds": [
            {"key": key, "name": name, "each": book.value(f"shelter.m2.{key}")}
            for key, name in Shelter.Kind.choices
        ],
        "levels": Shelter.Level.choices,
        "settings": Shelter.Setting.choices,
        "facilities": [(one.key, one.name(language)) for one in book.codes("shelter_facility")],
        "villages": Area.objects.within(scope)
        .filter(level=Area.Level.VILLAGE)
        .select_related("parent")
        .defer("boundary", "parent__boundary")
        .order_by("code"),
    }


def _villages(shelter: Shelter) -> Any:
    """Give the villages people may come from: those of the county."""
    return (
        Area.objects.filter(code__startswith=shelter.area_id[:6], level=Area.Level.VILLAGE)
        .select_related("parent")
        .defer("boundary", "parent__boundary")
        .order_by("code")
    )
