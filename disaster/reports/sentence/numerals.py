"""Numbers as people write them: 12, 1,200, 1.2万, 3千, 三十二, 一百零五, 两百. Pure."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation

_DIGITS = {char: value for value, char in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2, "俩": 2}
_SMALL = {"十": 10, "百": 100, "千": 1000}
_LARGE = {"万": 10_000, "亿": 100_000_000}

PATTERN = (
    r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?[十百千万亿]*"
    r"|[零〇一二两俩三四五六七八九十][零〇一二两俩三四五六七八九十百千万亿]*"
)
_LONGEST = 20
_LIMIT = Decimal(10**12)
"""No figure of a disaster has more digits; what has is a telephone number or a slip."""

_ARABIC = re.compile(r"([\d,]+(?:\.\d+)?)([十百千万亿]*)")


def value_of(text: str) -> Decimal | None:
    """Give a numeral's value, None for what is none.

    >>> value_of("1.2万"), value_of("一百零五"), value_of("两百")
    (Decimal('12000.0'), Decimal('105'), Decimal('200'))
    """
    if len(text) > _LONGEST:
        return None
    value: Decimal | None
    if match := _ARABIC.fullmatch(text):
        try:
            value = Decimal(match.group(1).replace(",", ""))
        except InvalidOperation:
            return None
        for char in match.group(2):
            value *= _SMALL.get(char) or _LARGE[char]
    else:
        value = _chinese(text)
    return value if value is not None and value < _LIMIT else None


def _chinese(text: str) -> Decimal | None:
    total = section = digit = 0
    last = 1  # what the digit before counted in: 一百五 is 150
    if not text or any(char not in _DIGITS and char not in _SMALL and char not in _LARGE for char in text):
        return None
    if len(text) > 1 and all(char in _DIGITS for char in text):
        return Decimal("".join(str(_DIGITS[char]) for char in text))
    for place, char in enumerate(text):
        if char in _DIGITS:
            digit = _DIGITS[char]
            last = 1 if digit == 0 else last
        elif char in _SMALL:
            section += (digit or (1 if place == 0 or text[place - 1] in "零〇" else 0)) * _SMALL[char]
            last, digit = _SMALL[char] // 10, 0
        else:
            total = (total + section + digit) * _LARGE[char]
            last, section, digit = _LARGE[char] // 10, 0, 0
    return Decimal(total + section + digit * (last if digit and text[-1] in _DIGITS else 1))


def chinese(value: int) -> str:
    """Write a whole number below 10,000,000 in Chinese numerals.

    >>> chinese(105), chinese(32), chinese(20_010)
    ('一百零五', '三十二', '二万零一十')
    """
    if value >= 10_000:
        rest = value % 10_000
        zero = "零" if 0 < rest < 1000 else ""
        return chinese(value // 10_000) + "万" + zero + (_section(rest) if rest else "")
    found = _section(value)
    return found[1:] if found.startswith("一十") else found


def _section(value: int) -> str:
    digits = "零一二三四五六七八九"
    if value < 10:
        return digits[value]
    found, gap = "", False
    for unit, size in (("千", 1000), ("百", 100), ("十", 10), ("", 1)):
        digit = value // size % 10
        if digit:
            found += ("零" if gap and found else "") + digits[digit] + unit
        gap = not digit
    return found
