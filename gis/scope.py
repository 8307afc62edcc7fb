"""Which areas a reader may see: the value, not the policy.

An area is named by the national 12-digit statistical code (统计用区划代码), in five
blocks: province 2, prefecture 2, county 2, township 3, village 3. Trailing blocks of
zeros are padding, so ancestry is a prefix: 340882 → 340882101 → 340882101201.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

BLOCK_ENDS = (2, 4, 6, 9, 12)
"""Where the blocks of a 12-digit code end."""

TOWNSHIP_DIGITS = 9
"""Digits of a township's code before its padding."""

NATION = "000000000000"
"""The code that stands above every province."""


@lru_cache(maxsize=1 << 16)
def prefix_of(code: str) -> str:
    """Cut the padding off a 12-digit code.

    Cutting goes by block: 梅城镇 is 340882100000, whose own last digits are zeros.

    >>> prefix_of("340882100000"), prefix_of("340882000000"), prefix_of(NATION)
    ('340882100', '340882', '')

    Raises
    ------
    ValueError
        If the code is not 12 digits.
    """
    if not is_code(code):
        raise ValueError(f"not a 12-digit area code: {code!r}")
    end = 12
    for start, stop in zip((0, *BLOCK_ENDS[:-1])[::-1], BLOCK_ENDS[::-1], strict=True):
        if code[start:stop].strip("0"):
            return code[:stop]
        end = start
    return code[:end]


def pad(prefix: str) -> str:
    """Give the 12-digit code of a prefix: the inverse of :func:`prefix_of`."""
    return prefix.ljust(12, "0")


def ancestors(code: str) -> tuple[str, ...]:
    """Give the codes above ``code``, nearest first, the nation left out.

    >>> ancestors("340882101201")[:2]
    ('340882101000', '340882000000')
    """
    own = prefix_of(code)
    return tuple(pad(own[:end]) for end in reversed(BLOCK_ENDS) if end < len(own))


def common(codes: Iterable[str]) -> str:
    """Give the smallest area that holds all of these; the whole country where they share no province.

    >>> common(["340882101201", "340882101202"]), common(["340882101201"]), common(["340882101201", "340881000000"])
    ('340882101000', '340882101201', '340800000000')
    """
    known = set(codes)
    for digits in reversed(BLOCK_ENDS):
        if len(prefixes := {code[:digits] for code in known}) == 1:
            return pad(prefixes.pop())
    return NATION


def is_code(text: str) -> bool:
    """Say whether a text is a 12-digit area code; what a reader typed may be anything.

    >>> is_code("340882101201"), is_code("340882"), is_code("三四〇八八二一〇一二〇一")
    (True, False, False)
    """
    return len(text) == 12 and text.isascii() and text.isdigit()


@dataclass(frozen=True, slots=True)
class AreaScope:
    """A set of areas, each with all that lies below it."""

    prefixes: tuple[str, ...]

    @classmethod
    def of(cls, codes: Iterable[str]) -> AreaScope:
        """Build a scope from 12-digit codes; areas inside other given areas are dropped."""
        kept: list[str] = []
        for prefix in sorted({prefix_of(code) for code in codes}):
            if not any(prefix.startswith(known) for known in kept):
                kept.append(prefix)
        return cls(tuple(kept))

    def covers(self, code: str) -> bool:
        """Say whether the area is one of these or lies below one."""
        return code.startswith(self.prefixes)

    def touches(self, code: str) -> bool:
        """Say whether the area is covered, or holds one of these inside it."""
        if code.startswith(self.prefixes):
            return True
        above = prefix_of(code)
        return any(prefix.startswith(above) for prefix in self.prefixes)

    def covers_sql(self, column: str) -> tuple[str, list[str]]:
        """Give a SQL condition and its parameters for :meth:`covers`.

        ``column`` is an SQL expression of ours, never a reader's text.
        """
        if not self.prefixes:
            return "FALSE", []
        return (
            "(" + " OR ".join(f"{column} LIKE %s" for _ in self.prefixes) + ")",
            [f"{prefix}%" for prefix in self.prefixes],
        )

    def touches_sql(self, column: str) -> tuple[str, list[str]]:
        """Give a SQL condition and its parameters for :meth:`touches`."""
        covered, params = self.covers_sql(column)
        above = sorted(
            {code for prefix in self.prefixes for code in (*ancestors(pad(prefix)), NATION)}
            if self.prefixes
            else ()
        )
        if not above:
            return covered, params
        marks = ", ".join("%s" for _ in above)
        return f"({covered} OR {column} IN ({marks}))", [*params, *above]


NOWHERE = AreaScope(())
"""The scope of a stranger."""
