"""The message as the grammar reads it: half-width, without spaces, each character's origin kept. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from disaster.reports.sentence.model import Span

_HALF = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_BETWEEN_NUMBERS = re.compile(r"[0-9.:,]")
_VALUE = re.compile(r"[约共]?[0-9一二两三四五六七八九十]|无|暂无|没有")
_ENDS = ",;:!?。、()[]【】\n"
_STOPS = ";!?。\n"


@dataclass(frozen=True, slots=True)
class Written:
    """``text`` is compact; ``origin[i]`` is where its character ``i`` stands in the message."""

    text: str
    origin: tuple[int, ...]

    def span(self, start: int, end: int) -> Span:
        """Give the span in the message of a range of the compact text that is not empty."""
        return Span(self.origin[start], self.origin[end - 1] + 1)


@dataclass(frozen=True, slots=True)
class Clause:
    """A run of the compact text between two marks. ``sentence`` counts what 。;!? and lines part."""

    start: int
    end: int
    sentence: int
    asks: bool


def write(message: str) -> Written:
    """Drop spaces and make everything half-width. A space between two numbers stays as a comma."""
    kept: list[str] = []
    origin: list[int] = []
    gap = False
    for place, char in enumerate(message.translate(_HALF)):
        if char in "\r\n\u2028":
            char = "\n"
        elif char.isspace() or char in "\u200b\ufeff":
            gap = True
            continue
        if gap and kept and _BETWEEN_NUMBERS.match(char) and _BETWEEN_NUMBERS.match(kept[-1]):
            kept.append(";")
            origin.append(place - 1)
        gap = False
        kept.append(char)
        origin.append(place)
    return Written("".join(kept), tuple(origin))


def clauses(text: str) -> Iterator[Clause]:
    """Part the text at its marks; a comma or colon inside a number parts nothing."""
    start = sentence = 0
    for place, char in enumerate(text + "\n"):
        if char not in _ENDS or (char in ",:" and _inside_number(text, place)) or _labels(text, place):
            continue
        if place > start:
            yield Clause(start, place, sentence, char == "?")
        sentence += char in _STOPS
        start = place + 1


def _labels(text: str, place: int) -> bool:
    """受灾人口:150人: a label and its number stay together."""
    return text.startswith(":", place) and bool(_VALUE.match(text, place + 1))


def _inside_number(text: str, place: int) -> bool:
    before, after = text[place - 1 : place], text[place + 1 : place + 4]
    if not before.isdigit():
        return False
    if text[place] == ":":
        return bool(re.match(r"[0-5]\d", after))
    return bool(re.match(r"\d{3}(?!\d)", text[place + 1 : place + 5]))
