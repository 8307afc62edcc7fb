"""What speaks against helping a household, shown with its evidence before a human decides.

A finding with a ``problem`` refuses the approval; any other is for a human to look at.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Q, Sum

from disaster import problems
from disaster.problems import Problem, Words
from disaster.registers.models import Casualty, mask_name
from disaster.relief.needs import doubles, standards
from disaster.relief.needs.doubles import Known
from disaster.relief.needs.models import Application, Household
from disaster.relief.needs.states import REJECTED, STOPPED, WITHDRAWN

NO_IDENTITY = Words(
    "没有登记身份证号,无法与名单比对", "No identity number: it can't be compared with any list"
)
NO_CARD = Words("没有登记一卡通账号,资金无法发放", "No bank card: no money can be paid")
CARD_REFUSED = Words("银行退票:{why}", "The bank refused the card: {why}")
CARD_SHARED = Words("一卡通账号与 {name}({area})相同", "The same bank card as {name} ({area})")
NAMESAKE = Words(
    "与 {name}({area})同名同卡,疑为重复登记", "Same name and card as {name} ({area}): perhaps entered twice"
)
SAME_NEED = Words(
    "“{programme}”中已有申请 {number}({state}),救助期重叠",
    "Application {number} ({state}) in “{programme}”, whose window overlaps",
)
DECEASED = Words(
    "户主在因灾死亡失踪名单中({status},台账 {number})",
    "The head is on the register of casualties ({status}, row {number})",
)
MEMBER_DECEASED = Words(
    "家庭成员 {name} 在因灾死亡失踪名单中({status},台账 {number})",
    "{name} of the household is on the register of casualties ({status}, row {number})",
)
TOO_MANY_PERSONS = Words(
    "需救助 {persons} 人,多于家庭人口 {members} 人",
    "{persons} in need, more than the {members} of the household",
)
OVER = Words(
    "申请人均 {yuan} 元,超过限额 {limit} 元:{why}", "Asks {yuan} yuan a person, above {limit}: {why}"
)
NO_WHY = Words("村未说明", "the village gave no reason")
_GONE = (REJECTED, WITHDRAWN, STOPPED)


class Finding(NamedTuple):
    """One thing found: which check, in words, the household or row it points at, the refusal it leads to."""

    check: str
    words: Words
    params: dict[str, Any]
    household: UUID | None = None
    problem: Problem | None = None

    def say(self, language: str) -> str:
        """Say it in a language."""
        params = {
            name: value.say(language) if isinstance(value, Words) else str(value)
            for name, value in self.params.items()
        }
        return self.words.say(language, params)


def against(rows: Sequence[Application], *, on: date) -> dict[UUID, list[Finding]]:
    """Find what speaks against applications (with household and programme), in five statements."""
    found: dict[UUID, list[Finding]] = {row.pk: _own(row, on) for row in rows}
    for row, other in _double(rows, on):
        found[row.pk].append(other)
    people = doubles.members_of(row.household_id for row in rows)
    for row, finding in (*_cards(rows), *_people(rows, people), *_dead(rows, people)):
        found[row.pk].append(finding)
    return found


def _own(row: Application, on: date) -> list[Finding]:
    household = row.household
    found = []
    if not household.identity_hash:
        found.append(Finding("identity", NO_IDENTITY, {}))
    if household.card_refused_why:
        found.append(Finding("card", CARD_REFUSED, {"why": household.card_refused_why}))
    elif not household.card_hash:
        found.append(Finding("card", NO_CARD, {}))
    if row.persons > household.members:
        params = {"persons": row.persons, "members": household.members}
        found.append(Finding("persons", TOO_MANY_PERSONS, params))
    limit, fen = standards.limit_fen(row.programme, on=on), standards.wanted_fen(row)
    if fen > limit * row.persons:
        over: dict[str, Any] = {
            "yuan": round(fen / standards.FEN / row.persons),
            "limit": limit // standards.FEN,
            "why": row.over_limit_why or NO_WHY,
        }
        found.append(Finding("limit", OVER, over))
    return found


def _double(rows: Sequence[Application], on: date) -> list[tuple[Application, Finding]]:
    """Find the applications of the same household or head in a programme whose window overlaps."""
    hashes = {row.household.identity_hash for row in rows} - {""}
    others = (
        Application.objects.filter(
            Q(household__in=[row.household_id for row in rows]) | Q(household__identity_hash__in=hashes)
        )
        .annotate(given=Sum("grants__settled"))
        .exclude(Q(state__in=_GONE) & (Q(given=None) | Q(given=0)))
        .select_related("programme", "household")
        .order_by("pk")
    )
    by_head: dict[object, list[Application]] = {}
    for other in others:
        for key in {other.household_id, other.household.identity_hash} - {""}:
            by_head.setdefault(key, []).append(other)
    found = []
    for row in rows:
        near = {
            other.pk: other
            for key in (row.household_id, row.household.identity_hash)
            for other in by_head.get(key, ())
            if key
        }
        found += [
            (row, finding)
            for other in near.values()
            if other.pk != row.pk and (finding := _overlap(row, other, on))
        ]
    return found


def _overlap(row: Application, other: Application, on: date) -> Finding | None:
    one, two = row.programme, other.programme
    if one.starts_on > two.ends_on or two.starts_on > one.ends_on:
        return None
    refused = standards.meets_same_need(one.kind, two.kind, on=on)
    if refused is None and one.pk != two.pk:
        return None
    params: dict[str, Any] = {"programme": two.name, "number": other.number}
    problem = problems.DOUBLE_PAY(**params) if refused or one.pk == two.pk else None
    params["state"] = other.get_state_display()
    return Finding("double", SAME_NEED, params, other.household_id, problem)


def _cards(rows: Sequence[Application]) -> list[tuple[Application, Finding]]:
    hashes = {row.household.card_hash for row in rows} - {""}
    same = Household.objects.filter(card_hash__in=hashes, state=Household.State.LIVING)
    by_card: dict[str, list[Household]] = {}
    for other in same.select_related("area").defer("area__boundary").order_by("area_id", "pk"):
        by_card.setdefault(other.card_hash, []).append(other)
    return [
        (
            row,
            Finding(
                "duplicate",
                NAMESAKE if other.name == row.household.name else CARD_SHARED,
                {"name": str(other), "area": other.area.name},
                other.pk,
            ),
        )
        for row in rows
        for other in by_card.get(row.household.card_hash, ())
        if other.pk != row.household_id
    ]


def _people(rows: Sequence[Application], people: Sequence[Known]) -> list[tuple[Application, Finding]]:
    found = doubles.of({row.household_id: row.household.identity_hash for row in rows}, people)
    return [
        (row, Finding("person", one.words, dict(one.params), one.household))
        for row in rows
        for one in found.get(row.household_id, ())
    ]


def _dead(rows: Sequence[Application], people: Sequence[Known]) -> list[tuple[Application, Finding]]:
    """Find heads and members on the register of casualties; a dead head refuses, a dead member leaves a household to help."""
    hashes = {row.household.identity_hash for row in rows} | {one.hash for one in people}
    dead = Casualty.objects.filter(
        identity_hash__in=hashes - {""},
        withdrawn_at=None,
        status__in=[Casualty.Status.DEAD, Casualty.Status.MISSING],
    )
    by_hash = {one.identity_hash: one for one in dead.order_by("entered_at")}
    members: dict[UUID, list[tuple[str, Casualty]]] = defaultdict(list)
    for person in people:
        if person.hash in by_hash:
            members[person.household].append((mask_name(person.name), by_hash[person.hash]))
    found = []
    for row in rows:
        if one := by_hash.get(row.household.identity_hash):
            is_dead = one.status == Casualty.Status.DEAD
            problem = problems.HEAD_DECEASED(number=row.number) if is_dead else None
            found.append((row, Finding("deceased", DECEASED, _entered(one), None, problem)))
        found += [
            (row, Finding("deceased", MEMBER_DECEASED, {"name": name, **_entered(entry)}))
            for name, entry in members[row.household_id]
        ]
    return found


def _entered(row: Casualty) -> dict[str, Any]:
    return {"status": row.get_status_display(), "number": row.number}
