"""What an approval grants, and what stands against it: by the standards, within the limits, never twice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from disaster import problems
from disaster.journal import bulk
from disaster.people.scope import Rights
from disaster.problems import FieldError, Problem, Words
from disaster.relief.needs import evidence, standards
from disaster.relief.needs.models import Application, Grant, Step
from disaster.relief.stock.models import Item

UNKNOWN_ITEM = Words("没有这种物资", "There is no such item")
BAD_QUANTITY = Words("数量须在 1 到 {limit} 之间", "Between 1 and {limit}")
MOST_UNITS, MOST_FEN = 1000, 100_000_00
"""Of one item, and of money a person (fen), to one household."""


@dataclass
class Decision:
    """What one approval would give, and what stands against it, by application."""

    goods: Mapping[str, int]
    fen: dict[UUID, int]
    on: date
    by: Rights
    passed_by: dict[UUID, int | None] = field(default_factory=dict)
    against: Mapping[UUID, Sequence[evidence.Finding]] = field(default_factory=dict)

    def refusal(self, row: Application) -> Problem | None:
        """Say why an application can't be approved, None if it can."""
        if not self.by.may("need.approve", str(row.programme.area_id)):
            return problems.NOT_ALLOWED()
        if self.passed_by.get(row.pk) == self.by.person_id:
            return problems.PASSED_BY_YOU(number=row.number)
        if row.household.state != "living":
            return problems.HOUSEHOLD_GONE(state=row.household.get_state_display())
        for finding in self.against.get(row.pk, ()):
            if finding.problem is not None:
                return finding.problem
        if not self.goods and not self.fen[row.pk]:
            return problems.NOTHING_GRANTED(number=row.number)
        return over_limit(row, self.fen[row.pk], self.on)


def decide(
    rows: Sequence[Application],
    goods: Mapping[str, int],
    fen_a_person: int | None,
    *,
    by: Rights,
    on: date,
) -> Decision:
    """Work out what each application would be granted, and what stands against it, in four statements."""
    errors = goods_errors(goods)
    if fen_a_person is not None and not 0 <= fen_a_person <= MOST_FEN:
        errors["fen_a_person"] = FieldError(BAD_QUANTITY, {"limit": MOST_FEN})
    if errors:
        raise problems.BAD_FIELDS(errors)
    fen = {
        row.pk: row.persons * fen_a_person
        if fen_a_person is not None
        else standards.standard_fen(row.programme, row.persons, is_key=row.is_key, on=on)
        for row in rows
    }
    return Decision(goods, fen, on, by, passers(rows), evidence.against(rows, on=on))


def write(decision: Decision, rows: Sequence[Application], *, by: Rights, now: datetime) -> None:
    """Write the grants of what was approved, in one statement."""
    bulk.insert(
        Grant(application=row, item_id=item, quantity=quantity, decided_at=now, decided_by=by.name)
        for row in rows
        for item, quantity in (*decision.goods.items(), (None, decision.fen[row.pk]))
        if quantity
    )


def goods_errors(goods: Mapping[str, int]) -> dict[str, FieldError]:
    """Name the items that are unknown or not of a possible number."""
    errors: dict[str, FieldError] = {}
    known = set(Item.objects.filter(pk__in=list(goods)).values_list("pk", flat=True))
    for item, quantity in goods.items():
        if item not in known:
            errors[f"goods.{item}"] = FieldError(UNKNOWN_ITEM)
        elif not 1 <= quantity <= MOST_UNITS:
            errors[f"goods.{item}"] = FieldError(BAD_QUANTITY, {"limit": MOST_UNITS})
    return errors


def passers(rows: Sequence[Application]) -> dict[UUID, int | None]:
    """Give who passed each application last (乡镇审核), in one statement."""
    steps = Step.objects.filter(application__in=[row.pk for row in rows], act="pass").order_by("id")
    return dict(steps.values_list("application_id", "by_id"))


def over_limit(row: Application, fen: int, on: date) -> Problem | None:
    """Refuse (409.27) an amount a person above the limit that the village did not explain."""
    limit = standards.limit_fen(row.programme, on=on)
    kind = row.programme.kind
    if kind not in ("DC", "YJ") or row.over_limit_why or fen <= limit * row.persons:
        return None
    return problems.OVER_LIMIT(
        number=row.number, yuan=round(fen / 100 / row.persons), limit=limit // standards.FEN
    )
