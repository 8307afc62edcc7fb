"""The exported journal is checked by one file that knows nothing of this product."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import call_command

from disaster.briefings import content as contents
from tests.disaster.briefings.made import a_briefing
from tests.live import ROOT
from tests.sealing import seal_everything
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)


def check(file: Path, *heads: str) -> tuple[int, str]:
    command = [sys.executable, "-I", ROOT / "docs" / "verify" / "check_journal.py", file, *heads]
    done = subprocess.run(command, capture_output=True, text=True, cwd=file.parent)
    return done.returncode, done.stdout + done.stderr


@pytest.fixture
def exported(world: World, tmp_path: Path) -> tuple[Path, str]:
    """The journal after a briefing, and the head printed on it."""
    head = contents.decode(bytes(a_briefing(world).content)).witness
    seal_everything()
    file = tmp_path / "journal.jsonl"
    call_command("export_journal", str(file))
    return file, f"{head.position}:{head.hash}"


def test_an_honest_journal_is_intact(exported: tuple[Path, str]) -> None:
    assert check(*exported) == (0, "intact\n")


def test_a_changed_row_a_cut_tail_and_a_rewritten_journal_are_found(exported: tuple[Path, str]) -> None:
    file, head = exported
    rows = [json.loads(line) for line in file.read_text().splitlines()]

    changed = [*rows]
    changed[1] = {**rows[1], "body": rows[1]["body"].replace("report", "rumour", 1)}
    file.write_text("".join(json.dumps(row) + "\n" for row in changed))
    status, words = check(file)
    assert (status, "position 2" in words) == (1, True)

    file.write_text(json.dumps(rows[0]) + "\n")
    assert check(file) == (0, "intact\n"), "alone, a cut tail can't be seen"
    status, words = check(file, head)
    assert (status, "the journal ends at 1" in words) == (1, True)
