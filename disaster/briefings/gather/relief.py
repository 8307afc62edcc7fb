"""What a briefing says of a relief programme, in one county or township, as of any moment.

Needs, grants and what arrived come from the steps of the applications, goods and money from their
ledgers (:mod:`disaster.briefings.gather.means`): all of it added up anew to the moment.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

from django.urls import reverse
from django.utils import translation

from disaster.briefings.content import Column, Content, Figure, Moment, Row, Section, Source, Table
from disaster.briefings.gather import means
from disaster.briefings.gather.event import place_of, witness
from disaster.briefings.gather.means import FEN
from disaster.journal import read
from disaster.problems import Words
from disaster.relief.board import festival, queries
from disaster.relief.board.figures import CLOTHING, MONEY, Cell, rolled_up, total
from disaster.relief.board.figures import Row as Sums
from disaster.relief.board.late import (
    CASE,
    COMPLAINT,
    LIES,
    OF_NOW,
    RECEIVE,
    REST,
    SEND,
    TRIP,
    Late,
    late,
)
from disaster.relief.needs.models import Application, Programme
from disaster.reports.narrative import BLANK, until
from disaster.rules.book import BEIJING
from gis.models import Area
from gis.scope import TOWNSHIP_DIGITS, AreaScope

STEPS, FEW = 13, 3
"""Moments on the slider of the interactive map; fewer days than that are told by the hour."""
NEED = "need"
PERSONS = Column("persons", "需救助人口", "Persons in need", "人", "persons")
HOUSEHOLDS = Column("households", "需救助户数", "Households in need", "户", "households")
WRITTEN = {
    SEND: (
        "{source}发往{target}的调拨单{number}未按时发出",
        "{n}份调拨单未按时发出",
        "{number},发往{target}",
    ),
    REST: (
        "{source}发往{target}的调拨单{number}余量未按时发出",
        "{n}份调拨单余量未按时发出",
        "{number},发往{target}",
    ),
    RECEIVE: (
        "{source}发往{target}的调拨单{number}未按时签收",
        "{n}份调拨单未按时签收",
        "{number},发往{target}",
    ),
    CASE: (
        "物资差异{number}未按时办结({item}{quantity}{unit},责任人{holder})",
        "{n}件物资差异未按时办结",
        "{number}",
    ),
    TRIP: ("{plate}(车次{number})未按时到达{place}", "{n}辆车未按时到达", "{plate},前往{place}"),
    COMPLAINT: ("投诉异议{number}未按时办结({kind})", "{n}件投诉异议未按时办结", "{number}"),
    LIES: ("{place}到村物资{quantity}件未按时发放到户", "{n}个储备点的到村物资未按时发放到户", "{place}"),
}
"""What is late as a paper says it, after the board's words for it: one, several, and which of them waits longest."""
PARTS = ((NEED, "需求", "needed"), ("granted", "核准", "granted"), ("settled", "到户", "delivered"))


def content(programme: Programme, area: Area, *, as_of: datetime, now: datetime) -> Content:
    """Collect a briefing of a programme; the number of statements does not grow with villages or households."""
    scope = AreaScope.of([area.code])
    villages = queries.villages(programme, scope, moment=as_of)
    items = queries.items(villages.values())
    whole = total(villages.values())
    columns = [HOUSEHOLDS, PERSONS, *_columns(items, whole, as_of)]
    names = dict(Area.objects.within(scope).values_list("code", "name"))
    lead = _lead(programme, whole, items, as_of)
    have = means.at(scope, as_of)
    moments = tuple(_moments(programme, scope, as_of))
    told = Told(names, moments[-1].positions, _planned(programme, as_of))
    return Content(
        kind="relief",
        title=f"关于{place_of(area)}{programme.name.removesuffix('工作')}工作进展情况的报告",
        title_en=f"Progress of {programme.name}" + ("" if area.level == "city" else f", {area.name}"),
        subject=programme.name,
        area=area.code,
        area_name=area.name,
        as_of=as_of,
        basis="received",
        is_verified=False,
        lead=lead,
        lead_en=_lead_en(whole, items, as_of),
        sections=tuple(_sections(lead, have, whole, scope, as_of)),
        figures=(*_figures(programme, columns, whole, villages, told), *means.figures(have, names)),
        tables=tuple(_tables(area, columns, villages, whole, names)),
        mapped=PERSONS.key,
        moments=moments,
        witness=witness(now),
    )


class Told(NamedTuple):
    """Names of areas; up to where in the journal a village's applications, and the plan in force, are told."""

    names: Mapping[str, str]
    applications: Mapping[str, int]
    plan: int

    def of(self, village: str, key: str) -> int | None:
        """Give the position of a column's value in a village; what is needed is the plan's word too."""
        mine = self.applications.get(village, 0)
        return max(mine, self.plan if key.endswith(f".{NEED}") else 0) or None


def _planned(programme: Programme, moment: datetime) -> int:
    plan = queries.in_force(programme, moment=moment)
    return max(read.newest("scenario", [str(plan)], moment=moment).values(), default=0) if plan else 0


def _moments(programme: Programme, scope: AreaScope, as_of: datetime) -> Iterable[Moment]:
    """Give the persons in need by village: at the end of days on which applications moved, and at the moment.

    A relief of one day is told at even steps of it. Always by the same number of statements.
    """
    days = [one for one in queries.days(programme, scope, until=as_of) if one < as_of]
    begun = programme.opened_at
    if len(days) < FEW and begun < as_of:
        days = [begun + (as_of - begun) * step / STEPS for step in range(1, STEPS)]
    moments = [*_evenly(days, STEPS - 1), as_of]
    ids = [str(pk) for pk in Application.objects.filter(programme=programme).values_list("pk", flat=True)]
    positions = read.newest_by_area("application", ids, moments=moments)
    for at, values, known in zip(moments, queries.persons(programme, scope, moments), positions, strict=True):
        here = {area: position for area, position in known.items() if scope.covers(area)}
        yield Moment(at, {area: Decimal(many) for area, many in values.items()}, here)


def _evenly(days: Sequence[datetime], most: int) -> list[datetime]:
    """Keep at most so many of some days, evenly, the first and the last among them."""
    if len(days) <= most:
        return list(days)
    return [days[at * (len(days) - 1) // (most - 1)] for at in range(most)]


def _columns(items: Sequence[Mapping[str, Any]], whole: Sums, moment: datetime) -> Iterable[Column]:
    """Name what is told of each item: no need that no plan has found yet, nothing arrived of what nobody was granted."""
    bedding = queries.bedding(on=moment.astimezone(BEIJING).date())
    for item in items:
        cell = whole.cell(item["key"])
        is_sum = item["key"] != CLOTHING or not _is_of_one_kind(whole, moment)
        told = {
            # Households ask for pieces of clothing and bedding, of whichever item.
            NEED: cell.need and item["key"] not in bedding,
            "granted": is_sum and (cell.need or cell.granted),
            "settled": is_sum and cell.granted,
        }
        for key, zh, en in PARTS:
            if told[key]:
                unit, unit_en = ("元", "yuan") if item["key"] == MONEY else (item["unit"], "")
                yield Column(
                    f"{item['key']}.{key}", f"{item['name']}{zh}", f"{item['name']} {en}", unit, unit_en
                )


def _value(row: Sums, key: str) -> Decimal:
    """Give a column's value in an area; money in yuan."""
    if key in (PERSONS.key, HOUSEHOLDS.key):
        return Decimal(getattr(row, key))
    item, _, part = key.rpartition(".")
    value = Decimal(getattr(row.cell(item), part))
    return value / FEN if item == MONEY else value


def _figures(
    programme: Programme,
    columns: Sequence[Column],
    whole: Sums,
    villages: Mapping[str, Sums],
    told: Told,
) -> Iterable[Figure]:
    """Each number with the villages it is made of."""
    page = reverse("relief-programme", args=[programme.pk])
    for one in columns:
        yield Figure(
            key=one.key,
            zh=one.zh,
            en=one.en,
            value=_value(whole, one.key),
            unit=one.unit,
            unit_en=one.unit_en,
            path=page,
            sources=tuple(
                Source(
                    number=code,
                    area=told.names.get(code, code),
                    value=value,
                    position=told.of(code, one.key),
                    code=code,
                )
                for code, row in villages.items()
                if (value := _value(row, one.key))
            ),
        )


def _tables(
    area: Area,
    columns: Sequence[Column],
    villages: Mapping[str, Sums],
    whole: Sums,
    names: Mapping[str, str],
) -> Iterable[Table]:
    def table(zh: str, en: str, rows: Mapping[str, Sums], *, is_annex: bool) -> Table:
        return Table(
            zh=zh,
            en=en,
            columns=tuple(columns),
            rows=tuple(_row(code, names.get(code, code), row, columns) for code, row in rows.items()),
            total=_row(area.code, "合计", whole, columns),
            is_annex=is_annex,
        )

    is_county = area.level == "city"
    if is_county:
        yield table("分乡镇救助进展表", "By township", rolled_up(villages, TOWNSHIP_DIGITS), is_annex=False)
    yield table("分村救助进展表", "By village", villages, is_annex=is_county)


def _row(code: str, name: str, row: Sums, columns: Sequence[Column]) -> Row:
    return Row(code, name, tuple(_value(row, one.key) for one in columns))


def _lead(programme: Programme, whole: Sums, items: Sequence[Mapping[str, Any]], now: datetime) -> str:
    parts = [f"{programme.name}需救助{whole.households}户{whole.persons}人"]
    for item in items:
        cell = whole.cell(item["key"])
        if cell.granted and not (item["key"] == CLOTHING and _is_of_one_kind(whole, now)):
            parts.append(f"{item['name']}{_told(cell, item)}")
    eve, today = festival.within(programme.starts_on, programme.ends_on), now.astimezone(BEIJING).date()
    if eve and today <= eve:
        days = (eve - today).days
        parts.append(f"距除夕({eve:%-m月%-d日})还有{days}天" if days else "今日除夕")
    return f"截至{until(now)}统计," + ";".join(parts) + "。"


def _is_of_one_kind(whole: Sums, moment: datetime) -> bool:
    """Say whether all clothing and bedding granted is of one item: then its sum is what is said of that."""
    kinds = queries.bedding(on=moment.astimezone(BEIJING).date())
    return sum(1 for item in kinds if whole.cell(item).granted) == 1


def _told(cell: Cell, item: Mapping[str, Any]) -> str:
    """Say what was granted, and how much of it has arrived: none and all in words."""
    granted, settled = (
        means.yuan(many) if item["key"] == MONEY else f"{many}{item['unit']}"
        for many in (cell.granted, cell.settled)
    )
    if not cell.settled:
        return f"核准{granted},尚未到户"
    return f"核准{granted},已" + (
        "全部到户" if cell.settled == cell.granted else f"到户{settled}({cell.percent}%)"
    )


def _lead_en(whole: Sums, items: Sequence[Mapping[str, Any]], now: datetime) -> str:
    parts = [f"{whole.households} households, {whole.persons} persons in need"]
    for item in items:
        cell = whole.cell(item["key"])
        if cell.granted:
            parts.append(f"{item['name_en']}: {cell.percent}% of what was granted has arrived")
    return f"As of {now.astimezone(BEIJING):%Y-%m-%d %H:%M} (Beijing): " + "; ".join(parts) + "."


def _sections(
    lead: str, have: means.Means, whole: Sums, scope: AreaScope, as_of: datetime
) -> Iterable[Section]:
    with translation.override("zh-hans"):  # whoever makes it may read the product in another language
        overdue = [one for one in late(scope, now=as_of, is_past=True) if one.kind not in OF_NOW]
    yield Section("一、总体进展", (lead,))
    yield Section("二、物资和资金", tuple(means.told(have, settled=whole.cell(MONEY).settled)))
    yield Section("三、逾期事项", tuple(_overdue(overdue, as_of)) or ("暂无逾期事项。",))
    yield Section("四、困难和问题", (BLANK.format(what="困难和问题"),))
    yield Section("五、下步工作", (BLANK.format(what="下步工作安排"),))


def _overdue(late_ones: Sequence[Late], moment: datetime) -> Iterable[str]:
    """Say what is overdue, a sentence for each kind, that of which one waits longest first."""
    kinds: dict[Words, list[Late]] = {}
    for one in late_ones:
        kinds.setdefault(one.words, []).append(one)
    for words, found in kinds.items():
        alone, several, longest = WRITTEN[words]
        days = (moment - found[0].since).days
        if len(found) == 1:
            yield alone.format_map(found[0].params) + (f",已逾期{days}天。" if days else "。")
        else:
            which = longest.format_map(found[0].params)
            yield several.format(n=len(found)) + (f",最长的已逾期{days}天({which})。" if days else "。")
