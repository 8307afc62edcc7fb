"""Make a country of 690,000 villages by simulation, to measure at national size; or remove it."""

from __future__ import annotations

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from gis import nation


class Command(BaseCommand):
    """Create or remove the simulated country (codes 90…–99…)."""

    help = (
        "Create a simulated country, codes beginning with 90 to 99, in a scratch database; "
        "the same numbers make the same country. --remove takes it away again."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the numbers, and what may be done."""
        parser.add_argument("--villages", type=int, default=nation.VILLAGES)
        parser.add_argument("--zones", type=int, default=nation.ZONES)
        parser.add_argument("--remove", action="store_true", help="remove the simulated country")
        parser.add_argument(
            "--beside-real",
            action="store_true",
            help="put it even into a database that holds real townships or villages",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it and say how long it took."""
        began = time.monotonic()
        if options["remove"]:
            told = f"removed {nation.remove()} areas"
        else:
            try:
                told = nation.make(options["villages"], options["zones"], beside_real=options["beside_real"])
            except nation.OccupiedError:
                raise CommandError(
                    "数据库里有真实的行政区划,没有写入。请用另一个数据库,或加 --beside-real。"
                ) from None
        self.stdout.write(f"{told} ({time.monotonic() - began:.0f} s)")
