"""What changed from one plan to another, line by line, each with its reason. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from disaster.problems import Words
from disaster.relief.plan.solve.explain import said
from disaster.relief.plan.solve.model import Policy, Problem

Sources = Mapping[str, int]
"""Place's id → whole units; money under ""."""

WORDS: dict[str, Words] = {
    "pinned": Words("人工指定为 {given} {unit}", "pinned by hand at {given} {unit}"),
    "unpinned": Words("取消人工指定", "no longer pinned"),
    "cut": Words("{place}到本村的路不通", "the road from {place} is cut"),
    "opened": Words("{place}到本村的路恢复通行", "the road from {place} is open again"),
    "need_less": Words(
        "需求由 {before} 减为 {after} {unit}", "the need fell from {before} to {after} {unit}"
    ),
    "need_more": Words(
        "需求由 {before} 增为 {after} {unit}", "the need rose from {before} to {after} {unit}"
    ),
    "stock_less": Words("{place}的库存由 {before} 减为 {after}", "{place} has {after} now, not {before}"),
    "stock_more": Words("{place}的库存由 {before} 增为 {after}", "{place} has {after} now, not {before}"),
    "policy": Words("分配原则改为“{policy}”", "the policy is now “{policy}”"),
    "purse_less": Words(
        "可用资金由 {before} 减为 {after} 元", "the money fell from {before} to {after} yuan"
    ),
    "purse_more": Words(
        "可用资金由 {before} 增为 {after} 元", "the money rose from {before} to {after} yuan"
    ),
    "flight": Words("{many} 元已送银行代发,等回盘", "{many} yuan are on their way to the bank"),
    "arrived": Words("{many} {unit}已到户", "{many} {unit} have reached households"),
    "moved": Words("别处的变动使库存重新摊分", "what changed elsewhere shifts the shares"),
    "whence": Words("改由{places}发", "now from {places}"),
}
POLICIES = {
    Policy.PROPORTIONAL: Words("按比例", "In proportion"),
    Policy.PRIORITY: Words("先重点后一般", "Priority first"),
    Policy.FAIREST: Words("最差者优先", "Worst off first"),
    Policy.LEAST: Words("加权缺口最小", "Least weighted shortage"),
}


class Line(msgspec.Struct, frozen=True):
    """A village gets more, less or from elsewhere: before and after by source, and the reasons' keys."""

    village: str
    name: str
    item: str
    unit: str
    before: int
    after: int
    whence_before: dict[str, int]
    whence_after: dict[str, int]
    why: list[tuple[str, dict[str, Any]]]

    def say(self, language: str) -> str:
        """Say why, in one sentence."""
        return ("," if not language.startswith("en") else ", ").join(
            WORDS[key].say(
                language,
                {
                    name: POLICIES[Policy(value)].say(language) if name == "policy" else said(value)
                    for name, value in params.items()
                },
            )
            for key, params in self.why
        )


class Side(msgspec.Struct, frozen=True):
    """A plan: its inputs and what each (village code, item key) gets from each source."""

    problem: Problem
    given: dict[tuple[str, str], dict[str, int]]


def lines(one: Side, other: Side) -> list[Line]:
    """Give what is different in ``other``, in the order of villages and items."""
    was, now = _Facts(one), _Facts(other)
    found = []
    for key in sorted(one.given.keys() | other.given.keys()):
        before, after = one.given.get(key, {}), other.given.get(key, {})
        if before == after:
            continue
        village, item = key
        facts = now if village in now.villages and item in now.items else was
        found.append(
            Line(
                village,
                facts.problem.villages[facts.villages[village]].name,
                item,
                facts.problem.items[facts.items[item]].unit,
                sum(before.values()),
                sum(after.values()),
                before,
                after,
                _why(key, before, after, was, now),
            )
        )
    return found


class _Facts:
    """A plan's inputs by code and key."""

    def __init__(self, side: Side) -> None:
        self.problem = problem = side.problem
        self.villages = {one.code: at for at, one in enumerate(problem.villages)}
        self.items = {one.key: at for at, one in enumerate(problem.items)}
        self.places = {one: at for at, (one, _) in enumerate(problem.places)}
        self.names = dict(problem.places)
        self.pins = {
            (problem.villages[pin.village].code, problem.items[pin.item].key): pin.quantity
            for pin in problem.pins
        }
        self.stock: dict[tuple[str, str], int] = {}
        for lot in problem.lots:
            place = problem.places[lot.place][0] if lot.place >= 0 else ""
            own = (place, problem.items[lot.item].key)
            self.stock[own] = self.stock.get(own, 0) + lot.quantity

    def need(self, key: tuple[str, str]) -> int:
        village, item = self.villages.get(key[0]), self.items.get(key[1])
        return sum(self.problem.need[item][village]) if village is not None and item is not None else 0

    def outside(self, table: str, key: tuple[str, str]) -> int:
        """Give what has reached households ("settled") or is on its way to them ("committed")."""
        village, item = self.villages.get(key[0]), self.items.get(key[1])
        rows = getattr(self.problem, table)
        return rows[item][village] if rows and village is not None and item is not None else 0

    def minutes(self, place: str, village: str) -> float | None:
        if place not in self.places or village not in self.villages:
            return None
        return self.problem.minutes[self.places[place]][self.villages[village]]


def _why(
    key: tuple[str, str], before: Sources, after: Sources, was: _Facts, now: _Facts
) -> list[tuple[str, dict[str, Any]]]:
    """Give the nearest cause that can be named, then from where it comes now if that is elsewhere."""
    village, item = key
    unit = now.problem.items[now.items[item]].unit if item in now.items else ""
    names = was.names | now.names
    why: list[tuple[str, dict[str, Any]]] = []
    if now.pins.get(key) != was.pins.get(key):
        why.append(
            ("pinned", {"given": now.pins[key], "unit": unit}) if key in now.pins else ("unpinned", {})
        )
    for place in sorted(before.keys() | after.keys() - {""}):
        then, today = was.minutes(place, village), now.minutes(place, village)
        if then is not None and today is not None and (then < 0) != (today < 0):
            why.append(("cut" if today < 0 else "opened", {"place": names[place]}))
    # What went out in between is no need any more: that is said, not that the need fell.
    out = 0
    for name, table in (("arrived", "settled"), ("flight", "committed")):
        if many := now.outside(table, key) - was.outside(table, key):
            out += many
            if many > 0:
                why.append((name, {"many": many, "unit": unit}))
    need = was.need(key), now.need(key) + out
    if need[0] != need[1]:
        name = "need_less" if need[1] < need[0] else "need_more"
        why.append((name, {"before": need[0], "after": need[1], "unit": unit}))
    if not why and now.problem.policy is not was.problem.policy:
        why.append(("policy", {"policy": now.problem.policy.value}))
    if not why:
        for place in sorted(before.keys() | after.keys()):
            stock = was.stock.get((place, item), 0), now.stock.get((place, item), 0)
            if stock[0] != stock[1]:
                name = ("stock_" if place else "purse_") + ("less" if stock[1] < stock[0] else "more")
                why.append((name, {"place": names.get(place, ""), "before": stock[0], "after": stock[1]}))
                break
    is_as_much = sum(before.values()) == sum(after.values())
    if not why and not is_as_much:
        why.append(("moved", {}))
    if after and before and (is_as_much or set(after) != set(before)):
        why.append(("whence", {"places": _places(after, names, unit)}))
    return why


def _places(after: Sources, names: Mapping[str, str], unit: str) -> str:
    """Name the places something comes from, with how much from each where they are several."""
    own = [one for one in sorted(after) if one]
    return "、".join(f"{names[one]} {said(after[one])} {unit}" if len(own) > 1 else names[one] for one in own)
