"""Load the founding case of winter relief: 16,366 simulated households whose sums are the published ones."""

from __future__ import annotations

import asyncio
import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from disaster.config import storm
from disaster.config.management.commands.replay_storm import _villages
from disaster.config.winter import homes, load
from disaster.config.winter.finish import Ending
from disaster.config.winter.ledger import Wrong
from disaster.config.winter.live import Lorry, drive_all
from disaster.config.winter.play import Winter
from disaster.config.winter.season import Season

WATCHED = 3
"""Lorries that drive before everybody's eyes."""
CARRIED = 45
"""Transfers that are planned for today's lorries."""


class Command(BaseCommand):
    """Make the winter of the sample county: to be tried, played to its end, or watched on the map."""

    help = "Load the founding case (冬春救助) once; --through plays it to the end, --live drives on a running server."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take how far it goes, a number of villages and the seed."""
        parser.add_argument("--through", action="store_true", help="plan, lorries, signatures, bank, archive")
        parser.add_argument(
            "--live", metavar="URL", help="plan, then drive some trips on this running server"
        )
        parser.add_argument("--minutes", type=float, default=8.0, help="how long the live trips take")
        parser.add_argument("--villages", type=int, default=0, help="only so many villages (0: all)")
        parser.add_argument("--seed", type=int, default=homes.SEED, help="other households, the same totals")

    def handle(self, *args: Any, **options: Any) -> None:
        """Load, play, and say what happened."""
        if load.is_loaded():
            self.stdout.write("the founding case is here already: nothing is loaded twice")
            return
        everywhere = _villages()
        if not everywhere:
            raise CommandError("no sample county here: run manage.py load_sample first")
        self._begun = time.monotonic()
        season = a_season(everywhere, options["villages"], options["seed"])
        load.load(season, self._tell)
        try:
            if options["through"]:
                Ending(season, self._tell).play()
                self._tell("every number was the ledger's")
            elif options["live"]:
                self._drive(season, options["live"], options["minutes"] * 60)
        except Wrong as wrong:
            raise CommandError(str(wrong)) from None

    def _drive(self, season: Season, url: str, seconds: float) -> None:
        """Plan, order today's trips, and drive the first of them with real phones."""
        winter = Winter(season, self._tell)
        winter.begin()
        winter.decide(days=0.5)
        winter.lorries = winter.buy_lorries()
        trips = winter.trips_for(winter.waiting()[:CARRIED], at=season.now)
        names = {rights.person_id: name for name, rights in season.rights.items()}
        lorries = [
            Lorry(url, names[trip.driver_id], str(trip.pk), seconds, self._tell)
            for trip in trips
            if trip.driver_id in names
        ]
        asyncio.run(drive_all(lorries[:WATCHED]))

    def _tell(self, line: str) -> None:
        self.stdout.write(f"{time.monotonic() - self._begun:4.0f} s  {line}")


def a_season(everywhere: list[storm.Village], only: int, seed: int) -> Season:
    """Give the case for the whole county, or for so many villages from all over it."""
    chosen = everywhere[:: max(1, len(everywhere) // only)][:only] if only else everywhere
    codes = {village.code for village in chosen}
    made = [home for home in homes.plan(everywhere, seed=seed) if home.village in codes]
    return Season(chosen, made, timezone.now())
