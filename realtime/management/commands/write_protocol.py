"""Write docs/protocol.md and docs/protocol.schema.json from the message types."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from realtime import describe


class Command(BaseCommand):
    """Generate the protocol's documents."""

    help = "Write docs/protocol.md and docs/protocol.schema.json from the message types."

    def handle(self, *args: Any, **options: Any) -> None:
        """Write both files."""
        docs = settings.BASE_DIR / "docs"
        (docs / "protocol.md").write_text(describe.page(), encoding="utf-8")
        (docs / "protocol.schema.json").write_text(describe.schema_text(), encoding="utf-8")
