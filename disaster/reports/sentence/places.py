"""Which village or township a message speaks of: by name, never by guess. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from disaster.problems import Words
from disaster.reports.sentence.model import FoundArea, Place
from disaster.reports.sentence.written import Written

SEVERAL = Words("提到几个村,请分开报或选定一个", "Several villages are named: choose one, or file each apart")
SAME_NAME = Words("有几个村都叫这个名字,请选定", "Several villages bear this name: choose one")
SHORT = Words("只写了简称,请核对是不是这个村", "Only a short name is given: check the village")
OTHER_TOWNSHIP = Words("提到的乡镇与这个村对不上", "The township named is not this village's")

_SUFFIX = re.compile(r"(?:社区居委会|居民委员会|村民委员会|村委会|居委会|社区|街道办事处|街道|村|镇|乡)$")
_BEFORE = re.compile(r"(?:^|[\n,;:。、!?()\[\]【】]|[镇乡道市县我在到是报由向的和与及])$")
_AFTER = re.compile(
    r"村|社区|居委|[\n,;:。、!?()\[\]【】]|$|报|灾|今|昨|受|倒|转|暴|目前|[0-9]|因|遭|发|无|有|全|这|那|没"
)


class _Named(NamedTuple):
    start: int
    end: int
    places: tuple[Place, ...]
    whole: bool


def area_in(written: Written, places: Sequence[Place]) -> FoundArea | None:
    """Find the area; None if none is named. ``code`` stays None where there is a choice to make."""
    townships = {place.name if place.code.endswith("000") else place.parent_name for place in places}
    named = _names(written.text, places, townships)
    if not named:
        return None
    towns = _townships(written.text, townships)
    chosen = [_narrow(name, towns) for name in named]
    villages = [name for name in chosen if not name.places[0].code.endswith("000")]
    return _one(written, villages or chosen, towns)


def _one(written: Written, found: list[_Named], towns: list[str]) -> FoundArea:
    first = found[0]
    start, end = written.span(first.start, first.end)
    if len({name.places for name in found}) > 1:
        return FoundArea(None, start, end, False, SEVERAL)
    if len(first.places) > 1:
        return FoundArea(None, start, end, False, SAME_NAME)
    place = first.places[0]
    is_village = not place.code.endswith("000")
    if is_village and towns and place.parent_name not in towns:
        return FoundArea(place.code, start, end, False, OTHER_TOWNSHIP)
    sure = any(name.whole for name in found)
    return FoundArea(place.code, start, end, sure, None if sure else SHORT)


def _narrow(name: _Named, towns: list[str]) -> _Named:
    """Of several villages of one name, keep those of a township that is named too."""
    inside = tuple(place for place in name.places if place.parent_name in towns)
    return name._replace(places=inside) if inside else name


def _names(text: str, places: Sequence[Place], townships: set[str]) -> list[_Named]:
    by_name: dict[str, list[Place]] = {}
    for place in places:
        by_name.setdefault(place.name, []).append(place)
        stem = _SUFFIX.sub("", place.name)
        if len(stem) >= 2:
            by_name.setdefault(stem, []).append(place)
            if not place.code.endswith("000"):
                by_name.setdefault(stem + "村", []).append(place)
    by_name = {name: list(dict.fromkeys(found)) for name, found in by_name.items()}
    found: list[_Named] = []
    if not by_name:
        return found
    # The longest name wins where two begin at one character.
    pattern = "|".join(re.escape(name) for name in sorted(by_name, key=len, reverse=True) if name)
    for match in re.finditer(pattern, text):
        whole = match.group() in {place.name for place in by_name[match.group()]} or match.group().endswith(
            "村"
        )
        clear = bool(_BEFORE.search(text[: match.start()]))
        if not whole and not (clear and _AFTER.match(text, match.end())):
            continue
        kept = _fitting(match.group(), by_name[match.group()])
        found.append(
            _Named(
                match.start(),
                match.end(),
                kept,
                whole and (clear or _ends_town(text, match.start(), townships)),
            )
        )
    return found


def _fitting(name: str, places: list[Place]) -> tuple[Place, ...]:
    """A township's own stem is a village's too (梅城): who writes no 镇 rarely means the township."""
    exact = [place for place in places if place.name == name]
    villages = [place for place in places if not place.code.endswith("000")]
    return tuple(exact or villages or places)


def _ends_town(text: str, start: int, townships: set[str]) -> bool:
    return any(text[:start].endswith(_SUFFIX.sub("", town)) for town in townships if len(town) > 2)


def _townships(text: str, townships: set[str]) -> list[str]:
    """Name the townships that the message names, with their 镇 or right before a village."""
    return [town for town in townships if town and town in text]
