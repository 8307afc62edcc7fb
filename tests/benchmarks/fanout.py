"""P5: what one watcher's change costs, beside a loop that sends one prepared frame every 100 ms.

    script/bench fanout [--watchers 300] [--rate 200] [--seconds 10] [--rounds 2]

Both send the same number of changes a second to the same number of sockets. The cost is the
server's processor time for each change delivered; the ratio is theirs to ours, so that more
is better and 1.0 is a bare loop. Ours reads the journal, seals nothing here by itself (a
sealer of its own does) and encodes. Server on core 0, client on core 1.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import time
import uuid
from datetime import UTC, datetime

import psycopg
from websockets.asyncio.client import ClientConnection, connect

from tests.benchmarks import rig
from tests.live import Live

VIEW = {
    "object": "report",
    "number": "340882-20260705-000123",
    "figures": {"affected": 120},
    "text": "x" * 480,
}


async def watch(port: int, headers: dict[str, str], watchers: int, *, resume: bool) -> list[ClientConnection]:
    """Open the watchers' sockets."""
    opened = []
    for _ in range(watchers):
        socket = await connect(
            f"ws://127.0.0.1:{port}/ws/", additional_headers=headers, compression=None, max_size=None
        )
        if resume:
            welcome = json.loads(await socket.recv())
            await socket.send(
                json.dumps({"type": "feed.resume", "since": welcome["position"], "epoch": welcome["epoch"]})
            )
        opened.append(socket)
    return opened


async def listen(sockets: list[ClientConnection], seconds: float) -> tuple[int, list[float]]:
    """Count the changes that reach all sockets, and how old they are."""
    until = time.monotonic() + seconds
    ages: list[float] = []

    async def one(socket: ClientConnection, look: bool) -> int:
        heard = 0
        while (left := until - time.monotonic()) > 0:
            try:
                frame = await asyncio.wait_for(socket.recv(), left)
            except TimeoutError:
                break
            assert isinstance(frame, str)
            heard += frame.count('"position"') - 1
            if look and '"at"' in frame:
                now = datetime.now(UTC)
                ages.extend(
                    (now - datetime.fromisoformat(c["at"])).total_seconds()
                    for c in json.loads(frame)["changes"]
                )
        return heard

    counts = await asyncio.gather(*(one(socket, number < 5) for number, socket in enumerate(sockets)))
    return sum(counts), ages


async def write(url: str, rate: int, seconds: float) -> None:
    """Append ``rate`` journal rows a second, in commits of a few, as the officers' reports would."""
    insert = (
        "INSERT INTO journal_entry (at, verb, object_kind, object_id, area_code, downward, actor, put)"
        " SELECT now(), 'report.submitted', 'report', gen_random_uuid()::text, '340882202205', false, '', %s"
        " FROM generate_series(1, %s)"
    )
    each = max(1, rate // 50)
    put = json.dumps([{**VIEW, "id": str(uuid.uuid4())}])
    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as connection:
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            started = time.monotonic()
            await connection.execute(insert, [put, each])
            await asyncio.sleep(max(0.0, each / rate - (time.monotonic() - started)))


async def measure(
    port: int, pid: int, headers: dict[str, str], options: argparse.Namespace, url: str | None
) -> tuple[float, list[float]]:
    """Give processor seconds for each change delivered, and the ages of changes."""
    sockets = await watch(port, headers, options.watchers, resume=url is not None)
    writing = asyncio.create_task(write(url, options.rate, options.seconds + 1)) if url else None
    await asyncio.sleep(0.5)
    before = rig.cpu_seconds(pid)
    heard, ages = await listen(sockets, options.seconds)
    cost = (rig.cpu_seconds(pid) - before) / max(heard, 1)
    print(
        f"{'product' if url else 'bare':8} {heard / options.seconds:10,.0f} deliveries/s"
        f"  server {cost * 1e6:.2f} µs CPU each"
        + (
            f"  age p50 {rig.percentile(ages, 0.5) * 1000:.0f} ms p99 {rig.percentile(ages, 0.99) * 1000:.0f} ms"
            if ages
            else ""
        ),
        flush=True,
    )
    if writing:
        await writing
    await asyncio.gather(*(socket.close() for socket in sockets))
    return cost, ages


def main() -> None:
    """Take turns, and print the ratio."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--watchers", type=int, default=300)
    parser.add_argument("--rate", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--rounds", type=int, default=2)
    options = parser.parse_args()
    os.sched_setaffinity(0, {1})
    import uvloop

    with Live("fanout") as live, rig.bare("tick", live.database.url, core=0) as (port, bare_pid):
        assert live.process is not None
        rig.pin(live.process.pid, 0)
        token = rig.tokens(live, ["bureau"])["bureau"]
        ours, theirs = [], []
        for _ in range(options.rounds):
            headers = {"Authorization": f"Bearer {token}"}
            ours.append(
                uvloop.run(measure(live.port, live.process.pid, headers, options, live.database.url))[0]
            )
            theirs.append(uvloop.run(measure(port, bare_pid, {}, options, None))[0])
        ratios = [base / mine for mine, base in zip(ours, theirs, strict=True)]
        print(
            f"fan-out: {options.watchers} watchers × {options.rate}/s, bare ÷ product CPU a delivery: "
            f"{', '.join(f'{ratio:.2f}' for ratio in ratios)} (1.0 is a bare loop; journal, sealing and relay included)"
        )


if __name__ == "__main__":
    main()
