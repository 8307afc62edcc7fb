"""The duty desk as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DutyConfig(AppConfig):
    """Registers clocks, reminders and calls: who should speak, and who has been reminded."""

    name = "disaster.duty"
    label = "duty"
    verbose_name = _("值班")

    def ready(self) -> None:
        """Let the channels be administered."""
        from disaster.duty.reminders import admin  # noqa: F401 - importing registers it
