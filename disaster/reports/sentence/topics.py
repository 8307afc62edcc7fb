"""Which figure a quantity stands for, by the words before and after it in its clause. Pure."""

from __future__ import annotations

import re
from typing import NamedTuple

from disaster.problems import Words
from disaster.reports.sentence import vocabulary as words
from disaster.reports.sentence.quantities import Quantity
from disaster.reports.sentence.vocabulary import Table

NO_GRADE = Words("没说是严重还是一般损坏", "Badly damaged, or only damaged? The message doesn't say")
ANY_TRANSFER = Words("只说转移,没说是避险还是安置", "Moved: ahead of danger, or to be sheltered?")
HOMES_TOO = Words("按户计的应是住房,请核对", "Counted by household, so homes: check")
NOT_A_STATE = Words("没说是受灾、成灾还是绝收", "Affected, damaged or lost? The message doesn't say")
GROUND = Words("只说田地,没说种的什么", "Fields: the message doesn't say what grew there")
NOT_BROKEN = Words("没说清是否受损", "The message doesn't say that it is damaged")
KIND_OF_LOSS = Words("没说是哪一类损失", "What was lost? The message doesn't say")
POLES = Words("电杆是否计入输变电设备,请核对", "Whether poles count as power equipment: check")
NO_DEATH = Words("没说牲畜是否死亡", "The message doesn't say that they died")


class Window(NamedTuple):
    """The words around a quantity. ``first``: the clause names things before their numbers.

    ``head`` is all of the clause before the quantity, other quantities included.
    """

    before: str
    after: str
    first: bool
    head: str = ""


class Meaning(NamedTuple):
    """One figure a quantity stands for; ``why`` if that is not sure."""

    key: str
    why: Words | None = None


class Topic(NamedTuple):
    """What the last quantity was about, for those that follow it without a word of their own."""

    people: str = ""
    houses: str = ""
    home: bool = False
    field_state: str = ""
    field_kind: str = ""
    money: bool = False


def nearest(table: Table, window: Window) -> str:
    """Give the topic that the clause's order of words points to, "" if none."""
    sides = [("before", window.before), ("after", window.after)]
    for side, text in sides if window.first else sides[::-1]:
        found = [
            (
                (match.end(), len(match.group()))
                if side == "before"
                else (-match.start(), len(match.group())),
                topic,
            )
            for topic, pattern in table
            for match in pattern.finditer(text)
        ]
        if found:
            return max(found, key=lambda entry: entry[0])[1]
    return ""


def people(window: Window, topic: Topic) -> tuple[list[Meaning], Topic]:
    """Read a number of people."""
    found = nearest(words.PEOPLE, window) or topic.people
    settled = topic._replace(people=found)
    around = window.after if not window.first or found.startswith("evacuated") else ""
    said = window.before + around
    if found in ("evacuated_early", "evacuated_sure", "relocated") and re.search("安置|投亲靠友", said):
        central, scattered = "集中安置" in said, bool(re.search("分散安置|投亲靠友", said))
        if central != scattered:
            key = "relocated_central" if central else "relocated_scattered"
            return [Meaning("relocated"), Meaning(key)], settled._replace(people=key)
        return [Meaning("relocated")], settled._replace(people="relocated")
    if found == "evacuated_sure":
        return [Meaning("evacuated_early")], settled
    if found == "evacuated_early":
        sheltered = re.search("避险", window.before + window.after)
        return [Meaning(found, None if sheltered else ANY_TRANSFER)], settled
    if found in ("", "none"):
        return [], settled
    return [Meaning(found)], settled


def houses(quantity: Quantity, window: Window, topic: Topic) -> tuple[list[Meaning], Topic]:
    """Read rooms (间) or households (户); kitchens and sheds don't count."""
    around = window.before + window.after
    grade = nearest(words.HOUSES, window)
    inherited = not grade
    grade = grade or topic.houses
    people_first = nearest(words.PEOPLE, window)
    if quantity.family == "homes" and inherited and people_first not in ("", "none"):
        # 转移12户41人: the people who follow are those moved.
        return [], topic._replace(houses="", people=people_first)
    if words.OUTBUILDING.search(around):
        return [], topic._replace(houses="")
    if grade in ("", "risk"):
        return [], topic._replace(houses=grade)
    home = bool(words.HOME.search(around)) or (inherited and topic.home)
    settled = topic._replace(houses=grade, home=home, people="")
    why = NO_GRADE if grade == "damaged" else None
    stem = "houses_slight" if grade == "damaged" else f"houses_{grade}"
    if quantity.family == "homes":
        return [Meaning(f"{stem}_homes", why)], settled
    return [Meaning(f"{stem}_rooms", why), *([Meaning(f"{stem}_homes_rooms", why)] if home else [])], settled


def fields(window: Window, topic: Topic, ahead: str) -> tuple[list[Meaning], Topic]:
    """Read an area. ``ahead`` is the state named at the end of the enumeration it stands in."""
    kind = nearest(words.FIELD_KINDS, window) or topic.field_kind
    own_kind, own_state = nearest(words.FIELD_KINDS, window), nearest(words.FIELD_STATES, window) or ahead
    state = own_state or topic.field_state
    settled = topic._replace(field_kind=kind, field_state=state if state != "affected_maybe" else "")
    if not kind and not state:
        return [], topic
    if kind in ("aquaculture_affected", "forest_affected", "grassland_affected"):
        return [Meaning(kind, None if state else NOT_BROKEN)], settled
    # 绝收10亩,茶叶5亩: the tea may be lost, or only affected.
    passed_on = bool(own_kind) and not own_state and state != "crops_affected" and "其中" not in window.before
    why = NOT_A_STATE if passed_on or not state.startswith("crops") else None
    if kind in ("ground", ""):
        why = why or GROUND
    key = state if state.startswith("crops") else "crops_affected"
    part = [Meaning(f"{key}_grain", why)] if kind == "grain" else []
    if part and "其中" in window.before:
        return part, topic
    return [Meaning(key, why), *part], settled


def lengths(window: Window) -> list[Meaning]:
    """Read a length; a width, a depth or a water level is none."""
    # 道路损毁2处共1.5公里: the road stands before the other number.
    key = nearest(words.LENGTHS, window) or nearest(words.LENGTHS, Window(window.head, "", True))
    if key in ("", "none"):
        return []
    return [Meaning(key, None if words.BROKEN.search(window.head + window.after) else NOT_BROKEN)]


def counts(window: Window) -> list[Meaning]:
    """Read things that are counted: schools, reservoirs, stations."""
    key = nearest(words.COUNTS, window)
    broken = words.BROKEN.search(window.before + window.after)
    if not key or (key == "health_facilities" and re.search("送|住院|治疗", window.before + window.after)):
        return []
    if key == "poles":
        return [Meaning("power_equipment", POLES)]
    return [Meaning(key, None if broken or key == "shelters_used" else NOT_BROKEN)]


def money(quantity: Quantity, window: Window, topic: Topic) -> tuple[list[Meaning], Topic]:
    """Read a loss in 万元."""
    around = window.before + window.after
    if "损失" not in around and not topic.money:
        return [], topic
    key = nearest(words.MONEY, window) or "loss_total"
    why = KIND_OF_LOSS if quantity.unit_missing else None
    if key == "loss_total" and not re.search("经济损失|总损失|损失", around):
        return [], topic
    return [Meaning(key, why)], topic._replace(money=True)


def heads(window: Window) -> list[Meaning]:
    """Read beasts; fowl are not 牲畜."""
    kind = nearest(words.HEADS, window)
    if kind not in ("large", "small"):
        return []
    why = None if words.BEASTS_DIED.search(window.before + window.after) else NO_DEATH
    return [Meaning("livestock_dead", why), Meaning(f"livestock_dead_{kind}", why)]
