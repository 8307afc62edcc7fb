"""Advisory locks are one number each: two that share one would wait for each other for ever."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent


def test_no_two_locks_share_a_number() -> None:
    found = [
        (number, str(file.relative_to(ROOT)))
        for room in ("disaster", "gis", "realtime")
        for file in (ROOT / room).rglob("*.py")
        for number in re.findall(r"LOCK\w* = (0x[0-9A-Fa-f_]+)", file.read_text(encoding="utf-8"))
    ]
    numbers = [number for number, _ in found]
    assert len(numbers) >= 2, "the pattern finds them"
    assert len(numbers) == len(set(numbers)), found
