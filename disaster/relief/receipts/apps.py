"""Receipts as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReceiptsConfig(AppConfig):
    """Who signed for what, where and when; open cases appear in snapshots."""

    name = "disaster.relief.receipts"
    label = "receipts"
    verbose_name = _("签收")

    def ready(self) -> None:
        """Let cases appear in snapshots."""
        from disaster.journal import snapshot
        from disaster.relief.receipts import queries

        snapshot.register("case", queries.cases_in)
