"""The planner's pages: a programme's plans side by side, and one plan with every village's share and reason."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language

from disaster import problems
from disaster.people.pages import desk_page
from disaster.people.scope import Rights
from disaster.problems import Problem
from disaster.relief.plan import queries, results, services, told
from disaster.relief.plan.models import Scenario
from disaster.relief.plan.solve import difference
from disaster.rules import book

ON_A_PAGE = 60
COMPARED = 6
"""Scenarios side by side."""
LINES_SHOWN = 60


@desk_page("plan.see")
def listed(request: HttpRequest, rights: Rights) -> HttpResponse:
    """Show a programme's scenarios in columns, and plan another."""
    known = queries.programmes(rights.where("plan.see"))
    asked = request.GET.get("programme", "")
    programme = next((one for one in known if asked in ("", str(one.pk))), None)
    if asked and programme is None:
        raise problems.NOT_FOUND()
    every = queries.scenarios(programme, superseded=True) if programme else []
    shown = [one for one in every if one.state != Scenario.State.SUPERSEDED][:COMPARED]
    area = str(programme.area_id) if programme else ""
    return render(
        request,
        "plan/plans.html",
        {
            "programmes": known,
            "programme": programme,
            "scenarios": [(one, _next(one, rights)) for one in shown],
            "items": _compared(shown),
            "looked": _looked(shown),
            "over": [one for one in every if one.state == Scenario.State.SUPERSEDED],
            "policies": Scenario.Policy.choices,
            "may_make": bool(programme and programme.closed_at is None and rights.may("plan.make", area)),
            "least_pieces": book.value("plan.least_pieces", area=area),
            "least_money_pct": book.value("plan.least_money_pct", area=area),
            "keep_pct": book.value("plan.keep_pct", area=area),
            "person_yuan": book.value("plan.most_person_yuan", area=area),
            "household_yuan": book.value("plan.most_household_yuan", area=area),
            "townships": queries.townships_of(programme) if programme else [],
        },
    )


@desk_page("plan.see")
def one(request: HttpRequest, rights: Rights, plan_id: UUID) -> HttpResponse:
    """Show a plan: villages (``?area=`` a township's), its map, its difference from the one before, its next step."""
    found, language = queries.one(plan_id, by=rights), get_language() or "zh-hans"
    codes = queries.villages(found)
    asked = request.GET.get("area", "")
    pages = Paginator([code for code in codes if not asked or code[:9] == asked[:9]], ON_A_PAGE)
    page = pages.get_page(request.GET.get("page"))
    items = [_named(row, language) for row in found.figures["items"]]
    return render(
        request,
        "plan/plan.html",
        {
            "it": found,
            "items": items,
            "looked": _looked([found, *([found.former] if found.former else [])][::-1]),
            "rows": queries.rows(found, [row["item"] for row in items], page.object_list, language),
            "page": page,
            "asked": asked,
            "townships": queries.townships(codes),
            "supply": told.supply(found.figures, items),
            "limits": told.limits(found.figures),
            "unmet": told.unmet(found.figures, items, language),
            "next": _next(found, rights),
            "may_pin": found.state in queries.LIVE and rights.may("plan.make", str(found.area_id)),
            "is_open": found.state in (Scenario.State.DRAFT, Scenario.State.REVIEWED),
            "papers": found.papers.select_related("document__source", "document__target"),
            **_changes(request, found, rights, language),
        },
    )


def _changes(request: HttpRequest, found: Scenario, rights: Rights, language: str) -> dict[str, Any]:
    """Give the difference from the former plan, or (``?anew=1``) of what it would be now from what it is."""
    if "anew" in request.GET and rights.may("plan.make", str(found.area_id)):
        try:
            lines = services.propose(found, now=timezone.now()).lines
        except Problem as problem:
            return {"impossible": problem.message(language), "changes": [], "proposed": True}
        return {"changes": _said(lines, language), "proposed": True, "more": max(0, len(lines) - LINES_SHOWN)}
    if found.former is None:
        return {"changes": None}
    lines = difference.lines(results.kept(found.former), results.kept(found))
    return {"changes": _said(lines, language), "more": max(0, len(lines) - LINES_SHOWN)}


def _said(lines: list[difference.Line], language: str) -> list[tuple[difference.Line, int, str]]:
    biggest = sorted(lines, key=lambda line: (not _is_named(line), -abs(line.after - line.before)))
    return [(line, line.after - line.before, line.say(language)) for line in biggest[:LINES_SHOWN]]


def _is_named(line: difference.Line) -> bool:
    return any(key not in ("moved", "whence") for key, _ in line.why)


def _named(row: dict[str, Any], language: str) -> dict[str, Any]:
    name = row["name_en"] if language.startswith("en") else row["name"]
    percent = round(100 * row["given"] / row["need"], 1) if row["need"] else 100.0
    return {
        **row,
        "name": name,
        "percent": percent,
        "short": row["need"] - row["given"],
        "key": row["item"] or "money",
        "worst_percent": 100 * row["worst"],
    }


def _compared(shown: list[Scenario]) -> list[dict[str, Any]]:
    """Turn scenarios' figures into rows of a table: an item, then its figures scenario by scenario."""
    language = get_language() or "zh-hans"
    found: dict[str, dict[str, Any]] = {}
    for scenario in shown:
        for row in scenario.figures["items"]:
            found.setdefault(row["item"], _named(row, language))
    return [
        {
            **item,
            "cells": [
                next((_named(row, language) for row in one.figures["items"] if row["item"] == key), None)
                for one in shown
            ],
        }
        for key, item in found.items()
    ]


def _looked(shown: list[Scenario]) -> dict[str, Any]:
    """Give what the maps are chosen from: scenarios, and all their items."""
    language = get_language() or "zh-hans"
    items = {row["item"]: row for one in shown for row in one.figures["items"]}
    return {
        "plans": [{"id": str(one.pk), "name": f"{one.number} · {one.name}"} for one in shown],
        "items": [
            {"key": row["key"], "name": row["name"], "unit": row["unit"]}
            for row in (_named(row, language) for row in items.values())
        ],
    }


def _next(scenario: Scenario, rights: Rights) -> str:
    """Name the one next step of a plan, if it is the reader's to take."""
    area, me = str(scenario.area_id), rights.person_id
    if scenario.state == Scenario.State.DRAFT and rights.may("plan.review", area):
        return "review" if me != scenario.made_by_id else "other"
    if scenario.state == Scenario.State.REVIEWED and rights.may("plan.approve", area):
        return "approve" if me not in (scenario.made_by_id, scenario.reviewed_by_id) else "other"
    if scenario.state == Scenario.State.APPROVED and rights.may("plan.make", area):
        return "orders"
    return ""
