"""Disaster reports as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReportsConfig(AppConfig):
    """Registers 灾情报告, its tile layer and its part of snapshots."""

    name = "disaster.reports"
    label = "reports"
    verbose_name = _("灾情报告")

    def ready(self) -> None:
        """Enter this room's layer and snapshot into the registries below."""
        from disaster.journal import snapshot
        from disaster.reports import layers, queries

        snapshot.register("report", queries.reports_in)
        layers.register()
