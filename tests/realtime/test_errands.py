"""The periodic work: done again and again, soon after a start, and by no failure stopped."""

from __future__ import annotations

import asyncio
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from realtime import errands
from realtime.errands import ERRANDS, Errand, Errands


def test_a_daily_errand_is_done_soon_after_a_start_and_a_failure_stops_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(errands, "FIRST_AFTER_S", 0)
    swept = asyncio.Event()
    tries: list[str] = []

    async def run() -> None:
        loop = asyncio.get_running_loop()

        def fail() -> None:
            tries.append("failed")
            raise OSError("the disk is gone")

        def sweep() -> None:
            tries.append("swept")
            loop.call_soon_threadsafe(swept.set)

        work = Errands((Errand("fails", 86_400, fail), Errand("sweeps", 86_400, sweep)))
        work.start()
        await asyncio.wait_for(swept.wait(), 20)
        await work.stop()

    asyncio.run(run())
    assert tries == ["failed", "swept"], "each once a day"


@pytest.mark.django_db
def test_unfinished_uploads_are_swept_daily(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path
    part, young = (tmp_path / "uploads" / "7" / f"{name * 64}.part" for name in "ab")
    part.parent.mkdir(parents=True)
    for each in (part, young):
        each.write_bytes(bytes(20))
    old = (datetime.now(UTC) - timedelta(days=8)).timestamp()
    os.utime(part, (old, old))
    [errand] = [each for each in ERRANDS if each.name == "unfinished uploads"]
    errand.do()
    assert (part.exists(), young.exists(), errand.every_s) == (False, True, 86_400)
