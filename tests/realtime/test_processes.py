"""Several processes over a real Redis: what one takes in, the watchers of all others hear."""

from __future__ import annotations

import asyncio
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from disaster.people.sample import PASSWORD
from realtime.client import Phone
from tests.live import Live, Twin, a_plain_report

pytestmark = pytest.mark.slow
LONGWAN, OFFICER = "340882202205", "v202205a"


@contextmanager
def redis_server() -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """A Redis of our own, on a unix socket."""
    with tempfile.TemporaryDirectory(prefix="zq-redis-") as folder:
        path = Path(folder) / "redis.sock"
        process = subprocess.Popen(
            ["redis-server", "--port", "0", "--unixsocket", str(path), "--save", "", "--dir", folder],
            stdout=subprocess.DEVNULL,
        )
        until = time.monotonic() + 20
        while not path.exists():
            assert time.monotonic() < until
            time.sleep(0.01)
        try:
            yield f"unix://{path}", process
        finally:
            process.kill()
            process.wait()


async def hears(watcher: Phone, report_id: str) -> None:
    """Wait until a watcher is told of a report."""
    async with asyncio.timeout(20):
        while True:
            message = await watcher.heard.get()
            if message["type"] == "change":
                told = [view.get("id") for change in message["changes"] for view in change["put"]]
                if report_id in told:
                    return


async def watching(url: str) -> Phone:
    watcher = Phone(url, "bureau", PASSWORD)
    await watcher.sign_in()
    await watcher.open()
    await watcher.resume(watcher.welcome["position"], watcher.welcome["epoch"])
    return watcher


def test_what_one_process_takes_in_all_others_tell_even_when_redis_dies(sample: Live) -> None:
    with (
        redis_server() as (url, redis),
        Live("twins", like=sample, REDIS_URL=url) as first,
        Twin(first) as second,
    ):

        async def go() -> None:
            watchers = [await watching(server.url) for server in (first, second)]
            async with (
                Phone(first.url, OFFICER, PASSWORD) as here,
                Phone(second.url, OFFICER, PASSWORD) as there,
            ):
                for phone in (here, there):
                    report = a_plain_report(LONGWAN)
                    await phone.file(report)
                    for watcher in watchers:
                        await hears(watcher, report["id"])
                report = a_plain_report(LONGWAN)
                assert await here.file(report) == await there.file(report), (
                    "the same receipt from either process"
                )
                redis.kill()
                redis.wait()
                for phone in (here, there):
                    report = a_plain_report(LONGWAN)
                    await phone.file(report)
                    for watcher in watchers:
                        await hears(watcher, report["id"])
            for watcher in watchers:
                await watcher.hang_up()

        asyncio.run(go())


def test_when_the_sealing_process_is_killed_another_takes_over(sample: Live) -> None:
    with Live("heirs", like=sample) as first, Twin(first) as second:

        async def go() -> None:
            watcher = await watching(second.url)
            async with Phone(second.url, OFFICER, PASSWORD) as phone:
                report = a_plain_report(LONGWAN)
                await phone.file(report)
                await hears(watcher, report["id"])
            await watcher.hang_up()

        asyncio.run(go())
        first.kill()  # it came first, so it held the lock
        asyncio.run(go())
