"""What stands beside a printed view: of when it is, what it adds up to, and what was let through."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from textwrap import wrap

from disaster.atlas.seen import NO_EVENT, Narrowed, Sums
from disaster.briefings.maps.sheet import Note
from disaster.briefings.render import words
from disaster.events.models import Event
from disaster.reports import catalogue, hazards
from disaster.reports.indicators import BY_KEY
from gis.models import Area
from gis.scope import AreaScope

SHORT = {
    "affected": "受灾人口",
    "dead": "死亡",
    "missing": "失踪",
    "relocated": "转移安置",
    "houses_collapsed_rooms": "倒塌房屋",
    "houses_severe_rooms": "严重损坏",
    "crops_affected": "作物受灾",
    "loss_total": "经济损失",
}
"""The totals of static/map/words.js, in their words and order."""
KINDS = {one["key"]: one["zh"] for one in catalogue.KINDS}
STATES = {
    "stored": "未阅",
    "seen": "已阅",
    "returned": "已退回",
    "passed": "乡镇已审",
    "approved": "县级核定",
}
LINE = 21
"""Characters of a line beside the map."""


def cutoff(moment: datetime | None, zones_moment: datetime | None, now: datetime) -> str:
    """Say of which moment a sheet is, and when it was made."""
    made = f"{words.moment(moment or now)} 的情况"
    if moment:
        made = f"历史回放:{made}"
    elif zones_moment:
        made += f"(隐患区为 {words.moment(zones_moment)} 的)"
    return f"{made}　制图 {words.moment(now)}"


def figures(sums: Sums) -> list[Note]:
    """Write the totals that stand beside the map on the screen."""
    rows = [
        Note(name, f"{sums.figures.get(key, Decimal(0)).normalize():,f} {BY_KEY[key].unit}")
        for key, name in SHORT.items()
    ]
    return [
        Note("合计(全部范围,不限图幅)"),
        *rows,
        Note("有效报告", f"{sums.reports} 份"),
        Note("涉及村(社区)", f"{sums.villages} 个"),
    ]


def choice(narrowed: Narrowed, scope: AreaScope) -> list[Note]:
    """Write what the reader let through; nothing where that is all. An event out of ``scope`` stays without its name."""
    _, township, hazard, kind, state = narrowed
    said = {
        "灾害过程": _event(narrowed, scope),
        "乡镇": Area.objects.filter(code=township).values_list("name", flat=True).first() or township,
        "灾种": hazards.BY_KEY[hazard].zh if hazard in hazards.BY_KEY else hazard,
        "报告种类": KINDS.get(kind, kind),
        "状态": STATES.get(state, state),
    }
    lines = [line for what, text in said.items() if text for line in wrap(f"{what}:{text}", LINE)]
    return [Note("筛选"), *(Note(line, " ") for line in lines)] if lines else []


def _event(narrowed: Narrowed, scope: AreaScope) -> str:
    if narrowed.event == NO_EVENT:
        return "未归入过程"
    if not narrowed.event:
        return ""
    found = Event.objects.touching(scope).filter(pk=narrowed.event).values_list("name", flat=True).first()
    return found or str(narrowed.event)
