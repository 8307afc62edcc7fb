"""The event pages: what is open, what might be one, and one event with its figures and decisions."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language

from disaster import problems
from disaster.events.models import Event, Proposal, Response
from disaster.people.pages import desk_page
from disaster.people.scope import Rights
from disaster.reports import advice, rollup
from disaster.reports.indicators import BY_KEY
from disaster.reports.models import Report
from disaster.rules import book
from gis.models import Area, HazardZone
from gis.scope import AreaScope, pad

SHOWN = (
    "affected",
    "dead",
    "missing",
    "evacuated_early",
    "relocated",
    "houses_collapsed_rooms",
    "houses_severe_rooms",
    "crops_affected",
    "loss_total",
)
"""The columns of the townships' table; all others are in the roll-up page."""


def _hazards() -> list[tuple[str, str]]:
    language = get_language() or "zh-hans"
    entries = book.codes("hazard")
    names = {entry.key: entry.name(language) for entry in entries}
    return [
        (entry.key, f"{names[entry.parent]}-{names[entry.key]}" if entry.parent else names[entry.key])
        for entry in entries
    ]


def _named(key: str) -> str:
    return dict(_hazards()).get(key, key)


@desk_page("report.see")
def index(request: HttpRequest, rights: Rights) -> HttpResponse:
    """List the events of the reader's areas, and what might be one."""
    events = list(Event.objects.touching(rights.sees).annotate(reports=Count("report"))[:100])
    may_open = bool(rights.where("event.open").prefixes)
    found = (
        list(Proposal.objects.within(rights.where("event.open")).filter(state=Proposal.State.OPEN))
        if may_open
        else []
    )
    names = dict(
        Report.objects.filter(pk__in=[one for proposal in found for one in proposal.reports]).values_list(
            "id", "area__name"
        )
    )
    return render(
        request,
        "reports/events.html",
        {
            "events": [{"it": event, "hazard": _named(event.hazard)} for event in events],
            "proposals": [
                {
                    "it": one,
                    "hazard": _named(one.hazard),
                    "areas": sorted({names[UUID(key)] for key in one.reports if UUID(key) in names}),
                }
                for one in found
            ],
            "may_open": may_open,
            "warnings": _warnings(rights) if may_open else [],
            "hazards": _hazards(),
            "home": rights.home,
        },
    )


def _warnings(rights: Rights) -> list[str]:
    """Name the zones in force where the reader may open an event: what it may be opened upon."""
    now = timezone.now()
    zones = HazardZone.objects.within(rights.where("event.open")).filter(
        Q(valid_to__isnull=True) | Q(valid_to__gt=now), lifted_at__isnull=True, valid_from__lte=now
    )
    return [
        f"{zone.name}({zone.get_level_display()},{zone.source})"[:120]
        for zone in zones.defer("boundary")[:50]
    ]


@desk_page("report.see")
def one(request: HttpRequest, rights: Rights, event_id: UUID) -> HttpResponse:
    """Show one event: times, sums by township, advice, responses, merging and splitting."""
    event = Event.objects.touching(rights.sees).filter(pk=event_id).first()
    if event is None:
        raise problems.NOT_FOUND()
    now = timezone.now()
    table = rollup.table(event=event.id, cutoff=now, scope=rights.sees)
    whole = table.get(event.area_code)
    told = _advised(event, whole.figures, now) if whole else None
    nation = _advised(event, whole.figures, now, rule=advice.NATION) if whole else None
    language = get_language() or "zh-hans"
    may_change = rights.may("event.change", event.area_code)
    return render(
        request,
        "reports/event.html",
        {
            "event": event,
            "hazard": _named(event.hazard),
            "now": now,
            "heads": [_head(key, language) for key in SHOWN],
            "rows": _rows(table),
            "advice": told,
            "sentences": [hit.told(language) for hit in told.hits] if told else [],
            "nation": nation if nation and nation.level else None,
            "nation_sentences": [hit.told(language) for hit in nation.hits] if nation else [],
            "responses": list(Response.objects.filter(event=event)),
            "may_change": may_change and event.is_open,
            "may_unmerge": may_change
            and event.merged_into is not None
            and event.merged_into.is_open
            and rights.may("event.change", event.merged_into.area_code),
            "may_close": rights.may("event.close", event.area_code) and event.is_open,
            "may_decide": rights.may("response.decide", event.area_code),
            "hazards": _hazards(),
            "others": _others(event) if may_change and event.is_open else [],
            "townships": _townships(event) if may_change and event.is_open else [],
            "levels": (1, 2, 3, 4),
        },
    )


def _head(key: str, language: str) -> dict[str, str]:
    indicator = BY_KEY[key]
    english = language.startswith("en")
    return {
        "name": indicator.en if english else indicator.zh,
        "unit": indicator.unit_en if english else indicator.unit,
    }


def _rows(table: dict[str, rollup.Row]) -> list[dict[str, Any]]:
    """Give the county's row and its townships'; a township's reader sees theirs alone."""
    codes = [code for code in table if code.endswith("000")]
    names = dict(Area.objects.filter(code__in=codes).values_list("code", "name"))
    return [
        {
            "code": code,
            "name": names.get(code, code),
            "villages": table[code].villages,
            "cells": [table[code].figures.get(key) for key in SHOWN],
            "is_total": code.endswith("000000"),
        }
        for code in codes
    ]


def _others(event: Event) -> list[dict[str, Any]]:
    """Give the open events it could be merged into, with the areas that reported in both."""
    mine = set(Report.objects.filter(event=event).values_list("area_id", flat=True))
    within = AreaScope.of([event.area_code])
    others = [
        other
        for other in Event.objects.filter(closed_at__isnull=True).exclude(pk=event.pk)
        if within.touches(other.area_code)
    ]
    both: dict[UUID, set[str]] = {}
    rows = Report.objects.filter(event__in=others, area_id__in=mine).values_list("event_id", "area__name")
    for other, name in rows.distinct():
        both.setdefault(other, set()).add(name)
    return [{"it": other, "both": sorted(both.get(other.pk, ()))} for other in others]


def _advised(
    event: Event, figures: Mapping[str, Decimal], now: datetime, *, rule: str = advice.COUNTY
) -> advice.Advice:
    return advice.advise_with_residents(event.area_code, figures, cutoff=now, rule=rule)


def _townships(event: Event) -> list[dict[str, Any]]:
    """Give the townships that have reports in it, each with its villages, to be chosen for a split."""
    counted = dict(
        Report.objects.filter(event=event).values_list("area").annotate(count=Count("id")).order_by()
    )
    wanted = {*counted, *(pad(code[:9]) for code in counted)}
    areas = {area.code: area for area in Area.objects.filter(code__in=wanted)}
    doubles = _doubles(event)
    blocks: dict[str, dict[str, Any]] = {}
    for code, count in sorted(counted.items()):
        top = pad(code[:9])
        name = areas[top].name if top in areas else top
        block = blocks.setdefault(top, {"code": top, "name": name, "count": 0, "villages": []})
        block["count"] += count
        if code != top:
            village = {"code": code, "name": areas[code].name, "count": count}
            block["villages"].append(village | {"doubles": doubles.get(code, [])})
    return list(blocks.values())


def _doubles(event: Event) -> dict[str, list[Report]]:
    """Give the standing reports of each village that has several: it may have reported two events."""
    standing = Report.objects.filter(event=event, superseded_by__isnull=True).exclude(
        state=Report.State.RETURNED
    )
    several = standing.order_by().values("area_id").annotate(count=Count("id")).filter(count__gt=1)
    standing = standing.filter(area_id__in=several.values("area_id"))
    found: dict[str, list[Report]] = {}
    for report in standing.order_by("serial").only("id", "number", "area_id", "figures", "received_at"):
        found.setdefault(report.area_id, []).append(report)
    return found
