"""How values are written in every rendering, so that the same number reads the same everywhere."""

from __future__ import annotations

import re
from datetime import datetime
from decimal import Decimal

import msgspec

from disaster.briefings.content import Column, Content, Figure, Row, Source, Table
from disaster.reports.narrative import amount
from disaster.rules.book import BEIJING

BASES = {"received": "初步统计", "passed": "乡镇已审", "approved": "核定"}
SECRECY = "内部资料　注意保密"
"""《地图管理条例》: a briefing is not published, and says so."""
FULL = {",": "，", ";": "；", ":": "：", "(": "（", ")": "）"}
NARROW = re.compile(r"[;()]|(?<!\d)[,:]|[,:](?!\d)")
LISTED = 6
"""Sources named one by one in the annex of a page; the workbook names all."""


def formal(text: str) -> str:
    """Write punctuation as official papers do: full width, but for what stands between digits (GB/T 15834).

    >>> formal("截至7月5日8:30,受灾1,200人(初步);死亡0人")
    '截至7月5日8:30，受灾1,200人（初步）；死亡0人'
    """
    return NARROW.sub(lambda mark: FULL[mark[0]], text)


def headed(column: Column) -> str:
    """Name a column of a paper's table, with its unit.

    >>> headed(Column("affected", "受灾人口", "", "人", ""))
    '受灾人口（人）'
    """
    return f"{column.zh}（{column.unit}）"


def told(table: Table) -> Table:
    """Give a table as papers have it: without columns that nobody said anything of."""
    rows = [*table.rows, *([table.total] if table.total else [])]
    kept = [at for at in range(len(table.columns)) if any(row.values[at] is not None for row in rows)]

    def line(row: Row) -> Row:
        return Row(row.area, row.name, tuple(row.values[at] for at in kept))

    return msgspec.structs.replace(
        table,
        columns=tuple(table.columns[at] for at in kept),
        rows=tuple(map(line, table.rows)),
        total=table.total and line(table.total),
    )


def number(value: Decimal | None) -> str:
    """Write a value; nothing for what nobody said."""
    return "" if value is None else amount(value)


def moment(at: datetime) -> str:
    """Write a moment in Beijing time."""
    return f"{at.astimezone(BEIJING):%Y年%-m月%-d日 %H:%M}"


def day(at: datetime) -> str:
    """Write a day in Beijing time."""
    return f"{at.astimezone(BEIJING):%Y年%-m月%-d日}"


def basis(content: Content) -> str:
    """Say which reports count; relief is told as its registers and ledgers stood."""
    if content.kind == "relief":
        return "按当时台账"
    return BASES[content.basis]


def position(figure: Figure, content: Content) -> int:
    """Say up to where in the journal a figure is told.

    That is its newest source's position; the head of the chain where there is none: nothing of it stands before.
    """
    return figure.position or content.witness.position


def address(link: str, figure: Figure) -> str:
    """Give where a figure's drill-down is, below its briefing's address."""
    return f"{link}figures/{figure.key}/"


def largest(figure: Figure) -> list[Source]:
    """Give a figure's sources, the largest first."""
    return sorted(figure.sources, key=lambda one: (-one.value, one.number, one.area))


def name(source: Source) -> str:
    """Name a source: a report or paper by its number, a village by its name."""
    return source.area if source.number == source.code else source.number


def annexes(content: Content, *, has_maps: bool) -> list[str]:
    """Name what follows the body."""
    tables = [one.zh for one in content.tables if not one.is_annex]
    return [*tables, *(["专题地图"] if has_maps else []), "数字出处"]


def sources(figure: Figure) -> str:
    """Name a figure's sources, the largest first; of many the rest is counted."""
    rows = largest(figure)
    named = [name(one) if one.position is None else f"{name(one)}({one.position})" for one in rows[:LISTED]]
    rest = len(rows) - LISTED
    return "、".join(named) + (f"等，另{rest}项见附件工作簿" if rest > 0 else "")
