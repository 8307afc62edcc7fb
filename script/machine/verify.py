"""script/check and script/test: the same machine, then lint, types, contracts and tests."""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from machine import cluster, serve, setup
from machine.children import die_with_parent
from machine.setup import ROOT, Machine
from machine.steps import say

JOURNEYS = ROOT / "tests" / "e2e"
FOLDERS = ("disaster", "gis", "realtime", "tests", "script", "manage.py")


def checks(machine: Machine) -> list[tuple[str, list[str | Path]]]:
    """Give every check with its command."""
    bin_ = machine.python.parent
    return [
        ("lint (ruff)", [bin_ / "ruff", "check", *FOLDERS]),
        ("format (ruff)", [bin_ / "ruff", "format", "--check", "-q", *FOLDERS]),
        ("types (mypy)", [bin_ / "mypy"]),
        ("who imports whom (import-linter)", [bin_ / "lint-imports"]),
        ("migrations", [machine.python, "manage.py", "makemigrations", "--check", "--dry-run", "-v", "0"]),
        ("templates (djlint)", [bin_ / "djlint", "--quiet", "--lint", "disaster"]),
        (
            "browser code (eslint)",
            [ROOT / "node_modules" / ".bin" / "eslint", "--max-warnings=0", "static", "tests/browser_js"],
        ),
    ]


def check() -> None:
    """Run every check, all of them even when one fails."""
    argparse.ArgumentParser(
        prog="script/check", description="Lint, types, import contract, migrations, templates."
    ).parse_args()
    machine = setup.prepare(for_tests=True)
    try:
        failed = run_checks(machine)
    finally:
        machine.stop()
    sys.exit(f"\n✗ {', '.join(failed)}" if failed else 0)


def run_checks(machine: Machine) -> list[str]:
    """Run the checks and give the names of those that failed."""
    failed = []
    for name, command in checks(machine):
        say(name)
        done = subprocess.run(
            [str(word) for word in command], env=testing(machine), cwd=ROOT, capture_output=True, text=True
        )
        if done.returncode:
            print(done.stdout[-8000:], done.stderr[-4000:], flush=True)
            failed.append(name)
    return failed


def test() -> None:
    """Check, and run every test."""
    if "--help" in sys.argv[1:2] or "-h" in sys.argv[1:2]:
        print(
            "usage: script/test [pytest arguments]\n\nSet everything up, then run the checks and every test.\nWith arguments only pytest runs, with these."
        )
        return
    words = sys.argv[1:]
    machine = setup.prepare(for_tests=True)
    try:
        serve.translations(machine)
        if words:
            sys.exit(pytest(machine, words))
        sys.exit(everything(machine))
    finally:
        machine.stop()


ON_THE_MAP = ("axe_live", "basemap", "map*", "relief_map", "replay", "roads_map", "wall", "zones*")
"""Journeys in which software draws a map: about half of the work of all."""

PARTS = {
    "journeys on the map": sorted(path for one in ON_THE_MAP for path in JOURNEYS.glob(f"test_{one}.py")),
    "other journeys": [JOURNEYS, *(f"--ignore-glob={JOURNEYS}/test_{one}.py" for one in ON_THE_MAP)],
    "all other tests": ["tests", f"--ignore={JOURNEYS}"],
}
"""What is tested side by side, about as long each.

Playwright keeps an event loop running in its process, which async tests can't share; and a transaction
left open anywhere in a cluster holds up the feed of all its databases (docs/architecture.md), so that each
part has a cluster of its own."""


def everything(machine: Machine) -> str | int:
    """Run all parts side by side and the checks meanwhile; give what to exit with.

    Where the database is somebody else's there is one only: then one comes after the other.
    """
    if machine.cluster is None:
        failed = run_checks(machine) + [name for name, words in PARTS.items() if pytest(machine, words)]
    else:
        with ExitStack() as side_by_side:
            parts = {name: side_by_side.enter_context(part(machine, name)) for name in PARTS}
            failed = run_checks(machine)
            failed += [name for name, ended in parts.items() if ended()]
    return f"\n✗ failed: {', '.join(failed)}" if failed else 0


@contextmanager
def part(machine: Machine, name: str) -> Iterator[Callable[[], int]]:
    """Have a part of the tests run on a cluster of its own; what is given waits for it.

    That prints what pytest said and gives its exit status. A run that is broken off leaves nothing behind.
    """
    data = machine.data / name.replace(" ", "_")
    data.mkdir(exist_ok=True)
    own = cluster.place(ROOT / data.name, data, is_fleeting=True)
    started = cluster.start(own, machine.data)
    log = data.with_suffix(".log")
    try:
        cluster.ensure_database(own)
        command, environment = _pytest(
            machine, PARTS[name], DATABASE_URL=own.url, ZAIQING_DATA=str(data / "test")
        )
        with log.open("w") as out:
            process = subprocess.Popen(
                command, env=environment, cwd=ROOT, stdout=out, stderr=out, preexec_fn=die_with_parent
            )

        def ended() -> int:
            say(f"waiting for: {name}")
            code = process.wait()
            print(log.read_text(), flush=True)
            return code

        try:
            yield ended
        finally:
            process.terminate()
            process.wait()
    finally:
        if started:
            cluster.stop(own)


def bench() -> None:
    """Run one benchmark, or name them all."""
    here = ROOT / "tests" / "benchmarks"
    known = sorted(path.stem for path in here.glob("[a-z]*.py") if path.stem not in {"rig", "bare"})
    if len(sys.argv) < 2 or sys.argv[1] not in known:
        print(
            f"usage: script/bench NAME [options]\n\nNAME is one of: {', '.join(known)}\nEach prints the ratio of the product to a bare skeleton, both measured in this run."
        )
        sys.exit(0 if sys.argv[1:2] in ([], ["--help"], ["-h"]) else 2)
    machine = setup.prepare(for_tests=True)
    try:
        done = subprocess.run(
            [machine.python, "-m", f"tests.benchmarks.{sys.argv[1]}", *sys.argv[2:]],
            env=testing(machine),
            cwd=ROOT,
        )
    finally:
        machine.stop()
    sys.exit(done.returncode)


def testing(machine: Machine) -> dict[str, str]:
    """Give the environment of tests: static files from their folders, nothing of the developer's own settings."""
    kept = {
        name: value
        for name, value in machine.environment.items()
        if not name.startswith("ZAIQING_") or name.endswith("_FILE")
    }
    return {
        **kept,
        "ZAIQING_TESTING": "1",
        "ZAIQING_DATA": str(machine.data / "test"),
        "DJANGO_SETTINGS_MODULE": "disaster.config.settings",
    }


def pytest(machine: Machine, words: Sequence[str | Path]) -> int:
    """Run pytest and give its exit status."""
    command, environment = _pytest(machine, words)
    return subprocess.run(command, env=environment, cwd=ROOT).returncode


def _pytest(machine: Machine, words: Sequence[str | Path], **more: str) -> tuple[list[str], dict[str, str]]:
    """Give the command and its environment."""
    if shutil.which("chromium") is None:
        say("no chromium: browser journeys can't run")
    environment = {**testing(machine), **more}
    Path(environment["ZAIQING_DATA"]).mkdir(exist_ok=True)
    return [str(word) for word in (machine.python, "-m", "pytest", *words)], environment
