"""What a 灾情专报 says of an event, in one county or township, as of one moment."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from urllib.parse import urlencode

import msgspec
from django.urls import reverse

from disaster.briefings.content import (
    Column,
    Content,
    Figure,
    Moment,
    Row,
    Section,
    Source,
    Table,
    Witness,
)
from disaster.events.models import Event
from disaster.journal import read, seal
from disaster.reports import narrative, rollup
from disaster.reports.forms import gather
from disaster.reports.indicators import INDICATORS, Indicator
from disaster.reports.models import Report
from disaster.reports.rollup import Basis, Standing
from disaster.rules.book import BEIJING
from gis.models import Area
from gis.scope import AreaScope

ALWAYS = frozenset({"affected", "dead", "missing"})
"""Said even where nothing was reported: silence would be read as an omission."""
ZERO = Decimal(0)
MAPPED = "affected"
STEPS = 13
"""Moments on the slider of the interactive map."""


def content(event: Event, area: Area, *, as_of: datetime, basis: Basis, now: datetime) -> Content:
    """Collect a briefing; the number of statements does not grow with villages or reports."""
    scope = AreaScope.of([area.code])
    areas = list(
        Area.objects.within(scope).filter(level__in=["city", "township", "village"]).order_by("code")
    )
    counted = rollup.standing(event=event.id, cutoff=as_of, scope=scope, basis=basis)
    rows = {code: row for code, row in rollup.roll_up(counted).items() if scope.covers(code)}
    steps = list(_steps(event, scope, as_of, basis, counted))
    reports = {str(one.id) for _, standing in steps for one in standing}
    positions = read.positions_of("report", reports, verb="report.submitted")
    facts = gather.facts(event, cutoff=as_of, basis=basis, rows=rows, areas=areas)
    whole = rows[area.code].figures if area.code in rows else {}
    return Content(
        kind="event",
        title=f"关于{place_of(area)}{event.name}{_what(event.name)}的报告",
        title_en=f"Report on {event.name}" + ("" if area.level == "city" else f", {area.name}"),
        subject=event.name,
        area=area.code,
        area_name=area.name,
        as_of=as_of,
        basis=basis,
        is_verified=basis == "approved",
        lead=narrative.lead(facts),
        lead_en=narrative.lead_en(facts),
        sections=tuple(_sections(facts)),
        figures=tuple(_figures(event, area, as_of, basis, whole, counted, _names(areas), positions)),
        tables=_tables(area, areas, rows),
        mapped=MAPPED,
        moments=tuple(_told(at, standing, positions) for at, standing in steps),
        witness=witness(now),
    )


def witness(now: datetime) -> Witness:
    """Give the head of the journal's chain as it stands."""
    head = seal.head()
    return Witness(head.position, head.hash.hex(), now)


def place_of(area: Area) -> str:
    """Name a township in a title; the county is who speaks."""
    return "" if area.level == "city" else area.name


def _what(name: str) -> str:
    """Say after an event's name what is reported of it, no word twice."""
    endings = {"灾情": "", "灾害": "情况"}
    return next((what for ending, what in endings.items() if name.endswith(ending)), "灾情")


def _sections(facts: narrative.Facts) -> Iterable[Section]:
    """Split the bulletin into its five parts; what only people know stays a marked blank."""
    title, lines = "", list[str]()
    for line in narrative.bulletin(facts).splitlines():
        if line[:2] in {"一、", "二、", "三、", "四、", "五、"}:
            if title:
                yield Section(title, tuple(lines))
            title, lines = line, []
        elif line:
            lines.append(line)
    yield Section(title, tuple(lines))


def _names(areas: Sequence[Area]) -> Mapping[str, str]:
    return {area.code: area.name for area in areas}


def _figures(
    event: Event,
    area: Area,
    as_of: datetime,
    basis: Basis,
    whole: Mapping[str, Decimal],
    counted: Sequence[Standing],
    names: Mapping[str, str],
    positions: Mapping[str, int],
) -> Iterable[Figure]:
    ids = [str(one.id) for one in counted]
    numbers = {
        str(pk): number for pk, number in Report.objects.filter(pk__in=ids).values_list("pk", "number")
    }
    for one in INDICATORS:
        value = whole.get(one.key, ZERO)
        if one.group != "statutory" or not (value or one.key in ALWAYS):
            continue
        query = urlencode(
            {
                "event": str(event.id),
                "cutoff": as_of.astimezone(BEIJING).isoformat(),
                "basis": basis,
                "area": area.code,
                "key": one.key,
            }
        )
        yield Figure(
            key=one.key,
            zh=one.zh,
            en=one.en,
            value=value,
            unit=one.unit,
            unit_en=one.unit_en,
            path=f"{reverse('table-sources')}?{query}",
            sources=tuple(
                Source(
                    number=numbers.get(str(report.id), ""),
                    area=names.get(report.area, report.area),
                    value=report.figures[one.key],
                    position=positions.get(str(report.id)),
                    code=report.area,
                )
                for report in counted
                if report.figures.get(one.key)
            ),
        )


def _columns() -> list[Indicator]:
    return [one for one in INDICATORS if one.main and one.group == "statutory"]


def _tables(area: Area, areas: Sequence[Area], rows: Mapping[str, rollup.Row]) -> tuple[Table, ...]:
    """Townships of a county with its villages as an annex, or the villages of a township."""
    villages = [one for one in areas if one.level == "village"]
    if area.level != "city":
        return (_table("分村灾情统计表", "By village", area, villages, rows),)
    townships = [one for one in areas if one.level == "township"]
    by_village = _table("分村灾情统计表", "By village", area, villages, rows)
    return (
        _table("分乡镇灾情统计表", "By township", area, townships, rows),
        msgspec.structs.replace(by_village, is_annex=True),
    )


def _table(zh: str, en: str, area: Area, parts: Sequence[Area], rows: Mapping[str, rollup.Row]) -> Table:
    columns = _columns()

    def line(one: Area, name: str) -> Row:
        figures = rows[one.code].figures if one.code in rows else {}
        return Row(one.code, name, tuple(figures.get(column.key) for column in columns))

    return Table(
        zh=zh,
        en=en,
        columns=tuple(Column(one.key, one.zh, one.en, one.unit, one.unit_en) for one in columns),
        rows=tuple(line(one, one.name) for one in parts if one.code in rows),
        total=line(area, "合计"),
    )


def _steps(
    event: Event, scope: AreaScope, as_of: datetime, basis: Basis, counted: Sequence[Standing]
) -> Iterable[tuple[datetime, Sequence[Standing]]]:
    """Give what counted at even steps, from the first report to the briefing's moment."""
    times = [one.received_at for one in counted]
    steps = 0 if not times or min(times) >= as_of else STEPS
    for step in range(1, steps):
        cutoff = min(times) + (max(max(times), min(times)) - min(times)) * step / (steps - 1)
        if cutoff < as_of:
            yield cutoff, rollup.standing(event=event.id, cutoff=cutoff, scope=scope, basis=basis)
    yield as_of, counted


def _told(at: datetime, standing: Iterable[Standing], positions: Mapping[str, int]) -> Moment:
    """Give the mapped figure by village, and up to where in the journal it is told."""
    values: dict[str, Decimal] = {}
    newest: dict[str, int] = {}
    for one in standing:
        if value := one.figures.get(MAPPED):
            values[one.area] = values.get(one.area, ZERO) + value
            if position := positions.get(str(one.id)):
                newest[one.area] = max(position, newest.get(one.area, 0))
    return Moment(at, values, newest)
