"""Write the documents that are made from code: protocol, its schema, the data dictionary."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from disaster.config import dictionary
from realtime import describe

DOCUMENTS = {
    "protocol.md": describe.page,
    "protocol.schema.json": describe.schema_text,
    "data.md": dictionary.page,
}


class Command(BaseCommand):
    """Generate docs/protocol.md, docs/protocol.schema.json and docs/data.md."""

    help = "Write docs/protocol.md, docs/protocol.schema.json and docs/data.md from the code."

    def handle(self, *args: Any, **options: Any) -> None:
        """Write all."""
        for name, make in DOCUMENTS.items():
            (settings.BASE_DIR / "docs" / name).write_text(make(), encoding="utf-8")
