"""The browser libraries, from npm, as package-lock.json names them."""

from __future__ import annotations

import hashlib
from pathlib import Path

from machine.steps import run, step


def ensure(root: Path, data: Path, *, for_tests: bool) -> None:
    """Bring node_modules to the lock; nothing is done when it is there already."""
    lock = root / "package-lock.json"
    stamp = root / "node_modules" / ".zaiqing"
    mark = f"{hashlib.sha256(lock.read_bytes()).hexdigest()} {'all' if for_tests else 'run'}"
    known = stamp.read_text() if stamp.exists() else ""
    if known == mark or known == mark.replace(" run", " all"):
        return
    with step("fetching browser libraries"):
        some = [] if for_tests else ["--omit=dev"]
        run(
            ["npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts", *some],
            cwd=root,
            log=data / "setup.log",
        )
    stamp.write_text(mark)
