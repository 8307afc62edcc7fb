"""What the benchmarks share: pinned servers, prepared frames, and how their cost is read."""

from __future__ import annotations

import contextlib
import json
import os
import random
import statistics
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import django
import psycopg

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "disaster.config.settings")
django.setup()

from disaster.people.sample import officer_name
from tests.live import ROOT, Database, Live, free_port

TOKENS = """
from disaster.people.models import Person; from disaster.people.sessions import token_for
for p in Person.objects.filter(username__in={names!r}).order_by("username"): print("TOKEN", p.username, token_for(p))
"""


def tokens(live: Live, names: Sequence[str]) -> dict[str, str]:
    """Signed tokens for accounts, so that no time is spent on passwords."""
    out = live.manage("shell", "-v", "0", "-c", TOKENS.format(names=list(names)))
    return {line.split()[1]: line.split()[2] for line in out.splitlines() if line.startswith("TOKEN")}


def work_in(database: Database) -> None:
    """Let this process use a scratch database, with every table."""
    from django.core.management import call_command
    from django.db import connection

    connection.close()
    connection.settings_dict["NAME"] = database.name
    call_command("migrate", verbosity=0)


def villages(live: Live) -> list[tuple[str, float, float]]:
    """Code and a point inside of every village."""
    with live.database.connect() as connection:
        return connection.execute(
            "SELECT code, ST_X(ST_PointOnSurface(boundary)), ST_Y(ST_PointOnSurface(boundary))"
            " FROM places_area WHERE level = 'village' ORDER BY code"
        ).fetchall()


def frames(area: str, lon: float, lat: float, count: int) -> list[tuple[str, str]]:
    """Prepared ``report.submit`` frames of one village, each with its id."""
    now = datetime.now(UTC)
    times = {"occurred_at": (now - timedelta(minutes=30)).isoformat(), "submitted_at": now.isoformat()}
    made = []
    for _ in range(count):
        report = {
            "id": str(uuid.UUID(int=random.getrandbits(128), version=4)),
            "area": area,
            "kind": "first",
            "hazard": "flood.flash",
            **times,
            "fix": {"lon": lon, "lat": lat, "datum": "wgs84", "method": "gps", "accuracy_m": 12.0},
            "figures": {
                "affected": 120,
                "relocated": 12,
                "houses_collapsed_rooms": 3,
                "crops_affected": 60,
                "loss_total": 80,
            },
            "units": {"crops_affected": "mu"},
            "text": "沟河水位上涨,正在转移群众",
        }
        made.append(
            (
                report["id"],
                json.dumps({"type": "report.submit", "sent_at": now.isoformat(), "report": report}),
            )
        )
    return made


@contextmanager
def bare(app: str, database_url: str, *, core: int) -> Iterator[tuple[int, int]]:
    """Run a skeleton of :mod:`tests.benchmarks.bare`; gives its port and process id."""
    port = free_port()
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "uvicorn", f"tests.benchmarks.bare:{app}", "--port", str(port)),
            *("--loop", "uvloop", "--ws", "websockets-sansio", "--ws-per-message-deflate", "false"),
            *("--log-level", "warning", "--lifespan", "off"),
        ],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": database_url},
    )
    os.sched_setaffinity(process.pid, {core})
    try:
        wait_for(port)
        yield port, process.pid
    finally:
        process.terminate()
        process.wait(10)


def wait_for(port: int) -> None:
    """Wait until something listens."""
    import socket

    until = time.monotonic() + 30
    while time.monotonic() < until:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise SystemExit(f"nothing listens on port {port}")


def cpu_seconds(pid: int) -> float:
    """User and system time a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def database_cpu_seconds(name: str) -> float:
    """User and system time that the backends of one database have used so far."""
    total = 0.0
    for process in Path("/proc").iterdir():
        if process.name.isdigit():
            with contextlib.suppress(OSError, IndexError, ValueError):
                words = (process / "cmdline").read_bytes().decode(errors="replace")
                if words.startswith("postgres:") and f" {name} " in words:
                    total += cpu_seconds(int(process.name))
    return total


def pin(pid: int, core: int) -> None:
    """Keep a process, with all its threads, on one core."""
    for thread in Path(f"/proc/{pid}/task").iterdir():
        os.sched_setaffinity(int(thread.name), {core})


def percentile(values: Sequence[float], share: float) -> float:
    """A percentile in the unit of the values."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else float("nan")


def summary(name: str, ours: Sequence[float], theirs: Sequence[float], unit: str) -> str:
    """One line: medians and the ratio of each pair."""
    ratios = [mine / base for mine, base in zip(ours, theirs, strict=True)]
    return (
        f"{name}: product {statistics.median(ours):,.0f} {unit}, bare {statistics.median(theirs):,.0f} {unit}, "
        f"ratio median {statistics.median(ratios):.2f} (min {min(ratios):.2f}, max {max(ratios):.2f}, n={len(ratios)})"
    )


def scalar(connection: psycopg.Connection, statement: str) -> Any:
    """The one value of a statement."""
    row = connection.execute(statement).fetchone()  # type: ignore[call-overload]
    return row[0] if row else None


__all__ = [
    "bare",
    "cpu_seconds",
    "frames",
    "officer_name",
    "percentile",
    "pin",
    "scalar",
    "summary",
    "tokens",
    "villages",
]
