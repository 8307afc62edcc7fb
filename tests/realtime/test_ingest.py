"""The gatherer: batches under load, single when quiet, an answer for everyone."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Sequence

import pytest

from disaster.problems import Problem
from realtime.ingest import Gatherer


class Work:
    """Notes each batch; may be held up, and may fail."""

    def __init__(self) -> None:
        self.batches: list[list[int]] = []
        self.go = threading.Event()
        self.go.set()
        self.fail = False

    def __call__(self, batch: Sequence[int]) -> list[int]:
        assert self.go.wait(20)
        self.batches.append(list(batch))
        if self.fail:
            raise ValueError("the database is away")
        return [item * 10 for item in batch]


@pytest.fixture
def work() -> Work:
    return Work()


def gatherer(work: Work, **options: int) -> Gatherer[int, int]:
    made: Gatherer[int, int] = Gatherer(
        "test", work, window_s=0.001, limit=options.pop("limit", 100), **options
    )
    made.start()
    return made


async def test_a_single_item_is_served_alone(work: Work) -> None:
    served = gatherer(work)
    assert await served.put(4) == 40
    assert work.batches == [[4]]
    await served.stop()


async def test_what_arrives_while_a_batch_is_written_goes_together(work: Work) -> None:
    work.go.clear()
    served = gatherer(work)
    first = served.put(1)
    while not served._busy:
        await asyncio.sleep(0)
    rest = [served.put(n) for n in range(2, 7)]
    work.go.set()
    assert await asyncio.gather(first, *rest) == [10, 20, 30, 40, 50, 60]
    assert work.batches == [[1], [2, 3, 4, 5, 6]]
    await served.stop()


async def test_a_batch_has_its_limit(work: Work) -> None:
    served = gatherer(work, limit=3)
    assert await asyncio.gather(*(served.put(n) for n in range(8))) == [n * 10 for n in range(8)]
    assert max(map(len, work.batches)) == 3
    await served.stop()


async def test_a_failed_batch_tells_every_sender_to_try_again(work: Work) -> None:
    work.fail = True
    served = gatherer(work)
    answers = await asyncio.gather(*(served.put(n) for n in range(3)), return_exceptions=True)
    assert [isinstance(answer, Problem) and answer.kind.number for answer in answers] == ["503.1"] * 3
    work.fail = False
    assert await served.put(5) == 50, "and it goes on serving"
    await served.stop()


async def test_too_many_waiting_are_refused_with_a_time_to_come_back(work: Work) -> None:
    work.go.clear()
    served = gatherer(work, max_waiting=2)
    waiting = [served.put(1)]
    while not served._busy:
        await asyncio.sleep(0)
    waiting += [served.put(2), served.put(3)]
    refused = served.put(4)
    with pytest.raises(Problem) as caught:
        await refused
    assert caught.value.retry_after_s
    work.go.set()
    assert await asyncio.gather(*waiting) == [10, 20, 30]
    await served.stop()


async def test_stopping_answers_what_was_taken_in(work: Work) -> None:
    served = gatherer(work)
    futures = [served.put(n) for n in range(5)]
    await served.stop()
    assert [future.result() for future in futures] == [0, 10, 20, 30, 40]
