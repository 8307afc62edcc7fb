"""Saying what is being done, and stopping with one clear line when it can't be."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

_began = time.monotonic()


class Stop(SystemExit):
    """Ends the script with a message and a failing exit status."""

    def __init__(self, message: str) -> None:
        super().__init__(f"\n✗ {message}")


def say(text: str) -> None:
    """Print one line with the seconds since the script began."""
    print(f"[{time.monotonic() - _began:6.1f}s] {text}", flush=True)


@contextmanager
def step(text: str) -> Iterator[None]:
    """Announce a step, and say how long it took if it was long."""
    say(f"{text} …")
    began = time.monotonic()
    yield
    took = time.monotonic() - began
    if took > 2:
        say(f"  done in {took:.0f}s")


def run(
    command: Sequence[str | Path],
    *,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    log: Path | None = None,
) -> None:
    """Run a command; its output goes to ``log``, and is shown only when it fails."""
    with open(log, "ab") if log else open("/dev/null", "ab") as sink:  # noqa: PTH123
        start = sink.tell() if log else 0
        done = subprocess.run(
            [str(word) for word in command],
            env=env,
            cwd=cwd,
            stdout=sink if log else None,
            stderr=subprocess.STDOUT if log else None,
        )
    if done.returncode:
        if log:
            with log.open("rb") as file:
                file.seek(start)
                sys.stdout.write(file.read().decode(errors="replace")[-6000:])
        raise Stop(f"failed ({done.returncode}): {' '.join(str(word) for word in command)}")
