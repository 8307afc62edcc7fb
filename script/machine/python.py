"""The Python packages, in .venv, from the hashed lock."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
from pathlib import Path

from machine.steps import Stop, run, step

OLDEST, NEWEST = (3, 11), (3, 13)


def interpreter() -> str:
    """Give a Python we can use: Debian's own if it fits, else the first on PATH."""
    for candidate in ("/usr/bin/python3", shutil.which("python3") or ""):
        if candidate and _fits(candidate):
            return candidate
    raise Stop("Python 3.11, 3.12 or 3.13 is needed")


def _fits(candidate: str) -> bool:
    code = f"import sys; sys.exit(not ({OLDEST} <= sys.version_info[:2] <= {NEWEST}))"
    try:
        return subprocess.run([candidate, "-c", code], capture_output=True).returncode == 0
    except OSError:
        return False


def ensure(root: Path, data: Path, *, for_tests: bool) -> Path:
    """Bring .venv to the lock, and give its interpreter; nothing is done when it is there already."""
    venv = root / ".venv"
    python = venv / "bin" / "python"
    lock = root / "requirements" / ("check.txt" if for_tests else "base.txt")
    stamp = venv / f"{lock.stem}.stamp"
    mark = hashlib.sha256(lock.read_bytes()).hexdigest()
    if _works(python) and any(_reads(known, mark, root) for known in (stamp, venv / "check.stamp")):
        return python
    if not _works(python):
        with step("making .venv"):
            shutil.rmtree(venv, ignore_errors=True)
            run([interpreter(), "-m", "venv", venv], log=data / "setup.log")
    with step(f"installing Python packages ({lock.name}); the first time takes a minute or two"):
        env = {**os.environ, "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
        # --no-deps: the lock is complete, so pip need not think. --no-compile: what is used is compiled then.
        words = ["-q", "--no-compile", "--no-deps", "--require-hashes", "-r", lock]
        run([python, "-m", "pip", "install", *words], env=env, log=data / "setup.log")
    stamp.write_text(mark)
    return python


def _reads(stamp: Path, mark: str, root: Path) -> bool:
    """The larger lock holds the smaller one, as long as both are as they were."""
    if not stamp.exists():
        return False
    lock = root / "requirements" / f"{stamp.stem}.txt"
    return stamp.read_text() == hashlib.sha256(lock.read_bytes()).hexdigest() and (
        stamp.stem == "check" or stamp.read_text() == mark
    )


def _works(python: Path) -> bool:
    return python.exists() and _fits(str(python))
