"""The written words of a 灾情快报, from figures alone: the lead sentence and the five parts.

The lead follows the usual sentence of the bureaus (domain rules §8.6): clauses of zero are
left out, but for deaths, of which silence would be read as an omission; the cutoff and
whether the figures are 初步统计 or 核定 are always said. What only people know is left as a
marked blank (【待填:…】), never invented. Pure: no Django here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from typing import NamedTuple

_BEIJING = timezone(timedelta(hours=8))
_ZERO = Decimal(0)
BLANK = "【待填:{what}】"
"""How a part that only people know is marked."""


class Place(NamedTuple):
    """One township, or village of a township, with its figures."""

    name: str
    figures: Mapping[str, Decimal]


class Step(NamedTuple):
    """One emergency response: its level (1 gravest), when it began and what it ordered."""

    level: int
    number: str
    started_at: datetime
    ended_at: datetime | None
    measures: str


@dataclass(frozen=True)
class Facts:
    """What is known at a cutoff. ``self_name``: how the place speaks of itself; ``parts``: what it consists of."""

    event: str
    hazard: str
    started_at: datetime
    cutoff: datetime
    figures: Mapping[str, Decimal]
    parts: Sequence[Place] = ()
    part_name: str = "乡镇(街道)"
    responses: Sequence[Step] = field(default_factory=tuple)
    is_verified: bool = False
    self_name: str = "我市"


def amount(value: Decimal) -> str:
    """Write a figure in Arabic numerals, no trailing zeros, never with an exponent.

    >>> amount(Decimal("6133.30")), amount(Decimal("8200.00")), amount(Decimal("100"))
    ('6133.3', '8200', '100')
    """
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def lead(facts: Facts) -> str:
    """Write the lead sentence of a report in Chinese."""
    kind = "以上为核定数" if facts.is_verified else "以上为初步统计数"
    return f"截至{until(facts.cutoff)}统计,此次{_process(facts.event)}{_told(facts)}({kind})。"


def _told(facts: Facts) -> str:
    """Say what it did; that there are no casualties follows what was hit, or else ends the sentence."""
    hit, people, quiet = _hit(facts), _people(facts.figures), _quiet(facts.figures)
    clauses = [
        ",".join(part for part in (hit, quiet if hit else "", *people) if part),
        _houses(facts.figures),
        _crops(facts.figures),
        _one(facts.figures, "loss_total", "直接经济损失{}万元"),
    ]
    if not any(clauses):
        return f"中{facts.self_name}暂无人员伤亡和财产损失报告"
    told = [*clauses, "" if hit else quiet]
    return f"造成{facts.self_name}" + ";".join(clause for clause in told if clause)


def until(moment: datetime) -> str:
    """Write the moment up to which figures count, in Beijing time."""
    local = moment.astimezone(_BEIJING)
    minutes = f"{local.minute}分" if local.minute else ""
    return f"{local.month}月{local.day}日{local.hour}时{minutes}"


def _process(name: str) -> str:
    return name if name.endswith(("过程", "灾害")) else f"{name}过程"


def _get(figures: Mapping[str, Decimal], key: str) -> Decimal:
    return figures.get(key) or _ZERO


def _one(figures: Mapping[str, Decimal], key: str, words: str) -> str:
    value = _get(figures, key)
    return words.format(amount(value)) if value else ""


def _hit(facts: Facts) -> str:
    count = sum(1 for place in facts.parts if any(place.figures.values()))
    where = f"{count}个{facts.part_name}" if count else ""
    who = _one(facts.figures, "affected", "{}人受灾")
    if where and not who:
        return f"{where}受灾"
    return where + who


def _quiet(figures: Mapping[str, Decimal]) -> str:
    """Say that nobody died or is missing: of that silence would be read as an omission."""
    if _get(figures, "dead") or _get(figures, "missing"):
        return ""
    return "暂无人员死亡失踪报告" if _get(figures, "injured") else "暂无人员伤亡报告"


def _people(figures: Mapping[str, Decimal]) -> list[str]:
    lost = "、".join(
        part for part in (_one(figures, "dead", "死亡{}人"), _one(figures, "missing", "失踪{}人")) if part
    )
    central = _one(figures, "relocated_central", "(其中集中安置{}人)")
    moved = _one(figures, "relocated", "紧急转移安置{}人")
    return [
        f"因灾{lost}" if lost else "",
        _one(figures, "injured", "因灾受伤{}人"),
        _one(figures, "evacuated_early", "紧急避险转移{}人"),
        moved + central if moved else "",
        _one(figures, "need_relief", "需紧急生活救助{}人"),
    ]


_DAMAGE = (("collapsed", "倒塌房屋"), ("severe", "严重损坏"), ("slight", "一般损坏"))


def _houses(figures: Mapping[str, Decimal]) -> str:
    parts: list[str] = []
    for key, name in _DAMAGE:
        counts = _one(figures, f"houses_{key}_homes", "{}户") + _one(figures, f"houses_{key}_rooms", "{}间")
        if counts:
            # 户 counts homes only and 间 all rooms of the form; both are said as the form has them.
            parts.append((name if parts or key == "collapsed" else f"{name}房屋") + counts)
    return ",".join(parts)


def _crops(figures: Mapping[str, Decimal]) -> str:
    area = _one(figures, "crops_affected", "农作物受灾面积{}公顷")
    lost = _one(figures, "crops_lost", "绝收{}公顷")
    return f"{area},其中{lost}" if area and lost else area or (f"农作物{lost}" if lost else "")


def lead_en(facts: Facts) -> str:
    """Write a short English lead."""
    local = facts.cutoff.astimezone(_BEIJING)
    figures = facts.figures
    parts = [f"{amount(_get(figures, 'affected'))} people affected"] if _get(figures, "affected") else []
    dead, missing = _get(figures, "dead"), _get(figures, "missing")
    parts.append(
        f"{amount(dead)} dead, {amount(missing)} missing" if dead or missing else "no deaths reported"
    )
    for key, words in (
        ("relocated", "{} people relocated"),
        ("houses_collapsed_rooms", "{} rooms collapsed"),
        ("houses_severe_rooms", "{} badly damaged"),
        ("crops_affected", "{} ha of crops affected"),
        ("loss_total", "direct loss {} ×10,000 yuan"),
    ):
        parts += [one] if (one := _one(figures, key, words)) else []
    kind = "verified" if facts.is_verified else "preliminary"
    return f"As of {local:%Y-%m-%d %H:%M} (Beijing), {kind}: " + "; ".join(parts) + "."


def ranking(parts: Sequence[Place], count: int = 5) -> list[Place]:
    """Give the hardest-hit parts: by the dead and missing, collapsed rooms, people affected."""
    hit = [place for place in parts if any(place.figures.values())]
    keys = ("dead", "missing", "houses_collapsed_rooms", "affected", "loss_total")
    return sorted(hit, key=lambda place: (*(-_get(place.figures, key) for key in keys), place.name))[:count]


def bulletin(facts: Facts) -> str:
    """Write the whole text of a 灾情快报: lead and five parts."""
    parts = [
        ("一、灾害过程", course(facts)),
        ("二、灾情", [lead(facts), *_hardest(facts)]),
        ("三、已采取措施", measures(facts)),
        ("四、困难需求", [BLANK.format(what="资金、物资、装备、力量方面的困难和需求")]),
        ("五、下步工作", [BLANK.format(what="下步工作安排")]),
    ]
    return "\n".join(line for title, lines in parts for line in (title, *lines)) + "\n"


def course(facts: Facts) -> list[str]:
    """Say when and by which hazard it began; how it went is for people to write."""
    local = facts.started_at.astimezone(_BEIJING)
    begun = f"{local.year}年{local.month}月{local.day}日{local.hour}时起,{facts.self_name}发生{_in_words(facts.hazard)}。"
    return [begun, BLANK.format(what="雨情、水情、风力等过程和特点,现场情景,发展趋势")]


def _in_words(hazard: str) -> str:
    """Write a kind of disaster as sentences do, not as the national list.

    >>> _in_words("洪涝灾害-山洪"), _in_words("洪涝灾害-其他"), _in_words("雪灾")
    ('洪涝灾害(山洪)', '洪涝灾害', '雪灾')
    """
    kind, _, part = hazard.partition("-")
    return kind if part.startswith("其他") or not part else f"{kind}({part})"


def _hardest(facts: Facts) -> list[str]:
    """Name the hardest hit; where all is in one place, its figures have just been said."""
    worst = ranking(facts.parts)
    if len(worst) < 2:
        return []
    told = ";".join(place.name + _short(place.figures) for place in worst)
    return [f"受灾较重的{facts.part_name}:{told}。"]


_BRIEFLY = {
    "dead": "因灾死亡{}人",
    "missing": "失踪{}人",
    "affected": "受灾{}人",
    "relocated": "紧急转移安置{}人",
    "houses_collapsed_rooms": "倒塌房屋{}间",
    "loss_total": "直接经济损失{}万元",
}


def _short(figures: Mapping[str, Decimal]) -> str:
    told = [one for key, words in _BRIEFLY.items() if (one := _one(figures, key, words))]
    return "、".join(told) or "有灾情报告"


_LEVELS = {1: "一", 2: "二", 3: "三", 4: "四"}


def measures(facts: Facts) -> list[str]:
    """Tell the responses on record; whatever else was done is for people to write."""
    lines = []
    for one in facts.responses:
        number = f"({one.number})" if one.number else ""
        line = f"{until(one.started_at)},启动{_LEVELS.get(one.level, one.level)}级应急响应{number}"
        line += f",{until(one.ended_at)}终止" if one.ended_at and one.ended_at <= facts.cutoff else ""
        lines.append(line + "。" + one.measures)
    return [*lines, BLANK.format(what="转移救援、安置救助、资金物资下拨、抢险力量")]
