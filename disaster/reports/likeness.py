"""What two texts share: the things they name, and how alike their words are. Pure."""

from __future__ import annotations

import re

_OBJECT = re.compile(
    r"[\u4e00-\u9fff]{1,6}?(?:大桥|小桥|桥|水库|河堤|堤坝|堤|水渠|渠|水塘|塘坝|闸|泵站|小学|中学|卫生室|公路|县道|乡道)"
)
_PLAIN = re.compile(r"[^\w]+")
_BREAK = re.compile("[的了把被将约近在和与及共已又一处座条所从到至致使等有是冲毁垮塌损坏倒断淹没受洪水]")
"""A name begins after the last of these: they are verbs and particles, not names."""
_WORD = 3
"""Characters that are compared as one: Chinese words have two or three."""


def plain(text: str) -> str:
    """Give a text without spaces and punctuation."""
    return _PLAIN.sub("", text)


def pieces(text: str) -> frozenset[str]:
    """Give every run of three characters of a plain text: what likeness is measured by.

    >>> sorted(pieces("河水漫堤"))
    ['水漫堤', '河水漫']
    """
    return frozenset(text[at : at + _WORD] for at in range(len(text) - _WORD + 1))


def likeness(one: frozenset[str], other: frozenset[str]) -> float:
    """Give the share of their pieces that two texts have in common (Jaccard), 0 to 1."""
    return len(one & other) / len(one | other) if one or other else 0.0


def named_objects(text: str) -> set[str]:
    """Give the bridges, dykes, schools and roads that a text names.

    >>> sorted(named_objects("冲毁龙井桥一座,严家小学进水"))
    ['严家小学', '龙井桥']
    """
    found = set()
    for match in _OBJECT.finditer(text):
        name = _BREAK.split(match.group().removesuffix("水库").removesuffix("水渠").removesuffix("水塘"))[-1]
        name += match.group()[-2:] if match.group().endswith(("水库", "水渠", "水塘")) else ""
        if len(name) >= 3:
            found.add(name)
    return found
