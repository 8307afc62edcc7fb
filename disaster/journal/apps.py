"""The journal as a Django app."""

from django.apps import AppConfig


class JournalConfig(AppConfig):
    """Registers the append-only feed of every change."""

    name = "disaster.journal"
    label = "journal"
    verbose_name = "流水账"
