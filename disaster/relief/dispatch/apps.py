"""Dispatch as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DispatchConfig(AppConfig):
    """Registers 运输调度, lets trips under way appear in snapshots, and says which trip carries a paper."""

    name = "disaster.relief.dispatch"
    label = "dispatch"
    verbose_name = _("运输调度")

    def ready(self) -> None:
        """Let trips appear on the live map, and a scanned waybill find its papers."""
        from disaster.journal import snapshot
        from disaster.relief.dispatch import queries
        from disaster.relief.receipts import carriers

        snapshot.register("trip", queries.trips_in)
        carriers.register(queries.tokens_of)
