"""Warnings as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WarningsConfig(AppConfig):
    """Alerts received from others, and what became of them in the villages."""

    name = "disaster.warnings"
    label = "warnings"
    verbose_name = _("预警")

    def ready(self) -> None:
        """Let alerts and notices appear in snapshots."""
        from disaster.journal import snapshot
        from disaster.warnings import queries

        snapshot.register("alert", queries.alerts_in)
        snapshot.register("notice", queries.notices_in)
