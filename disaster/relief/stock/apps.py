"""Relief goods as a Django app."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class StockConfig(AppConfig):
    """Registers 救灾物资, puts the items of the standards in place, and lets open documents appear in snapshots."""

    name = "disaster.relief.stock"
    label = "stock"
    verbose_name = _("救灾物资")

    def ready(self) -> None:
        """Load what is shipped after each migration."""
        from disaster.journal import snapshot
        from disaster.relief.stock import load, queries

        post_migrate.connect(load.after_migrate, sender=self, dispatch_uid="stock-shipped")
        snapshot.register("place", queries.places_in)
        snapshot.register("document", queries.documents_in)
