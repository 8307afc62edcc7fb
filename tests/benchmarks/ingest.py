"""P1: acknowledged, fsynced reports a second through the real door, beside a bare Channels batcher.

    script/bench ingest [--seconds 10] [--rounds 3] [--sockets 100] [--window 16]

Server on core 0 (the database wherever it likes), client on core 1; the two take turns.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import time

from websockets.asyncio.client import connect

from tests.benchmarks import rig
from tests.live import Live


async def pour(
    port: int, headers: list[dict[str, str]], queues: list[list[tuple[str, str]]], seconds: float, window: int
) -> tuple[int, list[float], int]:
    """Keep ``window`` reports under way on every socket; count what is acknowledged in time."""
    sockets = [
        await connect(
            f"ws://127.0.0.1:{port}/ws/", additional_headers=header, compression=None, max_size=None
        )
        for header in headers
    ]
    stop_at = time.monotonic() + seconds
    delays: list[float] = []
    refused = 0

    async def drive(socket, queue) -> int:  # type: ignore[no-untyped-def]
        nonlocal refused
        sent: dict[str, float] = {}
        stored = 0
        for report_id, frame in queue[:window]:
            sent[report_id] = time.monotonic()
            await socket.send(frame)
        rest = iter(queue[window:])
        while sent:
            answer = json.loads(await socket.recv())
            key = answer.get("id") or answer.get("re")
            if key not in sent:
                continue
            delay = time.monotonic() - sent.pop(key)
            if answer.get("type", "report.stored") == "report.stored":
                if time.monotonic() < stop_at:
                    stored += 1
                    delays.append(delay)
            else:
                refused += 1
            if time.monotonic() < stop_at and (following := next(rest, None)):
                sent[following[0]] = time.monotonic()
                await socket.send(following[1])
        return stored

    counts = await asyncio.gather(
        *(drive(socket, queue) for socket, queue in zip(sockets, queues, strict=True))
    )
    await asyncio.gather(*(socket.close() for socket in sockets))
    return sum(counts), delays, refused


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=8)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--sockets", type=int, default=100)
    parser.add_argument("--window", type=int, default=16)
    options = parser.parse_args()
    os.sched_setaffinity(0, {1})
    import uvloop

    with Live("bench", ZAIQING_REPORTS_PER_MINUTE="10000000") as live:
        rig.pin(live.process.pid, 0)
        places = rig.villages(live)[: options.sockets]
        accounts = [rig.officer_name(code, "A") for code, _, _ in places]
        tokens = rig.tokens(live, accounts)
        ours: list[float] = []
        theirs: list[float] = []
        with (
            live.database.connect() as connection,
            rig.bare("ingest", live.database.url, core=0) as (port, bare_pid),
        ):
            from tests.benchmarks.bare import TABLE

            connection.execute(TABLE)
            each = int(9000 * options.seconds / len(places)) + options.window
            for number in range(-1, options.rounds):  # round -1 warms up
                for name, where, pid, headers, into in (
                    (
                        "product",
                        live.port,
                        live.process.pid,
                        [{"Authorization": f"Bearer {tokens[account]}"} for account in accounts],
                        ours,
                    ),
                    ("bare", port, bare_pid, [{} for _ in accounts], theirs),
                ):
                    queues = [rig.frames(*place, each) for place in places]
                    seconds = options.seconds if number >= 0 else 2
                    before = rig.cpu_seconds(pid), rig.database_cpu_seconds(live.database.name)
                    stored, delays, refused = uvloop.run(
                        pour(where, headers, queues, seconds, options.window)
                    )
                    after = rig.cpu_seconds(pid), rig.database_cpu_seconds(live.database.name)
                    cpu = [
                        1e6 * (late - early) / max(stored, 1)
                        for late, early in zip(after, before, strict=True)
                    ]
                    p50, p99 = (rig.percentile(delays, share) * 1000 for share in (0.5, 0.99))
                    print(
                        f"{name:8} {stored / seconds:8,.0f}/s  ack p50 {p50:.0f} ms p99 {p99:.0f} ms  refused {refused}"
                        f"  CPU µs/report: server {cpu[0]:.0f}, database {cpu[1]:.0f}",
                        flush=True,
                    )
                    if number >= 0:
                        into.append(stored / seconds)
            kept = rig.scalar(connection, "SELECT count(*) FROM reports_report")
            told = rig.scalar(
                connection, "SELECT count(*) FROM journal_entry WHERE verb = 'report.submitted'"
            )
            print(f"in the database: {kept:,} reports, {told:,} journal rows")
        print(rig.summary("ingest", ours, theirs, "reports/s"))


if __name__ == "__main__":
    main()
