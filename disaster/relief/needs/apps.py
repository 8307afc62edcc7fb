"""Needs as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NeedsConfig(AppConfig):
    """Registers 救助对象."""

    name = "disaster.relief.needs"
    label = "needs"
    verbose_name = _("救助对象")
