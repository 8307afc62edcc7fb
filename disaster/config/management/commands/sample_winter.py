"""Load the founding case of winter relief: 16,366 simulated households whose sums are the published ones."""

from __future__ import annotations

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from disaster.config import storm
from disaster.config.management.commands.replay_storm import _villages
from disaster.config.winter import homes, load
from disaster.config.winter.finish import Ending
from disaster.config.winter.ledger import Wrong
from disaster.config.winter.season import Season


class Command(BaseCommand):
    """Make the winter of the sample county, so that the planner can be tried on it."""

    help = "Load the founding case (冬春救助): households, applications, places, goods, quotas. Once."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take a number of villages and the seed."""
        parser.add_argument("--villages", type=int, default=0, help="only so many villages (0: all)")
        parser.add_argument("--through", action="store_true", help="take it to the end: plan, lorries, bank")
        parser.add_argument("--seed", type=int, default=homes.SEED, help="other households, the same totals")

    def handle(self, *args: Any, **options: Any) -> None:
        """Load, and say what was made."""
        if load.is_loaded():
            self.stdout.write("the founding case is here already: nothing is loaded twice")
            return
        everywhere = _villages()
        if not everywhere:
            raise CommandError("no sample county here: run manage.py load_sample first")
        self._begun = time.monotonic()
        season = a_season(everywhere, options["villages"], options["seed"])
        load.load(season, self._tell)
        if options["through"]:
            try:
                Ending(season, self._tell).play()
            except Wrong as wrong:
                raise CommandError(str(wrong)) from None
            self._tell("every number was the ledger's")

    def _tell(self, line: str) -> None:
        self.stdout.write(f"{time.monotonic() - self._begun:4.0f} s  {line}")


def a_season(everywhere: list[storm.Village], only: int, seed: int) -> Season:
    """Give the case for the whole county, or for so many villages from all over it."""
    chosen = everywhere[:: max(1, len(everywhere) // only)][:only] if only else everywhere
    codes = {village.code for village in chosen}
    made = [home for home in homes.plan(everywhere, seed=seed) if home.village in codes]
    return Season(chosen, made, timezone.now())
