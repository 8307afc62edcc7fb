"""The room that knows every other room, as a Django app (pages and commands)."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ConfigConfig(AppConfig):
    """Registers the product's pages and its own commands; it keeps no tables."""

    name = "disaster.config"
    label = "config"
    verbose_name = _("灾情一张图")

    def ready(self) -> None:
        """Enter what joins rooms that don't know each other."""
        from disaster.config import deliveries

        deliveries.register()
