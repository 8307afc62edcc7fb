"""Warnings as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WarningsConfig(AppConfig):
    """Alerts received from others, and what became of them in the villages."""

    name = "disaster.warnings"
    label = "warnings"
    verbose_name = _("预警")
