"""How a name can be typed: in characters, in full pinyin, by the initials; polyphonic characters in every way. Pure.

重 is zhòng and chóng, 长 cháng and zhǎng: which it is in a place's name only its people know. The
likeliest reading comes first (a dictionary of words decides it), the others follow, and a reading
that is known for certain stands in the rule ``search.readings`` and shuts the others out.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import combinations, product
from typing import Any

from pypinyin import Style, lazy_pinyin, pinyin

_ONE_BY_ONE: Any = list
"""What is no Chinese character stands for itself; the library's types know of no list."""
MOST_READINGS = 24
"""A name of four polyphonic characters would have hundreds of readings: the likeliest are enough."""
MOST_READ_OTHERWISE = 2
"""So many characters at once are read otherwise than a dictionary would."""

Readings = Mapping[str, Sequence[str]]
"""A piece of a name → its syllables, one a character."""


def plain(text: str) -> str:
    """Bring a name or what was typed to the form in which they are compared.

    >>> plain(" Ｌwc "), plain("龙湾 村(新)"), plain("lǘ")
    ('lwc', '龙湾村新', 'lü')
    """
    folded = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", text).lower())
    # Tones go; the two points of ü stay.
    bare = "".join(each for each in folded if unicodedata.category(each) != "Mn" or each == "\u0308")
    return "".join(each for each in unicodedata.normalize("NFC", bare) if each.isalnum())


def typed(text: str) -> str:
    """Bring what a reader typed to the form of a spelling: ü is typed as v.

    >>> typed("lǜ shui"), typed("Long'wan")
    ('lvshui', 'longwan')
    """
    return plain(text).replace("ü", "v")


def spellings(name: str, readings: Readings) -> list[tuple[str, int]]:
    """Give every way to type a name, with how many of its characters are left out before.

    >>> [spelling for spelling, skipped in spellings("龙湾村", {}) if skipped == 0]
    ['龙湾村', 'longwancun', 'lwc']
    >>> ("wc", 1) in spellings("龙湾村", {})
    True
    >>> [spelling for spelling, skipped in spellings("六安", {"六安": ["lu", "an"]}) if not skipped]
    ['六安', 'luan', 'la']
    """
    short = plain(name)
    found: dict[tuple[str, int], None] = {}
    ways = [list(way) for way in _ways(short, readings)]
    for start in range(len(short)):
        found[short[start:], start] = None
        for way in ways:
            found["".join(way[start:]), start] = None
            found["".join(syllable[0] for syllable in way[start:]), start] = None
    return list(found)


def _ways(short: str, readings: Readings) -> Iterator[Sequence[str]]:
    """Give the readings of a name, one syllable a character, the likeliest first."""
    likeliest = _likeliest(short)
    others = _others(short, likeliest)
    for piece, syllables in readings.items():
        for at in _places_of(piece, short):
            for offset, syllable in enumerate(syllables[: len(piece)]):
                likeliest[at + offset], others[at + offset] = syllable, []
    given = 0
    open_places = [at for at, each in enumerate(others) if each]
    for many in range(MOST_READ_OTHERWISE + 1):
        for chosen in combinations(open_places, many):
            for swapped in product(*(others[at] for at in chosen)):
                if given == MOST_READINGS:
                    return
                way = list(likeliest)
                for at, syllable in zip(chosen, swapped, strict=True):
                    way[at] = syllable
                given += 1
                yield way


def _likeliest(short: str) -> list[str]:
    """Read a name as a whole, by the dictionary of words."""
    read = lazy_pinyin(short, errors=_ONE_BY_ONE)
    # A run the dictionary reads as one would shift everything behind it.
    return list(read) if len(read) == len(short) else [lazy_pinyin(each)[0] for each in short]


def _others(short: str, likeliest: Sequence[str]) -> list[list[str]]:
    """Give for each character the readings it has besides the likeliest."""
    return [
        list(dict.fromkeys(each for each in _every(char) if each and each != likeliest[at]))
        for at, char in enumerate(short)
    ]


@lru_cache(maxsize=8_192)
def _every(char: str) -> tuple[str, ...]:
    syllables = pinyin(char, style=Style.NORMAL, heteronym=True, errors=_ONE_BY_ONE)[0]
    # 吕 is typed lv, or lu where a keyboard knows no v.
    return (*syllables, *(each.replace("v", "u") for each in syllables if each in ("lv", "nv")))


def _places_of(piece: str, short: str) -> Iterator[int]:
    at = short.find(piece) if piece else -1
    while at >= 0:
        yield at
        at = short.find(piece, at + 1)
