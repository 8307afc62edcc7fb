"""Why a village goes where it goes, and why a plan no longer holds: one sentence each, in both languages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple
from uuid import UUID

import numpy as np

from disaster.problems import Words
from disaster.refuge.evacuation.model import Answer, Floats, Move
from gis.models import Shelter

WORDS: dict[str, Words] = {
    "nearest": Words("最近的避难场所,有空位", "The nearest shelter, and it has room"),
    "zone": Words(
        "最近的{nearest}在危险区“{zone}”内或太近,改到此处",
        "The nearest, {nearest}, lies in or too close to {zone}",
    ),
    "closed": Words("最近的{nearest}已关闭,改到此处", "The nearest, {nearest}, is closed"),
    "full": Words("最近的{nearest}已住满,改到此处", "The nearest, {nearest}, is full"),
    "no_way": Words("到最近的{nearest}无安全路线,改到此处", "No dry road to the nearest, {nearest}"),
    "slower": Words(
        "{nearest}直线最近,但需{minutes}分钟,此处更快",
        "{nearest} is nearest but takes {minutes} min; this is quicker",
    ),
    "rest": Words("{nearest}的空位已用完,其余人到此", "{nearest} takes all it can; the rest come here"),
    "shared": Words(
        "最近的{nearest}空位安排给其他村后,总用时最短",
        "The places of {nearest}, the nearest, go to others: so all arrive soonest",
    ),
    "no_shelter": Words("没有可用的避难场所", "There is no usable shelter"),
    "no_dry_way": Words(
        "无安全路线:没有通往任何避难场所的安全道路", "No safe way: no dry road leads to any shelter"
    ),
    "no_room": Words("可到达的避难场所都已满", "All shelters in reach are full"),
    "split": Words("已分到规定的最多处数", "It goes to as many shelters as the rule allows already"),
    "was_closed": Words("{shelter}已关闭", "{shelter} was closed"),
    "was_barred": Words(
        "{shelter}现在危险区“{zone}”内或太近", "{shelter} now lies in or too close to {zone}"
    ),
    "was_filled": Words(
        "{shelter}空位只剩{free},方案还需{need}", "{shelter} has {free} places left; the plan needs {need}"
    ),
    "was_removed": Words("{shelter}不再登记", "{shelter} is no longer there"),
    "was_cut": Words(
        "无安全路线:{village}到{shelter}的路被“{by}”阻断,无法绕行",
        "No safe way: the roads from {village} to {shelter} are cut by {by}, and none leads around",
    ),
    "was_lost": Words(
        "无安全路线:{village}到{shelter}没有道路相通了",
        "No safe way: no road leads from {village} to {shelter} any more",
    ),
    "was_lengthened": Words(
        "{village}到{shelter}的路被“{by}”阻断,绕行多{more}分钟(由{before}变为{after}分钟)",
        "The way from {village} to {shelter} is cut by {by}; around it takes {more} min more ({after} instead of {before})",
    ),
    "was_rerouted": Words(
        "{village}到{shelter}的路被“{by}”阻断,须改走别的路,用时{after}分钟",
        "The way from {village} to {shelter} is cut by {by}; another takes {after} min",
    ),
    "was_slowed": Words(
        "{village}到{shelter}多{more}分钟(由{before}变为{after}分钟)",
        "{village} to {shelter} takes {more} min more ({after} instead of {before})",
    ),
    "zone_changed": Words("危险区“{zone}”已调整", "The zone {zone} was changed"),
    "zone_over": Words("危险区“{zone}”已解除或失效", "The zone {zone} is over"),
}


class Seen(NamedTuple):
    """What the sentence is drawn from; ``straight`` is metres, ``minutes`` infinite where barred."""

    shelters: Sequence[Shelter]
    barred: Mapping[UUID, list[str]]
    free: Sequence[int]
    straight: Floats
    minutes: Floats
    answer: Answer


def say(told: Mapping[str, Any], language: str) -> str:
    """Say a stored reason."""
    return WORDS[told["key"]].say(language, dict(told.get("params", {})))


def why(move: Move, seen: Seen) -> dict[str, Any]:
    """Give the reason of a move, held against the shelter that is nearest by a straight line."""
    nearest = int(np.argmin(seen.straight[move.group]))
    if nearest == move.shelter:
        return {"key": "nearest"}
    shelter = seen.shelters[nearest]
    key, params = "shared", {"nearest": shelter.name}
    if shelter.pk in seen.barred:
        key, params = "zone", {**params, "zone": seen.barred[shelter.pk][0]}
    elif shelter.state == Shelter.State.CLOSED:
        key = "closed"
    elif seen.free[nearest] <= 0:
        key = "full"
    elif not np.isfinite(seen.minutes[move.group, nearest]):
        key = "no_way"
    elif seen.minutes[move.group, nearest] > move.minutes:
        key = "slower"
        params = {**params, "minutes": str(round(float(seen.minutes[move.group, nearest])))}
    elif any(one.group == move.group and one.shelter == nearest for one in seen.answer.moves):
        key = "rest"
    return {"key": key, "params": params}


def why_not(group: int, seen: Seen) -> dict[str, Any]:
    """Give the reason why some of a group have no place."""
    usable = [at for at, places in enumerate(seen.free) if places > 0]
    reached = [at for at in usable if np.isfinite(seen.minutes[group, at])]
    taken = {at: sum(one.persons for one in seen.answer.moves if one.shelter == at) for at in reached}
    if not usable:
        return {"key": "no_shelter"}
    if not reached:
        return {"key": "no_dry_way"}
    return {"key": "no_room" if all(taken[at] >= seen.free[at] for at in reached) else "split"}
