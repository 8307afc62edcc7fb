"""Disaster events as a Django app."""

from django.apps import AppConfig


class EventsConfig(AppConfig):
    """Registers 灾害过程 and lets them, shelters and zones appear in snapshots."""

    name = "disaster.events"
    label = "events"
    verbose_name = "灾害过程"

    def ready(self) -> None:
        """Let the objects this room owns appear in snapshots."""
        from disaster.events import queries
        from disaster.journal import snapshot

        snapshot.register("event", queries.events_in)
        snapshot.register("shelter", queries.shelters_in)
        snapshot.register("zone", queries.zones_in)
