"""``manage.py sweep_uploads``: remove at once the uploads that nobody finished (realtime/errands.py does it daily)."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from disaster.reports.services import uploads


class Command(BaseCommand):
    """Remove uploads left alone for longer than the rule ``upload.keep_days``."""

    help = "Remove the uploads that nobody finished"

    def handle(self, *args: Any, **options: Any) -> None:
        """Sweep once and say how many went."""
        self.stdout.write(f"{uploads.sweep(now=timezone.now())} uploads removed")
