"""The room that knows every other room, as a Django app (pages and commands)."""

from django.apps import AppConfig


class ConfigConfig(AppConfig):
    """Registers the product's pages and its own commands; it keeps no tables."""

    name = "disaster.config"
    label = "config"
    verbose_name = "灾情一张图"

    def ready(self) -> None:
        """Enter what joins rooms that don't know each other."""
        from disaster.config import deliveries

        deliveries.register()
