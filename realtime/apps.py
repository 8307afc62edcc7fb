"""The websocket door as a Django app (for its management commands)."""

from django.apps import AppConfig


class RealtimeConfig(AppConfig):
    """Registers the door's commands; it keeps no tables."""

    name = "realtime"
    verbose_name = "实时通道"
