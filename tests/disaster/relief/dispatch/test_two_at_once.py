"""Two at once: clerks who plan the same transfer, a phone that sends the same twice over two lines."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from disaster.problems import Problem
from disaster.relief.dispatch import services
from disaster.relief.dispatch.models import Act, Fix, Stop, Trip
from disaster.relief.stock.models import Movement
from tests.disaster.relief.dispatch.made import a_fix, a_lorry, a_trip, crossing, done, drafted, near, store
from tests.disaster.relief.stock.made import goods, ordered, taken_in
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)


def together(*acts: Callable[[], Any]) -> list[Any]:
    """Do all at the same moment; gives what each gave, or the number of its refusal."""
    start = threading.Barrier(len(acts))
    answers: list[Any] = [None] * len(acts)

    def run(at: int) -> None:
        start.wait(10)
        try:
            answers[at] = acts[at]()
        except Problem as problem:
            answers[at] = problem.kind.number
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(at,)) for at in range(len(acts))]
    for one in threads:
        one.start()
    for one in threads:
        one.join(30)
    return answers


def test_of_two_clerks_one_gets_the_transfer_and_the_other_is_told_which_trip_has_it(world: World) -> None:
    home = store()
    taken_in(world, home, goods(quantity=100))
    paper = ordered(world, home, near(), 10)
    drafts = [drafted(world, [paper], [a_lorry(world, home, "bing_a", plate)]) for plate in ("皖H1", "皖H2")]
    answers = together(
        *(
            lambda draft=draft, who=who: services.confirm(
                draft.pk, aim="cheapest", by=world.rights(who), now=timezone.now()
            )
            for draft, who in zip(drafts, ("keeper", "bureau"), strict=True)
        )
    )
    assert "409.50" in answers
    assert Stop.objects.filter(document=paper, counts=True).count() == Trip.objects.count() == 1


def test_the_same_positions_and_the_same_act_over_two_lines_are_kept_once(world: World) -> None:
    trip, act = a_trip(world, roads=False), uuid.uuid4()
    answers = together(*[lambda: done(world, trip, "depart", act_id=act).state] * 2)
    assert answers == ["away", "away"]
    assert (Act.objects.count(), Movement.objects.filter(source__name="市储备库").count()) == (1, 2)
    fixes = [a_fix(crossing(0.1 * at, 0), timezone.now()) for at in range(1, 4)]
    by, now = world.rights("bing_a"), timezone.now()
    together(*[lambda: services.take_fixes(trip.pk, fixes, by=by, now=now)] * 2)
    assert Fix.objects.count() == 3
