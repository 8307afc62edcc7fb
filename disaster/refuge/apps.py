"""Shelters and evacuation as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RefugeConfig(AppConfig):
    """Who is in which shelter, and who should go where."""

    name = "disaster.refuge"
    label = "refuge"
    verbose_name = _("避难转移")
