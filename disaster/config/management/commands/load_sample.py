"""Load the sample county with its people and one open event, or show the sign-ins."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from disaster.events.models import Event
from disaster.events.services import open_event
from disaster.people import sample
from disaster.people.models import Person
from disaster.people.scope import rights_of
from gis import sample_county

COUNTY = "340882000000"
STORM = "2013年7月5日暴雨洪涝(重演)"


class Command(BaseCommand):
    """Make the machine ready to be tried: 潜山市, an account for every role, one event."""

    help = "Load the sample county (idempotent); --show only prints the sample sign-ins."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take --show."""
        parser.add_argument("--show", action="store_true", help="print the sample sign-ins and stop")

    def handle(self, *args: Any, **options: Any) -> None:
        """Load what is missing and print the sign-ins."""
        if not options["show"]:
            self.stdout.write(f"county: {sample_county.load()}")
            sample.load(timezone.now())
            self._open_event()
        self.stdout.write("sample sign-ins (示例账号):")
        for account in sample.shown():
            self.stdout.write(
                f"  {account.role:<24} {account.username:<12} {account.password}  {account.page}"
            )

    def _open_event(self) -> None:
        bureau = Person.objects.filter(username="bureau", is_sample=True).first()
        if bureau is None or Event.objects.exists():  # a real county opens its own events
            return
        open_event(
            name=STORM,
            hazard="flood.flash",
            area_code=COUNTY,
            started_at=timezone.now(),
            by=rights_of(bureau, on=timezone.localdate()),
            now=timezone.now(),
        )
