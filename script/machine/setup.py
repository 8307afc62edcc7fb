"""One set-up for all scripts: packages, Python, browser libraries, database, secrets."""

from __future__ import annotations

import argparse
import fcntl
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from machine import browser, cluster, packages, python
from machine.steps import say

ROOT = Path(__file__).resolve().parent.parent.parent


@dataclass
class Machine:
    """A machine that is ready: its interpreter, the environment to run in, its cluster."""

    python: Path
    data: Path
    environment: dict[str, str]
    cluster: cluster.Cluster | None = None
    started_cluster: bool = False
    log: Path = field(default=Path("/dev/null"))

    def stop(self) -> None:
        """Stop what this script started."""
        if self.cluster and self.started_cluster:
            cluster.stop(self.cluster)


def prepare(*, for_tests: bool, private: bool = False) -> Machine:
    """Bring the machine into shape; nothing is done twice, and two scripts never do it at once.

    ``private``: on the cluster of this clone even where ``DATABASE_URL`` names another, which is left alone.
    """
    data = Path(os.environ.get("ZAIQING_DATA") or ROOT / ".data")
    data.mkdir(parents=True, exist_ok=True)
    with _alone(data / "setup.lock"):
        packages.ensure(for_tests=for_tests)
        interpreter = python.ensure(ROOT, data, for_tests=for_tests)
        browser.ensure(ROOT, data, for_tests=for_tests)
        environment = {**os.environ, **keys(data), **python_habits(data), "ZAIQING_DATA": str(data)}
        machine = Machine(interpreter, data, environment, log=data / "setup.log")
        if private and "DATABASE_URL" in os.environ:
            say(
                "DATABASE_URL is left alone: this runs on databases of its own, on this clone's private cluster"
            )
        if private or "DATABASE_URL" not in os.environ:
            machine.cluster = cluster.place(ROOT, data)
            machine.started_cluster = cluster.start(machine.cluster, data)
            cluster.ensure_database(machine.cluster)
            environment["DATABASE_URL"] = machine.cluster.url
    return machine


def python_habits(data: Path) -> dict[str, str]:
    """Let Python keep what it compiles beside the data, and no file in the sources: processes start sooner."""
    return {
        "PYTHONUNBUFFERED": "1",
        "PYTHONDONTWRITEBYTECODE": "",
        "PYTHONPYCACHEPREFIX": str(data / "compiled"),
    }


def keys(data: Path) -> dict[str, str]:
    """Make this machine's secrets once; give the variables that name their files."""
    variables = {}
    for name, length in (("secret_key", 50), ("field_key", 32)):
        file = data / name
        if not file.exists():
            part = file.with_suffix(".part")
            part.touch(mode=0o600)
            part.write_text(secrets.token_hex(length))
            part.rename(file)
        variable = f"ZAIQING_{name.upper()}"
        if variable not in os.environ:
            variables[f"{variable}_FILE"] = str(file)
    return variables


@contextmanager
def _alone(lock: Path) -> Iterator[None]:
    with lock.open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("another script is setting up here; waiting for it")
            fcntl.flock(file, fcntl.LOCK_EX)
        yield


def main() -> None:
    """script/setup: bring the machine into shape and stop."""
    parser = argparse.ArgumentParser(
        prog="script/setup", description="Install what is missing; make the database."
    )
    parser.add_argument("--test", action="store_true", help="also what the tests need")
    options = parser.parse_args()
    prepare(for_tests=options.test).stop()
    say("ready")
