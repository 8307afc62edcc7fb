"""Acting on many applications at once: locking them, whose they are, what they wait for, the answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple
from uuid import UUID

from disaster import problems
from disaster.people.scope import Rights
from disaster.problems import Problem
from disaster.relief.needs.models import Application, Programme
from disaster.relief.needs.states import APPROVED


class Answer(NamedTuple):
    """What became of one application: its state now, and the problem that kept it where it was."""

    id: UUID
    number: str
    state: str
    problem: Problem | None = None

    @property
    def done(self) -> bool:
        """Say whether the act was done."""
        return self.problem is None


def locked(ids: Sequence[UUID], *, alone: bool = False) -> list[Application]:
    """Lock applications in one order, so that none waits for another in a circle; two statements.

    Their programmes are few: they are read once each, not with every row. ``alone`` gives the applications by
    themselves, in one statement.
    """
    rows = Application.objects.select_for_update(of=("self",)).filter(pk__in=ids).order_by("pk")
    if alone:
        return list(rows)
    found = list(rows.select_related("household"))
    programmes = Programme.objects.in_bulk({row.programme_id for row in found})
    for row in found:
        row.programme = programmes[row.programme_id]
    return found


def require_some(verb: str, rows: Sequence[Application], by: Rights) -> None:
    """Refuse as a whole (403.1, 404.1) what is theirs for none of the applications."""
    if not by.where("need.see").prefixes:
        raise problems.NOT_ALLOWED()
    if not any(by.known.covers(str(row.area_id)) for row in rows):
        raise problems.NOT_FOUND()
    if not any(by.may(verb, str(row.area_id)) for row in rows):
        raise problems.NOT_ALLOWED()


def not_theirs(verb: str, row: Application, by: Rights) -> Problem | None:
    """Say that one application is out of sight, or the verb not theirs there."""
    if not by.known.covers(str(row.area_id)):
        return problems.NOT_FOUND()
    return None if by.may(verb, str(row.area_id)) else problems.NOT_ALLOWED()


def waiting(row: Application, on: date) -> Problem | None:
    """Say what an application waits for before it goes on, or before anything is given."""
    if row.held_at:
        return problems.NEED_HELD(number=row.number, why=row.held_why)
    if row.notice_until and on <= row.notice_until:
        return problems.NOTICE_NOT_OVER(number=row.number, until=row.notice_until)
    if row.state != APPROVED and row.programme.closed_at:
        return problems.PROGRAMME_CLOSED(name=row.programme.name)
    return None


def answers(
    ids: Sequence[UUID], rows: Sequence[Application], refused: Mapping[UUID, Problem]
) -> list[Answer]:
    """Answer for every id in the order asked; what is out of sight does not exist."""
    found = {
        row.pk: row for row in rows if row.pk not in refused or refused[row.pk].kind is not problems.NOT_FOUND
    }
    return [
        Answer(pk, found[pk].number, found[pk].state, refused.get(pk))
        if pk in found
        else Answer(pk, "", "", problems.NOT_FOUND())
        for pk in dict.fromkeys(ids)
    ]
