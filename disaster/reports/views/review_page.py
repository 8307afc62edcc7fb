"""The review pages: what waits for the reader's level, and one report with all that speaks about it."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

import msgspec
from django.db.models import FloatField, Q, QuerySet
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Coalesce
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from disaster.events.models import Event
from disaster.people.pages import desk_page, page_number
from disaster.people.scope import Rights, require
from disaster.registers.queries import agreement
from disaster.reports import evidence, hazards, queries
from disaster.reports.indicators import INDICATORS, Indicator
from disaster.reports.models import Claim, Report
from disaster.reports.services import leases
from disaster.reports.shown import PhotoFlag, ReportView, views
from disaster.rules import book
from gis.models import Area
from gis.scope import AreaScope

PAGE = 50
WAITING = ("stored", "seen", "passed")
STATES = (
    ("waiting", _("待审")),
    ("stored", _("待阅")),
    ("passed", _("乡镇已审")),
    ("approved", _("县级核定")),
    ("returned", _("退回")),
)
KINDS = {"first": _("初报"), "followup": _("续报"), "verified": _("核报"), "zero": _("零报告")}
QUICK = (
    _("数字与上次差距大,请核实"),
    _("单位可能填错,请核对"),
    _("位置不在本村,请重新定位"),
    _("与另一份报告重复,请核对"),
    _("请补充照片"),
)
_figures = msgspec.json.Decoder(dict[str, Decimal])


@desk_page("report.review")
def queue(request: HttpRequest, rights: Rights) -> HttpResponse:
    """Show what waits, the gravest first; the number of statements is fixed."""
    is_county = bool(rights.where("report.approve").prefixes)
    wanted = {name: request.GET.get(name, "") for name in ("event", "township", "state", "flagged")}
    wanted["state"] = wanted["state"] or "waiting"
    found = _found(rights, wanted)
    if wanted["flagged"]:
        ids = list(found.values_list("id", flat=True))
        found = found.filter(id__in=evidence.findings(ids, scope=rights.sees).keys())
    total = found.count()
    pages = (total + PAGE - 1) // PAGE or 1
    number = page_number(request, pages)
    rows = list(found[(number - 1) * PAGE : number * PAGE])
    lines = _lines(rows, rights.sees)
    return render(
        request,
        "reports/review.html",
        {
            "lines": lines,
            "total": total,
            "page": number,
            "pages": pages,
            "wanted": wanted,
            "states": STATES,
            "events": list(
                Event.objects.within(rights.where("report.review")).values_list("id", "name")[:50]
            ),
            "townships": list(
                Area.objects.within(rights.where("report.review"))
                .filter(level="township")
                .values_list("code", "name")
            ),
            "is_county": is_county,
        },
    )


def _found(rights: Rights, wanted: dict[str, str]) -> QuerySet[Report]:
    inside = Q(pk__in=[])
    for prefix in rights.where("report.review").prefixes:
        inside |= Q(area__code__startswith=prefix)
    rows = Report.objects.filter(inside)
    state = wanted["state"]
    if state == "waiting":
        # What a township has passed waits for the county alone.
        waits = WAITING if rights.where("report.approve").prefixes else WAITING[:2]
        rows = rows.filter(superseded_by__isnull=True, state__in=waits)
    elif state in {key for key, _name in STATES}:
        rows = rows.filter(state=state)
        rows = rows if state in {"returned", "approved"} else rows.filter(superseded_by__isnull=True)
    if _is_uuid(wanted["event"]):
        rows = rows.filter(event_id=wanted["event"])
    if wanted["township"].isdigit():
        rows = rows.filter(area__code__startswith=wanted["township"][:9])
    return rows.select_related("area", "area__parent", "event").order_by(*_GRAVEST)


def _grave(key: str) -> Any:
    return Coalesce(Cast(KeyTextTransform(key, "figures"), FloatField()), 0.0).desc()


_GRAVEST = (
    _grave("dead"),
    _grave("missing"),
    _grave("houses_collapsed_rooms"),
    _grave("relocated"),
    "-serial",
)


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def _lines(rows: Sequence[Report], scope: AreaScope) -> list[dict[str, Any]]:
    """Join each report with the version before, its findings and its lease: three statements more and two."""
    language = get_language() or "zh-hans"
    before = dict(
        Report.objects.filter(superseded_by__in=[row.id for row in rows])
        .order_by("serial")
        .values_list("superseded_by", "figures")
    )
    found = evidence.findings([row.id for row in rows], scope=scope)
    now = timezone.now()
    held = {
        claim.series: claim
        for claim in Claim.objects.filter(series__in=[row.series for row in rows], until__gt=now)
    }
    return [
        {
            "report": row,
            "kind": KINDS[row.kind],
            "hazard": _hazard(row.hazard),
            "figures": _main_figures(row.figures, before.get(row.id)),
            "findings": [one.told(language)["sentence"] for one in found.get(row.id, ())],
            "claim": held.get(row.series),
        }
        for row in rows
    ]


def _hazard(key: str) -> str:
    english = (get_language() or "").startswith("en")
    hazard = hazards.BY_KEY.get(key)
    return (hazard.en if english else hazard.zh) if hazard else key


def _main_figures(figures: dict[str, Any], before: dict[str, Any] | None) -> list[dict[str, Any]]:
    """Give the figures above zero, the main ones first, with the difference from the version before."""
    shown = []
    for indicator in sorted(INDICATORS, key=lambda one: (not one.main, one.order)):
        value = figures.get(indicator.key)
        if value:
            delta = None if before is None else _number(value) - _number(before.get(indicator.key, 0))
            shown.append(
                {"name": named(indicator), "value": value, "unit": _unit(indicator), "delta": delta or None}
            )
    return shown[:6]


def _number(value: Any) -> Decimal:
    return Decimal(str(value or 0))


def named(indicator: Indicator) -> str:
    """Name a figure in the reader's language."""
    return indicator.en if (get_language() or "").startswith("en") else indicator.zh


def _unit(indicator: Indicator) -> str:
    return indicator.unit_en if (get_language() or "").startswith("en") else indicator.unit


@desk_page("report.review")
def one(request: HttpRequest, rights: Rights, report_id: UUID) -> HttpResponse:
    """Show one report beside the version before it and beside whatever resembles it."""
    found = queries.detail(report_id, by=rights)
    require(rights, "report.review", found.report.area)
    row = Report.objects.select_related("area", "area__parent", "event").get(pk=report_id)
    now = timezone.now()
    language = get_language() or "zh-hans"
    findings = [
        one.told(language) for one in evidence.findings([report_id], scope=rights.sees).get(report_id, ())
    ]
    others = {view.id: view for view in _others([each["other"] for each in findings if each["other"]])}
    before = _before(found)
    figures = _figures.decode(bytes(found.report.figures))
    claim = leases.holder(row.series, now=now)
    return render(
        request,
        "reports/review_one.html",
        {
            "report": row,
            "view": found.report,
            "photos": [
                {"hash": each, "odd": _odd(found.report.photo_flags.get(each))}
                for each in found.report.photos_stored
            ],
            "kind": KINDS[row.kind],
            "hazard": _hazard(row.hazard),
            "rows": _compared(figures, before),
            "history": [_version(view) for view in reversed(found.history)],
            "kinds": KINDS,
            "findings": [
                {**each, "rows": _side_by_side(figures, others.get(each["other"]))} for each in findings
            ],
            "agreement": _agreement(row, figures, language),
            "claim": claim,
            "mine": claim is not None and claim.holder_id == rights.person_id,
            "lease_minutes": book.value("review.lease", area=row.area_id),
            "may_approve": rights.may("report.approve", row.area_id),
            "is_open": row.superseded_by is None and row.state in WAITING,
            "may_pass": row.superseded_by is None and row.state in {"stored", "seen"},
            "quick": QUICK,
            "fields": [(i.key, named(i)) for i in INDICATORS if i.key in figures],
        },
    )


def _odd(flag: PhotoFlag | None) -> list[str]:
    """Say what is odd about where and when a photo was taken."""
    told: list[str] = []
    if flag and flag.far_m is not None:
        told.append(_("拍摄位置距报告 %(km)s 千米") % {"km": round(flag.far_m / 1000, 1)})
    if flag and flag.hours_off is not None:
        told.append(_("拍摄时间相差 %(hours)s 小时") % {"hours": round(flag.hours_off)})
    return told


def _version(view: ReportView) -> dict[str, Any]:
    return {
        "id": view.id,
        "number": view.number,
        "received_at": view.received_at,
        "by": view.by,
        "words": Report.State(view.state).label,
        "remark": view.remark,
    }


def _others(ids: Sequence[UUID]) -> list[ReportView]:
    return views("report.id = ANY(%s)", [list(ids)]) if ids else []


def _before(found: queries.Detail) -> dict[str, Decimal] | None:
    """Give the figures of the version this one was written upon, else of the newest before it."""
    older = [
        view
        for view in found.history
        if view.received_at < found.report.received_at and view.state != "returned"
    ]
    named_one = next((view for view in older if view.id == found.report.corrects), None)
    last = named_one or (older[-1] if older else None)
    return _figures.decode(bytes(last.figures)) if last else None


def _compared(figures: dict[str, Decimal], before: dict[str, Decimal] | None) -> list[dict[str, Any]]:
    rows = []
    for indicator in INDICATORS:
        value, old = figures.get(indicator.key), (before or {}).get(indicator.key)
        if value is not None or old is not None:
            delta = (value or Decimal(0)) - (old or Decimal(0)) if before is not None else None
            rows.append(
                {
                    "key": indicator.key,
                    "name": named(indicator),
                    "unit": _unit(indicator),
                    "value": value,
                    "before": old,
                    "delta": delta or None,
                    "falls": bool(delta and delta < 0 and indicator.cumulative),
                }
            )
    return rows


def _side_by_side(figures: dict[str, Decimal], other: ReportView | None) -> list[dict[str, Any]]:
    if other is None:
        return []
    theirs = _figures.decode(bytes(other.figures))
    return [
        {
            "name": named(indicator),
            "mine": figures.get(indicator.key),
            "theirs": theirs.get(indicator.key),
            "same": bool(figures.get(indicator.key)) and bool(theirs.get(indicator.key)),
        }
        for indicator in INDICATORS
        if figures.get(indicator.key) or theirs.get(indicator.key)
    ]


def _agreement(row: Report, figures: dict[str, Decimal], language: str) -> list[str]:
    if row.event_id is None:
        return []
    return [
        error.say(language)
        for error in agreement(row.event_id, row.area_id, figures, kind=row.kind, own=True).values()
    ]
