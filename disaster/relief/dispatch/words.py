"""What is said of a trip's way, in the reader's language: verdicts, what was left out, what changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from disaster.problems import Words
from disaster.relief.stock.models import Item
from gis.routing.route import WORDS

STRAIGHT = Words("没有道路数据,按直线估算", "No roads are known: a straight line")
LEFT = {
    "too_heavy": Words(
        "重 {kg} 公斤、{m3} 立方米,其中单件就没有一辆车装得下",
        "{kg} kg and {m3} m³: there is a single piece that no lorry holds",
    ),
    "no_dry": Words("无安全路线:须经过 {names}", "No dry route: it has to pass {names}"),
    "no_road": Words("没有道路相通", "No road leads there"),
    "no_room": Words("车辆或时间不够,没有排上", "Lorries or hours do not suffice"),
}
PART = Words("第 {load} 车/共 {of} 车:{goods}", "load {load} of {of}: {goods}")
SOME = Words("第 {load} 车(另有余量):{goods}", "load {load}, more is left: {goods}")
REST = Words("余 {goods}", "left: {goods}")
COMMA = Words("、", ", ")
HERE = Words("现在位置", "where the lorry is")
CHANGED = Words(
    "{start} → {end}:原 {before} 分钟,现 {after} 分钟",
    "{start} → {end}: {before} minutes before, {after} now",
)
AVOIDS = Words(",避开 {names}", ", clear of {names}")
OPENED = Words(",道路恢复通行", ", as roads are open again")
CLOSED = Words(
    "{start} → {end}:无安全路线,须经过 {names}",
    "{start} → {end}: no dry route, it has to pass {names}",
)

ORDER = Words("先到{places}:{gains}", "First to {places}: {gains}")
THEN = Words(",再到", ", then to ")
SOONER = Words("最后一处早到 {minutes} 分钟", "the last arrival {minutes} minutes sooner")
LESS = Words("少开 {minutes} 分钟", "{minutes} minutes less driving")
IN_TIME = Words("多 {count} 处按时", "{count} more in time")
REACHED = Words("多 {count} 处有路可到", "{count} more within reach")
BECAUSE = Words(",因为{names}", ", because of {names}")


def verdict(leg: Mapping[str, Any], language: str) -> str:
    """Say what was found of a leg."""
    words = STRAIGHT if leg["verdict"] == "straight" else Words(*WORDS[leg["verdict"]])
    return words.say(language).format(names=_listed(leg["meets"], language))


def left(row: Mapping[str, Any], language: str) -> str:
    """Say why a transfer is on no trip."""
    names = _listed(row.get("meets", []), language)
    key = "no_road" if row["why"] == "no_dry" and not names else row["why"]
    return LEFT[key].say(language).format(names=names, kg=row.get("kg"), m3=row.get("m3"))


def part(row: Mapping[str, Any], items: Mapping[str, Item], first: int, language: str) -> str:
    """Say which load of a paper goes here, ``first`` being its next number, or what waits; "" of one that goes whole.

    How many loads there are in all is not said while some of the paper waits: nobody knows yet.
    """
    whole = first == 1 and row.get("of") == 1 and not row.get("waits")
    if not row.get("goods") or whole:
        return ""
    english = language.startswith("en")
    goods = _listed(
        [
            f"{items[key].name_en if english else items[key].name} {many} {items[key].unit}"
            for key, many in row["goods"].items()
        ],
        language,
    )
    if "load" not in row:
        return REST.say(language).format(goods=goods)
    numbers = {"load": first - 1 + row["load"], "of": first - 1 + row["of"]}
    return (SOME if row.get("waits") else PART).say(language).format(goods=goods, **numbers)


def changed(row: Mapping[str, Any], language: str) -> str:
    """Say how a leg or the order of the stops changed, and why."""
    if "order" in row:
        return ordered(row, language)
    names = _listed(row["why"], language)
    ends = {"start": row["from"] or HERE.say(language), "end": row["to"]}
    if row["verdict"] in ("no_dry", "no_road"):
        return CLOSED.say(language).format(names=names or "—", **ends)
    minutes = {"before": round(row["before_s"] / 60), "after": round(row["after_s"] / 60)}
    said = CHANGED.say(language).format(**ends, **minutes)
    return said + (AVOIDS.say(language).format(names=names) if names else OPENED.say(language))


def ordered(row: Mapping[str, Any], language: str) -> str:
    """Say in which order the stops are reached, what that gains, and why."""
    minutes = round(row["saved_s"] / 60)
    gains = [
        kind.say(language).format(count=row[key])
        for key, kind in (("in_time", IN_TIME), ("reached", REACHED))
        if row[key] > 0
    ]
    if minutes > 0:
        kind = LESS if row["aim"] == "cheapest" else SOONER
        gains.append(kind.say(language).format(minutes=minutes))
    places = THEN.say(language).join(row["order"])
    said = ORDER.say(language).format(places=places, gains=_listed(gains, language))
    names = _listed(row["why"], language)
    return said + (BECAUSE.say(language).format(names=names) if names else "")


def _listed(names: Sequence[str], language: str) -> str:
    return COMMA.say(language).join(names)
