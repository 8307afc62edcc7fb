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


_MEMBER = frozenset({"name", "identity", "relation", "marks"})


class Placed(NamedTuple):
    """Members by the place of their household among those taken in, and of households that are registered.

    ``rows`` and ``listed_rows`` are the row of the sheet each stands in; ``wrong`` is what is wrong with the
    head a row names.
    """

    people: dict[int, list[MemberEntry]]
    rows: dict[tuple[int, int], int]
    listed: list[Listed]
    listed_rows: list[int]
    wrong: dict[int, Words]


def place(
    lines: Sequence[tuple[int, Mapping[str, Any]]],
    heads: Sequence[str],
    registered: Mapping[str, UUID],
    unread: Sequence[str] = (),
) -> Placed:
    """Put members (row, values) to their households by ``heads``, else by ``registered``.

    ``unread`` are the heads of households whose lines have to be mended first: nothing can be said of their
    members yet. Of a member's line that can't be read whole only the head is looked at.

    >>> spouse = {"head": "x", "name": "李四", "identity": "", "relation": "spouse", "marks": []}
    >>> place([(7, spouse)], [], {}).wrong[7].zh[:5]
    '“户台账”'
    >>> place([(7, spouse)], ["X"], {}).rows
    {(0, 0): 7}
    >>> place([(7, spouse)], [], {"X": UUID(int=1)}).listed_rows
    [7]
    >>> place([(7, spouse)], [], {}, ["X"]).wrong, place([(7, {"head": "x"})], ["X"], {}).rows
    ({}, {})
    """
    times = Counter([*heads, *unread])
    at = {number: place for place, number in enumerate(heads) if number}
    found = Placed({}, {}, [], [], {})
    for row, values in lines:
        number = identity.plain(values["head"]) if "head" in values else ""
        is_whole = values.keys() >= _MEMBER
        if times[number] > 1:
            found.wrong[row] = MORE_THAN_HEADS
        elif number and number not in {*at, *unread, *registered}:
            found.wrong[row] = UNKNOWN_HEAD
        elif is_whole and number in at:
            people = found.people.setdefault(at[number], [])
            found.rows[at[number], len(people)] = row
            people.append(entry(values))
        elif is_whole and number in registered:
            found.listed.append(Listed(registered[number], entry(values)))
            found.listed_rows.append(row)
    return found


def entry(values: Mapping[str, Any]) -> MemberEntry:
    """Give the member that a line's values are about."""
    return MemberEntry(**{name: values[name] for name in _MEMBER})
