"""Write the journal to a file that docs/verify/check_journal.py checks without this product."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from disaster.journal import export


class Command(BaseCommand):
    """Export every sealed row, for an auditor who trusts neither server nor code."""

    help = "Write the journal as JSON lines; check it with docs/verify/check_journal.py."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the file."""
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        """Write, and say how many rows."""
        with options["file"].open("wb") as file:
            count = export.write(file)
        self.stdout.write(f"{count} rows written to {options['file']}")
