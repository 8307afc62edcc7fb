"""Why a village gets what it gets, as sentences that a clerk understands. Pure.

A reason is stored as keys with parameters, so that it is said in the reader's language. It has two
parts: what binds the quantity, and what decides where it comes from.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from disaster.problems import Words
from disaster.relief.plan.solve.model import Answer, Class, Limit, LimitKind, Policy, Problem, task_of
from disaster.relief.plan.solve.rounds import Solved

Told = dict[str, Any]

WORDS: dict[str, Words] = {
    "all_out": Words("没有剩余需求", "Nothing more is needed"),
    "none": Words("没有需求", "Nothing is needed"),
    "full": Words("需求全部满足", "The whole need is met"),
    "pinned": Words("人工指定 {given} {unit},其余村重新测算", "Pinned by hand at {given} {unit}"),
    "no_way": Words(
        "没有避开危险区和断路的路能到,本轮不能分配;恢复通行后请重新测算",
        "No road clear of hazards and closures leads here: nothing can be given until one does",
    ),
    "no_stock": Words("各储备库都没有可用库存", "No warehouse has any of it"),
    "intent": Words(
        "库存 {stock} {unit}都是捐赠定向其他地区的,不能发往本村",
        "All {stock} {unit} in stock were given for other areas",
    ),
    "least": Words(
        "还没轮到,只保每村最低 {given} {unit}", "Its turn has not come: only the minimum of {given} {unit}"
    ),
    "fairest": Words(
        "可发 {stock} {unit},需求 {need} {unit},不够分:各村补到差不多的比例,本村占需求 {share}",
        "{stock} {unit} for a need of {need}: every village is filled alike, this one to {share}",
    ),
    "proportional": Words(
        "可发 {stock} {unit},需求 {need} {unit},不够分:按“需求×困难系数”摊分,本村系数 {coefficient},占需求 {share}",
        "{stock} {unit} for a need of {need}, shared by need times hardship ({coefficient} here): {share}",
    ),
    "priority": Words(
        "可发 {stock} {unit},需求 {need} {unit},不够分:先保重点户,本村分到第 {tier} 轮({who}),这一轮满足 {part}",
        "{stock} {unit} for a need of {need}, the gravest first: tier {tier} here ({who}), of which {part} is met",
    ),
    "weighted": Words(
        "可发 {stock} {unit},需求 {need} {unit},不够分:困难重的户先分,同样困难的先分路近的;本村分到“{who}”为止,占需求 {share}",
        "{stock} {unit} for a need of {need}, the gravest first, among equals the nearer: "
        "as far as “{who}” here, {share}",
    ),
    "group": Words(
        "能发到本村的库存已分完(其余库存因道路或捐赠意愿去不了这里):本村占需求 {share}",
        "All stock that can come here is given out (roads or donors keep the rest elsewhere): {share}",
    ),
    "person": Words(
        "每人各项合计不超过 {whole} 元,本村 {heads} 人共 {amount} 元,已用 {used} 元,再加 1 {unit}就超过:本村占需求 {share}",
        "No more than {whole} yuan a person over all items: {used} of {amount} yuan for {heads} persons are used, "
        "1 {unit} more would exceed it: {share}",
    ),
    "household": Words(
        "每户各项合计不超过 {whole} 元,本村 {heads} 户共 {amount} 元,已用 {used} 元,再加 1 {unit}就超过:本村占需求 {share}",
        "No more than {whole} yuan a household over all items: {used} of {amount} yuan for {heads} households are "
        "used, 1 {unit} more would exceed it: {share}",
    ),
    "weight": Words(
        "{limit_of}本轮最多接收 {amount} 公斤,已安排 {used} 公斤,再加 1 {unit}就超过:本村占需求 {share}",
        "{limit_of} can take {amount} kg this round, {used} kg are planned, 1 {unit} more would exceed it: {share}",
    ),
    "spend": Words(
        "总支出(物资折款加资金)不超过 {whole} 元,还可用 {amount} 元,已安排 {used} 元,再加 1 {unit}就超过:本村占需求 {share}",
        "Goods and money may come to {whole} yuan: of the {amount} left {used} are planned, "
        "1 {unit} more would exceed it: {share}",
    ),
    "here": Words("本地储备点现有", "It is at hand"),
    "nearest": Words("由最近的{place}发,{minutes} 分钟", "From {place}, the nearest, {minutes} minutes"),
    "instead": Words(
        "由{place}发,{minutes} 分钟;{nearest}更近,但那里的货要留给离别处更远的村",
        "From {place}, {minutes} minutes; {nearest} is nearer, but its stock serves villages farther from any other",
    ),
    "several": Words("分别由{places}发", "From {places}"),
    "next": Words(
        "如再有 1 {unit},先给 {queue} 个村,再轮到本村(可到 {next})",
        "One more would go to {queue} villages first, then here ({next})",
    ),
    "next_now": Words("如再有 1 {unit},就给本村(可到 {next})", "One more would come here ({next})"),
    "settled": Words("其中 {settled} {unit}已到户", "{settled} {unit} of it have reached households"),
    "committed": Words(
        "其中 {committed} {unit}已送银行代发,等回盘",
        "{committed} {unit} of it are on their way to the bank and await its answer",
    ),
}
OVER: dict[LimitKind, Words] = {
    LimitKind.PERSON: Words(
        "{name} 每人不超过 {whole} 元,超出 {more} 元",
        "{name}: no more than {whole} yuan a person, {more} yuan too much",
    ),
    LimitKind.HOUSEHOLD: Words(
        "{name} 每户不超过 {whole} 元,超出 {more} 元",
        "{name}: no more than {whole} yuan a household, {more} yuan too much",
    ),
    LimitKind.WEIGHT: Words(
        "{name} 最多接收 {whole} 公斤,超出 {more} 公斤", "{name}: room for {whole} kg, {more} kg too much"
    ),
    LimitKind.SPEND: Words(
        "总支出不超过 {whole} 元,超出 {more} 元", "Spending up to {whole} yuan, {more} yuan too much"
    ),
}
"""A limit that minimums and pins alone exceed, with by how much."""
PARTS = ("then", "whence", "settled", "committed")
"""What a sentence's first part may be followed by, in this order: told parts are keys of :data:`WORDS`."""


def say(told: Mapping[str, Any], language: str) -> str:
    """Say a stored reason: the quantity's, who comes next, then the place's, and what is out already."""
    if not told:
        return ""
    params = {name: said(value) for name, value in told.get("params", {}).items()}
    keys = [told["key"], *(told[part] for part in PARTS if told.get(part))]
    parts = [WORDS[key].say(language, params) for key in keys]
    return "。".join(parts) + "。" if not language.startswith("en") else ". ".join(parts) + "."


def said(value: Any) -> Any:
    """Give a stored parameter as it is said: numbers grouped, pairs as words of the two languages.

    >>> said(24468), said("东乡"), said(["五保", "Alone"]).en
    ('24,468', '东乡', 'Alone')
    """
    if isinstance(value, int):
        return f"{value:,}"
    return Words(*value) if isinstance(value, list | tuple) else value


Binding = Mapping[int, tuple[Limit, int]]
"""Village → the limit that stops it and how much of that is taken (:meth:`Limits.binding`)."""


def reasons(problem: Problem, item: int, solved: Solved, binding: Binding) -> list[Told]:
    """Give the reason of every village for one item of a solved problem, with the limits that stop that item."""
    (answer, lots), task = solved, task_of(problem, item)[0]
    total, reached = task.total, np.isfinite(task.cost)
    unit = problem.items[item].unit
    stock, need = int(task.stock.sum()), int(total.sum())
    spare = task.stock.copy()
    for flow in answer.flows:
        spare[flow.lot] -= flow.quantity
    whence = _whence(problem, item, answer, lots)
    told: list[Told] = []
    for village in range(len(total)):
        given, own = int(answer.given[village]), int(total[village])
        params: Told = {"given": given, "unit": unit, "stock": stock, "need": need}
        one: Told = {"params": params}
        if own == 0:
            one["key"] = "all_out" if problem.outside(item, village) else "none"
        elif task.fixed[village] >= 0:
            one["key"] = "pinned"
        elif given == own:
            one["key"] = "full"
        elif not stock:
            one["key"] = "no_stock"
        elif not reached[:, village].any():
            minutes = [row[village] for row in problem.minutes]
            one["key"] = "intent" if not problem.minutes or max(minutes) >= 0 else "no_way"
        else:
            has, whole = given + int(task.had[village]), own + int(task.had[village])
            params["share"], params["next"] = _percent(has, whole), _percent(has + 1, whole)
            if village in binding:
                one["key"] = binding[village][0].kind.value
                params.update(_limit(*binding[village]))
            elif given and given == int(task.floor[village]):
                one["key"] = "least"
            elif spare[~reached[:, village]].sum() > 0:
                one["key"] = "group"
            else:
                one["key"] = _short(problem, item, village, given, params)
            if village not in binding and answer.queue[village] >= 0:
                params["queue"] = int(answer.queue[village])
                one["then"] = "next" if params["queue"] else "next_now"
        if given and village in whence:
            one["whence"], more = whence[village]
            params.update(more)
        for name, table in (("settled", problem.settled), ("committed", problem.committed)):
            if table and table[item][village]:
                one[name], params[name] = name, table[item][village]
        told.append(one)
    return told


def over(one: Limit, more: int, language: str) -> str:
    """Say which limit minimums and pins exceed, and by how much (fen, grams)."""
    told = _limit(one, one.amount)
    scale = 1000 if one.kind is LimitKind.WEIGHT else 100
    return OVER[one.kind].say(
        language, {"name": one.name, "whole": f"{told['whole']:,}", "more": f"{-(-more // scale):,}"}
    )


def _limit(one: Limit, taken: int) -> Told:
    """Give a limit in the units it is told in: yuan, or kilograms."""
    scale = 1000 if one.kind is LimitKind.WEIGHT else 100
    return {
        "limit_of": one.name,
        "whole": one.whole // scale,
        "amount": one.amount // scale,
        "used": taken // scale,
        "heads": one.heads,
    }


def _short(problem: Problem, item: int, village: int, given: int, params: Told) -> str:
    """Name the policy's reason, with what it needs to be said."""
    if problem.policy is Policy.FAIREST:
        return "fairest"
    if problem.policy is Policy.PROPORTIONAL:
        params["coefficient"] = round(problem.villages[village].coefficient, 2)
        return "proportional"
    rows = problem.need[item][village]
    met = problem.met[item][village] if problem.met else [0] * len(rows)
    by_tier = problem.policy is Policy.PRIORITY
    groups: dict[float, int] = {}
    had: dict[float, int] = {}
    who: dict[float, list[Class]] = {}
    for one, count, out in zip(problem.classes, rows, met, strict=True):
        rank = float(one.tier) if by_tier else -one.weight
        groups[rank] = groups.get(rank, 0) + count
        had[rank] = had.get(rank, 0) + out
        who.setdefault(rank, []).extend([one] if count else [])
    left = given
    for rank in sorted(groups):
        if left < groups[rank]:
            params["who"] = (
                "、".join(one.name or one.key for one in who[rank]),
                "; ".join(one.name_en or one.key for one in who[rank]),
            )
            if by_tier:
                params["tier"], params["part"] = (
                    int(rank),
                    _percent(left + had[rank], groups[rank] + had[rank]),
                )
            break
        left -= groups[rank]
    return "priority" if by_tier else "weighted"


def _whence(problem: Problem, item: int, answer: Answer, lots: list[int]) -> dict[int, tuple[str, Told]]:
    """Say for every village where its pieces come from, held against the nearest place that has any."""
    places: dict[int, set[int]] = {}
    for flow in answer.flows:
        place = problem.lots[lots[flow.lot]].place
        if place >= 0:
            places.setdefault(flow.village, set()).add(place)
    having = sorted({problem.lots[at].place for at in lots if problem.lots[at].place >= 0})
    minutes = np.array(problem.minutes, dtype=float).reshape(len(problem.places), len(problem.villages))
    told: dict[int, tuple[str, Told]] = {}
    for village, own in places.items():
        if len(own) > 1:
            names = "、".join(problem.places[one][1] for one in sorted(own))
            told[village] = "several", {"places": names}
            continue
        (place,) = own
        params = {"place": problem.places[place][1], "minutes": round(float(minutes[place, village]))}
        open_to = [one for one in having if minutes[one, village] >= 0]
        nearest = min(open_to, key=lambda one: (minutes[one, village], one != place))
        if params["minutes"] == 0:
            told[village] = "here", params
        elif nearest == place:
            told[village] = "nearest", params
        else:
            told[village] = "instead", {**params, "nearest": problem.places[nearest][1]}
    return told


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f}%" if whole else "—"
