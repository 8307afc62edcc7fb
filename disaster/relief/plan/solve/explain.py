"""Why a village gets what it gets, as sentences that a clerk understands. Pure.

A reason is stored as keys with parameters, so that it is said in the reader's language. It has two
parts: what binds the quantity, and what decides where it comes from.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from disaster.problems import Words
from disaster.relief.plan.solve.model import Answer, Policy, Problem, task_of

Told = dict[str, Any]

WORDS: dict[str, Words] = {
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
        "轮次未到,只保每村最低 {given} {unit};下一{unit}之前还有 {queue} 个村",
        "Its turn has not come: only the minimum of {given} {unit}; {queue} villages come before its next one",
    ),
    "fairest": Words(
        "可发 {stock} {unit},不够 {need} {unit}的需求,各村补到一样的比例:本村 {share};"
        "再来 1 {unit},前面还有 {queue} 个村更低,轮到时可到 {next}",
        "{stock} {unit} for a need of {need}: every village is filled alike, this one to {share}. "
        "Of one more, {queue} villages worse off come first; then it would be at {next}",
    ),
    "proportional": Words(
        "可发 {stock} {unit},不够 {need} {unit}的需求,按需求×困难系数 {coefficient} 分摊:本村 {share};"
        "再来 1 {unit},前面还有 {queue} 个村,轮到时可到 {next}",
        "{stock} {unit} for a need of {need}, shared by need times hardship ({coefficient}): {share}. "
        "Of one more, {queue} villages come first; then it would be at {next}",
    ),
    "priority": Words(
        "可发 {stock} {unit},不够 {need} {unit}的需求,先保第 {tier} 类以上:本村已分到第 {tier} 类的 {part};"
        "再来 1 {unit},前面还有 {queue} 个村",
        "{stock} {unit} for a need of {need}: tier {tier} and above come first, of which {part} is met here. "
        "Of one more, {queue} villages come first",
    ),
    "weighted": Words(
        "可发 {stock} {unit},不够 {need} {unit}的需求,困难权重 {weight} 以上的先分,权重相同的先分路近的:本村 {share};"
        "再来 1 {unit},前面还有 {queue} 个村",
        "{stock} {unit} for a need of {need}: weight {weight} and above come first, among equals the nearer: {share}. "
        "Of one more, {queue} villages come first",
    ),
    "group": Words(
        "能到本村的库存已分完(其余库存去不了这里):本村 {share};再来 1 {unit},前面还有 {queue} 个村",
        "All stock that can come here is given out: {share}. Of one more, {queue} villages come first",
    ),
    "here": Words("本地储备点现有", "It is at hand"),
    "nearest": Words("由最近的{place}发,{minutes} 分钟", "From {place}, the nearest, {minutes} minutes"),
    "instead": Words(
        "最近的{nearest}存货要留给更远离其他库的村,改由{place}发,{minutes} 分钟",
        "{nearest} is nearer, but its stock serves villages farther from any other; from {place}, {minutes} minutes",
    ),
    "cut": Words(
        "去最近库的路不通,由{place}发,{minutes} 分钟",
        "The nearest is cut off; from {place}, {minutes} minutes",
    ),
    "several": Words("分别由{places}发", "From {places}"),
}


def say(told: Mapping[str, Any], language: str) -> str:
    """Say a stored reason: the quantity's, then the place's."""
    if not told:
        return ""
    params = dict(told.get("params", {}))
    parts = [WORDS[told["key"]].say(language, params)]
    if told.get("whence"):
        parts.append(WORDS[told["whence"]].say(language, params))
    return "。".join(parts) + "。" if not language.startswith("en") else ". ".join(parts) + "."


def reasons(problem: Problem, item: int, answer: Answer, lots: list[int]) -> list[Told]:
    """Give the reason of every village for one item."""
    task, _ = task_of(problem, item)
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
        if own == 0:
            key = "none"
        elif task.fixed[village] >= 0:
            key = "pinned"
        elif given == own:
            key = "full"
        elif not stock:
            key = "no_stock"
        elif not reached[:, village].any():
            minutes = [row[village] for row in problem.minutes]
            key = "intent" if not problem.minutes or max(minutes) >= 0 else "no_way"
        else:
            key = _short(problem, item, village, given, params)
            params["queue"] = int(answer.queue[village])
            params["share"], params["next"] = _percent(given, own), _percent(given + 1, own)
            if given and given == int(task.floor[village]):
                key = "least"
            elif spare[~reached[:, village]].sum() > 0:
                key = "group"
        one: Told = {"key": key, "params": params}
        if given and village in whence:
            one["whence"], more = whence[village]
            params.update(more)
        told.append(one)
    return told


def _short(problem: Problem, item: int, village: int, given: int, params: Told) -> str:
    """Name the policy's reason, with what it needs to be said."""
    if problem.policy is Policy.FAIREST:
        return "fairest"
    if problem.policy is Policy.PROPORTIONAL:
        params["coefficient"] = round(problem.villages[village].coefficient, 2)
        return "proportional"
    rows = problem.need[item][village]
    by_tier = problem.policy is Policy.PRIORITY
    groups: dict[float, int] = {}
    for one, count in zip(problem.classes, rows, strict=True):
        rank = float(one.tier) if by_tier else -one.weight
        groups[rank] = groups.get(rank, 0) + count
    left = given
    for rank in sorted(groups):
        if left < groups[rank]:
            if by_tier:
                params["tier"], params["part"] = int(rank), _percent(left, groups[rank])
            else:
                params["weight"] = -rank
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
