"""The sheet 家庭成员 of a filled template: each line's member goes to the household with the head's number."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from disaster.problems import Words
from disaster.registers import identity
from disaster.relief.needs.entries import MemberEntry

UNKNOWN_HEAD = Words(
    "“户台账”一页没有这个户主身份证号", "No household of the first sheet has a head with this number"
)
MORE_THAN_HEADS = Words(
    "“户台账”一页有多户用这个户主身份证号",
    "Several households of the first sheet have a head with this number",
)


class Placed(NamedTuple):
    """Members by the place of their household among those taken in, and the row each stands in."""

    people: dict[int, list[MemberEntry]]
    rows: dict[tuple[int, int], int]


def place(lines: Sequence[tuple[int, Mapping[str, Any]]], heads: Sequence[str]) -> Placed | dict[int, Words]:
    """Put members (row, values) to their households by ``heads``; or give what is wrong by row.

    >>> spouse = {"head": "x", "name": "李四", "identity": "", "relation": "spouse", "marks": []}
    >>> place([(7, spouse)], [])[7].en
    'No household of the first sheet has a head with this number'
    >>> place([(7, spouse)], ["X"]).rows
    {(0, 0): 7}
    """
    times = Counter(heads)
    at = {number: place for place, number in enumerate(heads) if number}
    wrong: dict[int, Words] = {}
    found = Placed({}, {})
    for row, values in lines:
        number = identity.plain(values["head"])
        if number not in at:
            wrong[row] = UNKNOWN_HEAD
        elif times[number] > 1:
            wrong[row] = MORE_THAN_HEADS
        else:
            people = found.people.setdefault(at[number], [])
            found.rows[at[number], len(people)] = row
            people.append(MemberEntry(**{name: values[name] for name in _FIELDS}))
    return wrong or found


_FIELDS = ("name", "identity", "relation", "marks")
