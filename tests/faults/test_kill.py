"""The server is killed while officers are filing: nothing is lost, nothing doubled, and each phone knows."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator
from typing import Any

import pytest

from disaster.people.sample import PASSWORD, officer_name
from realtime.client import Phone
from tests.live import Live, a_plain_report

OFFICERS = 20
REPORTS_EACH = int(os.environ.get("ZAIQING_FAULT_REPORTS", "6"))
KILLS = int(os.environ.get("ZAIQING_FAULT_KILLS", "2"))

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def server(sample: Live) -> Iterator[Live]:
    with Live("faults", like=sample, ZAIQING_REPORTS_PER_MINUTE="6000") as live:
        yield live


def villages(server: Live, count: int) -> list[str]:
    with server.database.connect() as connection:
        rows = connection.execute(
            "SELECT code FROM places_area WHERE level = 'village' ORDER BY code LIMIT %s", [count]
        )
        return [row[0] for row in rows]


class Officer:
    """An officer with an outbox: a report leaves it only when its receipt is there."""

    def __init__(self, server: Live, area: str) -> None:
        self.area = area
        self.phone = Phone(server.url, officer_name(area, "A"), PASSWORD)
        self.outbox = [a_plain_report(area) for _ in range(REPORTS_EACH)]
        self.receipts: dict[str, dict[str, Any]] = {}

    async def work(self, go_on: asyncio.Semaphore) -> None:
        for report in self.outbox:
            await go_on.acquire()
            self.receipts[report["id"]] = await self.phone.file(report, patience_s=240)
        await self.phone.hang_up()


async def storm(server: Live, officers: list[Officer]) -> None:
    """Let the officers file in step with the kills, so that each kill meets reports under way."""
    await asyncio.gather(*(officer.phone.sign_in() for officer in officers))
    go_on = asyncio.Semaphore(0)
    working = [asyncio.create_task(officer.work(go_on)) for officer in officers]
    total = OFFICERS * REPORTS_EACH
    for _ in range(KILLS):
        for _ in range(total // (KILLS + 1)):
            go_on.release()
        await asyncio.sleep(0)  # the frames are on their way
        while not any(officer.receipts for officer in officers):
            await asyncio.sleep(0.005)
        await asyncio.to_thread(server.restart)
    for _ in range(total):
        go_on.release()
    await asyncio.gather(*working)


def test_twenty_officers_file_while_the_server_is_killed_twice(server: Live) -> None:
    officers = [Officer(server, area) for area in villages(server, OFFICERS)]
    asyncio.run(storm(server, officers))

    typed = {report["id"] for officer in officers for report in officer.outbox}
    receipts = {key: receipt for officer in officers for key, receipt in officer.receipts.items()}
    assert set(receipts) == typed, "every phone says that every report has arrived"
    areas = [officer.area for officer in officers]  # the other test files for another village
    with server.database.connect() as connection:
        stored = connection.execute(
            "SELECT id::text, number FROM reports_report WHERE area_code = ANY(%s)", [areas]
        ).fetchall()
        told = connection.execute(
            "SELECT object_id, count(*) FROM journal_entry"
            " WHERE verb = 'report.submitted' AND area_code = ANY(%s) GROUP BY 1",
            [areas],
        ).fetchall()
    assert len(stored) == len(typed)
    assert {key: receipt["number"] for key, receipt in receipts.items()} == dict(stored)
    assert dict(told) == dict.fromkeys(typed, 1), "and the journal tells of each once"
    assert "rows intact" in server.manage("verify_journal")


def test_the_same_report_from_many_sockets_at_once_is_stored_once(server: Live) -> None:
    area = villages(server, OFFICERS + 1)[-1]
    report = a_plain_report(area)

    async def all_at_once() -> list[dict[str, Any]]:
        phones = [Phone(server.url, officer_name(area, post), PASSWORD) for post in "AAAAAAAA"]
        await phones[0].sign_in()
        for phone in phones[1:]:
            phone.borrow_session(phones[0])
        await asyncio.gather(*(phone.open() for phone in phones))
        receipts = await asyncio.gather(*(phone.file(report) for phone in phones for _ in range(1)))
        await asyncio.gather(*(phone.hang_up() for phone in phones))
        return receipts

    receipts = asyncio.run(all_at_once())
    assert all(receipt == receipts[0] for receipt in receipts)
    with server.database.connect() as connection:
        rows = connection.execute(
            "SELECT count(*) FROM reports_report WHERE id = %s", [report["id"]]
        ).fetchone()
    assert rows == (1,)
