"""The best order of the stops that a lorry under way has left: an exact search. Pure.

Place 0 of the matrix is where the lorry is, the last one is its home. Seconds count from now.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import msgspec

from disaster.relief.dispatch.routes.model import FOREVER, Matrix

Aim = Literal["cheapest", "soonest"]


class Task(msgspec.Struct, frozen=True):
    """A load is dropped (else fetched) at a place; both ends of one load have its number. ``closes``: when it is due."""

    at: int
    load: int
    kg: int
    litres: int
    is_drop: bool
    closes: int = FOREVER


class Ask(msgspec.Struct, frozen=True):
    """What is left, in the order that stands.

    ``unloading`` seconds pass at each place, ``ends`` is the end of the shift, and the place
    ``barred`` is not gone to first: the lorry has just been there. Seconds from ``never`` on say
    that no dry road leads there.
    """

    tasks: Sequence[Task]
    seconds: Matrix
    kg: int
    litres: int
    unloading: int
    never: int
    ends: int = FOREVER
    barred: int | None = None


class Run(msgspec.Struct, frozen=True):
    """An order as far as it is driven: tasks, when each is reached, and what it comes to.

    ``late`` are the tasks after their time (the number of tasks itself stands for the way home
    after the shift), ``missed`` counts those no dry road reaches, ``last`` is the last arrival
    with goods, ``total`` the sum of these, ``driving`` the seconds on the road. ``kg`` and
    ``litres`` are aboard.
    """

    order: tuple[int, ...]
    arrives: tuple[int, ...]
    late: frozenset[int]
    missed: int
    last: int
    total: int
    driving: int
    clock: int
    kg: int
    litres: int

    def key(self, aim: Aim) -> tuple[int, ...]:
        """Give what orders are compared by, the gravest first; none of it shrinks on the way."""
        first = (self.driving, self.last) if aim == "cheapest" else (self.last, self.total)
        return (len(self.late), self.missed, *first, self.total, self.driving)

    def value(self, aim: Aim) -> int:
        """Give the seconds that the aim wants few of."""
        return self.driving if aim == "cheapest" else self.last


def driven(ask: Ask, order: Sequence[int]) -> Run | None:
    """Drive an order and home again; None if a load is dropped before it was fetched, or the lorry overloaded."""
    run: Run | None = _start(ask)
    for task in order:
        run = _next(ask, run, task) if run else None
    return _home(ask, run) if run else None


def best(ask: Ask, aim: Aim) -> tuple[Run, Run] | None:
    """Give the order that stands and the best one; nothing that is in time as it stands comes too late.

    Every order is tried, but for those whose beginning is no better than a whole one. None
    where the order that stands can't be driven itself.
    """
    before = driven(ask, range(len(ask.tasks)))
    if before is None:
        return None
    found = before
    open_runs = [_start(ask)]
    while open_runs:
        run = open_runs.pop()
        left = [at for at in range(len(ask.tasks)) if at not in run.order]
        if not left and (whole := _home(ask, run)).late <= before.late and whole.key(aim) < found.key(aim):
            found = whole
        for at in reversed(left):
            new = _next(ask, run, at)
            if new and new.late <= before.late and new.key(aim) < found.key(aim):
                open_runs.append(new)
    return before, found


def _start(ask: Ask) -> Run:
    fetched = {task.load for task in ask.tasks if not task.is_drop}
    aboard = [task for task in ask.tasks if task.load not in fetched]
    kg, litres = sum(task.kg for task in aboard), sum(task.litres for task in aboard)
    return Run((), (), frozenset(), 0, 0, 0, 0, 0, kg, litres)


def _next(ask: Ask, run: Run, at: int) -> Run | None:
    task = ask.tasks[at]
    here = ask.tasks[run.order[-1]].at if run.order else 0
    if not run.order and task.at == ask.barred:
        return None
    if task.is_drop and any(
        one.load == task.load and not one.is_drop and other not in run.order
        for other, one in enumerate(ask.tasks)
    ):
        return None
    sign = -1 if task.is_drop else 1
    kg, litres = run.kg + sign * task.kg, run.litres + sign * task.litres
    if not task.is_drop and (kg > ask.kg or litres > ask.litres):
        return None
    took = int(ask.seconds[here, task.at])
    arrives = run.clock + took
    if run.order and here != task.at:
        arrives += ask.unloading
    there = arrives < ask.never
    counts = there and task.is_drop
    return Run(
        (*run.order, at),
        (*run.arrives, arrives),
        run.late | {at} if task.is_drop and arrives > task.closes else run.late,
        run.missed + (not there),
        max(run.last, arrives) if counts else run.last,
        run.total + (arrives if counts else 0),
        run.driving + (took if took < ask.never else 0),
        arrives,
        kg,
        litres,
    )


def _home(ask: Ask, run: Run) -> Run:
    took = int(ask.seconds[ask.tasks[run.order[-1]].at, -1]) if run.order else 0
    late = run.late | {len(ask.tasks)} if run.clock + ask.unloading + took > ask.ends else run.late
    driving = run.driving + (took if took < ask.never else 0)
    return msgspec.structs.replace(run, late=late, driving=driving)
