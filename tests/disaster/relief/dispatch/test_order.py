"""The best order of the stops left: no order that may be driven is better, and none that may not is given."""

from __future__ import annotations

import itertools
import random
from collections.abc import Sequence

import pytest

from disaster.relief.dispatch.routes.model import FOREVER
from disaster.relief.dispatch.routes.order import Aim, Ask, Task, best, driven
from tests.disaster.relief.dispatch.roads import plane

NEVER = 10**6


def drawn(seed: int) -> Ask:
    """Up to six loads, some fetched on the way, some due, at times a place that no road reaches."""
    chance = random.Random(seed)
    places = chance.randint(2, 5)
    seconds = plane([(chance.randrange(1000), chance.randrange(1000)) for _ in range(places + 2)])
    if chance.random() < 0.3:
        seconds[:, 1] = seconds[1, :] = NEVER
    tasks: list[Task] = []
    for load in range(chance.randint(1, 4)):
        kg = chance.randint(1, 60)
        due = chance.choice([FOREVER, FOREVER, chance.randint(300, 4000)])
        if chance.random() < 0.4 and len(tasks) < 5:
            tasks.append(Task(chance.randint(1, places), load, kg, kg, False))
        tasks.append(Task(chance.randint(1, places), load, kg, kg, True, due))
    barred = chance.choice([None, chance.randint(1, places)])
    ends = chance.choice([FOREVER, chance.randint(2000, 6000)])
    return Ask(tasks, seconds, 100, 90, 50, NEVER, ends, barred)


def reckoned(ask: Ask, order: Sequence[int], aim: Aim) -> tuple[set[int], tuple[int, ...]] | None:
    """Reckon an order anew, plainly: what is late, and what it is compared by; None where it may not be driven."""
    tasks = [ask.tasks[at] for at in order]
    if tasks[0].at == ask.barred:
        return None
    fetched_here = {task.load for task in tasks if not task.is_drop}
    aboard = {task.load: task for task in tasks if task.is_drop and task.load not in fetched_here}
    here, clock, driving, late, times, missed = 0, 0, 0, set(), [], 0
    for at, task in zip(order, tasks, strict=True):
        leg = int(ask.seconds[here, task.at])
        clock += leg + (ask.unloading if at != order[0] and task.at != here else 0)
        driving += leg if leg < NEVER else 0
        here = task.at
        missed += clock >= NEVER
        if not task.is_drop:
            aboard[task.load] = task
            if sum(one.kg for one in aboard.values()) > ask.kg:
                return None
            if sum(one.litres for one in aboard.values()) > ask.litres:
                return None
            continue
        if task.load not in aboard:
            return None
        del aboard[task.load]
        times += [clock] if clock < NEVER else []
        late |= {at} if clock > task.closes else set()
    back = int(ask.seconds[here, -1])
    late |= {len(tasks)} if clock + ask.unloading + back > ask.ends else set()
    driving += back if back < NEVER else 0
    last, total = max(times, default=0), sum(times)
    first = (driving, last) if aim == "cheapest" else (last, total)
    return late, (len(late), missed, *first, total, driving)


@pytest.mark.parametrize("aim", ["cheapest", "soonest"])
def test_it_agrees_with_trying_every_order(aim: Aim) -> None:
    changed = refused = 0
    for seed in range(150):
        ask = drawn(seed)
        numbers = range(len(ask.tasks))
        stands = reckoned(ask, numbers, aim)
        found = best(ask, aim)
        assert (found is None) == (stands is None)
        if found is None or stands is None:
            refused += 1
            continue
        every = [reckoned(ask, one, aim) for one in itertools.permutations(numbers)]
        assert found[0].key(aim) == stands[1]
        assert found[1].key(aim) == min(key for late, key in filter(None, every) if late <= stands[0])
        assert reckoned(ask, found[1].order, aim) == (set(found[1].late), found[1].key(aim))
        changed += found[0].order != found[1].order
    assert changed > 30
    assert refused > 5


def test_what_is_in_time_as_it_stands_comes_no_later_than_it_is_due() -> None:
    seconds = plane([(0, 0), (1000, 0), (100, 0), (0, 0)])
    free = [Task(1, 0, 1, 1, True), Task(2, 1, 1, 1, True)]
    due = [Task(1, 0, 1, 1, True, 1000), Task(2, 1, 1, 1, True)]
    orders = []
    for tasks in (free, due):
        found = best(Ask(tasks, seconds, 10, 10, 60, NEVER), "soonest")
        assert found
        orders.append(found[1].order)
    assert orders == [(1, 0), (0, 1)]


def test_goods_are_fetched_before_they_are_dropped_and_nothing_is_overloaded() -> None:
    seconds = plane([(0, 0), (100, 0), (200, 0), (0, 0)])
    tasks = [Task(2, 0, 6, 1, False), Task(1, 0, 6, 1, True), Task(1, 1, 6, 1, True)]
    assert driven(Ask(tasks, seconds, 10, 10, 60, NEVER), (1, 0, 2)) is None
    assert driven(Ask(tasks, seconds, 10, 10, 60, NEVER), (0, 1, 2)) is None
    assert driven(Ask(tasks, seconds, 10, 10, 60, NEVER), (2, 0, 1)) is not None


def test_what_no_road_reaches_comes_last() -> None:
    seconds = plane([(0, 0), (100, 0), (900, 0), (0, 0)])
    seconds[:, 1] = seconds[1, :] = NEVER
    found = best(Ask([Task(1, 0, 1, 1, True), Task(2, 1, 1, 1, True)], seconds, 9, 9, 60, NEVER), "cheapest")
    assert found
    before, after = found
    assert (after.order, before.missed, after.missed, after.arrives[0]) == ((1, 0), 2, 1, 900)
