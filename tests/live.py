"""A real server in a process of its own, on a database of its own, as users meet it.

Used by browser journeys, fault tests and benchmarks. It can be killed and started again.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
import uuid
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

ROOT = Path(__file__).resolve().parent.parent


def a_plain_report(area: str, **fields: Any) -> dict[str, Any]:
    """A valid report of a village, as a phone would send it."""
    now = datetime.now(UTC)
    return {
        "id": str(uuid.uuid4()),
        "area": area,
        "kind": "first",
        "hazard": "flood.flash",
        "occurred_at": (now - timedelta(minutes=20)).isoformat(),
        "submitted_at": now.isoformat(),
        "figures": {"affected": 12},
        **fields,
    }


def free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Database:
    """A database beside the developer's own, dropped at the end."""

    def __init__(self, name: str) -> None:
        base = os.environ["DATABASE_URL"]
        self.admin = base
        self.name = name
        address, mark, query = base.partition("?")
        self.url = f"{address.rpartition('/')[0]}/{name}{mark}{query}"

    def execute(self, statement: sql.Composable) -> None:
        with psycopg.connect(self.admin, autocommit=True) as connection:
            connection.execute(statement)

    def create(self, like: Database | None = None) -> None:
        """Make it: empty, or a copy of another that nobody is connected to."""
        self.drop()
        made = sql.SQL("CREATE DATABASE {}").format(sql.Identifier(self.name))
        if like is not None:
            made += sql.SQL(" TEMPLATE {} STRATEGY file_copy").format(sql.Identifier(like.name))
        self.execute(made)

    def drop(self) -> None:
        """Drop it, ending our sessions there; whoever vacuums there may not be ended by us, and is waited for."""
        with psycopg.connect(self.admin, autocommit=True) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = %s AND usename = current_user",
                [self.name],
            )
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(self.name)))

    def connect(self) -> psycopg.Connection:
        return psycopg.connect(self.url, autocommit=True)


class Live:
    """The server, its database and its files; a context manager."""

    def __init__(self, name: str, like: Live | None = None, **environment: str) -> None:
        """Name the database; ``like``: another that is prepared and does not run, to be copied."""
        self.like = like
        self.database = Database(f"zaiqing_{name}_{os.getpid()}")
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.files = tempfile.TemporaryDirectory(prefix="zaiqing-live-")
        self.environment = {
            **os.environ,
            "DATABASE_URL": self.database.url,
            "ZAIQING_DATA": self.files.name,
            "ZAIQING_TESTING": "1",
            "ZAIQING_LOG": "WARNING",
            **environment,
        }
        self.process: subprocess.Popen[bytes] | None = None
        self.log = Path(self.files.name) / "server.log"

    def prepare(self) -> None:
        """Make the database with the sample county, with no server yet."""
        if self.like is not None:
            self.database.create(self.like.database)
            shutil.copytree(self.like.files.name, self.files.name, dirs_exist_ok=True)
            return
        self.database.create()
        self.manage("migrate", "--verbosity", "0")
        self.manage("load_sample")

    def __enter__(self) -> Live:
        self.prepare()
        self.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self.stop()
        self.database.drop()
        self.files.cleanup()

    def manage(self, *words: str) -> str:
        done = subprocess.run(
            [sys.executable, "manage.py", *words],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise AssertionError(f"manage.py {' '.join(words)} failed:\n{done.stdout}\n{done.stderr}")
        return done.stdout

    def start(self) -> None:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [
                    *(sys.executable, "-m", "uvicorn", "disaster.config.asgi:application"),
                    *("--host", "127.0.0.1", "--port", str(self.port), "--loop", "uvloop"),
                    *("--ws", "websockets-sansio", "--ws-per-message-deflate", "false"),
                    *("--log-level", "warning", "--timeout-graceful-shutdown", "3"),
                ],
                cwd=ROOT,
                env=self.environment,
                stdout=log,
                stderr=log,
            )
        self.wait()

    def wait(self, seconds: float = 60) -> None:
        until = time.monotonic() + seconds
        while True:
            try:
                with urllib.request.urlopen(f"{self.url}/sign-in/", timeout=5):
                    return
            except (urllib.error.URLError, ConnectionError, TimeoutError):
                assert self.process is not None
                if self.process.poll() is not None or time.monotonic() > until:
                    raise AssertionError(f"the server does not answer:\n{self.log.read_text()}") from None
                time.sleep(0.05)

    def stop(self) -> None:
        if self.process and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(15)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()

    def kill(self) -> None:
        """End the server as a power cut would."""
        assert self.process is not None
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def restart(self) -> None:
        self.kill()
        self.start()


class Twin(Live):
    """A second process on the database and the files of another."""

    def __init__(self, first: Live) -> None:
        self.database = first.database
        self.files = first.files
        self.environment = first.environment
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.process = None
        self.log = Path(first.files.name) / f"server-{self.port}.log"

    def __enter__(self) -> Twin:
        self.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self.stop()
