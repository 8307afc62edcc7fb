"""The roll-up page: what all reports add up to at a cutoff, why it changed, and what it rests on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, NamedTuple, cast
from urllib.parse import urlencode
from uuid import UUID

import msgspec
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from disaster import problems
from disaster.events.models import Event
from disaster.people.pages import desk_page
from disaster.people.scope import Rights, require
from disaster.reports import change, narrative, rollup
from disaster.reports.forms import gather
from disaster.reports.forms.services import YEARS, in_beijing
from disaster.reports.indicators import BY_KEY, INDICATORS, Indicator
from disaster.reports.rollup import Basis
from disaster.rules.book import BEIJING
from gis.models import Area
from gis.scope import AreaScope

GROUPS: tuple[tuple[str, Any, tuple[str, ...]], ...] = (
    ("main", gettext_lazy("主要指标"), ()),
    ("people", gettext_lazy("人口"), ("1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11")),
    ("houses", gettext_lazy("房屋"), ("12", "13", "14")),
    ("farming", gettext_lazy("农林牧渔"), ("15", "16", "17", "18", "19", "20", "21", "22")),
    ("works", gettext_lazy("设施"), tuple(str(number) for number in range(23, 36))),
    ("loss", gettext_lazy("损失"), ("36",)),
    ("field", gettext_lazy("四断和受困"), ("F1", "F2", "F3", "F4", "F5")),
)
"""Key, name and the form's plain numbers of each group of columns."""
BASES: tuple[tuple[Basis, Any], ...] = (
    ("received", gettext_lazy("初步统计(已接收)")),
    ("passed", gettext_lazy("乡镇已审")),
    ("approved", gettext_lazy("县级核定")),
)
_figures = msgspec.json.Decoder(dict[str, Decimal])


class Asked(NamedTuple):
    """What the reader chose. ``before``: the earlier cutoff to compare with."""

    event: Event | None
    cutoff: datetime
    before: datetime | None
    basis: Basis
    group: str

    def query(self, **more: str) -> str:
        """Write the choice as an address's query."""
        values = {
            "event": str(self.event.id) if self.event else "",
            "cutoff": self.cutoff.astimezone(BEIJING).isoformat(),
            "basis": self.basis,
        }
        return urlencode(values | more)


@desk_page("report.see")
def page(request: HttpRequest, rights: Rights) -> HttpResponse:
    """Show the table; the number of statements does not grow with villages or reports."""
    scope = rights.where("report.see")
    events = list(Event.objects.touching(scope).order_by("-started_at")[:100])
    asked = _asked(request, events)
    shown: dict[str, Any] = {"lines": [], "text": "", "text_en": ""}
    if asked.event is not None:
        shown = _shown(asked, asked.event, scope)
    return render(
        request,
        "reports/table.html",
        {
            **shown,
            "events": events,
            "asked": asked,
            "cutoff": _whole(asked.cutoff).astimezone(BEIJING),
            "before": asked.before.astimezone(BEIJING) if asked.before else None,
            "bases": BASES,
            "groups": [(key, name) for key, name, _numbers in GROUPS],
            "may_export": bool(rights.where("form.export").prefixes),
            "may_registers": bool(rights.where("register.see").prefixes),
            "may_import": bool(rights.where("form.import").prefixes),
            "query": asked.query(),
        },
    )


def _asked(request: HttpRequest, events: Sequence[Event]) -> Asked:
    given = request.GET
    now = timezone.now()
    event = next((one for one in events if str(one.id) == given.get("event")), None)
    event = event or next((one for one in events if one.closed_at is None), events[0] if events else None)
    cutoff = min(_moment(given.get("cutoff", "")) or now, now)
    before = _moment(given.get("before", ""))
    basis = next((key for key, _name in BASES if key == given.get("basis")), "received")
    group = next((key for key, _name, _numbers in GROUPS if key == given.get("group")), "main")
    return Asked(event, cutoff, before if before and before < cutoff else None, cast(Basis, basis), group)


def _whole(cutoff: datetime) -> datetime:
    """Round a cutoff up to the second that a form can show: asked again, it must hold no less."""
    return cutoff.replace(microsecond=0) + timedelta(seconds=1 if cutoff.microsecond else 0)


def _moment(text: str) -> datetime | None:
    try:
        found = parse_datetime(text.replace(" ", "+"))
    except ValueError:
        return None
    return in_beijing(found) if found and found.year in YEARS else None


def columns(group: str) -> list[Indicator]:
    """Give the columns of a group, in the order of the form."""
    numbers = next(numbers for key, _name, numbers in GROUPS if key == group)
    if not numbers:
        return [one for one in INDICATORS if one.main]
    return [one for one in INDICATORS if one.number.rstrip("abcdef") in numbers]


def _shown(asked: Asked, event: Event, scope: AreaScope) -> dict[str, Any]:
    areas = list(
        Area.objects.within(scope).filter(level__in=["city", "township", "village"]).order_by("code")
    )
    rows = rollup.table(event=event.id, cutoff=asked.cutoff, scope=scope, basis=asked.basis)
    steps: Mapping[str, list[change.Step]] = {}
    if asked.before:
        steps = change.explain(
            event=event.id, before=asked.before, after=asked.cutoff, scope=scope, basis=asked.basis
        )
    chosen = columns(asked.group)
    known = gather.facts(event, cutoff=asked.cutoff, basis=asked.basis, rows=rows, areas=areas)
    return {
        "columns": [{"name": _name(one), "unit": _unit(one)} for one in chosen],
        "lines": list(_lines(areas, rows, steps, chosen, asked)),
        "steps": _told_steps(areas, steps, chosen),
        "text": narrative.bulletin(known),
        "text_en": narrative.lead_en(known),
    }


def _name(indicator: Indicator) -> str:
    return indicator.en if (get_language() or "").startswith("en") else indicator.zh


def _unit(indicator: Indicator) -> str:
    return indicator.unit_en if (get_language() or "").startswith("en") else indicator.unit


def _lines(
    areas: Sequence[Area],
    rows: Mapping[str, rollup.Row],
    steps: Mapping[str, list[change.Step]],
    chosen: Sequence[Indicator],
    asked: Asked,
) -> Any:
    """Give the county's line, each township's, then its own entry and its villages' with reports."""
    folds = any(area.level == "township" for area in areas)
    for area in areas:
        row = rows.get(area.code)
        if row is None and (area.level == "village" and area.code not in steps):
            continue
        figures = row.figures if row else {}
        yield {
            "code": area.code,
            "name": area.name,
            "level": area.level if folds else f"{area.level} unfolded",
            "township": area.code[:9],
            "reports": row.reports if row else 0,
            "villages": row.villages if row else 0,
            "cells": [_cell(one, figures, steps.get(area.code, ()), area.code, asked) for one in chosen],
        }
        if row and row.own and area.level != "village":
            yield {
                "code": area.code,
                "name": _("本级"),
                "level": "own unfolded" if area.level == "city" else "own",
                "township": area.code[:9],
                "reports": "",
                "villages": "",
                "cells": [{"value": _plain(row.own.get(one.key))} for one in chosen],
            }


def _cell(
    indicator: Indicator,
    figures: Mapping[str, Decimal],
    steps: Sequence[change.Step],
    area: str,
    asked: Asked,
) -> dict[str, Any]:
    value = figures.get(indicator.key)
    mine = [step for step in steps if step.key == indicator.key]
    delta = sum((step.delta for step in mine), Decimal(0))
    query = asked.query(area=area, key=indicator.key)
    return {
        "value": _plain(value),
        "delta": _signed(delta) if delta else "",
        "falls": delta < 0,
        "causes": _by_cause(mine),
        "href": f"{reverse('table-sources')}?{query}" if value is not None else "",
    }


def _by_cause(steps: Iterable[change.Step]) -> list[str]:
    """Sum a cell's shares by cause: they add up to its difference."""
    english = (get_language() or "").startswith("en")
    sums: dict[change.Cause, Decimal] = {}
    for step in steps:
        sums[step.cause] = sums.get(step.cause, Decimal(0)) + step.delta
    return [f"{change.WORDS[cause][english]} {_signed(total)}" for cause, total in sums.items() if total]


def _plain(value: Decimal | None) -> str:
    return "" if value is None else narrative.amount(value)


def _signed(value: Decimal) -> str:
    return ("+" if value > 0 else "−") + narrative.amount(abs(value))


def _told_steps(
    areas: Sequence[Area], steps: Mapping[str, list[change.Step]], chosen: Sequence[Indicator]
) -> list[dict[str, Any]]:
    """Tell the causes behind the topmost line's differences, figure by figure, with their sum."""
    names = {area.code: area.name for area in areas}
    tops = [area.code for area in areas if area.level == "city"] or [
        area.code for area in areas if area.level == "township"
    ]
    told = []
    for top in tops or list(names)[:1]:
        for one in chosen:
            shares = [step for step in steps.get(top, ()) if step.key == one.key]
            if shares:
                total = sum((step.delta for step in shares), Decimal(0))
                told.append(
                    {
                        "area": names.get(top, top),
                        "name": _name(one),
                        "unit": _unit(one),
                        "total": _signed(total) if total else "0",
                        "shares": [_share(step, names) for step in shares],
                    }
                )
    return told


def _share(step: change.Step, names: Mapping[str, str]) -> dict[str, Any]:
    zh, en = change.WORDS[step.cause]
    return {
        "delta": _signed(step.delta),
        "cause": en if (get_language() or "").startswith("en") else zh,
        "where": names.get(step.of, step.of),
        "number": step.number,
        "report": step.report,
        "at": step.at.astimezone(BEIJING),
    }


@desk_page("report.see")
def sources(request: HttpRequest, rights: Rights) -> HttpResponse:
    """Show the reports one total is made of, each with its share."""
    area, key = request.GET.get("area", ""), request.GET.get("key", "")
    indicator = BY_KEY.get(key)
    if indicator is None or len(area) != 12 or not (area.isascii() and area.isdigit()):
        raise problems.NOT_FOUND()
    require(rights, "report.see", area)
    events = list(
        Event.objects.touching(rights.where("report.see")).filter(id=_uuid(request.GET.get("event", "")))
    )
    if not events:
        raise problems.NOT_FOUND()
    asked = _asked(request, events)
    views = rollup.sources(event=events[0].id, cutoff=asked.cutoff, area=area, basis=asked.basis)
    names = dict(
        Area.objects.filter(code__in={area, *(view.area for view in views)}).values_list("code", "name")
    )
    counted = [rollup.Standing(v.id, v.area, v.received_at, _figures.decode(bytes(v.figures))) for v in views]
    whole = rollup.roll_up(counted).get(area)
    rows = [
        {"view": view, "place": names.get(view.area, view.area), "value": _plain(one.figures[key])}
        for view, one in zip(views, counted, strict=True)
        if key in one.figures
    ]
    return render(
        request,
        "reports/table_sources.html",
        {
            "asked": asked,
            "cutoff": asked.cutoff.astimezone(BEIJING),
            "place": names.get(area, area),
            "name": _name(indicator),
            "unit": _unit(indicator),
            "rows": rows,
            "total": _plain(whole.figures.get(key) if whole else None),
            "back": f"{reverse('table')}?{asked.query()}",
        },
    )


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise problems.NOT_FOUND() from None
