"""The citizen identity number (公民身份号码, GB 11643-1999) and what it says. Pure.

Six digits of the place of first registration, eight of the birthday, three in sequence (the
last odd for men, even for women), one check digit by ISO 7064 MOD 11-2.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from typing import NamedTuple

from disaster.problems import Words

FIFTEEN = Words(
    "这是15位旧号码,2013年起已停用,请填18位身份证号",
    "This is an old 15-digit number, void since 2013; give the one of 18 digits",
)
NOT_EIGHTEEN = Words(
    "身份证号须为18位(最后一位可为X)", "An identity number has 18 digits (the last may be X)"
)
NO_BIRTHDAY = Words("身份证号第7至14位不是日期,请核对", "Digits 7 to 14 of the identity number are no date")
WRONG_CHECK = Words(
    "身份证号校验码不对,请逐位核对", "The check digit of the identity number is wrong; compare every digit"
)

_SHAPE = re.compile(r"[1-9][0-9]{16}[0-9X]")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_DIGITS = "10X98765432"


class Said(NamedTuple):
    """What a number says of its bearer."""

    born: date
    sex: str


def plain(text: str) -> str:
    """Bring a number to the one form that is kept: half-width, without blanks, X in capitals.

    >>> plain("３４０８２４ 19491231 002x")
    '34082419491231002X'
    """
    return "".join(unicodedata.normalize("NFKC", text).split()).upper()


def check_digit(first: str) -> str:
    """Give the check digit of the first 17 digits.

    >>> check_digit("11010519491231002")
    'X'
    """
    return _DIGITS[sum(int(digit) * weight for digit, weight in zip(first, _WEIGHTS, strict=True)) % 11]


def fault(number: str) -> Words | None:
    """Say what is wrong with a number in its plain form, None if nothing is."""
    if len(number) == 15 and number.isascii() and number.isdigit():
        return FIFTEEN
    if not _SHAPE.fullmatch(number):
        return NOT_EIGHTEEN
    if _birthday(number) is None:
        return NO_BIRTHDAY
    return None if check_digit(number[:17]) == number[17] else WRONG_CHECK


def said(number: str) -> Said:
    """Read birthday and sex from a number without fault."""
    born = _birthday(number)
    if born is None:
        raise ValueError("no identity number")
    return Said(born, "male" if int(number[16]) % 2 else "female")


def _birthday(number: str) -> date | None:
    try:
        return date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return None
