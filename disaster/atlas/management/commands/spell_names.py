"""Spell the names the map's search looks in: what was renamed, or all."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from disaster.atlas import names


class Command(BaseCommand):
    """``manage.py spell_names [--all]``: after a large load, or when the known readings changed."""

    help = "Spell what was renamed for the map's search; --all: every name anew."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take ``--all``."""
        parser.add_argument(
            "--all", action="store_true", help="every name, as after a change of search.readings"
        )

    def handle(self, *_: Any, **options: Any) -> None:
        """Spell, and say how many."""
        if options["all"]:
            names.forget()
        self.stdout.write(f"{names.refresh_all()} names spelled")
