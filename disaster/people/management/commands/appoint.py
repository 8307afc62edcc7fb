"""Give the first post: afterwards whoever holds it gives the others in the administration pages."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from disaster.people import services
from disaster.people.models import Person, Posting
from disaster.people.scope import ADMINISTRATOR, Held, Rights
from gis.models import Area


class Command(BaseCommand):
    """Whoever may run commands on the machine may give any post; the journal names them so."""

    help = "Give a person a post from today on, for instance the first administrator of a county."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the person, the role, the area, and A or B for an officer."""
        parser.add_argument("username")
        parser.add_argument("role", choices=Posting.Role.values)
        parser.add_argument("area", help="12-digit area code, e.g. 340882000000")
        parser.add_argument("--post", choices=["A", "B"], default="", help="for officers only")

    def handle(self, *args: Any, **options: Any) -> None:
        """Post, and tell the journal."""
        person = Person.objects.filter(username=options["username"]).first()
        if person is None:
            raise CommandError(f"no person {options['username']!r}: run manage.py createsuperuser first")
        area = options["area"]
        if not Area.objects.filter(code=area).exists():
            raise CommandError(f"no area {area!r} in the gazetteer")
        machine = Rights(0, "manage.py", (Held(ADMINISTRATOR, area),))
        now = timezone.now()
        try:
            posting = services.post(
                person,
                role=options["role"],
                area_code=area,
                post=options["post"],
                valid_from=timezone.localdate(now),
                by=machine,
                now=now,
            )
        except ValidationError as error:
            raise CommandError("; ".join(error.messages)) from None
        self.stdout.write(
            f"{person.username}: {posting.role} of {posting.area.name} from {posting.valid_from}"
        )
