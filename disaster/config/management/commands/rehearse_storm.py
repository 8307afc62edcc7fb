"""Rehearse a whole disaster: the storm of July 2013 from the first report to the approved 核报."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from disaster.config.management.commands.replay_storm import _villages
from disaster.config.rehearsal.aftermath import Aftermath
from disaster.config.rehearsal.papers import write_papers
from disaster.config.rehearsal.play import Wrong


class Command(BaseCommand):
    """Play the week through the services, and hold every number against an independent ledger."""

    help = "Rehearse the 2013 storm: late villages, returns, a death register, 核报, forms. Leaves nothing behind."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take where the forms go, the seed, and whether what was played stays."""
        parser.add_argument("--output", type=Path, help="write the exported forms into this folder")
        parser.add_argument("--seed", type=int, default=20130705, help="another storm with the same totals")
        parser.add_argument("--keep", action="store_true", help="leave the rehearsed event in the database")

    def handle(self, *args: Any, **options: Any) -> None:
        """Play, compare, and say what happened."""
        villages = _villages()
        if not villages:
            raise CommandError("no sample county here: run manage.py load_sample first")
        begun = time.monotonic()
        rehearsal = Aftermath(villages, seed=options["seed"])
        try:
            with transaction.atomic():
                rehearsal.play()
                rehearsal.end()
                for line in write_papers(rehearsal, options["output"]):
                    rehearsal.tell(line)
                transaction.set_rollback(not options["keep"])
        except Wrong as wrong:
            raise CommandError(f"{wrong} (after: {rehearsal.happened[-1:]})") from None
        for line in rehearsal.happened:
            self.stdout.write(line)
        self.stdout.write(f"every number was the ledger's; {time.monotonic() - begun:.0f} s")
