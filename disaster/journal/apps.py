"""The journal as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class JournalConfig(AppConfig):
    """Registers the append-only feed of every change."""

    name = "disaster.journal"
    label = "journal"
    verbose_name = _("流水账")
