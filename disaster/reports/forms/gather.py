"""Collecting what a form says from the roll-up: one statement for the figures, few more for names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from disaster import problems
from disaster.events.models import Event
from disaster.people.scope import Rights
from disaster.problems import FieldError, Words
from disaster.reports import hazards, narrative, rollup
from disaster.reports.forms.sheet import Form, Heading, Line, Material
from disaster.reports.rollup import Basis, Standing
from disaster.rules import book
from gis.models import Area
from gis.scope import AreaScope

UNKNOWN_EVENT = Words("没有这个灾害过程,或它不在本地", "There is no such event here")
NOTES = ("灾情文字说明", "救灾工作文字说明")
"""The two written notes that go with a report (《自然灾害情况统计调查制度》)."""


def event_of(event_id: UUID, scope: AreaScope) -> Event:
    """Give an event that concerns the reader's area.

    Raises
    ------
    Problem
        400.2 naming the event if it is none of theirs.
    """
    event = Event.objects.touching(scope).filter(id=event_id).first()
    if event is None:
        raise problems.BAD_FIELDS({"event": FieldError(UNKNOWN_EVENT)})
    found: Event = event
    return found


def material(
    form: Form, *, event: Event, cutoff: datetime, basis: Basis, scope: AreaScope, by: Rights, now: datetime
) -> Material:
    """Collect all that a workbook of a form says about an event at a cutoff."""
    areas = list(
        Area.objects.within(scope).filter(level__in=["city", "township", "village"]).order_by("code")
    )
    counted = rollup.standing(event=event.id, cutoff=cutoff, scope=scope, basis=basis)
    rows = {code: row for code, row in rollup.roll_up(counted).items() if scope.covers(code)}
    head = next((area for area in areas if area.level != "village"), None)
    known = facts(event, cutoff=cutoff, basis=basis, rows=rows, areas=areas)
    return Material(
        form=form,
        heading=_heading(form, cutoff, event.area_code),
        event=str(event.id),
        event_name=event.name,
        hazard=hazard_words(event.hazard),
        occurred_at=event.started_at,
        county=head.name if head else "",
        cutoff=cutoff,
        basis=basis,
        made_at=now,
        maker=by.name,
        lines=_fast(areas, rows) if form == "fast" else _detail(areas, rows, counted),
        notes=dict(zip(NOTES, (note_of_disaster(known), note_of_relief(known)), strict=True)),
    )


def hazard_words(key: str) -> str:
    """Name a hazard as the national system does: 一级灾种-亚灾种."""
    hazard = hazards.BY_KEY.get(key)
    parent = hazards.BY_KEY.get(hazard.parent) if hazard and hazard.parent else None
    if hazard is None:
        return key
    return f"{_disaster(parent.zh)}-{hazard.zh}" if parent else _disaster(hazard.zh)


def _disaster(name: str) -> str:
    """Write 洪涝 as 洪涝灾害; 雪灾 is one already."""
    return name if name.endswith("灾") else f"{name}灾害"


def _heading(form: Form, cutoff: datetime, area: str) -> Heading:
    rows = book.value("form.heading", on=cutoff.astimezone(book.BEIJING).date(), area=area)
    row = next(row for row in rows if row["form"] == form)
    return Heading(*(row[key] for key in ("number", "title", "maker", "approver", "document", "until")))


def _fast(areas: Sequence[Area], rows: Mapping[str, rollup.Row]) -> list[Line]:
    """The county's line and one for each township; a township's reader has no county line."""
    return [
        Line(area.code, area.name, "own", rows[area.code].figures if area.code in rows else {})
        for area in areas
        if area.level != "village"
    ]


def _detail(areas: Sequence[Area], rows: Mapping[str, rollup.Row], counted: Sequence[Standing]) -> list[Line]:
    """Each total before its parts: county, its own entry, township, its own entry, villages."""
    standing: dict[str, list[Standing]] = {}
    for one in counted:
        standing.setdefault(one.area, []).append(one)
    top = 0 if any(area.level == "city" for area in areas) else -1
    lines = []
    for area in areas:
        depth = 0 if area.level == "city" else 1
        if area.level != "village":
            sums = rows[area.code].figures if area.code in rows else {}
            lines.append(Line(area.code, area.name, "total", sums, depth=depth))
        figures, base = _entered(standing.get(area.code, []))
        name = f"{area.name}(本级)" if area.level != "village" else area.name
        lines.append(
            Line(area.code, name, "village" if area.level == "village" else "own", figures, base, depth)
        )
    return lines if top == 0 else [line for line in lines if line.depth]


def _entered(reports: Sequence[Standing]) -> tuple[Mapping[str, Decimal], str]:
    if len(reports) == 1:
        return reports[0].figures, str(reports[0].id)
    figures: dict[str, Decimal] = {}
    for one in reports:
        rollup.add_to(figures, one.figures)
    return figures, ""


def facts(
    event: Event, *, cutoff: datetime, basis: Basis, rows: Mapping[str, rollup.Row], areas: Sequence[Area]
) -> narrative.Facts:
    """Collect what the written words are made of; the place is the county, or one township."""
    townships = [area for area in areas if area.level == "township"]
    head = next((area for area in areas if area.level == "city"), None) or (
        townships[0] if townships else None
    )
    whole = rows.get(head.code) if head else None
    is_county = bool(head and head.level == "city")
    parts = townships if is_county else [area for area in areas if area.level == "village"]
    return narrative.Facts(
        event=event.name,
        hazard=hazard_words(event.hazard),
        started_at=event.started_at,
        cutoff=cutoff,
        figures=whole.figures if whole else {},
        parts=[narrative.Place(area.name, rows[area.code].figures) for area in parts if area.code in rows],
        part_name="乡镇(街道)" if is_county else "村(社区)",
        responses=[
            narrative.Step(one.level, one.number, one.started_at, one.ended_at, one.measures)
            for one in event.responses.filter(started_at__lte=cutoff).order_by("started_at")
        ],
        is_verified=basis == "approved",
        self_name="我市" if is_county else (head.name if head else ""),
    )


def note_of_disaster(known: narrative.Facts) -> str:
    """Write 灾情文字说明: 背景、过程、特点、现场情景、趋势."""
    blank = narrative.BLANK.format
    lines = [narrative.lead(known), "", *narrative.course(known), ""]
    return "\n".join([*lines, *(blank(what=what) for what in ("背景", "特点", "现场情景", "发展趋势"))])


def note_of_relief(known: narrative.Facts) -> str:
    """Write 救灾工作文字说明: 措施, 力量/资金/物资/装备, 需求, 困难, 下步."""
    blank = narrative.BLANK.format
    wanted = ("投入力量、资金、物资、装备", "需求", "困难", "下步工作")
    return "\n".join([*narrative.measures(known), *(blank(what=what) for what in wanted)])
