"""Planning all items of a problem, one by one or, where limits are short, round by round. Pure.

Without limits items have nothing to do with each other. Where what they would get exceeds a limit that they
share, they are planned in *rounds*: by priority and by weighted shortage each tier or weight is a round, in
which every item is served in the order of the list before the next round begins; by the other two policies
all classes are one round. In a round an item gets what the limits leave beside what all others hold by then,
minimums and pins of all items among it. For one item that is a count of pieces for nested sets of villages,
so that what can be served stays a polymatroid and each round's answer is optimal, with its proof.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec
import numpy as np

from disaster.relief.plan.solve import plan
from disaster.relief.plan.solve.limits import Limits
from disaster.relief.plan.solve.model import (
    Answer,
    Infeasible,
    Over,
    Policy,
    Problem,
    Short,
    Task,
    Whole,
    task_of,
)

Solved = tuple[Answer, list[int]]
"""An item's answer, and which of the problem's lots the answer's lots are."""


def solve_all(problem: Problem) -> list[Solved]:
    """Plan every item of a problem.

    Raises
    ------
    Infeasible
        Naming the first item whose minimums and pins exceed its stock, and by how much.
    Over
        Naming every limit that minimums and pins exceed, and by how much.
    """
    cut = [task_of(problem, item) for item in range(len(problem.items))]
    limits = Limits(problem)
    if over := limits.over([task.floor for task, _ in cut]):
        raise Over(over)
    free = [(_named(task, item), lots) for item, (task, lots) in enumerate(cut)]
    if not limits.over([answer.given for answer, _ in free]):
        return free
    answers = [answer for answer, _ in free]
    for item, task in rounds(problem, [task for task, _ in cut], limits, answers):
        answers[item] = plan.solve(task)
    return [(answer, lots) for answer, (_, lots) in zip(answers, cut, strict=True)]


def rounds(
    problem: Problem, tasks: Sequence[Task], limits: Limits, answers: Sequence[Answer]
) -> Iterator[tuple[int, Task]]:
    """Give the tasks of all rounds in their order, each when the one before stands in ``answers``."""
    held = [task.floor for task in tasks]
    for served in _served(problem):
        for item, task in enumerate(tasks):
            room, bundles = limits.room(item, held)
            upto = np.where(task.fixed >= 0, task.fixed, task.need[:, served].sum(axis=1))
            yield (
                item,
                msgspec.structs.replace(
                    task,
                    least=held[item],
                    room=np.minimum(room, np.maximum(upto, held[item])),
                    bundles=bundles,
                ),
            )
            held[item] = answers[item].given


def _served(problem: Problem) -> list[list[int]]:
    """Give the classes served by the end of each round."""
    if problem.policy is Policy.PRIORITY:
        ranks = [float(one.tier) for one in problem.classes]
    elif problem.policy is Policy.LEAST:
        ranks = [-one.weight for one in problem.classes]
    else:
        ranks = [0.0] * len(problem.classes)
    return [[at for at, own in enumerate(ranks) if own <= rank] for rank in sorted(set(ranks))]


def _named(task: Task, item: int) -> Answer:
    try:
        return plan.solve(task)
    except Infeasible as found:
        raise Infeasible(Short(item, found.short.pinned, found.short.least)) from None


def held(answers: Sequence[Solved]) -> list[Whole]:
    """Give what every item's villages have in the end."""
    return [answer.given for answer, _ in answers]
