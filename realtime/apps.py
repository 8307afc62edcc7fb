"""The websocket door as a Django app (for its management commands)."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RealtimeConfig(AppConfig):
    """Registers the door's commands; it keeps no tables."""

    name = "realtime"
    verbose_name = _("实时通道")
