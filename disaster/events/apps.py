"""Disaster events as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EventsConfig(AppConfig):
    """Registers 灾害过程 and lets them, shelters, zones and closed roads appear in snapshots."""

    name = "disaster.events"
    label = "events"
    verbose_name = _("灾害过程")

    def ready(self) -> None:
        """Let the objects this room owns appear in snapshots, and routes know the speeds in force."""
        from disaster.events import queries
        from disaster.journal import snapshot
        from disaster.rules import book
        from gis.routing import speeds

        snapshot.register("event", queries.events_in)
        snapshot.register("shelter", queries.shelters_in)
        snapshot.register("zone", queries.zones_in)
        snapshot.register("closure", queries.closures_in)
        speeds.use(lambda: {row["class"]: float(row["kmh"]) for row in book.value("road.speeds")})
