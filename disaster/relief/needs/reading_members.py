"""The sheet 家庭成员 of a filled template: each line's member goes to a household of the same book or of the register."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from disaster.problems import Words
from disaster.registers import identity
from disaster.relief.needs.entries import MemberEntry
from disaster.relief.needs.services import Listed

UNKNOWN_HEAD = Words(
    "“户台账”一页和您辖区的在册家庭都没有这个户主身份证号(或申请编号)",
    "No household of the first sheet, or registered in your area, has this head's number (or application's)",
)
MORE_THAN_HEADS = Words(
    "“户台账”一页有多户用这个户主身份证号",
    "Several households of the first sheet have a head with this number",
)


class Placed(NamedTuple):
    """Members by the place of their household among those taken in, and of households that are registered.

    ``rows`` and ``listed_rows`` are the row of the sheet each stands in.
    """

    people: dict[int, list[MemberEntry]]
    rows: dict[tuple[int, int], int]
    listed: list[Listed]
    listed_rows: list[int]


def place(
    lines: Sequence[tuple[int, Mapping[str, Any]]], heads: Sequence[str], registered: Mapping[str, UUID]
) -> Placed | dict[int, Words]:
    """Put members (row, values) to their households by ``heads``, else by ``registered``; or give what is wrong by row.

    >>> spouse = {"head": "x", "name": "李四", "identity": "", "relation": "spouse", "marks": []}
    >>> place([(7, spouse)], [], {})[7].zh[:5]
    '“户台账”'
    >>> place([(7, spouse)], ["X"], {}).rows
    {(0, 0): 7}
    >>> place([(7, spouse)], [], {"X": UUID(int=1)}).listed_rows
    [7]
    """
    times = Counter(heads)
    at = {number: place for place, number in enumerate(heads) if number}
    wrong: dict[int, Words] = {}
    found = Placed({}, {}, [], [])
    for row, values in lines:
        number = identity.plain(values["head"])
        if times[number] > 1:
            wrong[row] = MORE_THAN_HEADS
        elif number in at:
            people = found.people.setdefault(at[number], [])
            found.rows[at[number], len(people)] = row
            people.append(entry(values))
        elif number in registered:
            found.listed.append(Listed(registered[number], entry(values)))
            found.listed_rows.append(row)
        else:
            wrong[row] = UNKNOWN_HEAD
    return wrong or found


def entry(values: Mapping[str, Any]) -> MemberEntry:
    """Give the member that a line's values are about."""
    return MemberEntry(**{name: values[name] for name in ("name", "identity", "relation", "marks")})
