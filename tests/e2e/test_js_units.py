"""The browser's pure modules, tested by node with the server's own catalogue."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest

from disaster.reports.catalogue import catalogue

TESTS = Path(__file__).resolve().parent.parent / "browser_js"


@pytest.mark.slow
@pytest.mark.parametrize("room", sorted({path.name.partition("_")[0] for path in TESTS.glob("*.test.mjs")}))
def test_modules_of_the_browser(room: str, tmp_path: Path) -> None:
    written = tmp_path / "catalogue.json"
    written.write_text(json.dumps(catalogue(), ensure_ascii=False), encoding="utf-8")
    files = sorted(str(path) for path in TESTS.glob(f"{room}_*.test.mjs"))
    assert files, f"no node tests of {room}"
    done = subprocess.run(
        ["node", "--test", "--test-reporter=tap", *files],
        env={**os.environ, "ZAIQING_CATALOGUE": str(written)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, "\n".join(
        line for line in done.stdout.splitlines() if not line.startswith("ok")
    )
    assert "\n# skipped 0\n" in done.stdout
