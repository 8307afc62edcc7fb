"""The board of relief as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BoardConfig(AppConfig):
    """Reads what the rooms below have written; keeps nothing of its own."""

    name = "disaster.relief.board"
    label = "board"
    verbose_name = _("救助看板")
