"""The figures of a message, each with its words. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal

from disaster.problems import Words
from disaster.reports.indicators import BY_KEY
from disaster.reports.sentence import topics
from disaster.reports.sentence import vocabulary as words
from disaster.reports.sentence.model import Found, Span
from disaster.reports.sentence.quantities import Quantity, quantities
from disaster.reports.sentence.topics import Meaning, Topic, Window
from disaster.reports.sentence.written import Clause, Written

ABOUT = Words("说的是约数", "A rough number")
DOUBT = Words("说得不肯定,请核对", "Said with a doubt: check")
ADDED = Words("出现了几次,已相加,请核对", "Named more than once and added up: check")
CORRECTED = Words("前后说了两个数,取后一个", "Two numbers were given: the later one is taken")
ONE_VILLAGE = Words("按本村算 1 个村,请核对", "Counted as this one village: check")
WITH_HOMES = topics.HOMES_TOO

_TOTAL = re.compile(r"(?:累计|共计|合计|总计|总共|一共|全部|截至目前)[^,。;]{0,6}$")
_CORRECTION = re.compile(r"更正|改为|应为|应是|改成|修正|报错|写错|打错|说错|不对")
_MU = 15
_CENT = Decimal("0.01")


def figures(
    written: Written, clauses: list[Clause], times: Sequence[tuple[int, int]], named: int
) -> tuple[list[Found], list[Quantity]]:
    """Read the figures; also give the quantities that no figure was made of.

    ``named`` is where the village's name ends in the compact text: no figure's words reach back over it.
    """
    found: list[Found] = []
    unread: list[Quantity] = []
    topic, sentence = Topic(), -1
    for number, clause in enumerate(clauses):
        if clause.sentence != sentence:
            topic, sentence = Topic(), clause.sentence
        items = quantities(written.text, clause, times)
        if clause.asks or words.UNREAL.search(written.text, clause.start, clause.end):
            unread += items
            continue
        found += _cut(written, clause, items)
        ahead = _ahead(written.text, clauses, number)
        for place, item in enumerate(items):
            window = _window(written.text, clause, items, place)
            if item is items[-1] and item.family == "people":
                window = window._replace(after=window.after + _placed(written.text, clauses, number))
            meanings, topic = _read(item, window, topic, ahead)
            if not meanings:
                unread.append(item)
            since = max(items[place - 1].end if place else clause.start, min(named, item.start))
            span = _with_words(written.text, clause, item, since, window.first)
            found += [_found(written, clause, item, meaning, span) for meaning in meanings]
    return found, unread


def _window(text: str, clause: Clause, items: list[Quantity], place: int) -> Window:
    """Cut out the words that belong to a quantity: back to the one before it, on to the next."""
    item = items[place]
    since = items[place - 1].end if place else clause.start
    until = items[place + 1].start if place + 1 < len(items) else clause.end
    head = text[clause.start : items[0].start]
    first = any(
        pattern.search(head)
        for table in (words.PEOPLE, words.HOUSES, words.FIELD_STATES)
        for _, pattern in table
    )
    return Window(text[since : item.start], text[item.end : until], first, text[clause.start : item.start])


def _placed(text: str, clauses: list[Clause], number: int) -> str:
    """Look on for where they were placed, said without a number: 转移96人,安置在村小学."""
    if number + 1 == len(clauses) or clauses[number + 1].sentence != clauses[number].sentence:
        return ""
    said = text[clauses[number + 1].start : clauses[number + 1].end]
    if re.search(r"\d", said):
        return ""
    return said if re.search("安置|投亲靠友", said) else ""


def _ahead(text: str, clauses: list[Clause], number: int) -> str:
    """Look on for the state that ends an enumeration: 玉米20亩、水稻30亩受灾."""
    for clause in clauses[number : number + 4]:
        if clause.sentence != clauses[number].sentence:
            return ""
        for state, pattern in words.FIELD_STATES:
            if state.startswith("crops") and pattern.search(text, clause.start, clause.end):
                return state
    return ""


def _read(item: Quantity, window: Window, topic: Topic, ahead: str) -> tuple[list[Meaning], Topic]:
    match item.family:
        case "people":
            return topics.people(window, topic)
        case "homes" | "rooms":
            return topics.houses(item, window, topic)
        case "area":
            return topics.fields(window, topic, ahead)
        case "money":
            return topics.money(item, window, topic)
        case "length":
            return topics.lengths(window), topic
        case "head":
            return topics.heads(window), topic
        case "count":
            return topics.counts(window), topic
        case "villages":
            cut = topics.nearest(words.CUT, window)
            return ([Meaning(cut)] if cut else []), topic
        case "townships":
            said = window.before + window.after
            return [Meaning("townships_flooded")] if "淹" in said else [], topic


def _found(
    written: Written, clause: Clause, item: Quantity, meaning: Meaning, span: tuple[int, int]
) -> Found:
    indicator = BY_KEY[meaning.key]
    doubtful = words.DOUBTFUL.search(written.text, clause.start, clause.end)
    why = meaning.why or (ABOUT if item.rough else None) or (DOUBT if doubtful else None)
    mu = indicator.accepts_mu and not item.hectares
    value = (
        _canonical(item.value / _MU)
        if indicator.accepts_mu
        else _canonical(item.value)
        if indicator.type == "dec2"
        else item.value
    )
    if indicator.type == "int" and value != value.to_integral_value():
        value, why = value.quantize(Decimal(1), ROUND_HALF_UP), why or DOUBT
    entered = value if indicator.type == "int" else item.entered
    return Found(meaning.key, value, entered, "mu" if mu else "", *written.span(*span), why is None, why)


def _with_words(text: str, clause: Clause, item: Quantity, since: int, first: bool) -> tuple[int, int]:
    """Stretch the span over the words beside the number, on the side where the clause has them."""
    head = re.search(r"[^0-9]{1,8}$", text[since : item.start])
    tail = re.match(r"[^0-9]{1,6}", text[item.end : clause.end])
    if head and (first or not tail):
        return item.start - len(head.group()), item.end
    # The next quantity's own words stay its own.
    return item.start, item.end + (len(tail.group()) if tail and not first else 0)


def _cut(written: Written, clause: Clause, items: list[Quantity]) -> Iterator[Found]:
    """Read 全村断电, which has no number: one village."""
    said = written.text[clause.start : clause.end]
    if words.BACK.search(said) or any(item.family in ("villages", "homes") for item in items):
        return
    for key, pattern in words.CUT:
        if match := pattern.search(said):
            whole = words.WHOLE_VILLAGE.search(said) and not words.DOUBTFUL.search(said)
            span = written.span(clause.start + match.start(), clause.start + match.end())
            yield Found(key, Decimal(1), Decimal(1), "", *span, bool(whole), None if whole else ONE_VILLAGE)


def _canonical(value: Decimal) -> Decimal:
    return value.quantize(_CENT, ROUND_HALF_UP)


def gather(written: Written, message: str, found: Iterable[Found]) -> list[Found]:
    """Make one figure of each key: crops add up, a total or a correction stands for what came before."""
    by_key: dict[str, Found] = {}
    spans: dict[str, set[Span]] = {}
    for figure in found:
        before = by_key.get(figure.key)
        by_key[figure.key] = figure if before is None else _joined(message, before, figure)
        spans.setdefault(figure.key, set()).add(Span(figure.start, figure.end))
    for key, figure in by_key.items():
        # Nobody should think that other words of the same figure were overlooked.
        others = spans[key] - {Span(figure.start, figure.end)}
        by_key[key] = replace(figure, also=tuple(sorted(others)))
    _relocations(by_key)
    _homes(by_key)
    _serious(by_key)
    return sorted(by_key.values(), key=lambda figure: (figure.start, BY_KEY[figure.key].order))


def _joined(message: str, before: Found, figure: Found) -> Found:
    if figure.value == before.value:
        return before if before.sure or not figure.sure else figure
    if not figure.value or not before.value:
        # 无人员死亡, and a death further on: the number is there to be looked at.
        number = figure if figure.value else before
        return replace(number, sure=False, why=CORRECTED)
    if figure.key.startswith("villages_"):
        return figure if figure.sure else before
    if _CORRECTION.search(message):
        return replace(figure, sure=False, why=CORRECTED)
    if _TOTAL.search(message[: figure.start]) or _TOTAL.search(message[: figure.end]):
        return figure
    if _TOTAL.search(message[: before.start]) or "其中" in message[before.end : figure.end]:
        return before
    crops = figure.key.startswith(("crops_", "livestock_")) and figure.unit == before.unit
    entered = before.entered + figure.entered
    value = _canonical(entered / _MU) if figure.unit else before.value + figure.value
    sure = crops and before.sure and figure.sure
    why = None if sure else (figure.why or before.why or ADDED)
    return replace(
        figure,
        value=value,
        entered=entered if figure.unit == before.unit else value,
        unit=figure.unit if figure.unit == before.unit else "",
        sure=sure,
        why=why,
    )


def _relocations(by_key: dict[str, Found]) -> None:
    """转移41人, 其中集中安置20人: those 41 are 转移安置, not 避险转移."""
    moved = by_key.get("evacuated_early")
    placed = by_key.get("relocated_central") or by_key.get("relocated_scattered")
    if (
        moved
        and placed
        and not moved.sure
        and moved.value
        and "relocated" not in by_key
        and moved.start < placed.start
    ):
        del by_key["evacuated_early"]
        by_key["relocated"] = replace(moved, key="relocated")


def _homes(by_key: dict[str, Found]) -> None:
    """倒房3户5间: households live in homes, so the rooms are very likely rooms of homes."""
    for grade in ("collapsed", "severe", "slight"):
        homes, rooms = by_key.get(f"houses_{grade}_homes"), by_key.get(f"houses_{grade}_rooms")
        key = f"houses_{grade}_homes_rooms"
        if homes and rooms and homes.value and rooms.value and key not in by_key:
            by_key[key] = replace(rooms, key=key, sure=False, why=WITH_HOMES)


def _serious(by_key: dict[str, Found]) -> None:
    """重伤1人 are injured too (重伤 is a part of 受伤)."""
    serious = by_key.get("seriously_injured")
    if serious and serious.value and "injured" not in by_key:
        by_key["injured"] = replace(serious, key="injured", sure=False, why=DOUBT)
