"""What a message says did not happen: 无人员伤亡 is three zeros, not three blanks. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from disaster.problems import Words
from disaster.reports.sentence.model import Found
from disaster.reports.sentence.vocabulary import UNREAL
from disaster.reports.sentence.written import Clause, Written

NOT_HEARD = Words("“未接到报告”不等于没有,请核对", "Not having heard of it is not knowing: check")
MAYBE = Words("说得不肯定,请核对", "Said with a doubt: check")

_NO = r"(?:未造成|没造成|没有造成|未发生|未出现|没有发生|没出现|没有|暂无|尚无|均无|也无|并无|无|没|未)"
_CASUALTIES = ("dead", "missing", "injured")
_PEOPLE = r"(?:任何)?(?:人员?|村民|群众)?"
_MEANS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (rf"{_PEOPLE}(?:死亡?[、和或]?)?(?:伤亡|死伤)(?:和?失踪)?|人出事|人员出事", _CASUALTIES),
    (rf"{_PEOPLE}(?:死亡|遇难|死)", ("dead",)),
    (rf"{_PEOPLE}(?:失踪|失联)", ("missing",)),
    (rf"{_PEOPLE}(?:受伤|伤)(?!亡)", ("injured",)),
    (rf"{_PEOPLE}(?:被困|受困)", ("trapped",)),
    (
        r"(?:房屋|房子|民房|住房|人家)?(?:倒塌|倒房|垮塌)(?:房屋|房子)?|房(?:屋|子)?倒",
        ("houses_collapsed_rooms",),
    ),
    (r"(?:需)?(?:要)?转移(?:人员|群众)|人员转移", ("evacuated_early",)),
)
_PATTERNS = [(re.compile(rf"{_NO}(?:{means})"), keys) for means, keys in _MEANS]
_LATER = re.compile(
    r"(?:人员?|村民|群众)?(?:伤亡|死亡|受伤|失踪|被困)(?:情况)?(?:[:为]|人数?[:为]?)?(?:无|没有|暂无|0人?)(?![0-9.])"
)
_LATER_KEYS = (
    ("伤亡", _CASUALTIES),
    ("死亡", ("dead",)),
    ("受伤", ("injured",)),
    ("失踪", ("missing",)),
    ("被困", ("trapped",)),
)
_CHAIN = re.compile(r"[、和及或,]?(?:人员)?(?P<what>伤亡|死亡|受伤|失踪|被困|倒房|房屋倒塌|倒塌房屋)")
_CHAIN_KEYS = dict(_LATER_KEYS) | {
    "倒房": ("houses_collapsed_rooms",),
    "房屋倒塌": ("houses_collapsed_rooms",),
    "倒塌房屋": ("houses_collapsed_rooms",),
}
_SAFE = re.compile(
    r"(?:人|人员|大家|村民|群众)(?:都|均|全部|全都|员)*(?:没事|平安|安全(?!转移|撤离|隐患|第一|员))"
)
_NOT_HEARD = re.compile(
    r"(?:未接到|没接到|没有接到|未收到|没收到|没听说|未发现|没发现|暂未发现)(?:有)?(?:人员?)?(?P<what>伤亡|死亡|受伤|失踪|被困)"
)
_QUESTION = re.compile(r"有$|是否$|如$|若$|确保$|保证$|争取$|力争$")


def zeros(written: Written, clauses: list[Clause]) -> Iterator[Found]:
    """Give the zeros of the message, each with its words."""
    for clause in clauses:
        text = written.text
        if clause.asks or UNREAL.search(text, clause.start, clause.end):
            continue
        yield from _not_heard(written, clause)
        for start, end, keys in _denied(text, clause):
            span = written.span(start, end)
            rough = "大概" in text[clause.start : clause.end] or "应该" in text[clause.start : clause.end]
            for key in keys:
                yield Found(key, Decimal(0), Decimal(0), "", *span, not rough, MAYBE if rough else None)


def _denied(text: str, clause: Clause) -> Iterator[tuple[int, int, tuple[str, ...]]]:
    for pattern, keys in _PATTERNS:
        for match in pattern.finditer(text, clause.start, clause.end):
            if _QUESTION.search(text[clause.start : match.start()]):
                continue
            yield (*match.span(), keys)
            yield from _chained(text, match.end())
    for match in _LATER.finditer(text, clause.start, clause.end):
        yield (*match.span(), next(keys for word, keys in _LATER_KEYS if word in match.group()))
    for match in _SAFE.finditer(text, clause.start, clause.end):
        if not _QUESTION.search(text[clause.start : match.start()]):
            yield (*match.span(), _CASUALTIES)


def _chained(text: str, place: int) -> Iterator[tuple[int, int, tuple[str, ...]]]:
    """无人员死亡、失踪: what follows is denied with it."""
    while match := _CHAIN.match(text, place):
        if re.match(r"[0-9一二两三四五六七八九十约了]|情况", text[match.end() : match.end() + 2]):
            return
        yield (match.start("what"), match.end(), _CHAIN_KEYS[match.group("what")])
        place = match.end()


def _not_heard(written: Written, clause: Clause) -> Iterator[Found]:
    for match in _NOT_HEARD.finditer(written.text, clause.start, clause.end):
        for key in next(keys for word, keys in _LATER_KEYS if word == match.group("what")):
            yield Found(key, Decimal(0), Decimal(0), "", *written.span(*match.span()), False, NOT_HEARD)
